//! Who may do what to an identity. Whose the address is concerns the person and the admin who allowed it, nobody else.

use entity::{
    Record,
    user_identity::{self, IdentityStatus as Status, IdentityStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    identity::memberships::rules::is_admin,
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub identity: user_identity::Model,
    /// The organization of its issuer.
    pub organization: Uuid,
}

/// Everything that can be done to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it, with the address.
    Read,
    /// Take a step of the lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "identity.read",
            Self::Take(Step::Bind) => "identity.bind",
            Self::Take(Step::Revoke) => "identity.revoke",
        }
    }
}

impl Lifecycle for user_identity::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Pending;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Pending, Step::Bind, Status::Bound),
        (Status::Pending, Step::Revoke, Status::Revoked),
        (Status::Bound, Step::Revoke, Status::Revoked),
    ];
    const STANDING: fn(&user_identity::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read | Action::Take(Step::Revoke) => self.is_own(actor) || self.is_administered_by(actor),
            // Only by a token of the issuer.
            Action::Take(Step::Bind) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.identity.id)
    }
}

impl Stepped for Facts {
    type Record = user_identity::Entity;

    const ROW: fn(&Self) -> &user_identity::Model = |facts| &facts.identity;
    const TAKE: fn(Step) -> Action = Action::Take;
}

impl Facts {
    fn is_own(&self, actor: &Actor) -> bool {
        self.identity.user_id == actor.user()
    }

    fn is_administered_by(&self, actor: &Actor) -> bool {
        is_admin(actor) && self.organization == actor.organization()
    }
}

/// The record of an identity.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: user_identity::Entity::PREFIX, id }
}
