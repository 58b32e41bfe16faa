//! The only place that touches the table of organizations.

use std::collections::HashMap;

use entity::{
    agreement::{self, AgreementStatus},
    agreement_party,
    membership::{self, MembershipStatus, Role},
    organization::{self, Column, OrganizationKind, OrganizationStatus},
};
use sea_orm::{
    ActiveEnum as _, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::rules::{COUNTY, Facts};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
};

/// Which organizations the actor sees: verified ones, the own one, and as a county the enterprises of its region. One
/// that was merged is seen as it was when it was verified, and by whoever acts for the one that it is now.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if actor.is(&[Role::PlatformAdmin]) {
        return Condition::all();
    }
    let merged = Column::Status.eq(OrganizationStatus::Merged).and(Column::VerifiedAt.is_not_null());
    // Nearly all are verified: LIKE, which says the same, keeps SQLite from collecting them all by their status and
    // sorting them, instead of reading a page along the index of its order.
    let condition = Condition::any()
        .add(Column::Status.like(OrganizationStatus::Verified.to_value()))
        .add(merged)
        .add(Column::Id.eq(actor.organization()))
        .add(Column::MergedIntoId.eq(actor.organization()));
    if actor.is(COUNTY) { condition.add(enterprises_of(actor.region())) } else { condition }
}

/// Whose contacts the actor sees: the own organization's, those of enterprises it verifies, and of partners in an
/// agreement that both can see. Auditors read personal data masked, wherever it is.
#[must_use]
pub fn contacts_visible_to(actor: &Actor) -> Condition {
    if actor.is(&[Role::Auditor]) {
        return Condition::all().add(Column::Id.is_null());
    }
    let shared = Query::select()
        .column(agreement_party::Column::AgreementId)
        .from(agreement_party::Entity)
        .and_where(agreement_party::Column::OrganizationId.eq(actor.organization()))
        .take();
    let partners = Query::select()
        .column(agreement_party::Column::OrganizationId)
        .from(agreement_party::Entity)
        .and_where(agreement_party::Column::AgreementId.in_subquery(shared))
        .and_where(agreement_party::Column::AgreementId.in_subquery(submitted_agreements()))
        .take();
    inner_details_visible_to(actor).add(Column::Id.in_subquery(partners))
}

/// Whose internal notes and staff numbers the actor sees: the own organization's, and those of enterprises it verifies.
#[must_use]
pub fn inner_details_visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::Id.eq(actor.organization()));
    if actor.is(COUNTY) { own.add(enterprises_of(actor.region())) } else { own }
}

/// Where the actor reads why something was refused or suspended: as the inner details, and whoever decides about all.
#[must_use]
pub fn reasons_visible_to(actor: &Actor) -> Condition {
    if actor.is(&[Role::PlatformAdmin]) { Condition::all() } else { inner_details_visible_to(actor) }
}

/// Rows whose column names an enterprise that the actor oversees for its county.
#[must_use]
pub fn overseen_by(actor: &Actor, enterprise: impl ColumnTrait) -> Condition {
    // A key is never null: nothing, for everybody else.
    if actor.is(COUNTY) { in_region(actor.region(), enterprise) } else { enterprise.is_null().into() }
}

/// Rows whose column names an enterprise of this region.
#[must_use]
pub fn in_region(region: &str, enterprise: impl ColumnTrait) -> Condition {
    exists(Column::Id, enterprise, enterprises_of(region))
}

fn enterprises_of(region: &str) -> Condition {
    Condition::all()
        .add(Column::Kind.eq(OrganizationKind::Enterprise))
        .add(Column::RegionCode.eq(region))
        .add(Column::RegionCode.ne(""))
}

/// The names of these organizations, of those that the actor sees.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let seen = organization::Entity::find().filter(visible_to(actor)).filter(Column::Id.is_in(ids.iter().copied()));
    Ok(seen.select_only().columns([Column::Id, Column::Name]).into_tuple().all(db.reader()).await?)
}

/// Agreements that more than their drafting side can see.
fn submitted_agreements() -> SelectStatement {
    Query::select()
        .column(agreement::Column::Id)
        .from(agreement::Entity)
        .and_where(agreement::Column::Status.ne(AgreementStatus::Draft))
        .and_where(agreement::Column::ContentHash.is_not_null())
        .take()
}

fn visible(actor: &Actor) -> Select<organization::Entity> {
    organization::Entity::find().filter(visible_to(actor))
}

/// The organization with its people, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = visible(actor).filter(Column::Id.eq(id)).lock_exclusive().one(tx).await?.ok_or_else(Error::not_found)?;
    let members = members(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Facts { organization: row, members })
}

/// The organization that a record of a later slice names, whoever sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is no such organization.
pub async fn facts_behind(tx: &Tx, id: Uuid) -> Result<Facts> {
    let row = organization::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or_else(Error::not_found)?;
    let members = members(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Facts { organization: row, members })
}

/// The organization whose key this statement gives, as it stands until the transaction ends: whoever changes it waits,
/// whoever else asks so does not. Its people are not looked up.
///
/// # Errors
/// `NOT_FOUND` when there is none.
pub async fn standing(tx: &Tx, key: SelectStatement) -> Result<Facts> {
    let row = organization::Entity::find().filter(Column::Id.in_subquery(key)).lock_shared().one(tx).await?;
    Ok(Facts { organization: row.ok_or_else(Error::not_found)?, members: Vec::new() })
}

/// The organizations whose admins verify universities and counties: the platform.
///
/// # Errors
/// When the database fails.
pub async fn platforms(tx: &Tx) -> Result<Vec<Uuid>> {
    let platforms = organization::Entity::find().select_only().column(Column::Id);
    Ok(platforms.filter(Column::Kind.eq(OrganizationKind::Platform)).into_tuple().all(tx).await?)
}

/// As [`standing`], of the organization with this key.
///
/// # Errors
/// `NOT_FOUND` when there is none.
pub async fn standing_by(tx: &Tx, id: Uuid) -> Result<Facts> {
    let row = organization::Entity::find_by_id(id).lock_shared().one(tx).await?;
    Ok(Facts { organization: row.ok_or_else(Error::not_found)?, members: Vec::new() })
}

/// The county's organizations, bureaus and parks that oversee this enterprise: those of its region.
///
/// # Errors
/// When the database fails.
pub async fn counties_of(tx: &Tx, enterprise: &Facts) -> Result<Vec<Uuid>> {
    let Some(region) = &enterprise.organization.region_code else { return Ok(Vec::new()) };
    let counties = organization::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Kind.eq(OrganizationKind::County))
        .filter(Column::Status.eq(OrganizationStatus::Verified))
        .filter(Column::RegionCode.eq(region.as_str()));
    Ok(counties.into_tuple().all(tx).await?)
}

/// The facts of many organizations at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let mut members = members(db.reader(), ids).await?;
    let rows = organization::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let facts = rows.into_iter().map(|row| {
        let members = members.remove(&row.id).unwrap_or_default();
        (row.id, Facts { organization: row, members })
    });
    Ok(facts.collect())
}

async fn members(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let rows: Vec<(Uuid, Uuid)> = membership::Entity::find()
        .select_only()
        .columns([membership::Column::OrganizationId, membership::Column::UserId])
        .filter(membership::Column::OrganizationId.is_in(ids.iter().copied()))
        .filter(membership::Column::Status.eq(MembershipStatus::Active))
        .into_tuple()
        .all(db)
        .await?;
    let mut members: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (organization, user) in rows {
        members.entry(organization).or_default().push(user);
    }
    Ok(members)
}

/// The organization with this credit code, whoever may see it: the code is unique in the whole installation.
///
/// # Errors
/// When the database fails.
pub async fn with_credit_code(tx: &Tx, code: &str) -> Result<Option<organization::Model>> {
    Ok(organization::Entity::find().filter(Column::CreditCode.eq(code)).one(tx).await?)
}

/// Whether the actor sees this organization.
///
/// # Errors
/// When the database fails.
pub async fn sees(tx: &Tx, actor: &Actor, id: Uuid) -> Result<bool> {
    Ok(visible(actor)
        .filter(Column::Id.eq(id))
        .select_only()
        .column(Column::Id)
        .into_tuple::<Uuid>()
        .one(tx)
        .await?
        .is_some())
}

/// Those of these organizations that the actor sees.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &Tx, actor: &Actor, ids: &[Uuid]) -> Result<Vec<organization::Model>> {
    Ok(visible(actor).filter(Column::Id.is_in(ids.iter().copied())).order_by_asc(Column::Id).all(tx).await?)
}
