//! Who may do what to a request to change places, and the steps it passes through.

use chrono::{DateTime, Utc};
use entity::{
    Record,
    interview_swap::{self, InterviewSwapStatus as Status, InterviewSwapStep as Step},
    membership::Role,
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
    talent::registrations::rules::CARERS,
};

/// What the rules decide from: the request, what whoever asks could give for it, and what time it is.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub swap: interview_swap::Model,
    /// The actor's own booking in the wanted slot, if one is confirmed there.
    pub place: Option<Uuid>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Everything that can be done to a request. Making one is an action on the booking.
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
            Self::Read => "interviewSwap.read",
            Self::Take(Step::Accept) => "interviewSwap.accept",
            Self::Take(Step::Withdraw) => "interviewSwap.withdraw",
            Self::Take(Step::Lapse) => "interviewSwap.lapse",
            Self::Take(Step::Close) => "interviewSwap.close",
        }
    }
}

impl Lifecycle for interview_swap::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Requested;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Requested, Step::Accept, Status::Accepted),
        (Status::Requested, Step::Withdraw, Status::Withdrawn),
        (Status::Requested, Step::Lapse, Status::Lapsed),
        (Status::Requested, Step::Close, Status::Closed),
    ];
    const STANDING: fn(&interview_swap::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Take(Step::Accept) => self.place.is_some() && !self.is_own(actor),
            Action::Take(Step::Withdraw) => self.is_own(actor),
            Action::Take(Step::Lapse | Step::Close) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.swap.id)
    }
}

impl Stepped for Facts {
    type Record = interview_swap::Entity;

    const ROW: fn(&Self) -> &interview_swap::Model = |facts| &facts.swap;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        in_time(step, self).is_ok()
    }
}

impl Facts {
    /// The student's, the university's staff's, whoever's accepted; while it is open, whoever's could accept.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let row = &self.swap;
        self.is_own(actor)
            || row.accepted_by_id == Some(actor.user())
            || (row.status == Status::Requested && self.place.is_some())
            || (row.university_id == actor.organization() && (actor.is(CARERS) || actor.is(&[Role::Auditor])))
    }

    /// The student who asks, also after the studies, under whichever membership.
    fn is_own(&self, actor: &Actor) -> bool {
        self.swap.student_id == actor.user()
    }
}

/// It is accepted before the first of the two slots begins, whether or not the job has run.
///
/// # Errors
/// `RULE_VIOLATED` when it is too late.
pub fn in_time(step: Step, facts: &Facts) -> Result<()> {
    if step == Step::Accept && is_late(&facts.swap, facts.now) {
        return Err(Error::rule("One of the two slots has begun.", "两个时段之一已开始，不能再互换。"));
    }
    Ok(())
}

/// Whether nobody accepted in time.
#[must_use]
pub fn is_late(row: &interview_swap::Model, now: DateTime<Utc>) -> bool {
    row.status == Status::Requested && row.accept_by <= now
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Accept => "InterviewSwapped",
        Step::Withdraw => "InterviewSwapWithdrawn",
        Step::Lapse => "InterviewSwapLapsed",
        Step::Close => "InterviewSwapClosed",
    }
}

/// The record of a request to change places.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: interview_swap::Entity::PREFIX, id }
}
