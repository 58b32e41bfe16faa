//! Who may do what to a registration, and the steps it passes through.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    Record,
    event_registration::{self, RegistrationStatus as Status, RegistrationStep as Step},
    membership::Role,
    recruitment_event::{self, RecruitmentEventStatus as Standing},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::{
        clock,
        lifecycle::{Lifecycle, Stepped},
    },
    talent::events::rules::{EXHIBITORS, ORGANIZERS, runs},
};

/// What the rules decide from: the registration, the event and who exhibits there, and what time it is.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The registration.
    pub registration: event_registration::Model,
    /// The event.
    pub event: recruitment_event::Model,
    /// The enterprises that have a booth there.
    pub exhibitors: Vec<Uuid>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Everything that can be done to a registration. Registering is an action on the event.
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
            Self::Read => "registration.read",
            Self::Take(Step::Register) => "registration.register",
            Self::Take(Step::CheckIn) => "registration.checkIn",
            Self::Take(Step::Cancel) => "registration.cancel",
            Self::Take(Step::Miss) => "registration.miss",
            Self::Take(Step::Excuse) => "registration.excuse",
        }
    }
}

impl Lifecycle for event_registration::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Registered;
    // Whoever was noted as absent and whose scan arrives late, was there.
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Registered, Step::CheckIn, Status::CheckedIn),
        (Status::Registered, Step::Cancel, Status::Cancelled),
        (Status::Registered, Step::Miss, Status::NoShow),
        (Status::Cancelled, Step::Register, Status::Registered),
        (Status::NoShow, Step::Excuse, Status::Excused),
        (Status::NoShow, Step::CheckIn, Status::CheckedIn),
        (Status::Excused, Step::CheckIn, Status::CheckedIn),
    ];
    const STANDING: fn(&event_registration::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// The roles that look after a university's students.
pub const CARERS: &[Role] = &[Role::UniversityAdmin, Role::UniversityStaff];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Take(Step::Register | Step::Cancel) => self.is_own(actor) && actor.is(&[Role::Student]),
            Action::Take(Step::CheckIn) => runs(&self.event, actor),
            Action::Take(Step::Miss) => false,
            Action::Take(Step::Excuse) => self.registration.university_id == actor.organization() && actor.is(CARERS),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.registration.id)
    }
}

impl Stepped for Facts {
    type Record = event_registration::Entity;

    const ROW: fn(&Self) -> &event_registration::Model = |facts| &facts.registration;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        in_time(step, self).is_ok()
    }
}

impl Facts {
    /// The student's, the university's and the organizer's; of those who came, the exhibiting enterprises' too.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let (row, own) = (&self.registration, actor.organization());
        let auditor = actor.is(&[Role::Auditor]);
        self.is_own(actor)
            || (row.university_id == own && (actor.is(CARERS) || auditor))
            || (self.event.organizer_id == own && (actor.is(ORGANIZERS) || auditor))
            || (row.status == Status::CheckedIn && actor.is(EXHIBITORS) && self.exhibitors.contains(&own))
    }

    fn is_own(&self, actor: &Actor) -> bool {
        self.registration.student_id == actor.user()
    }
}

/// Places are given up before the event begins, and taken while its registration is open.
///
/// # Errors
/// `RULE_VIOLATED` when it is too late or too early.
pub fn in_time(step: Step, facts: &Facts) -> Result<()> {
    match step {
        Step::Register => takes_registrations(&facts.event, facts.now),
        Step::CheckIn => takes_check_ins(&facts.event),
        Step::Cancel if facts.event.starts_at <= facts.now => {
            Err(Error::rule("The event has begun; a place is given up before.", "活动已开始，不能再取消报名。"))
        }
        Step::Cancel | Step::Miss | Step::Excuse => Ok(()),
    }
}

/// Students register while the event is announced and its registration is open.
///
/// # Errors
/// `RULE_VIOLATED` outside of that time, saying when it is.
pub fn takes_registrations(event: &recruitment_event::Model, now: DateTime<Utc>) -> Result<()> {
    if !matches!(event.status, Standing::Published | Standing::CheckInOpen | Standing::Running) {
        return Err(Error::rule("The event takes no registrations; see its status.", "该活动当前不接受报名。"));
    }
    let (opens, closes) = (event.registration_opens_at, event.registration_closes_at);
    if (opens..closes).contains(&now) {
        return Ok(());
    }
    let (opens, closes) = (opens.format("%FT%TZ"), closes.format("%FT%TZ"));
    Err(Error::rule(
        format!("Registration is open from {opens} until {closes}."),
        format!("报名时间为 {opens} 至 {closes}（UTC）。"),
    ))
}

/// Students are checked in from when that is opened until the figures are final; scanners that were offline are late.
///
/// # Errors
/// `RULE_VIOLATED` before and after.
pub fn takes_check_ins(event: &recruitment_event::Model) -> Result<()> {
    if matches!(event.status, Standing::CheckInOpen | Standing::Running | Standing::Closed) {
        return Ok(());
    }
    Err(Error::rule("Check-in is not open; see the event's status.", "当前未开放签到，请查看活动状态。"))
}

/// How often a student may stay away, in how many days; 0 times: as often as he or she likes.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// From so many on the student does not register.
    pub limit: u32,
    /// Counted so many days back.
    pub window: TimeDelta,
}

/// Whoever stayed away too often, without being excused, waits.
///
/// # Errors
/// `RULE_VIOLATED` with the number and until when; `missed` are the moments, oldest first.
pub fn came_often_enough(policy: Policy, missed: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<()> {
    let limit = usize::try_from(policy.limit).unwrap_or(usize::MAX);
    let counted: Vec<_> = missed.iter().filter(|at| now < **at + policy.window).collect();
    let Some(decisive) = counted.len().checked_sub(limit).and_then(|at| counted.get(at)).filter(|_| limit > 0) else {
        return Ok(());
    };
    let (count, until) = (counted.len(), clock::day(**decisive + policy.window));
    Err(Error::rule(
        format!("You stayed away from {count} events without being excused; you can register again from {until} on."),
        format!("您有 {count} 次无故缺席，自 {until} 起可再次报名。"),
    ))
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Register => "RegistrationRenewed",
        Step::CheckIn => "RegistrationCheckedIn",
        Step::Cancel => "RegistrationCancelled",
        Step::Miss => "RegistrationMissed",
        Step::Excuse => "RegistrationExcused",
    }
}

/// The record of a registration.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: event_registration::Entity::PREFIX, id }
}
