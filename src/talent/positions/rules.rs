//! Who may do what to a position, and the steps it passes through.

use chrono::NaiveDate;
use entity::{
    Record,
    job_position::{self, PositionStatus as Status, PositionStep as Step},
    membership::Role,
    organization::{OrganizationKind, OrganizationStatus},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Error, Problem, Result, Text},
    organizations::Facts as Enterprise,
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from: the position, and the enterprise with its people.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The position.
    pub position: job_position::Model,
    /// The enterprise.
    pub enterprise: Enterprise,
    /// The day on which this was read, in China.
    pub today: NaiveDate,
}

/// Everything that can be done to a position. Adding one is an action on the enterprise: [`Employer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Change a draft.
    Edit,
    /// Apply for it.
    Apply,
    /// Interview a student for it who walked in.
    WalkIn,
    /// Take a step of its lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "position.read",
            Self::Edit => "position.edit",
            Self::Apply => "position.apply",
            Self::WalkIn => "position.walkIn",
            Self::Take(Step::Submit) => "position.submit",
            Self::Take(Step::Publish) => "position.publish",
            Self::Take(Step::Return) => "position.return",
            Self::Take(Step::Block) => "position.block",
            Self::Take(Step::Revise) => "position.revise",
            Self::Take(Step::Extend) => "position.extend",
            Self::Take(Step::Fill) => "position.fill",
            Self::Take(Step::Withdraw) => "position.withdraw",
            Self::Take(Step::Expire) => "position.expire",
        }
    }
}

impl Lifecycle for job_position::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Draft;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Draft, Step::Submit, Status::UnderReview),
        (Status::UnderReview, Step::Publish, Status::Published),
        (Status::UnderReview, Step::Return, Status::Draft),
        (Status::UnderReview, Step::Block, Status::Blocked),
        (Status::Published, Step::Block, Status::Blocked),
        (Status::Blocked, Step::Revise, Status::Draft),
        (Status::Published, Step::Extend, Status::Published),
        (Status::Published, Step::Fill, Status::Filled),
        (Status::Published, Step::Expire, Status::Expired),
        (Status::Draft, Step::Withdraw, Status::Withdrawn),
        (Status::UnderReview, Step::Withdraw, Status::Withdrawn),
        (Status::Published, Step::Withdraw, Status::Withdrawn),
    ];
    const STANDING: fn(&job_position::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// Who offers positions for an enterprise.
pub const RECRUITERS: &[Role] = &[Role::EnterpriseAdmin, Role::EnterpriseRecruiter];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Edit
            | Action::WalkIn
            | Action::Take(Step::Submit | Step::Revise | Step::Extend | Step::Fill | Step::Withdraw) => {
                self.is_own(actor) && actor.is(RECRUITERS)
            }
            Action::Apply => self.is_visible_to(actor) && actor.is(&[Role::Student]),
            Action::Take(Step::Publish | Step::Return | Step::Block) => self.reviews(actor),
            Action::Take(Step::Expire) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.position.id)
    }
}

impl Stepped for Facts {
    type Record = job_position::Entity;

    const ROW: fn(&Self) -> &job_position::Model = |facts| &facts.position;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Whether the step has a sense: nobody reviews what students could not apply for.
    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        in_order(step, self).is_ok()
    }
}

impl Facts {
    /// What was published is everybody's; until then, and once it was refused, the enterprise's and its county's.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        self.position.published_at.is_some() || self.is_own(actor) || self.enterprise.is_enterprise_of(actor)
    }

    fn is_own(&self, actor: &Actor) -> bool {
        self.position.organization_id == actor.organization()
    }

    /// The county's officers, but nobody who is a member of the enterprise too (I12).
    fn reviews(&self, actor: &Actor) -> bool {
        self.enterprise.is_enterprise_of(actor) && !self.enterprise.members.contains(&actor.user())
    }
}

/// An enterprise as whoever adds a position to it sees it.
#[derive(Clone, Debug)]
pub struct Employer(pub Enterprise);

/// What is done to an enterprise here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmployerAction {
    /// Add a position.
    Create,
    /// Add and change many, from a table.
    Import,
    /// Lay out a session of interviews.
    Interview,
}

impl auth::Action for EmployerAction {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "position.create",
            Self::Import => "position.import",
            Self::Interview => "interviewSession.create",
        }
    }
}

impl Governed for Employer {
    type Action = EmployerAction;

    fn allows(&self, actor: &Actor, action: EmployerAction) -> bool {
        match action {
            EmployerAction::Create | EmployerAction::Import | EmployerAction::Interview => {
                let Self(Enterprise { organization, .. }) = self;
                organization.kind == OrganizationKind::Enterprise
                    && organization.id == actor.organization()
                    && actor.is(RECRUITERS)
            }
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: entity::organization::Entity::PREFIX, id: self.0.organization.id }
    }
}

/// Only verified enterprises post.
///
/// # Errors
/// `RULE_VIOLATED` while it is not verified, or suspended.
pub fn is_verified(enterprise: &Enterprise) -> Result<()> {
    if enterprise.organization.status == OrganizationStatus::Verified {
        return Ok(());
    }
    Err(Error::rule(
        "The enterprise is not verified; only verified ones offer positions and interviews.",
        "企业尚未核验或已暂停，仅已核验的企业可以发布岗位和组织面试。",
    ))
}

/// What else must be so before a step that the status allows: the county reviews and shows positions of verified
/// enterprises for which it is not too late.
///
/// # Errors
/// As [`is_verified`]; `RULE_VIOLATED` when the last day to apply has passed.
pub fn in_order(step: Step, facts: &Facts) -> Result<()> {
    if !matches!(step, Step::Submit | Step::Publish) {
        return Ok(());
    }
    is_verified(&facts.enterprise)?;
    let last = facts.position.apply_by;
    if facts.today <= last {
        return Ok(());
    }
    let message = Text::new(
        format!("Its last day to apply ({last}) has passed; give it a later one."),
        format!("报名截止日期（{last}）已过，请先修改截止日期。"),
    );
    Err(Problem::new(Code::RuleViolated, message).at(["input", "id"]).into())
}

/// Students apply while a position of a verified enterprise is published, until the end of its last day.
///
/// # Errors
/// `RULE_VIOLATED` when it takes no applications, or not any more.
pub fn takes_applications(facts: &Facts) -> Result<()> {
    let open = facts.position.status == Status::Published && !is_over(facts);
    if open && is_verified(&facts.enterprise).is_ok() {
        return Ok(());
    }
    let message = Text::new("The position takes no applications now.", "该岗位目前不接受申请。");
    Err(Problem::new(Code::RuleViolated, message).at(["input", "positionId"]).into())
}

/// Students are invited and offered work for what they applied for: a position that was published, and that the county has
/// not taken back since.
///
/// # Errors
/// `RULE_VIOLATED` while the county has blocked it.
pub fn is_shown(position: &job_position::Model) -> Result<()> {
    if position.published_at.is_some() {
        return Ok(());
    }
    Err(Error::rule("The county has blocked the position.", "该岗位已被县级部门下架。"))
}

/// Whether the system closes it: published, and its last day to apply has passed.
#[must_use]
pub fn is_over(facts: &Facts) -> bool {
    facts.position.status == Status::Published && facts.position.apply_by < facts.today
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Submit => "PositionSubmitted",
        Step::Publish => "PositionPublished",
        Step::Return => "PositionReturned",
        Step::Block => "PositionBlocked",
        Step::Revise => "PositionRevised",
        Step::Extend => "PositionExtended",
        Step::Fill => "PositionFilled",
        Step::Withdraw => "PositionWithdrawn",
        Step::Expire => "PositionExpired",
    }
}

/// The record of a position.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: job_position::Entity::PREFIX, id }
}
