//! Who may do what to a cooperation item, and the steps it passes through.

use entity::{
    Record,
    agreement::AgreementStatus,
    cooperation_item::{self, ItemStatus as Status, ItemStep as Step},
    membership::Role,
};
use uuid::Uuid;

use crate::{
    agreements::{facts, rules::SPEAKERS},
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from: the item, who wants it dropped, and the agreement that it is part of.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The item.
    pub item: cooperation_item::Model,
    /// The parties that agreed to drop it, oldest first.
    pub dropping: Vec<DropVote>,
    /// The agreement.
    pub agreement: facts::Facts,
}

/// One party's agreement to drop an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropVote {
    /// The party.
    pub organization: Uuid,
    /// The person.
    pub voter: Uuid,
    /// Why.
    pub reason: String,
}

/// Everything that can be done to an item. Adding one is an action on the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Take a step of its lifecycle.
    Take(Step),
    /// Attach a document: what shows that it was done.
    Attach,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "cooperationItem.read",
            Self::Attach => "cooperationItem.attach",
            Self::Take(Step::Start) => "cooperationItem.start",
            Self::Take(Step::Submit) => "cooperationItem.submit",
            Self::Take(Step::Accept) => "cooperationItem.accept",
            Self::Take(Step::Return) => "cooperationItem.return",
            Self::Take(Step::Defer) => "cooperationItem.defer",
            Self::Take(Step::Drop) => "cooperationItem.drop",
            Self::Take(Step::Lapse) => "cooperationItem.lapse",
        }
    }
}

impl Lifecycle for cooperation_item::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Planned;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Planned, Step::Start, Status::InProgress),
        (Status::InProgress, Step::Submit, Status::Submitted),
        (Status::Submitted, Step::Accept, Status::Accepted),
        (Status::Submitted, Step::Return, Status::Returned),
        (Status::Returned, Step::Start, Status::InProgress),
        (Status::Planned, Step::Defer, Status::Deferred),
        (Status::InProgress, Step::Defer, Status::Deferred),
        (Status::Returned, Step::Defer, Status::Deferred),
        (Status::Deferred, Step::Defer, Status::Deferred),
        (Status::Deferred, Step::Start, Status::InProgress),
        (Status::Planned, Step::Drop, Status::Planned),
        (Status::Planned, Step::Drop, Status::Dropped),
        (Status::InProgress, Step::Drop, Status::InProgress),
        (Status::InProgress, Step::Drop, Status::Dropped),
        (Status::Returned, Step::Drop, Status::Returned),
        (Status::Returned, Step::Drop, Status::Dropped),
        (Status::Deferred, Step::Drop, Status::Deferred),
        (Status::Deferred, Step::Drop, Status::Dropped),
        (Status::Planned, Step::Lapse, Status::Lapsed),
        (Status::InProgress, Step::Lapse, Status::Lapsed),
        (Status::Returned, Step::Lapse, Status::Lapsed),
        (Status::Deferred, Step::Lapse, Status::Lapsed),
    ];
    const STANDING: fn(&cooperation_item::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// Where an item lapses when its agreement ends. What was submitted in time can still be accepted afterwards.
pub const UNDONE: [Status; 4] = [Status::Planned, Status::InProgress, Status::Returned, Status::Deferred];

/// The roles that carry an item out for the responsible organization. The responsible person does so in any role.
const DOERS: &[Role] = &[
    Role::UniversityAdmin,
    Role::UniversityStaff,
    Role::CountyAdmin,
    Role::CountyOfficer,
    Role::EnterpriseAdmin,
    Role::EnterpriseRecruiter,
];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Take(Step::Start | Step::Submit | Step::Defer) | Action::Attach => self.does(actor),
            Action::Take(Step::Accept | Step::Return) => self.judges(actor),
            Action::Take(Step::Drop) => self.agreement.speaks(actor),
            Action::Take(Step::Lapse) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.item.id)
    }
}

impl Stepped for Facts {
    type Record = cooperation_item::Entity;

    const ROW: fn(&Self) -> &cooperation_item::Model = |facts| &facts.item;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Whether the step still has a sense for this actor while the agreement stands where it does.
    fn is_pending(&self, actor: &Actor, step: Step) -> bool {
        let own = actor.organization();
        self.suits(step)
            && match step {
                Step::Accept => self.is_anothers(actor),
                Step::Drop => self.dropping.iter().all(|vote| vote.organization != own),
                Step::Start | Step::Submit | Step::Return | Step::Defer | Step::Lapse => true,
            }
    }
}

impl Facts {
    /// As the agreement; and the responsible organization and person, unless the agreement is a draft.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let responsible =
            self.item.responsible_id == actor.organization() || self.item.responsible_user_id == Some(actor.user());
        let is_draft = self.agreement.agreement.status == AgreementStatus::Draft;
        self.agreement.is_visible_to(actor) || (responsible && !is_draft)
    }

    /// The people of the responsible organization, and the responsible person acting for it.
    fn does(&self, actor: &Actor) -> bool {
        self.is_visible_to(actor)
            && self.item.responsible_id == actor.organization()
            && (actor.is(DOERS) || self.item.responsible_user_id == Some(actor.user()))
    }

    /// The admin or officer of another party that signed.
    fn judges(&self, actor: &Actor) -> bool {
        self.is_visible_to(actor)
            && self.item.responsible_id != actor.organization()
            && self.agreement.binds(actor.organization())
            && (actor.is(SPEAKERS) || actor.is(&[Role::CountyOfficer]))
    }

    /// Whether dropping it is agreed: by all parties that sign, or by the drafting side while nobody else sees it.
    #[must_use]
    pub fn is_dropped(&self) -> bool {
        let agreed: Vec<Uuid> = self.dropping.iter().map(|vote| vote.organization).collect();
        let agreement = &self.agreement;
        let alone = agreement.agreement.status == AgreementStatus::Draft;
        (alone && agreed.contains(&agreement.agreement.drafted_by_id)) || agreement.is_complete(&agreed)
    }

    /// Whether the agreement stands where the step can be taken. What was submitted in time can be judged at any time.
    fn suits(&self, step: Step) -> bool {
        let standing = self.agreement.agreement.status;
        match step {
            Step::Start | Step::Submit => standing == AgreementStatus::Active,
            Step::Defer => matches!(standing, AgreementStatus::Active | AgreementStatus::Suspended),
            Step::Drop => !self.agreement.is_ended(),
            Step::Accept | Step::Return | Step::Lapse => true,
        }
    }

    /// Whether somebody else reported it done and was to do it.
    fn is_anothers(&self, actor: &Actor) -> bool {
        let own = Some(actor.user());
        self.item.submitted_by_id != own && self.item.responsible_user_id != own
    }
}

/// Nobody accepts the own work, also not under another membership (I12).
///
/// # Errors
/// `RULE_VIOLATED` for the person who reported it done or was to do it.
pub fn accepted_by_another(step: Step, facts: &Facts, actor: &Actor) -> Result<()> {
    if step != Step::Accept || facts.is_anothers(actor) {
        return Ok(());
    }
    Err(Error::rule(
        "You reported this item done or were to do it; somebody else of another party accepts it.",
        "您是该事项的提交人或责任人，应由另一方的其他人员验收。",
    ))
}

/// Items are worked on while their agreement is in force.
///
/// # Errors
/// `RULE_VIOLATED` when the agreement does not stand where the step can be taken.
pub fn in_force(step: Step, facts: &Facts) -> Result<()> {
    if facts.suits(step) { Ok(()) } else { Err(not_in_force()) }
}

/// Items are promised in a draft by its drafting side, and by any party once all have signed.
///
/// # Errors
/// `RULE_VIOLATED` while the agreement is under review or being signed, suspended or ended.
pub fn takes_items(agreement: &facts::Facts) -> Result<()> {
    use AgreementStatus as Standing;
    let suits = matches!(agreement.agreement.status, Standing::Draft | Standing::Signed | Standing::Active);
    if suits { Ok(()) } else { Err(not_in_force()) }
}

fn not_in_force() -> Error {
    Error::rule(
        "The agreement does not stand where this can be done; see its status.",
        "协议当前状态下不能办理此事项，请查看协议状态。",
    )
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Start => "CooperationItemStarted",
        Step::Submit => "CooperationItemSubmitted",
        Step::Accept => "CooperationItemAccepted",
        Step::Return => "CooperationItemReturned",
        Step::Defer => "CooperationItemDeferred",
        Step::Drop => "CooperationItemDropped",
        Step::Lapse => "CooperationItemLapsed",
    }
}

/// The record of an item.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: cooperation_item::Entity::PREFIX, id }
}

/// How far what was promised has been kept 履约率.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Execution {
    /// Items accepted.
    pub accepted: i64,
    /// Items whose day has passed, and those accepted before; what was dropped or lapsed stays among them.
    pub due: i64,
}

impl Execution {
    /// Accepted ÷ due; nothing is due: none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of items are small")]
    pub fn rate(self) -> Option<f64> {
        (self.due > 0).then(|| self.accepted as f64 / self.due as f64)
    }
}
