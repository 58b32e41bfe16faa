//! Who may do what to an enterprise's booth, and the steps it passes through.

use entity::{
    Record,
    event_exhibitor::{self, ExhibitorStatus as Status, ExhibitorStep as Step},
    recruitment_event::{self, RecruitmentEventStatus as Standing},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
    talent::events::rules::{EXHIBITORS, is_of_its_county, runs},
};

/// What the rules decide from: the booth and the event.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The booth.
    pub exhibitor: event_exhibitor::Model,
    /// The event.
    pub event: recruitment_event::Model,
}

/// Everything that can be done to a booth. Asking for one and offering one are actions on the event.
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
            Self::Read => "eventExhibitor.read",
            Self::Take(Step::Request) => "eventExhibitor.request",
            Self::Take(Step::Invite) => "eventExhibitor.invite",
            Self::Take(Step::Confirm) => "eventExhibitor.confirm",
            Self::Take(Step::Accept) => "eventExhibitor.accept",
            Self::Take(Step::Decline) => "eventExhibitor.decline",
            Self::Take(Step::Withdraw) => "eventExhibitor.withdraw",
        }
    }
}

impl Lifecycle for event_exhibitor::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Requested;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Requested, Step::Confirm, Status::Confirmed),
        (Status::Requested, Step::Decline, Status::Declined),
        (Status::Requested, Step::Withdraw, Status::Withdrawn),
        (Status::Invited, Step::Accept, Status::Confirmed),
        (Status::Invited, Step::Decline, Status::Declined),
        (Status::Invited, Step::Withdraw, Status::Withdrawn),
        (Status::Confirmed, Step::Withdraw, Status::Withdrawn),
        (Status::Declined, Step::Invite, Status::Invited),
        (Status::Withdrawn, Step::Invite, Status::Invited),
        (Status::Withdrawn, Step::Request, Status::Requested),
    ];
    const STANDING: fn(&event_exhibitor::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        let (enterprise, organizer) = (self.exhibits(actor), runs(&self.event, actor));
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Take(Step::Request | Step::Accept) => enterprise,
            Action::Take(Step::Invite | Step::Confirm) => organizer,
            // Whoever was asked says no; whoever asked takes it back.
            Action::Take(Step::Decline) => match self.exhibitor.status {
                Status::Requested => organizer,
                Status::Invited => enterprise,
                Status::Confirmed | Status::Declined | Status::Withdrawn => organizer || enterprise,
            },
            Action::Take(Step::Withdraw) => match self.exhibitor.status {
                Status::Requested => enterprise,
                Status::Invited => organizer,
                Status::Confirmed | Status::Declined | Status::Withdrawn => organizer || enterprise,
            },
        }
    }

    fn record(&self) -> RecordRef {
        record(self.exhibitor.id)
    }
}

impl Stepped for Facts {
    type Record = event_exhibitor::Entity;

    const ROW: fn(&Self) -> &event_exhibitor::Model = |facts| &facts.exhibitor;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        suits(step, &self.event).is_ok()
    }
}

impl Facts {
    /// A booth of an event that was announced is everybody's; what leads to one is for the two sides and the county.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let own = self.exhibitor.organization_id == actor.organization();
        let organizer = self.event.organizer_id == actor.organization();
        let county = self.event.submitted_at.is_some() && is_of_its_county(&self.event, actor);
        own || organizer || county || (self.exhibitor.status == Status::Confirmed && self.event.published_at.is_some())
    }

    fn exhibits(&self, actor: &Actor) -> bool {
        self.exhibitor.organization_id == actor.organization() && actor.is(EXHIBITORS)
    }
}

/// Booths are given until the event is over, and asked for once it is announced.
///
/// # Errors
/// `RULE_VIOLATED` when the event does not stand where this can be done.
pub fn suits(step: Step, event: &recruitment_event::Model) -> Result<()> {
    let suits = match event.status {
        Standing::Draft | Standing::Submitted => step != Step::Request,
        Standing::Published | Standing::CheckInOpen | Standing::Running => true,
        Standing::Closed | Standing::Reported | Standing::Cancelled => false,
    };
    if suits {
        return Ok(());
    }
    Err(Error::rule("The event does not stand where this can be done; see its status.", "活动当前状态下不能办理展位。"))
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Request => "EventExhibitorRequested",
        Step::Invite => "EventExhibitorInvited",
        Step::Confirm => "EventExhibitorConfirmed",
        Step::Accept => "EventExhibitorAccepted",
        Step::Decline => "EventExhibitorDeclined",
        Step::Withdraw => "EventExhibitorWithdrawn",
    }
}

/// The record of a booth.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: event_exhibitor::Entity::PREFIX, id }
}
