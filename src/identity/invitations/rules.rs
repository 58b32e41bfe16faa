//! Who may invite whom, and what can be done to an invitation.

use chrono::{DateTime, Utc};
use entity::{
    Record,
    invitation::{self, InvitationStatus as Status, InvitationStep as Step},
    membership::Role,
    organization::{self, OrganizationStatus},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Error, Problem, Text},
    identity::memberships::rules::{admin_of, fits, is_admin, is_platform_admin},
    platform::{
        input::{Checks, Length},
        lifecycle::{Lifecycle, Stepped},
    },
};

const EMAIL: Length = Length { min: 3, max: 254 };

/// What the rule about inviting decides from.
#[derive(Clone, Debug)]
pub struct HostFacts {
    /// The organization that would have another member.
    pub organization: organization::Model,
    /// The users who administer it now.
    pub admins: Vec<Uuid>,
}

/// What can be done to an organization here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAction {
    /// Invite somebody to this role.
    Invite(Role),
}

impl auth::Action for HostAction {
    fn name(self) -> &'static str {
        match self {
            Self::Invite(_) => "organization.invite",
        }
    }
}

impl Governed for HostFacts {
    type Action = HostAction;

    fn allows(&self, actor: &Actor, action: HostAction) -> bool {
        match action {
            HostAction::Invite(Role::ServiceAccount) => false,
            HostAction::Invite(role) => {
                let own = is_admin(actor) && self.organization.id == actor.organization();
                own || (is_platform_admin(actor) && self.is_first_admin(role))
            }
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: organization::Entity::PREFIX, id: self.organization.id }
    }
}

impl HostFacts {
    /// The platform's admin brings in an organization's first admins; they bring in everybody else.
    fn is_first_admin(&self, role: Role) -> bool {
        role == admin_of(self.organization.kind) && self.admins.is_empty()
    }

    /// Which role an organization can have, and whether it still takes people in.
    pub fn check(&self, checks: &mut Checks, role: Role) {
        checks.require(
            fits(role, self.organization.kind),
            "role",
            "role: an organization of this kind has no such role.",
            "role：此类单位没有该角色。",
        );
        if !takes_people_in(&self.organization) {
            let message = Text::new("This organization takes nobody in any more.", "该单位已不能邀请成员。");
            checks.problem("organizationId", Code::RuleViolated, message);
        }
    }
}

/// What the rules about an invitation decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub invitation: invitation::Model,
}

/// Everything that can be done to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it in the list of invitations.
    Read,
    /// Take a step of the lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "invitation.read",
            Self::Take(Step::Accept) => "invitation.accept",
            Self::Take(Step::Revoke) => "invitation.revoke",
        }
    }
}

impl Lifecycle for invitation::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Open;
    const MOVES: &'static [(Status, Step, Status)] =
        &[(Status::Open, Step::Accept, Status::Accepted), (Status::Open, Step::Revoke, Status::Revoked)];
    const STANDING: fn(&invitation::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read | Action::Take(Step::Revoke) => self.is_administered_by(actor) || self.is_made_by(actor),
            // Holding the token is the right to accept it, and whoever asks holds it.
            Action::Take(Step::Accept) => true,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.invitation.id)
    }
}

impl Stepped for Facts {
    type Record = invitation::Entity;

    const ROW: fn(&Self) -> &invitation::Model = |facts| &facts.invitation;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Accepting is no button: it takes the token.
    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        step != Step::Accept
    }
}

impl Facts {
    fn is_administered_by(&self, actor: &Actor) -> bool {
        is_admin(actor) && self.invitation.organization_id == actor.organization()
    }

    fn is_made_by(&self, actor: &Actor) -> bool {
        self.invitation.invited_by_id == Some(actor.user()) && is_admin(actor)
    }
}

/// Whether an organization still has new members.
#[must_use]
pub fn takes_people_in(organization: &organization::Model) -> bool {
    use OrganizationStatus::{Ceased, Merged, Rejected};
    !matches!(organization.status, Rejected | Ceased | Merged)
}

/// Whether an invitation can be accepted at this moment.
#[must_use]
pub fn is_good(invitation: &invitation::Model, now: DateTime<Utc>) -> bool {
    invitation.status == Status::Open && now < invitation.expires_at
}

/// One answer for an unknown, an expired, a revoked and an accepted invitation.
#[must_use]
pub fn not_good() -> Error {
    let message = Text::new("This invitation cannot be accepted (any more).", "该邀请无效或已失效。");
    Problem::new(Code::InvalidInput, message).at(["input", "token"]).into()
}

/// An address as mail servers take it, roughly: somebody at some domain.
pub fn email(checks: &mut Checks, text: Option<&str>) -> Option<String> {
    let email = checks.optional_line("email", text, EMAIL)?.to_lowercase();
    let sound = email.split_once('@').is_some_and(|(who, domain)| !who.is_empty() && domain.contains('.'))
        && !email.contains(char::is_whitespace);
    checks.require(sound, "email", "email: expected an address such as li@example.org.", "email 应为电子邮箱地址。");
    Some(email)
}

/// The record of an invitation.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: invitation::Entity::PREFIX, id }
}
