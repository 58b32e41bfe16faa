//! Users, memberships, invitations and sessions.

use entity::{
    delegation::{self, DelegationScope, DelegationStatus, DelegationStep},
    invitation::{self, InvitationStatus, InvitationStep},
    membership::{self, MembershipStatus, MembershipStep, Role},
    session,
    user::{self, UserStatus, UserStep},
};
use hezuo::{
    auth::Actor,
    identity::{delegations, invitations, memberships, password_resets, people, sessions},
};
use sea_orm::{ActiveEnum as _, Iterable as _};

use super::{
    cast::{Cast, player},
    matrix::{Chapter, Player, named, steps},
};

pub(super) async fn chapters(cast: &Cast) -> String {
    let single_sign_on = super::issuers::chapters(cast).await + &super::service_accounts::chapters(cast);
    let people = users(cast) + &resets(cast);
    [people, members(cast), delegated(cast), invited(cast), hosts(cast).await, signed_in(cast), single_sign_on].concat()
}

/// The person all chapters speak of, and who stands around.
pub(super) fn people(cast: &Cast) -> (&Actor, Vec<Player>) {
    let oneself = cast.north.with(Role::UniversityStaff);
    let mut colleagues = cast.north.players("the organization");
    colleagues.retain(|colleague| colleague.actor.user() != oneself.user());
    let oneself_as = player("oneself", oneself);
    let others = [cast.yingshan.players("another organization"), cast.platform.players("the platform")].concat();
    (oneself, [vec![oneself_as], colleagues, others].concat())
}

fn users(cast: &Cast) -> String {
    use people::rules::{Action, Facts};
    let (oneself, players) = people(cast);
    let facts = |status: UserStatus| {
        let user = somebody(oneself, status);
        (status.to_value(), Facts { user, organizations: vec![cast.north.key()] })
    };
    let mut actions = vec![Action::Read, Action::Update, Action::ChangePassword];
    actions.extend(UserStep::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Update | Action::ChangePassword | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "User 用户",
        words: "A member of a university's staff.",
        players,
        situations: UserStatus::iter().map(facts).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn somebody(oneself: &Actor, status: UserStatus) -> user::Model {
    user::Model {
        id: oneself.user(),
        login: "staff".to_owned(),
        display_name: "Staff".to_owned(),
        email: None,
        phone: None,
        password_hash: Some(String::new()),
        locale: "en".to_owned(),
        status,
        session_epoch: 1,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

fn resets(cast: &Cast) -> String {
    use password_resets::rules::{Action, Facts};
    let (oneself, players) = people(cast);
    let facts = |words: &str, places: Vec<(uuid::Uuid, Role)>| {
        (words.to_owned(), Facts { user: somebody(oneself, UserStatus::Active), places })
    };
    let (own, other) = (cast.north.key(), cast.yingshan.key());
    let actions = vec![Action::Create, Action::Revoke];
    for action in &actions {
        match action {
            Action::Create | Action::Revoke => {}
        }
    }
    let chapter = Chapter {
        title: "Password reset 重置密码",
        words: "Of a member of a university's staff, with a password. Whoever holds the token uses it; that is no button.",
        players,
        situations: vec![
            facts("a plain member", vec![(own, Role::UniversityStaff)]),
            facts("an admin as well", vec![(own, Role::UniversityStaff), (own, Role::UniversityAdmin)]),
            facts("elsewhere as well", vec![(own, Role::UniversityStaff), (other, Role::CountyOfficer)]),
        ],
        actions: named(actions),
        open: None,
    };
    chapter.print()
}

fn members(cast: &Cast) -> String {
    use memberships::rules::{Action, Facts};
    let (oneself, players) = people(cast);
    let facts = |status: MembershipStatus| {
        let membership = membership::Model {
            id: oneself.membership(),
            user_id: oneself.user(),
            organization_id: oneself.organization(),
            role: oneself.role(),
            status,
            version: 1,
            created_at: moment(),
            updated_at: moment(),
        };
        (status.to_value(), Facts { membership, kind: oneself.side(), admins: vec![cast.north.admin().user()] })
    };
    let mut actions = vec![Action::Read];
    actions.extend(MembershipStep::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "Membership 成员身份",
        words: "Of a member of a university's staff. The last admin's membership is never ended.",
        players,
        situations: MembershipStatus::iter().map(facts).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn delegated(cast: &Cast) -> String {
    use delegations::rules::{Action, Facts};
    let (oneself, players) = people(cast);
    let day = |text: &str| text.parse().unwrap();
    let facts = |status: DelegationStatus| {
        let delegation = delegation::Model {
            id: oneself.session(),
            organization_id: oneself.organization(),
            delegator_id: cast.north.admin().user(),
            deputy_id: oneself.user(),
            scope: DelegationScope::SignAgreements,
            starts_on: day("2026-03-02"),
            ends_on: day("2026-03-31"),
            status,
            version: 1,
            created_at: moment(),
            updated_at: moment(),
        };
        (status.to_value(), Facts { delegation })
    };
    let mut actions = vec![Action::Read];
    actions.extend(DelegationStep::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "Delegation 授权委托",
        words: "A university's admin lets a member of its staff sign agreements. Any admin of an organization may give one.",
        players,
        situations: DelegationStatus::iter().map(facts).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn invited(cast: &Cast) -> String {
    use invitations::rules::{Action, Facts};
    let (_, players) = people(cast);
    let facts = |(by, words): (&Actor, &str), status: InvitationStatus| {
        let invitation = invitation::Model {
            id: by.session(),
            organization_id: cast.north.key(),
            role: Role::UniversityStaff,
            email: None,
            token_hash: String::new(),
            status,
            expires_at: moment(),
            invited_by_id: Some(by.user()),
            accepted_by_id: None,
            version: 1,
            created_at: moment(),
            updated_at: moment(),
        };
        (format!("{} (by {words})", status.to_value()), Facts { invitation })
    };
    let inviters = [(cast.north.admin(), "the organization"), (cast.platform.admin(), "the platform")];
    let mut actions = vec![Action::Read];
    actions.extend(InvitationStep::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "Invitation 邀请",
        words: "To a university. Whoever holds its token accepts it; that is no button.",
        players,
        situations: inviters.iter().flat_map(|by| InvitationStatus::iter().map(|status| facts(*by, status))).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

async fn hosts(cast: &Cast) -> String {
    use invitations::rules::{HostAction, HostFacts};
    let university = cast.north.organization.row().await;
    let with = |admins| HostFacts { organization: university.clone(), admins };
    let actions = Role::iter().map(|role| (format!("invite `{}`", role.to_value()), HostAction::Invite(role)));
    let chapter = Chapter {
        title: "Inviting to a university 邀请成员",
        words: "Which roles an organization has at all is another rule: the invitation is then refused with what is wrong.",
        players: people(cast).1,
        situations: vec![
            ("it has an admin".to_owned(), with(vec![cast.north.admin().user()])),
            ("it has none yet".to_owned(), with(Vec::new())),
        ],
        actions: actions.collect(),
        open: None,
    };
    chapter.print()
}

fn signed_in(cast: &Cast) -> String {
    use sessions::rules::{Action, Facts};
    let (oneself, players) = people(cast);
    let session = |id| session::Model {
        id,
        user_id: oneself.user(),
        membership_id: oneself.membership(),
        client: String::new(),
        created_at: moment(),
        last_used_at: moment(),
        expires_at: moment(),
        ended_at: None,
        end_reason: None,
    };
    let actions = vec![Action::Read, Action::Switch, Action::End];
    for action in &actions {
        match action {
            Action::Read | Action::Switch | Action::End => {}
        }
    }
    let chapter = Chapter {
        title: "Session 会话",
        words: "Of a member of a university's staff.",
        players,
        situations: vec![
            ("the one that asks".to_owned(), Facts { session: session(oneself.session()) }),
            ("on another device".to_owned(), Facts { session: session(oneself.user()) }),
        ],
        actions: named(actions),
        open: None,
    };
    chapter.print()
}

pub(super) fn moment() -> chrono::DateTime<chrono::Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}
