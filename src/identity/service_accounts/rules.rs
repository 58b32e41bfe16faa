//! Who may create a service account, and what can be done to one.

use entity::{
    Record, organization,
    service_account::{self, ServiceAccountStatus as Status, ServiceAccountStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    identity::memberships::rules::is_admin,
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rule about creating one decides from.
#[derive(Clone, Debug)]
pub struct HostFacts {
    /// The organization for which it would act.
    pub organization: organization::Model,
}

/// What can be done to an organization here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAction {
    /// Create a service account.
    AddServiceAccount,
}

impl auth::Action for HostAction {
    fn name(self) -> &'static str {
        match self {
            Self::AddServiceAccount => "organization.addServiceAccount",
        }
    }
}

impl Governed for HostFacts {
    type Action = HostAction;

    fn allows(&self, actor: &Actor, action: HostAction) -> bool {
        match action {
            HostAction::AddServiceAccount => is_admin(actor) && self.organization.id == actor.organization(),
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: organization::Entity::PREFIX, id: self.organization.id }
    }
}

/// What the rules about a service account decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub account: service_account::Model,
}

/// Everything that can be done to a service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it, never its secret.
    Read,
    /// Give it another secret.
    Rotate,
    /// Take a step of the lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "serviceAccount.read",
            Self::Rotate => "serviceAccount.rotate",
            Self::Take(Step::Revoke) => "serviceAccount.revoke",
        }
    }
}

impl Lifecycle for service_account::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Active;
    const MOVES: &'static [(Status, Step, Status)] = &[(Status::Active, Step::Revoke, Status::Revoked)];
    const STANDING: fn(&service_account::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read | Action::Rotate | Action::Take(Step::Revoke) => {
                is_admin(actor) && self.account.organization_id == actor.organization()
            }
        }
    }

    fn record(&self) -> RecordRef {
        record(self.account.id)
    }
}

impl Stepped for Facts {
    type Record = service_account::Entity;

    const ROW: fn(&Self) -> &service_account::Model = |facts| &facts.account;
    const TAKE: fn(Step) -> Action = Action::Take;
}

/// Which record: the service account with this key.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: service_account::Entity::PREFIX, id }
}
