//! Organizations 单位: universities, counties and enterprises, and the platform that serves them.
//!
//! An organization is **registered** by the one above it (the platform registers universities and counties, a county
//! its bureaus, parks and enterprises, a university its colleges) and then **verified** against the public register by
//! somebody else: enterprises by an officer of their county, all others by the platform's admin. They are told that it
//! waits; its own admins, and whoever registered it, what was decided. Only a verified one signs, posts and hosts.
//! Verification can be refused, suspended and lifted again; an organization that was deregistered has ceased. Names,
//! kinds, regions and credit codes of verified organizations are public register data; contacts and internal figures
//! are not.

mod checks;
pub mod graphql;
pub mod merge;
mod notices;
pub mod rules;
pub mod similar;
pub mod store;

pub use rules::{COUNTY, Facts};
pub use store::{
    counties_of, facts as facts_seen_by, facts_behind, facts_of, in_region, names, overseen_by, standing, standing_by,
};

use async_graphql::InputObject;
use entity::organization::{self, OrganizationKind, OrganizationStep as Step, SizeClass};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result, Text},
    graphql::body,
    organizations::rules::Action,
    platform::{
        db::Tx,
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::Stepped as _,
        search,
    },
};

/// What of organizations is found by words: their names and what they say of themselves.
#[must_use]
pub fn searchable() -> search::Registered {
    use organization::Column::{Name, NameEn, Production, Profile, ResearchPlatforms, TalentCultivation};
    let texts = [(Name, 8), (NameEn, 6), (Profile, 2), (Production, 2), (TalentCultivation, 2), (ResearchPlatforms, 2)];
    vec![Box::new(search::Searched::<organization::Entity>::by(store::visible_to, texts))]
}

/// What is known of an organization that is registered. Who may: the admin of the organization above it; a county's
/// officers for enterprises.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationRegisterInput {
    /// The organization above it: yours.
    pub parent_id: Id<organization::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the organization that the first one made.
    pub idempotency_key: Option<String>,
    /// What it is.
    pub kind: OrganizationKind,
    /// Its name as the public register has it, 1 to 200 characters.
    pub name: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Unified social credit code 统一社会信用代码, 18 characters.
    pub credit_code: String,
    /// Region 行政区划代码, GB/T 2260, six digits; required for counties and enterprises.
    pub region_code: Option<String>,
    /// School code 学校标识码, five digits; for universities.
    pub school_code: Option<String>,
    /// What can be changed later.
    pub profile: Option<OrganizationProfileInput>,
}

/// Profile and contacts: what an organization says of itself. A field left out stays as it is; an empty text clears it.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrganizationProfileInput {
    /// Name in English.
    pub name_en: Option<String>,
    /// What it makes, teaches or is in charge of, up to 100,000 characters.
    pub description: Option<String>,
    /// What it makes, and how 生产情况, up to 100,000 characters.
    pub production: Option<String>,
    /// How it cultivates talents 人才培养, up to 100,000 characters.
    pub talent_cultivation: Option<String>,
    /// Laboratories, centres and stations for research 科研平台, up to 100,000 characters.
    pub research_platforms: Option<String>,
    /// Website, an http or https address.
    pub website: Option<String>,
    /// Industry 行业代码, GB/T 4754-2017, such as C34 or 3484; for enterprises.
    pub industry_code: Option<String>,
    /// Size class 企业规模; for enterprises.
    pub size_class: Option<SizeClass>,
    /// Whom to ask.
    pub contact_name: Option<String>,
    /// Their telephone number.
    pub contact_phone: Option<String>,
    /// Their e-mail address.
    pub contact_email: Option<String>,
    /// How many people work there; seen by its own members and the verifying county.
    pub staff_count: Option<i32>,
    /// A note for the own members and the verifying county.
    pub internal_note: Option<String>,
}

/// A change of the profile. Who may: the organization's own admin.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationUpdateInput {
    /// Which organization.
    pub id: Id<organization::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What changes.
    pub profile: OrganizationProfileInput,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationStepInput {
    /// Which organization.
    pub id: Id<organization::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// A step that is explained to those concerned.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationReasonedStepInput {
    /// Which organization.
    pub id: Id<organization::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters.
    pub reason: String,
}

/// Registers an organization under the own one; somebody else will verify it.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; DUPLICATE for a credit code that is registered already, or an
/// idempotency key that was used for another request.
pub async fn register(app: &App, actor: &Actor, input: &OrganizationRegisterInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let parent = store::facts(&tx, actor, input.parent_id.key()).await?;
            let write = tx.permit(actor, Action::Register, &parent).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            let mut checks = Checks::new();
            let row = checks::registration(&mut checks, input, &parent.organization);
            check_duplicate(&tx, actor, &mut checks, &row).await?;
            checks.finish()?;
            let row = organization::ActiveModel {
                id: Set(id),
                registered_by_id: Set(Some(actor.user())),
                created_at: Set(write.now()),
                updated_at: Set(write.now()),
                ..row
            };
            let organization = write.insert(row).await?;
            let registered = Event::new("OrganizationRegistered").with("parent", parent.organization.id);
            write.emit_first(rules::record(id), registered).await?;
            notices::registered(&write, &Facts { organization, members: Vec::new() }).await?;
            Ok(id)
        })
        .await
}

/// Changes the profile and contacts of the own organization.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; CONFLICT for a stale version.
pub async fn update(app: &App, actor: &Actor, input: &OrganizationUpdateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Update, &facts).await?;
            expect_version(input.expected_version, facts.organization.version)?;
            let mut checks = Checks::new();
            let changes = checks::profile(&mut checks, &input.profile, facts.organization.kind);
            checks.finish()?;
            write.change::<organization::Entity>(facts.organization.id, input.expected_version, changes).await?;
            write.emit(Event::new("OrganizationUpdated")).await?;
            Ok(facts.organization.id)
        })
        .await
}

/// Confirms that an organization is who it says: enterprises by their county, all others by the platform.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is pending; CONFLICT for a stale version.
pub async fn verify(app: &App, actor: &Actor, input: &OrganizationStepInput) -> Result<Uuid> {
    take(app, actor, Step::Verify, input, None).await
}

/// Refuses an organization, with a reason that it reads.
///
/// # Errors
/// As [`verify`].
pub async fn reject(app: &App, actor: &Actor, input: &OrganizationReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Reject, input).await
}

/// Suspends a verified organization for a time, with a reason.
///
/// # Errors
/// As [`verify`].
pub async fn suspend(app: &App, actor: &Actor, input: &OrganizationReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Suspend, input).await
}

/// Lifts a suspension.
///
/// # Errors
/// As [`verify`].
pub async fn reinstate(app: &App, actor: &Actor, input: &OrganizationStepInput) -> Result<Uuid> {
    take(app, actor, Step::Reinstate, input, None).await
}

/// Records that an organization was deregistered or its licence revoked.
///
/// # Errors
/// As [`verify`].
pub async fn cease(app: &App, actor: &Actor, input: &OrganizationReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Cease, input).await
}

async fn take_with_reason(app: &App, actor: &Actor, step: Step, input: &OrganizationReasonedStepInput) -> Result<Uuid> {
    let plain = OrganizationStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, step, &plain, Some(&input.reason)).await
}

async fn take(
    app: &App,
    actor: &Actor,
    step: Step,
    input: &OrganizationStepInput,
    reason: Option<&str>,
) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.organization.version)?;
            let mut checks = Checks::new();
            let reason = reason.map(|reason| checks.lines("reason", reason, NOTE));
            checks.finish()?;
            let mut changes = organization::ActiveModel { status_reason: Set(reason), ..Default::default() };
            if step == Step::Verify {
                changes.verified_at = Set(Some(write.now()));
            }
            write.take(&facts.stands(actor), step, changes, Event::new(rules::happened(step))).await?;
            notices::decided(&write, &facts, step).await?;
            Ok(facts.organization.id)
        })
        .await
}

/// The same credit code twice is refused; the name of the existing one is told to those who see it.
async fn check_duplicate(tx: &Tx, actor: &Actor, checks: &mut Checks, row: &organization::ActiveModel) -> Result<()> {
    let Set(code) = &row.credit_code else { return Ok(()) };
    let Some(existing) = store::with_credit_code(tx, code).await? else { return Ok(()) };
    let name = store::sees(tx, actor, existing.id).await?.then_some(existing.name);
    let message = match &name {
        Some(name) => {
            Text::new(format!("{name} is registered with this credit code."), format!("该信用代码已由 {name} 登记。"))
        }
        None => Text::new("An organization is registered with this credit code.", "该信用代码已被登记。"),
    };
    checks.duplicate("creditCode", message, name);
    Ok(())
}

/// The organization, for slices whose records name it.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn find(tx: &Tx, actor: &Actor, id: Uuid) -> Result<organization::Model> {
    store::list(tx, actor, &[id]).await?.pop().ok_or_else(Error::not_found)
}

/// Whether the actor sees all of these organizations.
///
/// # Errors
/// `NOT_FOUND` when one is missing or not to be seen.
pub async fn all_seen(tx: &Tx, actor: &Actor, ids: &[Uuid]) -> Result<()> {
    let rows = store::list(tx, actor, ids).await?;
    if ids.iter().all(|id| rows.iter().any(|row| row.id == *id)) { Ok(()) } else { Err(Error::not_found()) }
}
