//! Proposals 提议: suspending, resuming, terminating or rescinding an agreement, which needs all parties.
//!
//! The admin of a party that signed **proposes** one of these steps and says why; that is the party's own yes. Every
//! other party **agrees** or **declines**. One no ends the proposal, the last yes carries it out at once, and until
//! then its own party can **withdraw** it. An agreement has one open proposal at a time, and when the agreement moves
//! on by itself (it begins, it expires, a party ends it) the proposal **lapses**.
//!
//! One party alone can **terminate** an agreement on a ground that law or contract knows, with a document that shows
//! it. What was signed can be **rescinded** only before its first day.

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use entity::{
    agreement::{self, AgreementStep, TerminationGround},
    agreement_proposal::{self, ProposalStep as Step, ProposedStep},
    agreement_proposal_vote, document,
    notification::NoticeKind,
};
use sea_orm::{ActiveEnum, ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::{
    facts, notices, rules as agreement_rules,
    rules::{Action as AgreementAction, proposes},
    store as agreements,
};
use crate::{
    app::App,
    auth::Actor,
    documents,
    error::{Result, Text},
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Lifecycle, Quorum, Stands, Stepped as _},
    },
};
use rules::{Action, Facts};

/// A proposal to the other parties. Who may: the admin of a party that signed.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementProposeInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What you propose.
    pub step: ProposedStep,
    /// Why, 1 to 2,000 characters; all parties read it.
    pub reason: String,
    /// A document attached to the agreement that explains it.
    pub document_id: Option<Id<document::Entity>>,
}

/// An answer to a proposal. Who may: the admin of each other party that signed, once. A proposal never changes, so its
/// id says what is agreed to.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementProposalVoteInput {
    /// Which proposal.
    pub proposal_id: Id<agreement_proposal::Entity>,
    /// Whether your side agrees; one no ends the proposal.
    pub agree: bool,
    /// A word to the other parties, up to 2,000 characters.
    pub note: Option<String>,
}

/// Taking a proposal back. Who may: the admin of the party that made it.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementProposalWithdrawInput {
    /// Which proposal.
    pub proposal_id: Id<agreement_proposal::Entity>,
}

/// The end of an agreement by one party alone. Who may: the admin of a party that signed.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementTerminateInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What entitles you to end it without the others.
    pub ground: TerminationGround,
    /// Why, 1 to 2,000 characters; all parties read it.
    pub reason: String,
    /// The document that shows the ground, attached to the agreement before.
    pub document_id: Id<document::Entity>,
}

/// Proposes to suspend, resume, terminate or rescind; the other parties must agree.
///
/// # Errors
/// `ILLEGAL_STEP` when the agreement's status does not allow it; DUPLICATE while another proposal is open; CONFLICT for
/// a stale version; `RULE_VIOLATED` for rescinding what has begun.
pub async fn propose(app: &App, actor: &Actor, input: &AgreementProposeInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = agreements::facts(&tx, actor, input.id.key()).await?;
            let step = proposes(input.step);
            let write = tx.permit(actor, AgreementAction::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.agreement.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            refuse_second(&facts)?;
            rules::not_begun(input.step, &facts, clock::day(write.now()))?;
            let reason = reason(&input.reason)?;
            if let Some(document) = input.document_id {
                attached(&tx, actor, &facts, document).await?;
            }
            let row = agreement_proposal::Model {
                id: write.id(),
                agreement_id: facts.agreement.id,
                step: input.step,
                organization_id: actor.organization(),
                proposer_id: actor.user(),
                reason,
                document_id: input.document_id.map(Id::key),
                status: agreement_proposal::Entity::INITIAL,
                closed_at: None,
                version: 1,
                created_at: write.now(),
                updated_at: write.now(),
            };
            let id = row.id;
            write.insert(row.into_active_model()).await?;
            say(&write, actor, id, (true, None)).await?;
            let event = Event::new("AgreementProposalMade").with("proposal", id);
            write.take_with(&stands, (step, Quorum::Waiting), agreement::ActiveModel::default(), event).await?;
            notices::tell_others(&write, &facts, NoticeKind::ProposalMade).await?;
            Ok(id)
        })
        .await
}

/// Answers a proposal for the own side. One no declines it; the last party's yes carries it out.
///
/// # Errors
/// `ILLEGAL_STEP` when it is closed or the own side has answered; `RULE_VIOLATED` when the same person spoke for
/// another party, or for rescinding what has begun.
pub async fn vote(app: &App, actor: &Actor, input: &AgreementProposalVoteInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let mut facts = store::facts(&tx, actor, input.proposal_id.key()).await?;
            let step = if input.agree { Step::Agree } else { Step::Decline };
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            facts.stands(actor).must_be_open(step)?;
            agreement_rules::speaks_once(facts.votes.iter().map(|vote| vote.voter), actor)?;
            let mut checks = Checks::new();
            let note = checks.optional_lines("note", input.note.as_deref(), NOTE);
            checks.finish()?;
            say(&write, actor, facts.proposal.id, (input.agree, note)).await?;
            if input.agree {
                let (organization, voter) = (actor.organization(), actor.user());
                facts.votes.push(rules::Vote { organization, voter, agreed: true });
                agree(&write, &facts).await?;
            } else {
                close(&write, &facts.proposal, step).await?;
                raise_version(&write, &facts.agreement).await?;
                notices::tell(&write, &facts.agreement, NoticeKind::ProposalDecided).await?;
            }
            Ok(facts.proposal.id)
        })
        .await
}

/// Takes the own side's proposal back.
///
/// # Errors
/// `ILLEGAL_STEP` when it is closed.
pub async fn withdraw(app: &App, actor: &Actor, input: &AgreementProposalWithdrawInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.proposal_id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Withdraw), &facts).await?;
            facts.stands(actor).must_be_open(Step::Withdraw)?;
            close(&write, &facts.proposal, Step::Withdraw).await?;
            raise_version(&write, &facts.agreement).await?;
            notices::tell_others(&write, &facts.agreement, NoticeKind::ProposalDecided).await?;
            Ok(facts.proposal.id)
        })
        .await
}

/// Ends an agreement at once, by one party alone, on a ground that a document shows.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is in force or suspended; CONFLICT for a stale version; `NOT_FOUND` for a document that is
/// not attached to the agreement.
pub async fn terminate(app: &App, actor: &Actor, input: &AgreementTerminateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = agreements::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, AgreementAction::Take(AgreementStep::Terminate), &facts).await?;
            expect_version(input.expected_version, facts.agreement.version)?;
            let stands = facts.stands(actor);
            stands.must_be_open(AgreementStep::Terminate)?;
            let reason = reason(&input.reason)?;
            attached(&tx, actor, &facts, input.document_id).await?;
            let changes = agreement::ActiveModel {
                status_reason: Set(Some(reason)),
                termination_ground: Set(Some(input.ground)),
                terminated_by_id: Set(Some(actor.organization())),
                termination_document_id: Set(Some(input.document_id.key())),
                ended_at: Set(Some(write.now())),
                ..Default::default()
            };
            let event = Event::new(agreement_rules::happened(AgreementStep::Terminate))
                .with("ground", input.ground.to_value())
                .with("document", input.document_id.key());
            write.take(&stands, AgreementStep::Terminate, changes, event).await?;
            lapse(&write, &facts).await?;
            notices::tell(&write, &facts, NoticeKind::AgreementEnded).await?;
            Ok(facts.agreement.id)
        })
        .await
}

/// Closes the proposal that the agreement has just moved past, if there is one. Part of the write that moved it.
///
/// # Errors
/// When the database fails.
pub(super) async fn lapse(write: &Write, facts: &facts::Facts) -> Result<()> {
    match &facts.proposal {
        Some(open) => close(write, open, Step::Lapse).await,
        None => Ok(()),
    }
}

/// Counts the yes that was just given: more are needed, or the agreement takes the step.
async fn agree(write: &Write, facts: &Facts) -> Result<()> {
    let proposal = &facts.proposal;
    rules::not_begun(proposal.step, &facts.agreement, clock::day(write.now()))?;
    if !facts.agreement.is_complete(&facts.agreed()) {
        let answer = (Step::Agree, Quorum::Waiting);
        let changes = agreement_proposal::ActiveModel::default();
        write.take_with(&Stands::of(proposal), answer, changes, told(proposal, Step::Agree)).await?;
        return raise_version(write, &facts.agreement).await;
    }
    close(write, proposal, Step::Agree).await?;
    let step = proposes(proposal.step);
    let mut changes =
        agreement::ActiveModel { status_reason: Set(Some(proposal.reason.clone())), ..Default::default() };
    if matches!(proposal.step, ProposedStep::Terminate | ProposedStep::Rescind) {
        changes.ended_at = Set(Some(write.now()));
    }
    let event = Event::new(agreement_rules::happened(step)).with("proposal", proposal.id);
    write.take(&facts.agreement.stands_alone(), step, changes, event).await?;
    notices::tell(write, &facts.agreement, carried(proposal.step)).await
}

/// What the agreement's parties are told when a proposal is carried out.
fn carried(step: ProposedStep) -> NoticeKind {
    match step {
        ProposedStep::Suspend => NoticeKind::AgreementSuspended,
        ProposedStep::Resume => NoticeKind::AgreementActive,
        ProposedStep::Terminate | ProposedStep::Rescind => NoticeKind::AgreementEnded,
    }
}

async fn close(write: &Write, proposal: &agreement_proposal::Model, step: Step) -> Result<()> {
    let changes = agreement_proposal::ActiveModel { closed_at: Set(Some(write.now())), ..Default::default() };
    write.take(&Stands::of(proposal), step, changes, told(proposal, step)).await.map(drop)
}

fn told(proposal: &agreement_proposal::Model, step: Step) -> Event {
    Event::new(rules::happened(step)).with("proposal", proposal.id).with("proposed", proposal.step.to_value())
}

/// Whoever read the agreement with its proposal reads it again before the next step.
async fn raise_version(write: &Write, facts: &facts::Facts) -> Result<()> {
    let row = &facts.agreement;
    write.change::<agreement::Entity>(row.id, row.version, agreement::ActiveModel::default()).await
}

async fn say(write: &Write, actor: &Actor, proposal: Uuid, (agreed, note): (bool, Option<String>)) -> Result<()> {
    let row = agreement_proposal_vote::Model {
        id: write.id(),
        proposal_id: proposal,
        organization_id: actor.organization(),
        voter_id: actor.user(),
        agreed,
        note,
        created_at: write.now(),
    };
    write.insert(row.into_active_model()).await.map(drop)
}

fn refuse_second(facts: &facts::Facts) -> Result<()> {
    let Some(open) = &facts.proposal else { return Ok(()) };
    let message = Text::new(
        "The agreement has an open proposal; answer or withdraw it first.",
        "该协议已有待确认的提议，请先答复或撤回。",
    );
    let mut checks = Checks::new();
    checks.duplicate("id", message, Some(Id::<agreement_proposal::Entity>::new(open.id).to_string()));
    checks.finish()
}

fn reason(given: &str) -> Result<String> {
    let mut checks = Checks::new();
    let reason = checks.lines("reason", given, NOTE);
    checks.finish()?;
    Ok(reason)
}

async fn attached(tx: &Tx, actor: &Actor, facts: &facts::Facts, document: Id<document::Entity>) -> Result<()> {
    let record = agreement_rules::record(facts.agreement.id);
    documents::attached(tx, actor, (record, document.key())).await.map(drop)
}
