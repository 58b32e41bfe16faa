//! Who may do what to an interview session, and the steps it passes through.

use chrono::{DateTime, Utc};
use entity::{
    Record,
    interview_session::{self, InterviewSessionStatus as Status, InterviewSessionStep as Step},
    membership::Role,
    recruitment_event::{self, RecruitmentEventStatus as EventStatus},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
    talent::{applications::rules::RECRUITERS, events::rules::ORGANIZERS, registrations::rules::CARERS},
};

/// What the rules decide from: the session, its event, and what whoever asks has to do with it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub session: interview_session::Model,
    /// The event at which it is held.
    pub event: Option<recruitment_event::Model>,
    /// Whether the actor, or a student of the actor's, has applied at the enterprise.
    pub applied: bool,
    /// Whether the actor, or a student of the actor's, has a booking in it or waited for a place, whatever came of it.
    pub booked: bool,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Everything that can be done to a session. Creating one is an action on the enterprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it, and its slots.
    Read,
    /// Take a step of its lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "interviewSession.read",
            Self::Take(Step::Extend) => "interviewSession.extend",
            Self::Take(Step::Close) => "interviewSession.close",
            Self::Take(Step::Cancel) => "interviewSession.cancel",
        }
    }
}

impl Lifecycle for interview_session::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Open;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Open, Step::Extend, Status::Open),
        (Status::Open, Step::Close, Status::Closed),
        (Status::Open, Step::Cancel, Status::Cancelled),
        (Status::Closed, Step::Cancel, Status::Cancelled),
    ];
    const STANDING: fn(&interview_session::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Take(Step::Extend | Step::Close | Step::Cancel) => self.is_own(actor) && actor.is(RECRUITERS),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.session.id)
    }
}

impl Stepped for Facts {
    type Record = interview_session::Entity;

    const ROW: fn(&Self) -> &interview_session::Model = |facts| &facts.session;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        in_time(step, self).is_ok()
    }
}

impl Facts {
    /// The enterprise's and the event's organizer's; while it is open, that of students and those who look after them,
    /// at an announced event or at an enterprise at which they have applied; and of whoever has booked in it or waited.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let holds = self.event.as_ref().is_some_and(|event| event.organizer_id == actor.organization());
        let announced = self.event.as_ref().is_some_and(|event| event.published_at.is_some());
        self.is_own(actor)
            || (holds && (actor.is(ORGANIZERS) || actor.is(&[Role::Auditor])))
            || self.booked
            || (self.session.status == Status::Open && looks_for_interviews(actor) && (announced || self.applied))
    }

    fn is_own(&self, actor: &Actor) -> bool {
        self.session.organization_id == actor.organization()
    }
}

/// Students, and those who look after them.
#[must_use]
pub fn looks_for_interviews(actor: &Actor) -> bool {
    actor.is(&[Role::Student]) || actor.is(CARERS)
}

/// What is over took place: it is neither called off nor does it last longer; and at an event that is over nothing does.
///
/// # Errors
/// `RULE_VIOLATED` when it is too late.
pub fn in_time(step: Step, facts: &Facts) -> Result<()> {
    match step {
        Step::Cancel if is_over(&facts.session, facts.now) => {
            Err(Error::rule("The session is over; it cannot be called off any more.", "面试场次已结束，不能再取消。"))
        }
        Step::Extend => takes_bookings(&facts.session, facts.event.as_ref(), (facts.session.ends_at, facts.now)),
        _ => Ok(()),
    }
}

/// Whether its last slot has ended.
#[must_use]
pub fn is_over(session: &interview_session::Model, now: DateTime<Utc>) -> bool {
    session.ends_at <= now
}

/// Where an event stands while interviews can be held at it: it was announced and is not over.
pub const HELD: [EventStatus; 3] = [EventStatus::Published, EventStatus::CheckInOpen, EventStatus::Running];

/// Whether interviews can be held at an event.
#[must_use]
pub fn is_to_be_held(event: &recruitment_event::Model) -> bool {
    HELD.contains(&event.status)
}

/// A slot is booked while its session is open, its event to be held, and the slot not over: whoever walks in books one
/// that has begun.
///
/// # Errors
/// `RULE_VIOLATED` otherwise, saying which.
pub fn takes_bookings(
    session: &interview_session::Model,
    event: Option<&recruitment_event::Model>,
    (ends_at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    if session.status != Status::Open {
        return Err(Error::rule("The session takes no bookings any more.", "该面试场次已不再接受预约。"));
    }
    if event.is_some_and(|event| !is_to_be_held(event)) {
        return Err(Error::rule("The event of this session is over or called off.", "该场次所属活动已结束或已取消。"));
    }
    if ends_at <= now {
        return Err(Error::rule("The slot is over.", "该面试时段已结束。"));
    }
    Ok(())
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Extend => "InterviewSessionExtended",
        Step::Close => "InterviewSessionClosed",
        Step::Cancel => "InterviewSessionCancelled",
    }
}

/// The record of a session.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: interview_session::Entity::PREFIX, id }
}
