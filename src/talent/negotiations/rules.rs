//! Who may do what to a negotiation, and the steps it passes through.

use entity::{
    Record,
    negotiation::{self, NegotiationStatus as Status, NegotiationStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    platform::lifecycle::{Lifecycle, Stepped},
    talent::applications,
};

/// What the rules decide from: the negotiation, and the application that it is about.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub negotiation: negotiation::Model,
    /// The application.
    pub application: applications::rules::Facts,
}

/// Everything that can be done to a negotiation. Opening one is a step of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Take a step of its lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "negotiation.read",
            Self::Take(Step::Hold) => "negotiation.hold",
            Self::Take(Step::Agree) => "negotiation.agree",
            Self::Take(Step::Continue) => "negotiation.continue",
            Self::Take(Step::Fail) => "negotiation.fail",
            Self::Take(Step::Cancel) => "negotiation.cancel",
        }
    }
}

impl Lifecycle for negotiation::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Scheduled;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Scheduled, Step::Hold, Status::Held),
        (Status::Held, Step::Agree, Status::Agreed),
        (Status::Held, Step::Continue, Status::Continued),
        (Status::Held, Step::Fail, Status::Failed),
        (Status::Scheduled, Step::Cancel, Status::Cancelled),
        (Status::Held, Step::Cancel, Status::Cancelled),
    ];
    const STANDING: fn(&negotiation::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        use applications::rules::Action as OfApplication;
        match action {
            Action::Read => self.application.allows(actor, OfApplication::Read),
            Action::Take(Step::Hold | Step::Agree | Step::Continue | Step::Fail) => self.application.decides(actor),
            Action::Take(Step::Cancel) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.negotiation.id)
    }
}

impl Stepped for Facts {
    type Record = negotiation::Entity;

    const ROW: fn(&Self) -> &negotiation::Model = |facts| &facts.negotiation;
    const TAKE: fn(Step) -> Action = Action::Take;
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Hold => "NegotiationHeld",
        Step::Agree => "NegotiationAgreed",
        Step::Continue => "NegotiationContinued",
        Step::Fail => "NegotiationFailed",
        Step::Cancel => "NegotiationCancelled",
    }
}

/// The record of a negotiation.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: negotiation::Entity::PREFIX, id }
}
