//! Who may do what to an identity. Whose the address is concerns the person and the admin who allowed it, nobody else.

use entity::{
    Record,
    user_identity::{self, IdentityStatus as Status, IdentityStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    identity::memberships::rules::is_admin,
    platform::lifecycle::{Lifecycle, Stands},
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

impl Facts {
    fn is_own(&self, actor: &Actor) -> bool {
        self.identity.user_id == actor.user()
    }

    fn is_administered_by(&self, actor: &Actor) -> bool {
        is_admin(actor) && self.organization == actor.organization()
    }

    /// Where it stands, and the steps open to this actor.
    #[must_use]
    pub fn stands(&self, actor: &Actor) -> Stands<user_identity::Entity> {
        Stands { open: open_steps(self, actor), ..stands_alone(&self.identity) }
    }
}

/// Where it stands, for the token that binds it.
#[must_use]
pub fn stands_alone(row: &user_identity::Model) -> Stands<user_identity::Entity> {
    Stands { id: row.id, status: row.status, version: row.version, open: Vec::new() }
}

/// The steps this actor can take now: what a frontend shows as buttons.
#[must_use]
pub fn open_steps(facts: &Facts, actor: &Actor) -> Vec<Step> {
    let steps = user_identity::Entity::steps(facts.identity.status).into_iter();
    steps.filter(|step| facts.allows(actor, Action::Take(*step))).collect()
}

/// The record of an identity.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: user_identity::Entity::PREFIX, id }
}
