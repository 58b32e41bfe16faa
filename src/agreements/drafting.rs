//! Drafting: the text, its parties and its number, until it is sent to the others.

use async_graphql::InputObject;
use entity::{
    agreement::{self, AgreementKind, AgreementStep as Step, RenewalPolicy},
    agreement_party::{self, PartyRole},
    organization,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    checks,
    rules::{self, Action},
    store,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result},
    graphql::{Date, body},
    organizations,
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, expect_version},
        lifecycle::{Lifecycle, Stepped as _},
    },
};

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
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the draft that the first one made.
    pub idempotency_key: Option<String>,
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
/// `INVALID_INPUT` for every field that is wrong; `NOT_FOUND` for a party, county or parent that you cannot see;
/// DUPLICATE for an idempotency key that was used for another request.
pub async fn draft(app: &App, actor: &Actor, input: &AgreementDraftInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let drafter = rules::Drafter(organizations::find(&tx, actor, actor.organization()).await?);
            let write = tx.permit(actor, rules::Draft, &drafter).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            let county = &organizations::find(&tx, actor, input.county_id.key()).await?;
            let parent = match input.parent_id {
                Some(id) => Some(store::facts(&tx, actor, id.key()).await?.agreement),
                None => None,
            };
            let mut checks = Checks::new();
            checks::place(&mut checks, input.kind, county, parent.as_ref());
            checks.within("text");
            let row = agreement::ActiveModel {
                id: Set(id),
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
            let write = tx.permit(actor, Action::Edit, &facts).await?;
            expect_version(input.expected_version, facts.agreement.version)?;
            facts.stands(actor).may(Step::Submit)?;
            let mut checks = Checks::new();
            checks.within("text");
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

/// Drafts the agreement that follows this one: same parties, same text, new dates, this one as its predecessor.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is active or expired; CONFLICT for a stale version; `INVALID_INPUT` for wrong dates.
pub async fn renew(app: &App, actor: &Actor, input: &AgreementRenewInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Renew), &facts).await?;
            expect_version(input.expected_version, facts.agreement.version)?;
            let changes = agreement::ActiveModel::default();
            write.take(&facts.stands(actor), Step::Renew, changes, Event::new(rules::happened(Step::Renew))).await?;
            let old = &facts.agreement;
            let county = &organizations::find(&tx, actor, old.county_id).await?;
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
                id: Set(write.id()),
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
    let id = row.id.clone().take().ok_or_else(|| Error::internal("a draft without a key"))?;
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
    write.emit_first(rules::record(id), Event::new("AgreementDrafted").with("county", county)).await?;
    Ok(id)
}

/// Every party must be an organization that the drafter sees.
async fn see_parties(tx: &Tx, actor: &Actor, parties: &[PartyInput]) -> Result<()> {
    let keys: Vec<Uuid> = parties.iter().map(|party| party.organization_id.key()).collect();
    organizations::all_seen(tx, actor, &keys).await
}
