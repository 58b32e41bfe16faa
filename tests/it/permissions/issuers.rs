//! Issuers and identities.

use entity::{
    issuer::{self, IssuerStatus, IssuerStep},
    user_identity::{self, IdentityStatus, IdentityStep},
};
use hezuo::{
    auth::Actor,
    identity::{identities, issuers},
};
use sea_orm::{ActiveEnum as _, Iterable as _};

use super::{
    cast::Cast,
    identity::{moment, people},
    matrix::{Chapter, Player, named, steps},
};

pub(super) async fn chapters(cast: &Cast) -> String {
    let (oneself, players) = people(cast);
    [hosts(cast, players.clone()).await, brought_in(cast, players.clone()), known(cast, oneself, players)].concat()
}

async fn hosts(cast: &Cast, players: Vec<Player>) -> String {
    use issuers::rules::{HostAction, HostFacts};
    let mut situations = Vec::new();
    for (words, troupe) in [("a university", &cast.north), ("the platform", &cast.platform)] {
        situations.push((words.to_owned(), HostFacts { organization: troupe.organization.row().await }));
    }
    match HostAction::AddIssuer {
        HostAction::AddIssuer => {}
    }
    let chapter = Chapter {
        title: "Bringing in an issuer 新增身份提供方",
        words: "To an organization; counties and enterprises as universities.",
        players,
        situations,
        actions: named([HostAction::AddIssuer]),
        open: None,
    };
    chapter.print()
}

fn brought_in(cast: &Cast, players: Vec<Player>) -> String {
    use issuers::rules::{Action, Facts};
    let facts = |status: IssuerStatus| {
        let issuer = issuer::Model {
            id: cast.north.key(),
            organization_id: cast.north.key(),
            name: "SSO".to_owned(),
            url: "https://sso.example".to_owned(),
            client_id: "hezuo".to_owned(),
            status,
            version: 1,
            created_at: moment(),
            updated_at: moment(),
        };
        (status.to_value(), Facts { issuer })
    };
    let mut actions = vec![Action::Read, Action::Allow];
    actions.extend(IssuerStep::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Allow | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "Issuer 身份提供方",
        words: "Of a university. That an active one exists, its address and its client id are public: they are the buttons \
                of sign-in pages.",
        players,
        situations: IssuerStatus::iter().map(facts).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn known(cast: &Cast, oneself: &Actor, players: Vec<Player>) -> String {
    use identities::rules::{Action, Facts};
    let facts = |status: IdentityStatus| {
        let identity = user_identity::Model {
            id: oneself.user(),
            issuer_id: cast.north.key(),
            user_id: oneself.user(),
            email: "staff@north.example".to_owned(),
            subject: (status == IdentityStatus::Bound).then(|| "staff".to_owned()),
            status,
            version: 1,
            created_at: moment(),
            updated_at: moment(),
        };
        (status.to_value(), Facts { identity, organization: cast.north.key() })
    };
    let mut actions = vec![Action::Read];
    actions.extend(IdentityStep::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "Identity 外部身份",
        words: "Of a member of a university's staff, at the university's issuer. A token binds it; that is no button.",
        players,
        situations: IdentityStatus::iter().map(facts).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}
