//! Who may do what to a place in a waiting list, and the steps it passes through.

use chrono::{DateTime, Utc};
use entity::{
    Record,
    interview_wait::{self, InterviewWaitStatus as Status, InterviewWaitStep as Step},
    membership::Role,
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
    talent::{applications::rules::RECRUITERS, events::rules::ORGANIZERS, registrations::rules::CARERS},
};

/// What the rules decide from: who waits, who holds the event, and what time it is.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub wait: interview_wait::Model,
    /// Who holds the event at which the session is.
    pub organizer: Option<Uuid>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Everything that can be done to a place in a waiting list. Joining one is an action on the application.
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
            Self::Read => "interviewWait.read",
            Self::Take(Step::Offer) => "interviewWait.offer",
            Self::Take(Step::Accept) => "interviewWait.accept",
            Self::Take(Step::Decline) => "interviewWait.decline",
            Self::Take(Step::Leave) => "interviewWait.leave",
            Self::Take(Step::Lapse) => "interviewWait.lapse",
            Self::Take(Step::Close) => "interviewWait.close",
        }
    }
}

impl Lifecycle for interview_wait::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Waiting;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Waiting, Step::Offer, Status::Offered),
        (Status::Waiting, Step::Leave, Status::Left),
        (Status::Waiting, Step::Close, Status::Closed),
        (Status::Offered, Step::Accept, Status::Accepted),
        (Status::Offered, Step::Decline, Status::Declined),
        (Status::Offered, Step::Lapse, Status::Lapsed),
        (Status::Offered, Step::Close, Status::Closed),
    ];
    const STANDING: fn(&interview_wait::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// In the list, or with a place that is kept.
pub const LIVE: [Status; 2] = [Status::Waiting, Status::Offered];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Take(Step::Accept | Step::Decline | Step::Leave) => self.is_own(actor),
            Action::Take(Step::Offer | Step::Lapse | Step::Close) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.wait.id)
    }
}

impl Stepped for Facts {
    type Record = interview_wait::Entity;

    const ROW: fn(&Self) -> &interview_wait::Model = |facts| &facts.wait;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        in_time(step, self).is_ok()
    }
}

impl Facts {
    /// As a booking: the student's, the enterprise's recruiters', the university's staff's and the organizer's.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let (row, own, auditor) = (&self.wait, actor.organization(), actor.is(&[Role::Auditor]));
        self.is_own(actor)
            || (row.organization_id == own && actor.is(RECRUITERS))
            || (row.university_id == own && (auditor || actor.is(CARERS)))
            || (self.organizer == Some(own) && (auditor || actor.is(ORGANIZERS)))
    }

    /// The student, also after the studies, under whichever membership.
    fn is_own(&self, actor: &Actor) -> bool {
        self.wait.student_id == actor.user()
    }
}

/// A place is accepted while it is kept, whether or not the job has run.
///
/// # Errors
/// `RULE_VIOLATED` when it is too late.
pub fn in_time(step: Step, facts: &Facts) -> Result<()> {
    if step == Step::Accept && is_late(&facts.wait, facts.now) {
        return Err(Error::rule("The time to accept the place is over.", "确认候补名额的期限已过。"));
    }
    Ok(())
}

/// Whether a place that is kept was not accepted in time.
#[must_use]
pub fn is_late(row: &interview_wait::Model, now: DateTime<Utc>) -> bool {
    row.status == Status::Offered && row.accept_by.is_some_and(|until| until <= now)
}

/// Its place among those who wait, as whoever sees it reads it: a number, and nobody else.
#[must_use]
pub fn position(position: &i32, _: &Actor) -> Option<i32> {
    Some(*position)
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Offer => "InterviewPlaceOffered",
        Step::Accept => "InterviewPlaceAccepted",
        Step::Decline => "InterviewPlaceDeclined",
        Step::Leave => "InterviewWaitLeft",
        Step::Lapse => "InterviewPlaceLapsed",
        Step::Close => "InterviewWaitClosed",
    }
}

/// The record of a place in a waiting list.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: interview_wait::Entity::PREFIX, id }
}
