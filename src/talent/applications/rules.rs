//! Who may do what to an application, and the steps it passes through.

use chrono::{DateTime, Utc};
use entity::{
    Record,
    application::{self, ApplicationSide as Side, ApplicationStatus as Status, ApplicationStep as Step, Engagement},
    membership::Role,
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

/// What the rules decide from: the application, and whether the two are about to talk.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub application: application::Model,
    /// Whether a negotiation is scheduled, or held without a word of what came of it.
    pub negotiating: bool,
    /// When this was read.
    pub now: DateTime<Utc>,
}

/// Everything that can be done to an application. Submitting one is an action on the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Read what the enterprise noted for its own people.
    ReadNotes,
    /// Take a step of its lifecycle.
    Take(Step),
    /// Attach a document: what shows that a contract was signed.
    Attach,
    /// Book an interview for it.
    BookInterview,
    /// Wait for a place in an interview session for it.
    WaitForInterview,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "application.read",
            Self::ReadNotes => "application.readNotes",
            Self::Attach => "application.attach",
            Self::BookInterview => "application.bookInterview",
            Self::WaitForInterview => "application.waitForInterview",
            Self::Take(Step::Shortlist) => "application.shortlist",
            Self::Take(Step::Invite) => "application.invite",
            Self::Take(Step::RecordInterview) => "application.recordInterview",
            Self::Take(Step::RecordNoShow) => "application.recordNoShow",
            Self::Take(Step::DeclareIntention) => "application.declareIntention",
            Self::Take(Step::ConfirmIntention) => "application.confirmIntention",
            Self::Take(Step::OpenNegotiation) => "application.openNegotiation",
            Self::Take(Step::Offer) => "application.offer",
            Self::Take(Step::Accept) => "application.accept",
            Self::Take(Step::Decline) => "application.decline",
            Self::Take(Step::RecordSigning) => "application.recordSigning",
            Self::Take(Step::RecordOnboarding) => "application.recordOnboarding",
            Self::Take(Step::Reject) => "application.reject",
            Self::Take(Step::Withdraw) => "application.withdraw",
            Self::Take(Step::Lapse) => "application.lapse",
        }
    }
}

impl Lifecycle for application::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Submitted;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Submitted, Step::Shortlist, Status::Shortlisted),
        (Status::Shortlisted, Step::Invite, Status::Invited),
        (Status::Invited, Step::RecordInterview, Status::Interviewed),
        (Status::Invited, Step::RecordNoShow, Status::NoShow),
        (Status::Interviewed, Step::DeclareIntention, Status::Intention),
        (Status::Interviewed, Step::Offer, Status::Offered),
        (Status::Intention, Step::ConfirmIntention, Status::Intention),
        (Status::Intention, Step::OpenNegotiation, Status::InNegotiation),
        (Status::Intention, Step::Offer, Status::Offered),
        (Status::Intention, Step::Lapse, Status::Lapsed),
        (Status::InNegotiation, Step::Offer, Status::Offered),
        (Status::Offered, Step::Accept, Status::Accepted),
        (Status::Offered, Step::Decline, Status::Declined),
        (Status::Offered, Step::Lapse, Status::Lapsed),
        (Status::Accepted, Step::RecordSigning, Status::Signed),
        (Status::Signed, Step::RecordOnboarding, Status::Onboarded),
        (Status::Submitted, Step::Reject, Status::Rejected),
        (Status::Shortlisted, Step::Reject, Status::Rejected),
        (Status::Invited, Step::Reject, Status::Rejected),
        (Status::Interviewed, Step::Reject, Status::Rejected),
        (Status::Intention, Step::Reject, Status::Rejected),
        (Status::InNegotiation, Step::Reject, Status::Rejected),
        (Status::Offered, Step::Reject, Status::Rejected),
        (Status::Submitted, Step::Withdraw, Status::Withdrawn),
        (Status::Shortlisted, Step::Withdraw, Status::Withdrawn),
        (Status::Invited, Step::Withdraw, Status::Withdrawn),
        (Status::Interviewed, Step::Withdraw, Status::Withdrawn),
        (Status::Intention, Step::Withdraw, Status::Withdrawn),
        (Status::InNegotiation, Step::Withdraw, Status::Withdrawn),
        (Status::Offered, Step::Withdraw, Status::Withdrawn),
    ];
    const STANDING: fn(&application::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// The roles that recruit for their enterprise.
pub const RECRUITERS: &[Role] = &[Role::EnterpriseAdmin, Role::EnterpriseRecruiter];
/// The roles that look after students for their university.
pub const STAFF: &[Role] = &[Role::UniversityAdmin, Role::UniversityStaff];
/// Where an offer holds one of the places of its position.
pub const PLACED: [Status; 4] = [Status::Offered, Status::Accepted, Status::Signed, Status::Onboarded];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_student(actor) || self.recruits(actor) || self.looks_after(actor),
            Action::Attach | Action::Take(Step::RecordSigning | Step::RecordOnboarding) => self.records(actor),
            Action::Take(Step::DeclareIntention | Step::ConfirmIntention) => self.side(actor).is_some(),
            Action::BookInterview
            | Action::WaitForInterview
            | Action::Take(Step::Accept | Step::Decline | Step::Withdraw) => self.is_student(actor),
            Action::ReadNotes
            | Action::Take(
                Step::Shortlist
                | Step::Invite
                | Step::RecordInterview
                | Step::RecordNoShow
                | Step::OpenNegotiation
                | Step::Offer
                | Step::Reject,
            ) => self.decides(actor),
            Action::Take(Step::Lapse) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.application.id)
    }
}

impl Stepped for Facts {
    type Record = application::Entity;

    const ROW: fn(&Self) -> &application::Model = |facts| &facts.application;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Whether the step has a sense for this actor: the side that declared an intention does not confirm it.
    fn is_pending(&self, actor: &Actor, step: Step) -> bool {
        let row = &self.application;
        let anothers = row.intention_confirmed_at.is_none() && row.intention_by != self.side(actor);
        (step != Step::ConfirmIntention || anothers) && in_order(step, self).is_ok()
    }
}

impl Facts {
    /// The student, also after the studies, under whichever membership.
    fn is_student(&self, actor: &Actor) -> bool {
        self.application.student_id == actor.user()
    }

    fn recruits(&self, actor: &Actor) -> bool {
        self.application.organization_id == actor.organization() && actor.is(RECRUITERS)
    }

    fn looks_after(&self, actor: &Actor) -> bool {
        self.application.university_id == actor.organization() && actor.is(STAFF)
    }

    /// Whether the actor decides for the enterprise; nobody does about the own application (I12).
    #[must_use]
    pub fn decides(&self, actor: &Actor) -> bool {
        self.recruits(actor) && !self.is_student(actor)
    }

    fn records(&self, actor: &Actor) -> bool {
        self.looks_after(actor) && !self.is_student(actor)
    }

    /// The side for which the actor speaks.
    #[must_use]
    pub fn side(&self, actor: &Actor) -> Option<Side> {
        if self.is_student(actor) {
            return Some(Side::Student);
        }
        self.decides(actor).then_some(Side::Enterprise)
    }

    /// What stands against a step that the status allows; nothing when it can be taken.
    fn obstacle(&self, step: Step) -> Option<Error> {
        let row = &self.application;
        let confirmed = row.status != Status::Intention || row.intention_confirmed_at.is_some();
        match step {
            Step::OpenNegotiation | Step::Offer if !confirmed => {
                Some(Error::rule("The other side has not confirmed the intention yet.", "对方尚未确认意向。"))
            }
            Step::Offer if self.negotiating => Some(Error::rule(
                "A negotiation is open: say first what came of it.",
                "尚有洽谈未办结，请先登记洽谈结果。",
            )),
            Step::RecordSigning if row.offer != Some(Engagement::Employment) => Some(Error::rule(
                "An internship is never recorded as employment; it is recorded as an internship.",
                "实习不得登记为就业，应按实习办理。",
            )),
            _ => None,
        }
    }
}

/// What else must be so before a step that the status allows.
///
/// # Errors
/// `RULE_VIOLATED` for an intention that only one side has, a negotiation without an outcome, an internship that would
/// be recorded as employment (I10), an answer that comes too late.
pub fn in_order(step: Step, facts: &Facts) -> Result<()> {
    if is_late(facts) {
        return Err(Error::rule("The time to answer is over.", "答复期限已过。"));
    }
    facts.obstacle(step).map_or(Ok(()), Err)
}

/// Whether an answer is late: an intention that the other side did not confirm in time, an offer past its last day.
#[must_use]
pub fn is_late(facts: &Facts) -> bool {
    let Facts { application: row, now, .. } = facts;
    match row.status {
        Status::Intention => {
            row.intention_confirmed_at.is_none() && row.intention_lapses_at.is_some_and(|until| until <= *now)
        }
        Status::Offered => row.offer_answer_by.is_some_and(|last| last < clock::day(*now)),
        _ => false,
    }
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Shortlist => "ApplicationShortlisted",
        Step::Invite => "ApplicationInvited",
        Step::RecordInterview => "ApplicationInterviewed",
        Step::RecordNoShow => "ApplicationNoShowRecorded",
        Step::DeclareIntention => "IntentionDeclared",
        Step::ConfirmIntention => "IntentionConfirmed",
        Step::OpenNegotiation => "ApplicationNegotiationOpened",
        Step::Offer => "OfferMade",
        Step::Accept => "OfferAccepted",
        Step::Decline => "OfferDeclined",
        Step::RecordSigning => "ApplicationSigned",
        Step::RecordOnboarding => "ApplicationOnboarded",
        Step::Reject => "ApplicationRejected",
        Step::Withdraw => "ApplicationWithdrawn",
        Step::Lapse => "ApplicationLapsed",
    }
}

/// The record of an application.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: application::Entity::PREFIX, id }
}
