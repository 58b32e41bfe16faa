//! Who may do what to a recruitment event, and the steps it passes through.

use chrono::{DateTime, Utc};
use entity::{
    Record,
    membership::Role,
    organization::{self, OrganizationKind as Kind, OrganizationStatus},
    recruitment_event::{self, RecruitmentEventStatus as Status, RecruitmentEventStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::{
        clock,
        lifecycle::{Lifecycle, Stepped},
    },
};

/// What the rules decide from: the event, who is named in it, and what time it is.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The event.
    pub event: recruitment_event::Model,
    /// Whether its organizer is verified.
    pub verified: bool,
    /// The enterprises that asked for a booth or were offered one, whatever came of it.
    pub exhibitors: Vec<Uuid>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Everything that can be done to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Change the draft.
    Edit,
    /// Move it to another time or place once it is announced.
    Move,
    /// Take a step of its lifecycle.
    Take(Step),
    /// Write what is told of it afterwards, and publish that.
    Tell,
    /// Offer an enterprise a booth.
    Invite,
    /// Ask for a booth.
    RequestBooth,
    /// Register for it.
    Register,
    /// Check students in.
    CheckIn,
    /// Attach a document: a plan of the hall, photos.
    Attach,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "recruitmentEvent.read",
            Self::Edit => "recruitmentEvent.edit",
            Self::Move => "recruitmentEvent.move",
            Self::Tell => "recruitmentEvent.tell",
            Self::Invite => "recruitmentEvent.invite",
            Self::RequestBooth => "recruitmentEvent.requestBooth",
            Self::Register => "recruitmentEvent.register",
            Self::CheckIn => "recruitmentEvent.checkIn",
            Self::Attach => "recruitmentEvent.attach",
            Self::Take(step) => match step {
                Step::Submit => "recruitmentEvent.submit",
                Step::Return => "recruitmentEvent.return",
                Step::Publish => "recruitmentEvent.publish",
                Step::OpenCheckIn => "recruitmentEvent.openCheckIn",
                Step::Start => "recruitmentEvent.start",
                Step::Close => "recruitmentEvent.close",
                Step::Report => "recruitmentEvent.report",
                Step::Cancel => "recruitmentEvent.cancel",
            },
        }
    }
}

impl Lifecycle for recruitment_event::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Draft;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Draft, Step::Submit, Status::Submitted),
        (Status::Submitted, Step::Return, Status::Draft),
        (Status::Submitted, Step::Publish, Status::Published),
        (Status::Published, Step::OpenCheckIn, Status::CheckInOpen),
        (Status::CheckInOpen, Step::Start, Status::Running),
        (Status::Running, Step::Close, Status::Closed),
        (Status::Closed, Step::Report, Status::Reported),
        (Status::Draft, Step::Cancel, Status::Cancelled),
        (Status::Submitted, Step::Cancel, Status::Cancelled),
        (Status::Published, Step::Cancel, Status::Cancelled),
        (Status::CheckInOpen, Step::Cancel, Status::Cancelled),
        (Status::Running, Step::Cancel, Status::Cancelled),
    ];
    const STANDING: fn(&recruitment_event::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// The roles that hold events for a county body, a park or a university.
pub const ORGANIZERS: &[Role] = &[Role::UniversityAdmin, Role::UniversityStaff, Role::CountyAdmin, Role::CountyOfficer];
/// The roles that review the events of their county.
pub const REVIEWERS: &[Role] = &[Role::CountyAdmin, Role::CountyOfficer];
/// The roles that exhibit for an enterprise.
pub const EXHIBITORS: &[Role] = &[Role::EnterpriseAdmin, Role::EnterpriseRecruiter];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Take(Step::Return | Step::Publish) => self.reviews(actor),
            Action::Edit
            | Action::Move
            | Action::Tell
            | Action::Invite
            | Action::CheckIn
            | Action::Attach
            | Action::Take(
                Step::Submit | Step::OpenCheckIn | Step::Start | Step::Close | Step::Report | Step::Cancel,
            ) => runs(&self.event, actor),
            Action::RequestBooth => self.is_public() && actor.is(EXHIBITORS),
            Action::Register => self.is_public() && actor.is(&[Role::Student]),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.event.id)
    }
}

impl Stepped for Facts {
    type Record = recruitment_event::Entity;

    const ROW: fn(&Self) -> &recruitment_event::Model = |facts| &facts.event;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, actor: &Actor, step: Step) -> bool {
        in_time(step, self).is_ok() && by_another(step, self, actor).is_ok()
    }
}

/// Whether the actor is one of the people who hold the event.
#[must_use]
pub fn runs(event: &recruitment_event::Model, actor: &Actor) -> bool {
    event.organizer_id == actor.organization() && actor.is(ORGANIZERS)
}

/// Whether the actor is of the county for which the event is held.
#[must_use]
pub fn is_of_its_county(event: &recruitment_event::Model, actor: &Actor) -> bool {
    actor.side() == Kind::County && !actor.region().is_empty() && event.region_code.as_deref() == Some(actor.region())
}

impl Facts {
    /// Once announced, everybody's; before, the organizer's, of the county that was asked to review it, and of the
    /// enterprises named in it.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        self.is_public()
            || self.event.organizer_id == actor.organization()
            || (self.event.submitted_at.is_some() && is_of_its_county(&self.event, actor))
            || self.exhibitors.contains(&actor.organization())
    }

    /// Whether it was announced; calling it off takes nothing back.
    fn is_public(&self) -> bool {
        self.event.published_at.is_some()
    }

    /// The county's people; where no county is named, the university's own admin.
    fn reviews(&self, actor: &Actor) -> bool {
        if !self.is_visible_to(actor) {
            return false;
        }
        match self.event.region_code {
            Some(_) => actor.is(REVIEWERS) && is_of_its_county(&self.event, actor),
            None => self.event.organizer_id == actor.organization() && actor.is(&[Role::UniversityAdmin]),
        }
    }
}

/// Whoever submitted an event does not publish it, also not under another membership (I12).
///
/// # Errors
/// `RULE_VIOLATED` for the person who submitted it.
pub fn by_another(step: Step, facts: &Facts, actor: &Actor) -> Result<()> {
    if step != Step::Publish || facts.event.submitted_by_id != Some(actor.user()) {
        return Ok(());
    }
    Err(Error::rule(
        "You submitted this event; somebody else reviews and publishes it.",
        "您是该活动的提交人，应由其他人员审核发布。",
    ))
}

/// Steps have their time: nothing is announced that has begun, and nothing begins before its day.
///
/// # Errors
/// `RULE_VIOLATED` when the step comes too early or too late, or the organizer is not verified.
pub fn in_time(step: Step, facts: &Facts) -> Result<()> {
    let Facts { event, now, .. } = facts;
    match step {
        Step::Submit | Step::Publish if event.starts_at <= *now => {
            Err(Error::rule("The event's time has passed; give it a later one.", "活动时间已过，请先调整时间。"))
        }
        Step::Submit | Step::Publish if !facts.verified => {
            Err(Error::rule("Its organizer is not verified or is suspended.", "主办单位尚未核验或已被暂停。"))
        }
        Step::OpenCheckIn | Step::Start if clock::day(*now) < clock::day(event.starts_at) => Err(Error::rule(
            format!("That begins on {} at the earliest.", clock::day(event.starts_at)),
            format!("最早于 {} 当天办理。", clock::day(event.starts_at)),
        )),
        Step::Close if *now < event.starts_at => {
            Err(Error::rule("The event has not begun; call it off instead.", "活动尚未开始，如不举办请取消。"))
        }
        _ => Ok(()),
    }
}

/// What is told of an event is written when it is over.
///
/// # Errors
/// `RULE_VIOLATED` before it is closed.
pub fn is_over(event: &recruitment_event::Model) -> Result<()> {
    if matches!(event.status, Status::Closed | Status::Reported) {
        return Ok(());
    }
    Err(Error::rule("An article is written when the event is over.", "活动结束后方可撰写报道。"))
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Submit => "RecruitmentEventSubmitted",
        Step::Return => "RecruitmentEventReturned",
        Step::Publish => "RecruitmentEventPublished",
        Step::OpenCheckIn => "RecruitmentEventCheckInOpened",
        Step::Start => "RecruitmentEventStarted",
        Step::Close => "RecruitmentEventClosed",
        Step::Report => "RecruitmentEventReported",
        Step::Cancel => "RecruitmentEventCancelled",
    }
}

/// The record of an event.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: recruitment_event::Entity::PREFIX, id }
}

/// An organization that may hold events: creating one is an action on it.
#[derive(Clone, Debug)]
pub struct Organizer(pub organization::Model);

/// To draft an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft;

impl auth::Action for Draft {
    fn name(self) -> &'static str {
        "recruitmentEvent.create"
    }
}

impl Governed for Organizer {
    type Action = Draft;

    fn allows(&self, actor: &Actor, Draft: Draft) -> bool {
        self.0.id == actor.organization() && self.0.status == OrganizationStatus::Verified && actor.is(ORGANIZERS)
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: organization::Entity::PREFIX, id: self.0.id }
    }
}
