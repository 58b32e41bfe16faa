//! The only place that touches the table of issuers.

use std::collections::HashMap;

use entity::{
    issuer::{self, Column, Entity, IssuerStatus, Model},
    organization,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};
use uuid::Uuid;

use super::rules::{Facts, HostFacts};
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::memberships::{
        self,
        rules::{is_admin, is_platform_admin},
    },
    platform::db::{Db, Tx, Write},
};

/// Issuers that a sign-in page is told of at most.
const MOST: u64 = 200;

/// Which issuers the actor sees: as an admin those of the organization, as the platform's admin all.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if is_platform_admin(actor) {
        return Condition::all();
    }
    if !is_admin(actor) {
        return Condition::all().add(Column::Id.is_null());
    }
    Condition::all().add(Column::OrganizationId.eq(actor.organization()))
}

/// The issuer, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    row.map(|issuer| Facts { issuer }).ok_or_else(Error::not_found)
}

/// The facts of many issuers at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Facts { issuer: row })).collect())
}

/// The actor's organization, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn host(tx: &Tx, actor: &Actor) -> Result<HostFacts> {
    let organization = memberships::store::lock_organization(tx, actor.organization()).await?;
    Ok(HostFacts { organization: organization.ok_or_else(Error::not_found)? })
}

/// The issuers that can be signed in by: for the buttons of a sign-in page, which nobody has signed in to yet.
///
/// # Errors
/// When the database fails.
pub async fn list_active(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::Status.eq(IssuerStatus::Active))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(db)
        .await?)
}

/// The issuers with this address that can be signed in by, one for each client id.
///
/// # Errors
/// When the database fails.
pub async fn with_url(db: &impl ConnectionTrait, url: &str) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::Url.eq(url))
        .filter(Column::Status.eq(IssuerStatus::Active))
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

/// The issuer as it is now, with its organization; locked until the transaction ends. One exchange at a time goes on
/// at an issuer, so that two first tokens of one person do not meet.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<(Model, organization::Model)>> {
    let Some(issuer) = Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(None) };
    let organization = organization::Entity::find_by_id(issuer.organization_id).one(tx).await?;
    Ok(organization.map(|organization| (issuer, organization)))
}

/// Adds an issuer.
///
/// # Errors
/// When there is one with this address and client id.
pub async fn add(write: &Write, row: issuer::ActiveModel) -> Result<Model> {
    let row = issuer::ActiveModel {
        id: Set(write.id()),
        status: Set(IssuerStatus::Active),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..row
    };
    write.insert(row).await
}

/// How many issuers an organization has.
///
/// # Errors
/// When the database fails.
pub async fn count_of(tx: &Tx, organization: Uuid) -> Result<usize> {
    let rows = Entity::find().select_only().column(Column::Id).filter(Column::OrganizationId.eq(organization));
    Ok(rows.into_tuple::<Uuid>().all(tx).await?.len())
}

/// Gives the issuers of one organization to another.
///
/// # Errors
/// When the database fails.
pub async fn readdress(write: &Write, (from, into): (Uuid, Uuid)) -> Result<()> {
    let mut update = Query::update();
    update.table(Entity).value(Column::OrganizationId, into).and_where(Column::OrganizationId.eq(from));
    write.execute(&update).await.map(drop)
}
