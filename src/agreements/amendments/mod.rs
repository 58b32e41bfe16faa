//! Amendments 补充协议: changing an agreement that is in force.
//!
//! The admin of a party **drafts** the agreement's title, text, last day, notice date and renewal policy as they shall
//! read, and why. **Submitting** freezes the agreement as amended with a hash, and from then on everyone named in the
//! agreement sees it with what it changes. Every party **approves** and then **signs** that very hash, or **rejects**
//! it; the drafting party can **withdraw** it. The last signature makes it **effective**: the agreement has a new
//! version, signed by all, and reads so from that moment.
//!
//! An amendment is made against one text. When another amendment takes effect first, it conflicts: a draft is edited
//! against the text that stands now, anything further is withdrawn.

mod checks;
pub mod diff;
pub mod graphql;
mod notices;
pub mod rules;
mod signing;
pub mod store;

pub use signing::{AmendmentSignInput, AmendmentSignatureConfirmInput, confirm_signature, sign};

use async_graphql::InputObject;
use entity::{
    agreement::{self, RenewalPolicy},
    amendment::{self, AmendmentStep as Step},
    amendment_decision::{self, AmendmentDecisionKind as Kind},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::{
    content::Content, facts as agreement_facts, review::refuse_rival, rules as agreement_rules,
    rules::Action as AgreementAction, store as agreements,
};
use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::Result,
    graphql::{Date, body},
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Lifecycle, Quorum, Stands, Stepped as _},
    },
};
use rules::{Action, Facts};

/// The agreement as it shall read, whole: what stays the same is repeated.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentText {
    /// The title, 1 to 200 characters.
    pub title: String,
    /// The text, up to 100,000 characters; Markdown is welcome.
    pub terms: String,
    /// The last day; it ends at midnight in Shanghai.
    pub ends_on: Date,
    /// The last day to give notice.
    pub notice_by: Option<Date>,
    /// What happens when that day comes.
    pub renewal_policy: RenewalPolicy,
    /// Why the agreement is amended, 1 to 2,000 characters; all parties read it.
    pub reason: String,
}

/// A new amendment. Who may: the admin of a party that signed, while the agreement is in force.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentDraftInput {
    /// Which agreement.
    pub agreement_id: Id<agreement::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the draft that the first one made.
    pub idempotency_key: Option<String>,
    /// The hash of the agreement's text that you read, its `contentHash`.
    pub expected_hash: String,
    /// The agreement as it shall read.
    pub text: AmendmentText,
}

/// A change of a draft. Who may: the admin of the drafting organization.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentEditInput {
    /// Which amendment.
    pub id: Id<amendment::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The hash of the agreement's text that you read, its `contentHash`: what the amendment is now made against.
    pub expected_hash: String,
    /// The agreement as it shall read.
    pub text: AmendmentText,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentStepInput {
    /// Which amendment.
    pub id: Id<amendment::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// An approval. Who may: the admin of each party that signs, once.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentApproveInput {
    /// Which amendment.
    pub id: Id<amendment::Entity>,
    /// The hash of the agreement as amended, the amendment's `contentHash`.
    pub expected_hash: String,
}

/// A step that is explained to the other parties.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentReasonedStepInput {
    /// Which amendment.
    pub id: Id<amendment::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; all parties read it.
    pub reason: String,
}

/// Drafts an amendment of an agreement in force.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong, or when nothing changes; CONFLICT when the agreement no longer reads
/// as it was read; `RULE_VIOLATED` unless it is in force; DUPLICATE for an idempotency key that was used for another
/// request.
pub async fn draft(app: &App, actor: &Actor, input: &AmendmentDraftInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = agreements::facts(&tx, actor, input.agreement_id.key()).await?;
            let write = tx.permit(actor, AgreementAction::Amend, &facts).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            rules::amendable(&facts.agreement)?;
            let base = base(&facts, &input.expected_hash)?;
            let row = amendment::ActiveModel {
                id: Set(id),
                agreement_id: Set(facts.agreement.id),
                number: Set(store::last_number(&tx, facts.agreement.id).await? + 1),
                drafted_by_id: Set(actor.organization()),
                author_id: Set(actor.user()),
                base_hash: Set(base),
                status: Set(amendment::Entity::INITIAL),
                version: Set(1),
                created_at: Set(write.now()),
                updated_at: Set(write.now()),
                ..checks::text(&input.text, &facts.agreement, clock::day(write.now()))?
            };
            let row = write.insert(row).await?;
            let event = told("AmendmentDrafted", &facts).with("number", row.number);
            write.emit_first(rules::record(row.id), event).await?;
            Ok(row.id)
        })
        .await
}

/// Changes a draft, against the text of the agreement as it stands now.
///
/// # Errors
/// As [`draft`]; `ILLEGAL_STEP` unless it is a draft; CONFLICT for a stale version.
pub async fn edit(app: &App, actor: &Actor, input: &AmendmentEditInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Edit, &facts).await?;
            expect_version(input.expected_version, facts.amendment.version)?;
            facts.stands(actor).may(Step::Submit)?;
            rules::standing(&facts)?;
            let changes = amendment::ActiveModel {
                base_hash: Set(base(&facts.agreement, &input.expected_hash)?),
                ..checks::text(&input.text, &facts.agreement.agreement, clock::day(write.now()))?
            };
            let row = &facts.amendment;
            write.change::<amendment::Entity>(row.id, row.version, changes).await?;
            write.emit(told("AmendmentEdited", &facts.agreement)).await?;
            Ok(row.id)
        })
        .await
}

/// Freezes the agreement as amended and sends it to all parties.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is a draft; CONFLICT for a stale version or when the agreement was amended meanwhile;
/// DUPLICATE when a live agreement of the kind binds the same parties in the time that it would last.
pub async fn submit(app: &App, actor: &Actor, input: &AmendmentStepInput) -> Result<Uuid> {
    app.db()
        .write_serializable(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Submit), &facts).await?;
            expect_version(input.expected_version, facts.amendment.version)?;
            let stands = facts.stands(actor);
            stands.may(Step::Submit)?;
            rules::in_order(Step::Submit, &facts, actor)?;
            let amended = rules::amended(&facts.agreement.agreement, &facts.amendment);
            refuse_overlap(&tx, &facts, &amended).await?;
            let (content, hash) = Content::of(&amended, &agreements::party_rows(&tx, amended.id).await?).freeze()?;
            let event = told(rules::happened(Step::Submit), &facts.agreement).with("hash", &hash);
            let changes = amendment::ActiveModel {
                content: Set(Some(content)),
                content_hash: Set(Some(hash)),
                ..Default::default()
            };
            write.take(&stands, Step::Submit, changes, event).await?;
            notices::tell(&write, &facts, (Step::Submit, Quorum::Reached)).await?;
            Ok(facts.amendment.id)
        })
        .await
}

/// Approves the agreement as amended for the own side; the last party's approval moves it on to signature.
///
/// # Errors
/// CONFLICT when it is not what was read, or the agreement was amended meanwhile; `ILLEGAL_STEP` when it is not under
/// review or the own side has approved; `RULE_VIOLATED` when the same person spoke for another party.
pub async fn approve(app: &App, actor: &Actor, input: &AmendmentApproveInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Approve), &facts).await?;
            let stands = ready(&facts, actor, (Step::Approve, &input.expected_hash))?;
            let row = decision(&write, actor, &facts, Kind::Approval);
            write.insert(row.into_active_model()).await?;
            let mut approved = facts.decided(Kind::Approval);
            approved.push(actor.organization());
            let complete = facts.agreement.is_complete(&approved);
            let quorum = if complete { Quorum::Reached } else { Quorum::Waiting };
            let event = told(rules::happened(Step::Approve), &facts.agreement);
            write.take_with(&stands, (Step::Approve, quorum), amendment::ActiveModel::default(), event).await?;
            notices::tell(&write, &facts, (Step::Approve, quorum)).await?;
            Ok(facts.amendment.id)
        })
        .await
}

/// Refuses an amendment for good, with the reason.
///
/// # Errors
/// `ILLEGAL_STEP` when it is not on its way or the own side has approved or signed; CONFLICT for a stale version.
pub async fn reject(app: &App, actor: &Actor, input: &AmendmentReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Reject, input).await
}

/// Takes the own side's amendment back, with the reason.
///
/// # Errors
/// `ILLEGAL_STEP` once it is effective or refused; CONFLICT for a stale version.
pub async fn withdraw(app: &App, actor: &Actor, input: &AmendmentReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Withdraw, input).await
}

async fn take_with_reason(app: &App, actor: &Actor, step: Step, input: &AmendmentReasonedStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.amendment.version)?;
            let stands = facts.stands(actor);
            stands.must_be_open(step)?;
            let mut checks = Checks::new();
            let reason = checks.lines("reason", &input.reason, NOTE);
            checks.finish()?;
            let changes = amendment::ActiveModel { status_reason: Set(Some(reason)), ..Default::default() };
            write.take(&stands, step, changes, told(rules::happened(step), &facts.agreement)).await?;
            notices::tell(&write, &facts, (step, Quorum::Reached)).await?;
            Ok(facts.amendment.id)
        })
        .await
}

/// Withdraws the amendments whose agreement has ended; says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_orphaned(app: &App) -> Result<usize> {
    let mut withdrawn = 0;
    for id in store::orphaned(app.db().reader()).await? {
        let moved = app.db().write(move |tx| async move {
            let facts = store::facts_for_job(&tx, id).await?;
            // Another replica may have been faster.
            if !facts.agreement.is_ended() || !rules::OPEN.contains(&facts.amendment.status) {
                return Ok(0);
            }
            let write = tx.under(Permit::system(Job::WithdrawAmendments, rules::record(id)));
            let event = told(rules::happened(Step::Withdraw), &facts.agreement);
            write.take(&facts.stands_alone(), Step::Withdraw, amendment::ActiveModel::default(), event).await?;
            notices::tell(&write, &facts, (Step::Withdraw, Quorum::Reached)).await?;
            Ok(1)
        });
        withdrawn += moved.await?;
    }
    Ok(withdrawn)
}

/// What must hold before a party approves or signs: it is in order, the party has not spoken, and the text is the one that
/// was read.
fn ready(facts: &Facts, actor: &Actor, (step, expected_hash): (Step, &str)) -> Result<Stands<amendment::Entity>> {
    let stands = facts.stands(actor);
    stands.may(step)?;
    rules::in_order(step, facts, actor)?;
    stands.must_be_open(step)?;
    agreement_rules::expect_hash(expected_hash, facts.amendment.content_hash.as_deref())?;
    Ok(stands)
}

fn decision(write: &Write, actor: &Actor, facts: &Facts, kind: Kind) -> amendment_decision::Model {
    amendment_decision::Model {
        id: write.id(),
        amendment_id: facts.amendment.id,
        kind,
        organization_id: actor.organization(),
        decided_by_id: actor.user(),
        content_hash: facts.amendment.content_hash.clone().unwrap_or_default(),
        evidence: None,
        document_id: None,
        confirmed_by_id: None,
        confirmed_at: None,
        created_at: write.now(),
    }
}

/// The hash of the agreement's text, which must be the one that was read.
fn base(agreement: &agreement_facts::Facts, expected: &str) -> Result<String> {
    let current = agreement.agreement.content_hash.as_deref();
    agreement_rules::expect_hash(expected, current)?;
    Ok(current.unwrap_or_default().to_owned())
}

/// An agreement that lasts longer may meet another one of its kind (I5).
async fn refuse_overlap(tx: &Tx, facts: &Facts, amended: &agreement::Model) -> Result<()> {
    if amended.ends_on <= facts.agreement.agreement.ends_on {
        return Ok(());
    }
    refuse_rival(tx, &agreement_facts::Facts { agreement: amended.clone(), ..facts.agreement.clone() }).await
}

fn told(kind: &'static str, agreement: &agreement_facts::Facts) -> Event {
    Event::new(kind).with("agreement", agreement.agreement.id)
}
