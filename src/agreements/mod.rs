//! Agreements 合作协议: what a university, a county and its enterprises promise each other.
//!
//! One side **drafts**. Submitting freezes the text as a version with a hash and sends it to all parties for
//! **review**: each party's admin approves, returns it for revision or rejects it. When all have approved, each party
//! **signs** the very same hash; a scan of ink or seal counts once a second person has confirmed it. The last signature
//! makes it signed, and it becomes **active** on its first day. It can be suspended, resumed, terminated or rescinded
//! when all parties agree ([`proposals`]), it expires after its last day at midnight in Shanghai, and it can be renewed.
//! While it is active it is changed by [`amendments`] and carried out through [`items`]. A witness reads and is shown,
//! and neither reviews nor signs.

mod checks;
pub mod content;
pub mod jobs;
pub mod rules;
mod signing;
pub mod store;

pub use signing::{AgreementSignInput, AgreementSignatureConfirmInput, confirm_signature, sign};

use async_graphql::InputObject;
use entity::{
    agreement::{self, AgreementKind, AgreementStep as Step, RenewalPolicy},
    agreement_party::{self, PartyRole},
    agreement_review::{self, ReviewDecision},
    agreement_version, organization,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result, Text},
    graphql::Date,
    organizations,
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Lifecycle, Quorum},
    },
};
use content::Content;
use rules::{Action, Facts};

/// A party of a draft.
#[derive(Clone, Debug, InputObject)]
pub struct PartyInput {
    /// The organization; you must see it.
    pub organization_id: Id<organization::Entity>,
    /// How the text calls it: 甲方, 乙方, 丙方 … 1 to 20 characters.
    pub capacity: String,
    /// Signs, or only witnesses.
    pub role: PartyRole,
}

/// What the drafting side writes, and may change while the agreement is a draft.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementText {
    /// The title, 1 to 200 characters.
    pub title: String,
    /// The text, up to 100,000 characters; Markdown is welcome.
    pub terms: String,
    /// The first day; left out: the day of the last signature.
    pub starts_on: Option<Date>,
    /// The last day; it ends at midnight in Shanghai.
    pub ends_on: Date,
    /// The last day to give notice.
    pub notice_by: Option<Date>,
    /// What happens when that day comes.
    pub renewal_policy: RenewalPolicy,
    /// Everyone named in it, in the order of the cover: 2 to 20, the county and your organization among those that sign.
    pub parties: Vec<PartyInput>,
}

/// A new agreement. Who may: the admin of the organization that drafts it.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementDraftInput {
    /// What it is about.
    pub kind: AgreementKind,
    /// The county: always a party; it fixes region and number.
    pub county_id: Id<organization::Entity>,
    /// The framework agreement above a special one.
    pub parent_id: Option<Id<agreement::Entity>>,
    /// The text.
    pub text: AgreementText,
}

/// A change of the draft. Who may: the admin of the drafting organization.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementEditInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The whole text as it should read.
    pub text: AgreementText,
}

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

/// A renewal: the draft of the agreement that follows.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementRenewInput {
    /// The agreement that is renewed.
    pub id: Id<agreement::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The first day of the new one; it may not overlap a live one of other origin.
    pub starts_on: Option<Date>,
    /// The last day of the new one.
    pub ends_on: Date,
    /// The last day to give notice under the new one.
    pub notice_by: Option<Date>,
}

/// Drafts an agreement. It gets its number, which stays its own.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `NOT_FOUND` for a party, county or parent that you cannot see.
pub async fn draft(app: &App, actor: &Actor, input: &AgreementDraftInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let drafter = rules::Drafter(organizations::store::facts(&tx, actor, actor.organization()).await?);
            let write = tx.permit(actor, rules::Draft, &drafter)?;
            let [county] = &organizations::named(&tx, actor, &[input.county_id.key()]).await?[..] else {
                return Err(Error::not_found());
            };
            let parent = match input.parent_id {
                Some(id) => Some(store::facts(&tx, actor, id.key()).await?.agreement),
                None => None,
            };
            let mut checks = Checks::new();
            checks::place(&mut checks, input.kind, county, parent.as_ref());
            let row = agreement::ActiveModel {
                kind: Set(input.kind),
                county_id: Set(county.id),
                parent_id: Set(parent.map(|parent| parent.id)),
                ..Default::default()
            };
            create(&write, actor, (row, county), &input.text, checks).await
        })
        .await
}

/// Changes the text of a draft.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `ILLEGAL_STEP` unless it is a draft; CONFLICT for a stale version.
pub async fn edit(app: &App, actor: &Actor, input: &AgreementEditInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Edit, &facts)?;
            expect_version(input.expected_version, facts.agreement.version)?;
            facts.stands(actor).may(Step::Submit)?;
            let mut checks = Checks::new();
            let changes = checks::text(&mut checks, &input.text, clock::day(write.now()));
            let row = &facts.agreement;
            let places = (row.county_id, row.drafted_by_id);
            let parties = checks::parties(&mut checks, &input.text.parties, places, row.id, || write.id());
            checks.finish()?;
            see_parties(&tx, actor, &input.text.parties).await?;
            store::replace_parties(&write, row.id, parties).await?;
            write.change::<agreement::Entity>(row.id, row.version, changes).await?;
            write.emit(Event::new("AgreementEdited")).await?;
            Ok(row.id)
        })
        .await
}

/// Freezes the text as a version and sends it to all parties for review.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is a draft; DUPLICATE when a live agreement of the kind binds the same parties in that time.
pub async fn submit(app: &App, actor: &Actor, input: &AgreementStepInput) -> Result<Uuid> {
    app.db()
        .write_serializable(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Submit), &facts)?;
            expect_version(input.expected_version, facts.agreement.version)?;
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
            let write = tx.permit(actor, Action::Take(Step::Approve), &facts)?;
            let stands = facts.stands(actor);
            stands.must_be_open(Step::Approve)?;
            rules::expect_hash(&input.expected_hash, &facts.agreement)?;
            rules::speaks_once(facts.reviews.iter().map(|review| review.reviewer), actor)?;
            let mut checks = Checks::new();
            let note = checks.optional_lines("note", input.note.as_deref(), NOTE);
            checks.finish()?;
            record_review(&write, actor, &facts, (ReviewDecision::Approved, note)).await?;
            let mut approved = facts.approved();
            approved.push(actor.organization());
            let quorum = if facts.is_complete(&approved) { Quorum::Reached } else { Quorum::Waiting };
            let event = Event::new(rules::happened(Step::Approve));
            write.take_with(&stands, (Step::Approve, quorum), agreement::ActiveModel::default(), event).await?;
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

/// Drafts the agreement that follows this one: same parties, same text, new dates, this one as its predecessor.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is active or expired; CONFLICT for a stale version; `INVALID_INPUT` for wrong dates.
pub async fn renew(app: &App, actor: &Actor, input: &AgreementRenewInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Renew), &facts)?;
            expect_version(input.expected_version, facts.agreement.version)?;
            let changes = agreement::ActiveModel::default();
            write.take(&facts.stands(actor), Step::Renew, changes, Event::new(rules::happened(Step::Renew))).await?;
            let old = &facts.agreement;
            let [county] = &organizations::named(&tx, actor, &[old.county_id]).await?[..] else {
                return Err(Error::not_found());
            };
            let text = AgreementText {
                title: old.title.clone(),
                terms: old.terms.clone(),
                starts_on: input.starts_on,
                ends_on: input.ends_on,
                notice_by: input.notice_by,
                renewal_policy: old.renewal_policy,
                parties: store::party_rows(&tx, old.id).await?.iter().map(PartyInput::from).collect(),
            };
            let row = agreement::ActiveModel {
                kind: Set(old.kind),
                county_id: Set(old.county_id),
                parent_id: Set(old.parent_id),
                predecessor_id: Set(Some(old.id)),
                ..Default::default()
            };
            create(&write, actor, (row, county), &text, Checks::new()).await
        })
        .await
}

impl From<&agreement_party::Model> for PartyInput {
    fn from(row: &agreement_party::Model) -> Self {
        Self { organization_id: Id::new(row.organization_id), capacity: row.capacity.clone(), role: row.role }
    }
}

/// Checks the text, issues the number and inserts the draft with its parties.
async fn create(
    write: &Write,
    actor: &Actor,
    (row, county): (agreement::ActiveModel, &organization::Model),
    text: &AgreementText,
    mut checks: Checks,
) -> Result<Uuid> {
    let today = clock::day(write.now());
    let id = write.id();
    let written = checks::text(&mut checks, text, today);
    let parties = checks::parties(&mut checks, &text.parties, (county.id, actor.organization()), id, || write.id());
    checks.finish()?;
    see_parties(write.tx(), actor, &text.parties).await?;
    let series = format!("{}-{}", county.region_code.as_deref().unwrap_or_default(), today.format("%Y"));
    let number = format!("XY-{series}-{:04}", store::next_number(write, &series).await?);
    let row = agreement::ActiveModel {
        id: Set(id),
        number: Set(number),
        kind: row.kind,
        county_id: row.county_id,
        parent_id: row.parent_id,
        predecessor_id: row.predecessor_id,
        drafted_by_id: Set(actor.organization()),
        author_id: Set(actor.user()),
        status: Set(agreement::Entity::INITIAL),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..written
    };
    write.insert(row).await?;
    write.insert_all(parties).await?;
    let county = county.id;
    write.emit_for(rules::record(id), Event::new("AgreementDrafted").with("county", county)).await?;
    Ok(id)
}

/// Every party must be an organization that the drafter sees.
async fn see_parties(tx: &Tx, actor: &Actor, parties: &[PartyInput]) -> Result<()> {
    let keys: Vec<Uuid> = parties.iter().map(|party| party.organization_id.key()).collect();
    organizations::named(tx, actor, &keys).await.map(drop)
}

async fn take_with_reason(app: &App, actor: &Actor, step: Step, input: &AgreementReasonedStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts)?;
            expect_version(input.expected_version, facts.agreement.version)?;
            let stands = facts.stands(actor);
            stands.must_be_open(step)?;
            let mut checks = Checks::new();
            let reason = checks.lines("reason", &input.reason, NOTE);
            checks.finish()?;
            match step {
                Step::Return => {
                    record_review(&write, actor, &facts, (ReviewDecision::Returned, Some(reason.clone()))).await?;
                }
                Step::Reject => {
                    record_review(&write, actor, &facts, (ReviewDecision::Rejected, Some(reason.clone()))).await?;
                }
                _ => {}
            }
            let mut changes = agreement::ActiveModel { status_reason: Set(Some(reason)), ..Default::default() };
            if step == Step::WithdrawForRevision
                && let Some(version) = facts.agreement.current_version_id
            {
                store::void_signatures(&write, version).await?;
            }
            if matches!(step, Step::Return | Step::WithdrawForRevision) {
                changes.current_version_id = Set(None);
                changes.content_hash = Set(None);
            }
            if matches!(step, Step::Reject | Step::Cancel) {
                changes.ended_at = Set(Some(write.now()));
            }
            write.take(&stands, step, changes, Event::new(rules::happened(step))).await?;
            Ok(facts.agreement.id)
        })
        .await
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
        decision: said.0,
        note: said.1,
        created_at: write.now(),
    };
    write.insert(row.into_active_model()).await.map(drop)
}

/// Two live agreements of one kind between the same parties may not overlap (I5). Whoever asks is party to both.
async fn refuse_rival(tx: &Tx, facts: &Facts) -> Result<()> {
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
