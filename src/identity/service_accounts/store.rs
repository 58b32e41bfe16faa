//! The only place that touches the table of service accounts.

use std::collections::HashMap;

use entity::service_account::{self, Column, Entity, Model, ServiceAccountStatus as Status};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use super::rules::{Facts, HostFacts};
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::memberships::{self, rules::is_admin},
    platform::db::{Db, Tx, Write},
};

/// Which service accounts the actor sees: as an admin those of the organization.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if !is_admin(actor) {
        return Condition::all().add(Column::Id.is_null());
    }
    Condition::all().add(Column::OrganizationId.eq(actor.organization()))
}

/// The service account, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    row.map(|account| Facts { account }).ok_or_else(Error::not_found)
}

/// The facts of many service accounts at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Facts { account: row })).collect())
}

/// The actor's organization, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn host(tx: &Tx, actor: &Actor) -> Result<HostFacts> {
    let organization = memberships::store::lock_organization(tx, actor.organization()).await?;
    Ok(HostFacts { organization: organization.ok_or_else(Error::not_found)? })
}

/// The service account with this id, unless it is revoked: for whoever proves to be it.
///
/// # Errors
/// When the database fails.
pub async fn active(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(Column::Status.eq(Status::Active)).one(db).await?)
}

/// As [`active`], locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock_active(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(Column::Status.eq(Status::Active)).lock_exclusive().one(tx).await?)
}

/// Adds a service account.
///
/// # Errors
/// When the database fails.
pub async fn add(write: &Write, row: service_account::ActiveModel) -> Result<Model> {
    let row = service_account::ActiveModel {
        previous_hash: Set(None),
        previous_until: Set(None),
        status: Set(Status::Active),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..row
    };
    write.insert(row).await
}

/// How many service accounts an organization has, revoked ones too.
///
/// # Errors
/// When the database fails.
pub async fn count_of(tx: &Tx, organization: Uuid) -> Result<usize> {
    let rows = Entity::find().select_only().column(Column::Id).filter(Column::OrganizationId.eq(organization));
    Ok(rows.into_tuple::<Uuid>().all(tx).await?.len())
}

/// Gives the service accounts of one organization to another.
///
/// # Errors
/// When the database fails.
pub async fn readdress(write: &Write, (from, into): (Uuid, Uuid)) -> Result<()> {
    let mut update = Query::update();
    update.table(Entity).value(Column::OrganizationId, into).and_where(Column::OrganizationId.eq(from));
    write.execute(&update).await.map(drop)
}
