//! Review: every party reads the frozen text and approves it, sends it back or refuses it.

use async_graphql::InputObject;
use entity::{
    agreement::{self, AgreementStep as Step},
    agreement_review::{self, ReviewDecision},
    agreement_version,
    delegation::DelegationScope as Scope,
    notification::NoticeKind,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::{
    content::Content,
    facts::Facts,
    notices,
    rules::{self, Action},
    store,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result, Text},
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Quorum, Stepped as _},
    },
};

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementStepInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// An approval.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementApproveInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// The hash of the text that you read, `contentHash`.
    pub expected_hash: String,
    /// A note for the people of your own organization, up to 2,000 characters.
    pub note: Option<String>,
}

/// A step that is explained to the other parties.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementReasonedStepInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; all parties read it.
    pub reason: String,
}

/// Freezes the text as a version and sends it to all parties for review.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is a draft; `RULE_VIOLATED` when its last day has passed; DUPLICATE when a live agreement of the kind binds the same parties in that time.
pub async fn submit(app: &App, actor: &Actor, input: &AgreementStepInput) -> Result<Uuid> {
    app.db()
        .write_serializable(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Submit), &facts).await?;
            expect_version(input.expected_version, facts.agreement.version)?;
            facts.stands(actor).may(Step::Submit)?;
            rules::in_order(Step::Submit, &facts, actor)?;
            refuse_rival(&tx, &facts).await?;
            let (content, hash) =
                Content::of(&facts.agreement, &store::party_rows(&tx, facts.agreement.id).await?).freeze()?;
            let version = agreement_version::Model {
                id: write.id(),
                agreement_id: facts.agreement.id,
                number: store::last_version(&tx, facts.agreement.id).await? + 1,
                content,
                content_hash: hash.clone(),
                submitted_by_id: actor.user(),
                created_at: write.now(),
            };
            let event = Event::new(rules::happened(Step::Submit)).with("hash", &hash).with("number", version.number);
            let changes = agreement::ActiveModel {
                current_version_id: Set(Some(version.id)),
                content_hash: Set(Some(hash)),
                submitted_at: Set(Some(write.now())),
                status_reason: Set(None),
                ..Default::default()
            };
            write.insert(version.into_active_model()).await?;
            write.take(&facts.stands(actor), Step::Submit, changes, event).await?;
            notices::tell(&write, &facts, NoticeKind::ReviewRequested).await?;
            Ok(facts.agreement.id)
        })
        .await
}

/// Approves the text under review for the own side; the last required party's approval moves it on to signature.
///
/// # Errors
/// CONFLICT when the text is not the one that was read; `ILLEGAL_STEP` when it is not under review or the own side has
/// spoken; `RULE_VIOLATED` when the same person spoke for another party.
pub async fn approve(app: &App, actor: &Actor, input: &AgreementApproveInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Approve), &facts).await?;
            let stands = facts.stands(actor);
            stands.may(Step::Approve)?;
            rules::in_order(Step::Approve, &facts, actor)?;
            stands.must_be_open(Step::Approve)?;
            rules::expect_hash(&input.expected_hash, facts.agreement.content_hash.as_deref())?;
            let mut checks = Checks::new();
            let note = checks.optional_lines("note", input.note.as_deref(), NOTE);
            checks.finish()?;
            record_review(&write, actor, &facts, (ReviewDecision::Approved, note)).await?;
            let mut approved = facts.approved();
            approved.push(actor.organization());
            let quorum = if facts.is_complete(&approved) { Quorum::Reached } else { Quorum::Waiting };
            let on_behalf_of = facts.deputizes(actor, Scope::ReviewAgreements);
            let event = told(rules::happened(Step::Approve), on_behalf_of);
            write.take_with(&stands, (Step::Approve, quorum), agreement::ActiveModel::default(), event).await?;
            if quorum == Quorum::Reached {
                notices::tell(&write, &facts, NoticeKind::SignatureRequested).await?;
            }
            Ok(facts.agreement.id)
        })
        .await
}

/// Sends the text back to the drafting side to be revised, with the reason; approvals so far are void.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is under review; CONFLICT for a stale version.
pub async fn return_for_revision(app: &App, actor: &Actor, input: &AgreementReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Return, input).await
}

/// Refuses the agreement for good, with the reason.
///
/// # Errors
/// As [`return_for_revision`].
pub async fn reject(app: &App, actor: &Actor, input: &AgreementReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Reject, input).await
}

/// Takes the approved text back to revise it; signatures under it are void.
///
/// # Errors
/// `ILLEGAL_STEP` unless it awaits signature; CONFLICT for a stale version.
pub async fn withdraw_for_revision(app: &App, actor: &Actor, input: &AgreementReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::WithdrawForRevision, input).await
}

/// Gives up an agreement that is not signed yet.
///
/// # Errors
/// `ILLEGAL_STEP` once it is signed; CONFLICT for a stale version.
pub async fn cancel(app: &App, actor: &Actor, input: &AgreementReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Cancel, input).await
}

async fn take_with_reason(app: &App, actor: &Actor, step: Step, input: &AgreementReasonedStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.agreement.version)?;
            let stands = facts.stands(actor);
            stands.must_be_open(step)?;
            let mut checks = Checks::new();
            let reason = checks.lines("reason", &input.reason, NOTE);
            checks.finish()?;
            let decision = match step {
                Step::Return => Some(ReviewDecision::Returned),
                Step::Reject => Some(ReviewDecision::Rejected),
                _ => None,
            };
            if let Some(decision) = decision {
                record_review(&write, actor, &facts, (decision, Some(reason.clone()))).await?;
            }
            if step == Step::WithdrawForRevision
                && let Some(version) = facts.agreement.current_version_id
            {
                store::void_signatures(&write, version).await?;
            }
            let changes = agreement::ActiveModel { status_reason: Set(Some(reason)), ..after(step, &write) };
            let on_behalf_of = decision.and(facts.deputizes(actor, Scope::ReviewAgreements));
            write.take(&stands, step, changes, told(rules::happened(step), on_behalf_of)).await?;
            if let Some(kind) = notices::after(step, &facts) {
                notices::tell(&write, &facts, kind).await?;
            }
            Ok(facts.agreement.id)
        })
        .await
}

/// A text that goes back is no longer frozen; one that is refused or given up has ended.
fn after(step: Step, write: &Write) -> agreement::ActiveModel {
    let mut changes = agreement::ActiveModel::default();
    if matches!(step, Step::Return | Step::WithdrawForRevision) {
        changes.current_version_id = Set(None);
        changes.content_hash = Set(None);
    }
    if matches!(step, Step::Reject | Step::Cancel) {
        changes.ended_at = Set(Some(write.now()));
    }
    changes
}

async fn record_review(
    write: &Write,
    actor: &Actor,
    facts: &Facts,
    said: (ReviewDecision, Option<String>),
) -> Result<()> {
    let version = facts.agreement.current_version_id.ok_or_else(|| Error::internal("a review without a version"))?;
    let row = agreement_review::Model {
        id: write.id(),
        agreement_id: facts.agreement.id,
        version_id: version,
        organization_id: actor.organization(),
        reviewer_id: actor.user(),
        on_behalf_of_id: facts.deputizes(actor, Scope::ReviewAgreements),
        decision: said.0,
        note: said.1,
        created_at: write.now(),
    };
    write.insert(row.into_active_model()).await.map(drop)
}

/// What happened, and in whose stead.
pub(super) fn told(happened: &'static str, on_behalf_of: Option<Uuid>) -> Event {
    let event = Event::new(happened);
    match on_behalf_of {
        Some(person) => event.with("onBehalfOf", person),
        None => event,
    }
}

/// Two live agreements of one kind between the same parties may not overlap (I5). Whoever asks is party to both.
pub(super) async fn refuse_rival(tx: &Tx, facts: &Facts) -> Result<()> {
    let starts_on = rules::starts_on(&facts.agreement, clock::day(tx.now()));
    let Some(rival) = store::rival(tx, &facts.agreement, starts_on).await? else { return Ok(()) };
    let message = Text::new(
        "An agreement of this kind between the same parties is in force or on its way in that time.",
        "相同各方在该期间已有同类协议生效或办理中。",
    );
    let mut checks = Checks::new();
    checks.duplicate("id", message, Some(rival.number));
    checks.finish()
}
