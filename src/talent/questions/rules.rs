//! Who may do what to a question, and the steps it passes through.

use entity::{
    Record,
    membership::Role,
    organization,
    organization_question::{self, QuestionStatus as Status, QuestionStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Error, Problem, Result, Text},
    organizations::Facts as Enterprise,
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from: the question says it all.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The question.
    pub question: organization_question::Model,
}

/// Everything that can be done to a question. Asking one is an action on the enterprise: [`Profile`].
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
            Self::Read => "organizationQuestion.read",
            Self::Take(Step::Answer) => "organizationQuestion.answer",
            Self::Take(Step::Decline) => "organizationQuestion.decline",
            Self::Take(Step::Withdraw) => "organizationQuestion.withdraw",
        }
    }
}

impl Lifecycle for organization_question::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Open;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Open, Step::Answer, Status::Answered),
        (Status::Open, Step::Decline, Status::Declined),
        (Status::Open, Step::Withdraw, Status::Withdrawn),
    ];
    const STANDING: fn(&organization_question::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// Who asks enterprises: the people of universities and counties.
pub const ASKERS: &[Role] = &[
    Role::UniversityAdmin,
    Role::UniversityStaff,
    Role::Professor,
    Role::Student,
    Role::CountyAdmin,
    Role::CountyOfficer,
];
/// Who answers for an enterprise.
pub const ANSWERERS: &[Role] = &[Role::EnterpriseAdmin, Role::EnterpriseRecruiter];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_public() || self.is_asked(actor) || self.is_askers(actor),
            Action::Take(Step::Answer | Step::Decline) => self.is_asked(actor) && actor.is(ANSWERERS),
            Action::Take(Step::Withdraw) => self.is_askers(actor),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.question.id)
    }
}

impl Stepped for Facts {
    type Record = organization_question::Entity;

    const ROW: fn(&Self) -> &organization_question::Model = |facts| &facts.question;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, actor: &Actor, step: Step) -> bool {
        step == Step::Withdraw || answered_by_another(self, actor).is_ok()
    }
}

impl Facts {
    /// Answered ones stand on the enterprise's profile.
    fn is_public(&self) -> bool {
        self.question.status == Status::Answered
    }

    fn is_asked(&self, actor: &Actor) -> bool {
        self.question.organization_id == actor.organization()
    }

    fn is_askers(&self, actor: &Actor) -> bool {
        self.question.asker_id == actor.user()
    }
}

/// An enterprise as whoever asks it something sees it.
#[derive(Clone, Debug)]
pub struct Profile(pub Enterprise);

/// What is done to an enterprise here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileAction {
    /// Ask it something.
    Ask,
}

impl auth::Action for ProfileAction {
    fn name(self) -> &'static str {
        match self {
            Self::Ask => "organizationQuestion.ask",
        }
    }
}

impl Governed for Profile {
    type Action = ProfileAction;

    fn allows(&self, actor: &Actor, action: ProfileAction) -> bool {
        match action {
            ProfileAction::Ask => actor.is(ASKERS),
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: organization::Entity::PREFIX, id: self.0.organization.id }
    }
}

/// Questions are asked of verified enterprises.
///
/// # Errors
/// `RULE_VIOLATED` at the organization for anything else.
pub fn is_verified_enterprise(profile: &Profile) -> Result<()> {
    let organization = &profile.0.organization;
    let is_one = organization.kind == organization::OrganizationKind::Enterprise
        && organization.status == organization::OrganizationStatus::Verified;
    if is_one {
        return Ok(());
    }
    let message = Text::new(
        "organizationId is not a verified enterprise; only these are asked.",
        "organizationId 不是已核验的企业，仅可向已核验的企业提问。",
    );
    Err(Problem::new(Code::RuleViolated, message).at(["input", "organizationId"]).into())
}

/// Nobody answers the own question, under whichever membership (I12).
///
/// # Errors
/// `RULE_VIOLATED` for the asker.
pub fn answered_by_another(facts: &Facts, actor: &Actor) -> Result<()> {
    if facts.question.asker_id != actor.user() {
        return Ok(());
    }
    Err(Error::rule(
        "You asked this question; somebody else of the enterprise answers it.",
        "您是提问人，应由企业的其他人员答复。",
    ))
}

/// How many questions somebody may have open at a time.
///
/// # Errors
/// `RULE_VIOLATED` when there are as many already.
pub fn not_too_many(open: u64, most: u32) -> Result<()> {
    if open < u64::from(most) {
        return Ok(());
    }
    Err(Error::rule(
        format!("You have {open} questions that wait for an answer; at most {most} can wait at a time."),
        format!("您已有 {open} 个问题待答复，同时最多可有 {most} 个。"),
    ))
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Answer => "OrganizationQuestionAnswered",
        Step::Decline => "OrganizationQuestionDeclined",
        Step::Withdraw => "OrganizationQuestionWithdrawn",
    }
}

/// The record of a question.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: organization_question::Entity::PREFIX, id }
}
