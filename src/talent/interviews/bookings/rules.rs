//! Who may do what to an interview booking, and the steps it passes through.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    Record,
    application::ApplicationStep,
    interview_booking::{self, InterviewBookingStatus as Status, InterviewBookingStep as Step},
    interview_session,
    membership::Role,
    recruitment_event,
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
    talent::{
        applications::rules::RECRUITERS, events::rules::ORGANIZERS, interviews::sessions::rules::takes_bookings,
        registrations::rules::CARERS,
    },
};

/// How long before an interview its student can be checked in.
const EARLY: TimeDelta = TimeDelta::hours(1);

/// What the rules decide from: the booking, its session, the event at which that is, and what time it is.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub booking: interview_booking::Model,
    /// The session of its slot.
    pub session: interview_session::Model,
    /// The event at which it is.
    pub event: Option<recruitment_event::Model>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Everything that can be done to a booking. Booking is an action on the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Read the scorecard.
    ReadScores,
    /// Write the scorecard.
    Score,
    /// Ask to change places with somebody in another slot.
    RequestSwap,
    /// Take a step of its lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "interviewBooking.read",
            Self::ReadScores => "interviewBooking.readScores",
            Self::Score => "interviewBooking.score",
            Self::RequestSwap => "interviewBooking.requestSwap",
            Self::Take(Step::CheckIn) => "interviewBooking.checkIn",
            Self::Take(Step::Finish) => "interviewBooking.finish",
            Self::Take(Step::Move) => "interviewBooking.move",
            Self::Take(Step::Cancel) => "interviewBooking.cancel",
            Self::Take(Step::CancelLate) => "interviewBooking.cancelLate",
            Self::Take(Step::CallOff) => "interviewBooking.callOff",
            Self::Take(Step::Miss) => "interviewBooking.miss",
            Self::Take(Step::Excuse) => "interviewBooking.excuse",
        }
    }
}

impl Lifecycle for interview_booking::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Confirmed;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Confirmed, Step::CheckIn, Status::CheckedIn),
        (Status::CheckedIn, Step::Finish, Status::Done),
        (Status::Confirmed, Step::Move, Status::Confirmed),
        (Status::Confirmed, Step::Cancel, Status::Cancelled),
        (Status::Confirmed, Step::CancelLate, Status::LateCancelled),
        (Status::Confirmed, Step::CallOff, Status::Cancelled),
        (Status::CheckedIn, Step::CallOff, Status::Cancelled),
        (Status::Confirmed, Step::Miss, Status::NoShow),
        (Status::LateCancelled, Step::Excuse, Status::Excused),
        (Status::NoShow, Step::Excuse, Status::Excused),
    ];
    const STANDING: fn(&interview_booking::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// Where a place is held and the interview is still to come.
pub const LIVE: [Status; 2] = [Status::Confirmed, Status::CheckedIn];
/// Where the student came: the enterprise reads the name.
pub const CAME: [Status; 2] = [Status::CheckedIn, Status::Done];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::ReadScores => self.recruits(actor) && !self.is_own(actor),
            Action::Score | Action::Take(Step::CheckIn | Step::Finish | Step::Miss) => {
                self.recruits(actor) && !self.is_own(actor)
            }
            Action::RequestSwap | Action::Take(Step::Move | Step::Cancel | Step::CancelLate) => self.is_own(actor),
            Action::Take(Step::CallOff) => false,
            Action::Take(Step::Excuse) => self.looks_after(actor) && !self.is_own(actor),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.booking.id)
    }
}

impl Stepped for Facts {
    type Record = interview_booking::Entity;

    const ROW: fn(&Self) -> &interview_booking::Model = |facts| &facts.booking;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        in_time(step, self).is_ok()
    }
}

impl Facts {
    /// The student's, the enterprise's recruiters', the university's staff's and the organizer's.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let (own, auditor) = (actor.organization(), actor.is(&[Role::Auditor]));
        let holds = self.event.as_ref().is_some_and(|event| event.organizer_id == own);
        self.is_own(actor)
            || self.recruits(actor)
            || self.looks_after(actor)
            || (auditor && self.booking.university_id == own)
            || (holds && (auditor || actor.is(ORGANIZERS)))
    }

    /// The student, also after the studies, under whichever membership.
    fn is_own(&self, actor: &Actor) -> bool {
        self.booking.student_id == actor.user()
    }

    fn recruits(&self, actor: &Actor) -> bool {
        self.booking.organization_id == actor.organization() && actor.is(RECRUITERS)
    }

    fn looks_after(&self, actor: &Actor) -> bool {
        self.booking.university_id == actor.organization() && actor.is(CARERS)
    }

    /// The step by which the student gives the place up now.
    #[must_use]
    pub fn giving_up(&self) -> Step {
        if self.now < self.booking.late_from { Step::Cancel } else { Step::CancelLate }
    }
}

/// Students are checked in from an hour before on; a place is moved before giving it up is late, while its session takes
/// bookings, given up before the interview begins, and missed after.
///
/// # Errors
/// `RULE_VIOLATED` when it is too early or too late, or the session takes no bookings.
pub fn in_time(step: Step, facts: &Facts) -> Result<()> {
    let (row, session, now) = (&facts.booking, &facts.session, facts.now);
    match step {
        Step::CheckIn if now < row.begins_at - EARLY => Err(Error::rule(
            "Students are checked in from an hour before the interview on.",
            "面试开始前一小时起方可签到。",
        )),
        Step::Move if row.late_from <= now => Err(Error::rule(
            "It is too late to move: from now on giving the place up is late.",
            "已进入临近取消时间，不能再改约。",
        )),
        Step::Move => takes_bookings(session, facts.event.as_ref(), (session.ends_at, now)),
        Step::Miss if now < row.begins_at => Err(Error::rule("The interview has not begun yet.", "面试尚未开始。")),
        Step::Cancel | Step::CancelLate if row.begins_at <= now => {
            Err(Error::rule("The interview has begun; a place is given up before.", "面试已开始，不能再取消预约。"))
        }
        Step::Cancel | Step::CancelLate if step != facts.giving_up() => {
            Err(Error::rule("Whether it is late is decided by the time.", "是否临近取消由时间决定。"))
        }
        _ => Ok(()),
    }
}

/// A scorecard is written once the student is there.
///
/// # Errors
/// `RULE_VIOLATED` before, and where nobody came.
pub fn can_be_scored(row: &interview_booking::Model) -> Result<()> {
    if CAME.contains(&row.status) {
        return Ok(());
    }
    Err(Error::rule("Nobody was interviewed: check the student in first.", "尚未面试，请先为学生签到。"))
}

/// What becomes of a place that is held when a step of its application is taken by itself.
#[must_use]
pub fn following(taken: ApplicationStep, booking: &interview_booking::Model, now: DateTime<Utc>) -> Step {
    match (taken, booking.status) {
        (ApplicationStep::RecordInterview, Status::CheckedIn) => Step::Finish,
        (ApplicationStep::RecordNoShow, Status::Confirmed) if booking.begins_at <= now => Step::Miss,
        _ => Step::CallOff,
    }
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::CheckIn => "InterviewCheckedIn",
        Step::Finish => "InterviewFinished",
        Step::Move => "InterviewMoved",
        Step::Cancel => "InterviewCancelled",
        Step::CancelLate => "InterviewCancelledLate",
        Step::CallOff => "InterviewCalledOff",
        Step::Miss => "InterviewMissed",
        Step::Excuse => "InterviewExcused",
    }
}

/// The record of a booking.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: interview_booking::Entity::PREFIX, id }
}
