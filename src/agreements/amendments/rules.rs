//! Who may do what to an amendment, and the steps it passes through.

use entity::{
    Record,
    agreement::{self, AgreementStatus},
    amendment::{self, AmendmentStatus as Status, AmendmentStep as Step},
    amendment_decision::AmendmentDecisionKind as Kind,
};
use uuid::Uuid;

use crate::{
    agreements::{facts, rules as agreement_rules},
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Details, Error, Problem, Result, Text},
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from: the amendment, what the parties decided, and the agreement that it changes.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The amendment.
    pub amendment: amendment::Model,
    /// Approvals and signatures.
    pub decisions: Vec<Decision>,
    /// The agreement.
    pub agreement: facts::Facts,
}

/// One party's approval or signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The decision's key.
    pub id: Uuid,
    /// Approval or signature.
    pub kind: Kind,
    /// The party.
    pub organization: Uuid,
    /// The person.
    pub person: Uuid,
    /// Whether it counts: a scan does only after a second person has confirmed it.
    pub counts: bool,
}

/// Everything that can be done to an amendment. Drafting one is an action on the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Change the draft.
    Edit,
    /// Take a step of its lifecycle.
    Take(Step),
    /// Confirm, as a second person, that a scan shows what it should.
    ConfirmSignature,
    /// Attach a document: a scan of the signatures.
    Attach,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "amendment.read",
            Self::Edit => "amendment.edit",
            Self::ConfirmSignature => "amendment.confirmSignature",
            Self::Attach => "amendment.attach",
            Self::Take(Step::Submit) => "amendment.submit",
            Self::Take(Step::Approve) => "amendment.approve",
            Self::Take(Step::Reject) => "amendment.reject",
            Self::Take(Step::Sign) => "amendment.sign",
            Self::Take(Step::Withdraw) => "amendment.withdraw",
        }
    }
}

impl Lifecycle for amendment::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Draft;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Draft, Step::Submit, Status::InReview),
        (Status::InReview, Step::Approve, Status::InReview),
        (Status::InReview, Step::Approve, Status::AwaitingSignature),
        (Status::InReview, Step::Reject, Status::Rejected),
        (Status::AwaitingSignature, Step::Reject, Status::Rejected),
        (Status::AwaitingSignature, Step::Sign, Status::AwaitingSignature),
        (Status::AwaitingSignature, Step::Sign, Status::Effective),
        (Status::Draft, Step::Withdraw, Status::Withdrawn),
        (Status::InReview, Step::Withdraw, Status::Withdrawn),
        (Status::AwaitingSignature, Step::Withdraw, Status::Withdrawn),
    ];
    const STANDING: fn(&amendment::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// Where an amendment is on its way.
pub const OPEN: [Status; 3] = [Status::Draft, Status::InReview, Status::AwaitingSignature];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Edit | Action::Take(Step::Submit | Step::Withdraw) => {
                self.is_own(actor) && self.agreement.speaks(actor)
            }
            Action::Take(Step::Approve | Step::Reject | Step::Sign) | Action::ConfirmSignature | Action::Attach => {
                self.is_visible_to(actor) && self.agreement.speaks(actor)
            }
        }
    }

    fn record(&self) -> RecordRef {
        record(self.amendment.id)
    }
}

impl Stepped for Facts {
    type Record = amendment::Entity;

    const ROW: fn(&Self) -> &amendment::Model = |facts| &facts.amendment;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Whether the step still has a sense for this actor: a party approves and signs once.
    fn is_pending(&self, actor: &Actor, step: Step) -> bool {
        let said = |kind| {
            let own = actor.organization();
            self.decisions.iter().any(|decision| decision.kind == kind && decision.organization == own)
        };
        in_order(step, self, actor).is_ok()
            && match step {
                Step::Approve => !said(Kind::Approval),
                Step::Sign => !said(Kind::Signature),
                Step::Reject => match self.amendment.status {
                    Status::AwaitingSignature => !said(Kind::Signature),
                    _ => !said(Kind::Approval),
                },
                Step::Submit | Step::Withdraw => true,
            }
    }
}

impl Facts {
    /// A draft, and what was never submitted, is its drafting organization's; the rest is seen with the agreement.
    fn is_visible_to(&self, actor: &Actor) -> bool {
        let submitted = self.amendment.content_hash.is_some();
        self.is_own(actor) || (submitted && self.agreement.is_visible_to(actor))
    }

    fn is_own(&self, actor: &Actor) -> bool {
        self.amendment.drafted_by_id == actor.organization()
    }

    /// The required parties whose approval, or whose signature, counts.
    #[must_use]
    pub fn decided(&self, kind: Kind) -> Vec<Uuid> {
        let decisions = self.decisions.iter().filter(|decision| decision.kind == kind && decision.counts);
        decisions.map(|decision| decision.organization).collect()
    }

    /// The people who approved or signed for another party than this actor's.
    pub fn others(&self, actor: &Actor) -> impl Iterator<Item = Uuid> {
        let others = self.decisions.iter().filter(|decision| decision.organization != actor.organization());
        others.map(|decision| decision.person)
    }
}

/// What else must be so before a step that the status allows: the agreement is in force and reads as it did when the
/// amendment was drafted, nobody sends out or signs what is over, only verified organizations sign, and one person speaks
/// for one party.
///
/// # Errors
/// `RULE_VIOLATED` when one of these is not so; CONFLICT as [`based`].
pub fn in_order(step: Step, facts: &Facts, actor: &Actor) -> Result<()> {
    if matches!(step, Step::Reject | Step::Withdraw) {
        return Ok(());
    }
    standing(facts)?;
    based(facts)?;
    if step == Step::Submit {
        return not_over(facts);
    }
    if step == Step::Sign {
        not_over(facts)?;
        agreement_rules::all_verified(&facts.agreement)?;
    }
    agreement_rules::speaks_once(facts.others(actor), actor)
}

/// Only an agreement in force is amended.
///
/// # Errors
/// `RULE_VIOLATED` when the agreement has not begun, is suspended or has ended.
pub fn amendable(agreement: &agreement::Model) -> Result<()> {
    if agreement.status == AgreementStatus::Active {
        return Ok(());
    }
    Err(Error::rule("Only an agreement in force is amended.", "仅履行中的协议可以签订补充协议。"))
}

/// As [`amendable`], for an amendment on its way.
///
/// # Errors
/// As [`amendable`].
pub fn standing(facts: &Facts) -> Result<()> {
    amendable(&facts.agreement.agreement)
}

/// The agreement must still read as it did when the amendment was drafted.
///
/// # Errors
/// CONFLICT with the agreement's hash when another amendment took effect meanwhile.
pub fn based(facts: &Facts) -> Result<()> {
    let current = facts.agreement.agreement.content_hash.as_deref().unwrap_or_default();
    if facts.amendment.base_hash == current {
        return Ok(());
    }
    let message = Text::new(
        "The agreement was amended meanwhile: edit the draft against the text that stands now, or withdraw it.",
        "协议已另行变更：请按现行文本修改本草稿，或撤回。",
    );
    let details = Details { current_hash: Some(current.to_owned()), ..Details::default() };
    Err(Problem::new(Code::Conflict, message).at(["input", "id"]).with(details).into())
}

/// An amendment cannot make an agreement end in the past.
///
/// # Errors
/// `RULE_VIOLATED` when the last day that it sets has passed.
pub fn not_over(facts: &Facts) -> Result<()> {
    if facts.amendment.ends_on >= facts.agreement.today {
        return Ok(());
    }
    Err(Error::rule(
        "The last day that the amendment sets has passed; terminate the agreement instead.",
        "补充协议所定截止日期已过，请改为解除协议。",
    ))
}

/// The agreement as the amendment would have it.
#[must_use]
pub fn amended(agreement: &agreement::Model, amendment: &amendment::Model) -> agreement::Model {
    agreement::Model {
        title: amendment.title.clone(),
        terms: amendment.terms.clone(),
        ends_on: amendment.ends_on,
        notice_by: amendment.notice_by,
        renewal_policy: amendment.renewal_policy,
        ..agreement.clone()
    }
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Submit => "AmendmentSubmitted",
        Step::Approve => "AmendmentApproved",
        Step::Reject => "AmendmentRejected",
        Step::Sign => "AmendmentSigned",
        Step::Withdraw => "AmendmentWithdrawn",
    }
}

/// The record of an amendment.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: amendment::Entity::PREFIX, id }
}
