//! Who may do what to an employment record and to the checks that follow it.

use chrono::NaiveDate;
use entity::{
    Record, employment_record,
    retention_check::{self, RetentionStatus as Status, RetentionStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
    talent::applications::rules::{RECRUITERS, STAFF},
};

/// What the rules decide from: the check, and the record that it follows.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The check.
    pub check: retention_check::Model,
    /// The record.
    pub record: employment_record::Model,
    /// The day on which this was read, in China.
    pub today: NaiveDate,
}

/// Who answers a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The employer's people.
    Employer,
    /// The graduate.
    Graduate,
    /// The university, when the two said different things.
    University,
}

/// Everything that can be done to a check.
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
            Self::Read => "retentionCheck.read",
            Self::Take(Step::ConfirmRetained) => "retentionCheck.confirmRetained",
            Self::Take(Step::ConfirmLeft) => "retentionCheck.confirmLeft",
            Self::Take(Step::Dispute) => "retentionCheck.dispute",
        }
    }
}

impl Lifecycle for retention_check::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Open;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Open, Step::ConfirmRetained, Status::Open),
        (Status::Open, Step::ConfirmRetained, Status::Retained),
        (Status::Open, Step::ConfirmLeft, Status::Open),
        (Status::Open, Step::ConfirmLeft, Status::Left),
        (Status::Open, Step::Dispute, Status::Disputed),
        (Status::Disputed, Step::ConfirmRetained, Status::Retained),
        (Status::Disputed, Step::ConfirmLeft, Status::Left),
    ];
    const STANDING: fn(&retention_check::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read | Action::Take(Step::ConfirmRetained | Step::ConfirmLeft) => self.witness(actor).is_some(),
            Action::Take(Step::Dispute) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.check.id)
    }
}

impl Stepped for Facts {
    type Record = retention_check::Entity;

    const ROW: fn(&Self) -> &retention_check::Model = |facts| &facts.check;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Whether it is the actor's turn: each of the two answers once the day has come, the university when they differ.
    fn is_pending(&self, actor: &Actor, _: Step) -> bool {
        due(self).is_ok()
            && match (self.check.status, self.witness(actor)) {
                (Status::Open, Some(Witness::Employer)) => self.check.employer_says.is_none(),
                (Status::Open, Some(Witness::Graduate)) => self.check.graduate_says.is_none(),
                (Status::Disputed, Some(Witness::University)) => true,
                _ => false,
            }
    }
}

impl Facts {
    /// For whom the actor speaks: nobody speaks for the employer or the university about himself.
    #[must_use]
    pub fn witness(&self, actor: &Actor) -> Option<Witness> {
        let row = &self.record;
        if row.student_id == actor.user() {
            return Some(Witness::Graduate);
        }
        if row.organization_id == actor.organization() && actor.is(RECRUITERS) {
            return Some(Witness::Employer);
        }
        (row.university_id == actor.organization() && actor.is(STAFF)).then_some(Witness::University)
    }

    /// What the other of the two has said.
    #[must_use]
    pub fn other(&self, witness: Witness) -> Option<bool> {
        match witness {
            Witness::Employer => self.check.graduate_says,
            Witness::Graduate => self.check.employer_says,
            Witness::University => None,
        }
    }
}

/// Nobody answers before the day.
///
/// # Errors
/// `RULE_VIOLATED` before the day on which the months are over.
pub fn due(facts: &Facts) -> Result<()> {
    let due_on = facts.check.due_on;
    if due_on <= facts.today {
        return Ok(());
    }
    Err(Error::rule(format!("This can be answered from {due_on} on."), format!("{due_on} 起方可确认。")))
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::ConfirmRetained => "RetentionConfirmed",
        Step::ConfirmLeft => "DepartureConfirmed",
        Step::Dispute => "RetentionDisputed",
    }
}

/// The record of a check.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: retention_check::Entity::PREFIX, id }
}

/// The record of an employment record.
#[must_use]
pub fn employment(id: Uuid) -> RecordRef {
    RecordRef { kind: employment_record::Entity::PREFIX, id }
}
