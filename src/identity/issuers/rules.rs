//! Who may bring in an issuer, and what can be done to one.

use entity::{
    Record,
    issuer::{self, IssuerStatus as Status, IssuerStep as Step},
    organization::{self, OrganizationKind},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Error, Problem, Text},
    identity::memberships::rules::{is_admin, is_platform_admin},
    platform::{
        input::Length,
        lifecycle::{Lifecycle, Stepped},
    },
};

/// How long the address of an issuer may be.
pub const URL: Length = Length { min: 1, max: 500 };
/// How long a client id may be.
pub const CLIENT_ID: Length = Length { min: 1, max: 200 };

/// What the rule about bringing in an issuer decides from.
#[derive(Clone, Debug)]
pub struct HostFacts {
    /// The organization whose people would sign in by it.
    pub organization: organization::Model,
}

/// What can be done to an organization here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAction {
    /// Bring in an issuer.
    AddIssuer,
}

impl auth::Action for HostAction {
    fn name(self) -> &'static str {
        match self {
            Self::AddIssuer => "organization.addIssuer",
        }
    }
}

impl Governed for HostFacts {
    type Action = HostAction;

    fn allows(&self, actor: &Actor, action: HostAction) -> bool {
        match action {
            // Whoever may disable every user does not sign in by somebody else's word.
            HostAction::AddIssuer => {
                is_admin(actor)
                    && self.organization.id == actor.organization()
                    && self.organization.kind != OrganizationKind::Platform
            }
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: organization::Entity::PREFIX, id: self.organization.id }
    }
}

/// What the rules about an issuer decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub issuer: issuer::Model,
}

/// Everything that can be done to an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it with its history; that it exists is public.
    Read,
    /// Allow that somebody at the issuer is a certain member.
    Allow,
    /// Take a step of the lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "issuer.read",
            Self::Allow => "issuer.allow",
            Self::Take(Step::Disable) => "issuer.disable",
            Self::Take(Step::Enable) => "issuer.enable",
        }
    }
}

impl Lifecycle for issuer::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Active;
    const MOVES: &'static [(Status, Step, Status)] =
        &[(Status::Active, Step::Disable, Status::Disabled), (Status::Disabled, Step::Enable, Status::Active)];
    const STANDING: fn(&issuer::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            // The platform's admin can end what an organization should not have brought in.
            Action::Read | Action::Take(Step::Disable) => self.is_administered_by(actor) || is_platform_admin(actor),
            Action::Allow | Action::Take(Step::Enable) => self.is_administered_by(actor),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.issuer.id)
    }
}

impl Stepped for Facts {
    type Record = issuer::Entity;

    const ROW: fn(&Self) -> &issuer::Model = |facts| &facts.issuer;
    const TAKE: fn(Step) -> Action = Action::Take;
}

impl Facts {
    fn is_administered_by(&self, actor: &Actor) -> bool {
        is_admin(actor) && self.issuer.organization_id == actor.organization()
    }
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Disable => "IssuerDisabled",
        Step::Enable => "IssuerEnabled",
    }
}

/// A token belongs to one organization's issuer.
#[must_use]
pub fn taken(field: &str) -> Error {
    let message = Text::new("This issuer is in use with this client id already.", "该身份提供方与客户端标识已被使用。");
    Problem::new(Code::Duplicate, message).at(["input", field]).into()
}

/// The record of an issuer.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: issuer::Entity::PREFIX, id }
}
