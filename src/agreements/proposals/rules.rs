//! Who may answer a proposal, and the steps it passes through.

use chrono::NaiveDate;
use entity::agreement_proposal::{self, ProposalStatus as Status, ProposalStep as Step, ProposedStep};
use uuid::Uuid;

use crate::{
    agreements::{facts, rules as agreement_rules},
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from: the proposal, what was said of it, and the agreement that it is about.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The proposal.
    pub proposal: agreement_proposal::Model,
    /// What the parties said, the proposing one first.
    pub votes: Vec<Vote>,
    /// The agreement.
    pub agreement: facts::Facts,
}

/// One party's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The party.
    pub organization: Uuid,
    /// The person.
    pub voter: Uuid,
    /// Whether it agreed.
    pub agreed: bool,
}

/// Everything that can be done to a proposal. Making one is a step of the agreement.
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
            Self::Read => "agreementProposal.read",
            Self::Take(Step::Agree) => "agreementProposal.agree",
            Self::Take(Step::Decline) => "agreementProposal.decline",
            Self::Take(Step::Withdraw) => "agreementProposal.withdraw",
            Self::Take(Step::Lapse) => "agreementProposal.lapse",
        }
    }
}

impl Lifecycle for agreement_proposal::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Open;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Open, Step::Agree, Status::Open),
        (Status::Open, Step::Agree, Status::Carried),
        (Status::Open, Step::Decline, Status::Declined),
        (Status::Open, Step::Withdraw, Status::Withdrawn),
        (Status::Open, Step::Lapse, Status::Lapsed),
    ];
    const STANDING: fn(&agreement_proposal::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.agreement.is_visible_to(actor),
            Action::Take(Step::Agree | Step::Decline) => self.agreement.speaks(actor) && !self.is_own(actor),
            Action::Take(Step::Withdraw) => self.agreement.speaks(actor) && self.is_own(actor),
            Action::Take(Step::Lapse) => false,
        }
    }

    /// A proposal belongs to its agreement, and so does what is told of it.
    fn record(&self) -> RecordRef {
        self.agreement.record()
    }
}

impl Stepped for Facts {
    type Record = agreement_proposal::Entity;

    const ROW: fn(&Self) -> &agreement_proposal::Model = |facts| &facts.proposal;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// A party answers once.
    fn is_pending(&self, actor: &Actor, step: Step) -> bool {
        step == Step::Withdraw || self.votes.iter().all(|vote| vote.organization != actor.organization())
    }
}

impl Facts {
    fn is_own(&self, actor: &Actor) -> bool {
        self.proposal.organization_id == actor.organization()
    }

    /// The parties that agreed, the proposing one among them.
    #[must_use]
    pub fn agreed(&self) -> Vec<Uuid> {
        self.votes.iter().filter(|vote| vote.agreed).map(|vote| vote.organization).collect()
    }
}

/// What was signed can be rescinded only before it begins, also in the minutes before the system begins it.
///
/// # Errors
/// `RULE_VIOLATED` from the agreement's first day on.
pub fn not_begun(step: ProposedStep, agreement: &facts::Facts, today: NaiveDate) -> Result<()> {
    if step != ProposedStep::Rescind || agreement_rules::starts_on(&agreement.agreement, today) > today {
        return Ok(());
    }
    Err(Error::rule(
        "The agreement has begun; it can be terminated, but no longer rescinded.",
        "协议已开始生效，只能解除，不能撤销签约。",
    ))
}

/// What an answer is called once it was given.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Agree => "AgreementProposalAgreed",
        Step::Decline => "AgreementProposalDeclined",
        Step::Withdraw => "AgreementProposalWithdrawn",
        Step::Lapse => "AgreementProposalLapsed",
    }
}
