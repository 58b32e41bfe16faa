//! Who may do what to an agreement, and the steps it passes through.

use chrono::NaiveDate;
use entity::{
    Record,
    agreement::{self, AgreementStatus as Status, AgreementStep as Step},
    agreement_proposal::ProposedStep,
    agreement_signature::SignatureEvidence,
    delegation::DelegationScope as Scope,
    membership::Role,
    organization,
};
use uuid::Uuid;

use super::facts::Facts;
use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Details, Problem, Result, Text},
    platform::lifecycle::{Lifecycle, Stepped},
};

/// Everything that can be done to an agreement.
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
    /// Draft an amendment.
    Amend,
    /// Add a cooperation item.
    AddItem,
    /// Attach a document.
    Attach,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "agreement.read",
            Self::Edit => "agreement.edit",
            Self::ConfirmSignature => "agreement.confirmSignature",
            Self::Amend => "agreement.amend",
            Self::AddItem => "agreement.addItem",
            Self::Attach => "agreement.attach",
            Self::Take(step) => match step {
                Step::Submit => "agreement.submit",
                Step::Approve => "agreement.approve",
                Step::Return => "agreement.return",
                Step::Reject => "agreement.reject",
                Step::Sign => "agreement.sign",
                Step::WithdrawForRevision => "agreement.withdrawForRevision",
                Step::Activate => "agreement.activate",
                Step::Suspend => "agreement.suspend",
                Step::Resume => "agreement.resume",
                Step::Terminate => "agreement.terminate",
                Step::Rescind => "agreement.rescind",
                Step::Expire => "agreement.expire",
                Step::Cancel => "agreement.cancel",
                Step::Renew => "agreement.renew",
            },
        }
    }
}

impl Lifecycle for agreement::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Draft;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Draft, Step::Submit, Status::InReview),
        (Status::InReview, Step::Approve, Status::InReview),
        (Status::InReview, Step::Approve, Status::AwaitingSignature),
        (Status::InReview, Step::Return, Status::Draft),
        (Status::InReview, Step::Reject, Status::Rejected),
        (Status::AwaitingSignature, Step::Sign, Status::AwaitingSignature),
        (Status::AwaitingSignature, Step::Sign, Status::Signed),
        (Status::AwaitingSignature, Step::WithdrawForRevision, Status::Draft),
        (Status::Signed, Step::Activate, Status::Active),
        (Status::Signed, Step::Rescind, Status::Signed),
        (Status::Signed, Step::Rescind, Status::Cancelled),
        (Status::Active, Step::Suspend, Status::Active),
        (Status::Active, Step::Suspend, Status::Suspended),
        (Status::Suspended, Step::Resume, Status::Suspended),
        (Status::Suspended, Step::Resume, Status::Active),
        (Status::Active, Step::Terminate, Status::Active),
        (Status::Active, Step::Terminate, Status::Terminated),
        (Status::Suspended, Step::Terminate, Status::Suspended),
        (Status::Suspended, Step::Terminate, Status::Terminated),
        (Status::Active, Step::Expire, Status::Expired),
        (Status::Suspended, Step::Expire, Status::Expired),
        (Status::AwaitingSignature, Step::Expire, Status::Cancelled),
        (Status::Draft, Step::Cancel, Status::Cancelled),
        (Status::InReview, Step::Cancel, Status::Cancelled),
        (Status::AwaitingSignature, Step::Cancel, Status::Cancelled),
        (Status::Active, Step::Renew, Status::Active),
        (Status::Expired, Step::Renew, Status::Expired),
    ];
    const STANDING: fn(&agreement::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

/// The role that speaks for each side in matters of agreements.
pub const SPEAKERS: &[Role] = &[Role::UniversityAdmin, Role::CountyAdmin, Role::EnterpriseAdmin];

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_visible_to(actor),
            Action::Edit | Action::Take(Step::Submit | Step::Cancel) => self.drafts(actor),
            Action::Take(Step::Approve | Step::Return | Step::Reject) => self.decides(actor, Scope::ReviewAgreements),
            Action::Take(Step::Sign) => self.decides(actor, Scope::SignAgreements),
            Action::Take(
                Step::WithdrawForRevision
                | Step::Suspend
                | Step::Resume
                | Step::Terminate
                | Step::Rescind
                | Step::Renew,
            )
            | Action::ConfirmSignature
            | Action::Amend
            | Action::AddItem
            | Action::Attach => self.speaks(actor),
            Action::Take(Step::Activate | Step::Expire) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.agreement.id)
    }
}

impl Stepped for Facts {
    type Record = agreement::Entity;

    const ROW: fn(&Self) -> &agreement::Model = |facts| &facts.agreement;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Whether the step still has a sense for this actor: a party approves and signs once, and one proposal is enough.
    /// To end the agreement on a ground of its own a party need not wait for what is proposed.
    fn is_pending(&self, actor: &Actor, step: Step) -> bool {
        let own = actor.organization();
        in_order(step, self, actor).is_ok()
            && match step {
                Step::Approve | Step::Return | Step::Reject => {
                    !self.reviews.iter().any(|review| review.organization == own)
                }
                Step::Sign => !self.signatures.iter().any(|signature| signature.organization == own),
                Step::Suspend | Step::Resume | Step::Rescind => self.proposal.is_none(),
                Step::Submit
                | Step::WithdrawForRevision
                | Step::Activate
                | Step::Terminate
                | Step::Expire
                | Step::Cancel
                | Step::Renew => true,
            }
    }
}

impl Facts {
    /// Only those named in it see it. A draft, also one given up, is the drafting organization's, which is always one of
    /// the parties; from review on everyone sees it.
    pub(super) fn is_visible_to(&self, actor: &Actor) -> bool {
        let named = self.parties.iter().any(|party| party.organization == actor.organization());
        let row = &self.agreement;
        let shared = row.status != Status::Draft && row.content_hash.is_some();
        named && (shared || row.drafted_by_id == actor.organization())
    }

    pub(super) fn drafts(&self, actor: &Actor) -> bool {
        self.agreement.drafted_by_id == actor.organization() && actor.is(SPEAKERS)
    }

    /// The admin of a party that signs. A witness reads, and neither reviews nor signs.
    pub(super) fn speaks(&self, actor: &Actor) -> bool {
        self.is_visible_to(actor) && actor.is(SPEAKERS) && self.binds(actor.organization())
    }

    /// Whoever speaks for a party, and whoever does so in that person's stead.
    fn decides(&self, actor: &Actor, scope: Scope) -> bool {
        self.speaks(actor) || self.deputizes(actor, scope).is_some()
    }

    /// In whose stead the actor decides this; nobody's when the actor speaks in an own right.
    pub(super) fn deputizes(&self, actor: &Actor, scope: Scope) -> Option<Uuid> {
        let may = !self.speaks(actor) && self.is_visible_to(actor) && self.binds(actor.organization());
        self.stands_in(actor, scope).filter(|_| may)
    }
}

/// The step that a proposal leads to.
#[must_use]
pub fn proposes(step: ProposedStep) -> Step {
    match step {
        ProposedStep::Suspend => Step::Suspend,
        ProposedStep::Resume => Step::Resume,
        ProposedStep::Terminate => Step::Terminate,
        ProposedStep::Rescind => Step::Rescind,
    }
}

/// What drafting is decided from: the organization that drafts.
#[derive(Clone, Debug)]
pub struct Drafter(pub organization::Model);

/// The one thing a drafter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft;

impl auth::Action for Draft {
    fn name(self) -> &'static str {
        "agreement.draft"
    }
}

impl Governed for Drafter {
    type Action = Draft;

    fn allows(&self, actor: &Actor, _: Draft) -> bool {
        self.0.id == actor.organization() && actor.is(SPEAKERS)
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: organization::Entity::PREFIX, id: self.0.id }
    }
}

/// Signing and approving are bound to what was seen: another hash is a CONFLICT (I4).
///
/// # Errors
/// CONFLICT with the current hash.
pub fn expect_hash(expected: &str, current: Option<&str>) -> Result<()> {
    let current = current.unwrap_or_default();
    if expected.eq_ignore_ascii_case(current) {
        return Ok(());
    }
    let message = Text::new(
        "The text is not the one you saw: read it again and quote its hash.",
        "协议文本与您所见不一致，请重新阅读并提交其哈希值。",
    );
    let details = Details { current_hash: Some(current.to_owned()), ..Details::default() };
    Err(Problem::new(Code::Conflict, message).at(["input", "expectedHash"]).with(details).into())
}

/// What else must be so before a step that the status allows: nobody sends out or signs what is over, only verified
/// organizations sign, and one person speaks for one party.
///
/// # Errors
/// `RULE_VIOLATED` when one of these is not so.
pub fn in_order(step: Step, facts: &Facts, actor: &Actor) -> Result<()> {
    let own = actor.organization();
    match step {
        Step::Submit => not_over(facts),
        Step::Approve => {
            let on_behalf_of = facts.deputizes(actor, Scope::ReviewAgreements);
            both_speak_once(facts.other_reviewers(own), (actor, on_behalf_of))
        }
        Step::Sign => {
            not_over(facts)?;
            all_verified(facts)?;
            let on_behalf_of = facts.deputizes(actor, Scope::SignAgreements);
            both_speak_once(facts.other_signers(own), (actor, on_behalf_of))
        }
        Step::Return
        | Step::Reject
        | Step::WithdrawForRevision
        | Step::Activate
        | Step::Suspend
        | Step::Resume
        | Step::Terminate
        | Step::Rescind
        | Step::Expire
        | Step::Cancel
        | Step::Renew => Ok(()),
    }
}

/// Only verified organizations sign.
///
/// # Errors
/// `RULE_VIOLATED` when a party is not verified.
pub fn all_verified(facts: &Facts) -> Result<()> {
    if facts.required().all(|party| party.verified) {
        return Ok(());
    }
    Err(crate::error::Error::rule(
        "A party is not a verified organization; only verified ones sign.",
        "有签约方尚未核验，仅已核验单位可以签署。",
    ))
}

/// One person speaks for one party only, however many memberships they have (I12).
///
/// # Errors
/// `RULE_VIOLATED` when the person has spoken for another party already.
pub fn speaks_once(spoke: impl IntoIterator<Item = Uuid>, actor: &Actor) -> Result<()> {
    both_speak_once(spoke, (actor, None))
}

/// As [`speaks_once`], for the actor and the person in whose stead the actor decides.
///
/// # Errors
/// `RULE_VIOLATED` when one of the two has spoken for another party already.
fn both_speak_once(spoke: impl IntoIterator<Item = Uuid>, (actor, on_behalf_of): (&Actor, Option<Uuid>)) -> Result<()> {
    if spoke.into_iter().all(|person| person != actor.user() && Some(person) != on_behalf_of) {
        return Ok(());
    }
    Err(crate::error::Error::rule(
        "You have already spoken for another party; one person speaks for one party only.",
        "您已代表另一方办理，同一人只能代表一方。",
    ))
}

/// Nobody sends out or signs what has ended before it began.
///
/// # Errors
/// `RULE_VIOLATED` when the last day has passed.
pub fn not_over(facts: &Facts) -> Result<()> {
    let last = facts.agreement.ends_on;
    if facts.today <= last {
        return Ok(());
    }
    Err(crate::error::Error::rule(
        format!("Its last day ({last}) has passed; give it a later one."),
        format!("协议截止日期（{last}）已过，请先修改截止日期。"),
    ))
}

/// Whether it is a scan, which counts only after a second person has confirmed it.
#[must_use]
pub fn is_scan(evidence: SignatureEvidence) -> bool {
    match evidence {
        SignatureEvidence::WetInkScan | SignatureEvidence::SealScan => true,
        SignatureEvidence::Platform | SignatureEvidence::CaEsign => false,
    }
}

/// Nobody confirms the own scan (I12).
///
/// # Errors
/// `RULE_VIOLATED` for the signer.
pub fn confirmed_by_another(signer: Uuid, actor: &Actor) -> Result<()> {
    if signer != actor.user() {
        return Ok(());
    }
    Err(crate::error::Error::rule(
        "The signer cannot confirm the own scan; a second person must.",
        "签署人不能确认自己的扫描件，应由第二人确认。",
    ))
}

/// What an agreement without a first day begins with when it is signed that day.
#[must_use]
pub fn starts_on(agreement: &agreement::Model, signed_on: NaiveDate) -> NaiveDate {
    agreement.starts_on.unwrap_or(signed_on)
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Submit => "AgreementSubmitted",
        Step::Approve => "AgreementApproved",
        Step::Return => "AgreementReturned",
        Step::Reject => "AgreementRejected",
        Step::Sign => "AgreementSigned",
        Step::WithdrawForRevision => "AgreementWithdrawnForRevision",
        Step::Activate => "AgreementActivated",
        Step::Suspend => "AgreementSuspended",
        Step::Resume => "AgreementResumed",
        Step::Terminate => "AgreementTerminated",
        Step::Rescind => "AgreementRescinded",
        Step::Expire => "AgreementExpired",
        Step::Cancel => "AgreementCancelled",
        Step::Renew => "AgreementRenewed",
    }
}

/// The record of an agreement.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: agreement::Entity::PREFIX, id }
}
