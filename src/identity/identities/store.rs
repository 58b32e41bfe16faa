//! The only place that touches the table of identities.

use std::collections::HashMap;

use entity::{
    issuer, membership,
    user_identity::{self, Column, Entity, IdentityStatus, Model},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::memberships::{self, rules::is_admin},
    platform::db::{Db, Tx, Write},
};

/// Which identities the actor sees: the own ones, and as an admin those at the organization's issuers.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::UserId.eq(actor.user()));
    if !is_admin(actor) {
        return own;
    }
    let issuers = Query::select()
        .column(issuer::Column::Id)
        .from(issuer::Entity)
        .and_where(issuer::Column::OrganizationId.eq(actor.organization()))
        .take();
    own.add(Column::IssuerId.in_subquery(issuers))
}

/// The identity, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    let identity = row.ok_or_else(Error::not_found)?;
    let organization = organizations_of(tx, &[identity.issuer_id]).await?.remove(&identity.issuer_id);
    Ok(Facts { organization: organization.ok_or_else(Error::not_found)?, identity })
}

/// The facts of many identities at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let issuers: Vec<Uuid> = rows.iter().map(|row| row.issuer_id).collect();
    let organizations = organizations_of(db.reader(), &issuers).await?;
    let facts = rows.into_iter().filter_map(|identity| {
        let organization = *organizations.get(&identity.issuer_id)?;
        Some((identity.id, Facts { identity, organization }))
    });
    Ok(facts.collect())
}

async fn organizations_of(db: &impl ConnectionTrait, issuers: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    let rows: Vec<(Uuid, Uuid)> = issuer::Entity::find()
        .select_only()
        .columns([issuer::Column::Id, issuer::Column::OrganizationId])
        .filter(issuer::Column::Id.is_in(issuers.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The membership that somebody at an issuer is to have, if the actor sees it.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn member(tx: &Tx, actor: &Actor, id: Uuid) -> Result<membership::Model> {
    let seen = memberships::store::visible_to(actor);
    membership::Entity::find_by_id(id).filter(seen).one(tx).await?.ok_or_else(Error::not_found)
}

/// The identity of this subject; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn bound(tx: &Tx, issuer: Uuid, subject: &str) -> Result<Option<Model>> {
    let which = Condition::all().add(Column::Subject.eq(subject)).add(Column::Status.eq(IdentityStatus::Bound));
    find(tx, issuer, which).await
}

/// The identity that waits for this address; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn pending(tx: &Tx, issuer: Uuid, email: &str) -> Result<Option<Model>> {
    let which = Condition::all().add(Column::Email.eq(email)).add(Column::Status.eq(IdentityStatus::Pending));
    find(tx, issuer, which).await
}

async fn find(tx: &Tx, issuer: Uuid, which: Condition) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::IssuerId.eq(issuer)).filter(which).lock_exclusive().one(tx).await?)
}

/// Adds an identity that waits for its first token.
///
/// # Errors
/// When one waits for this address already.
pub async fn add(write: &Write, row: user_identity::ActiveModel) -> Result<Model> {
    let row = user_identity::ActiveModel {
        id: Set(write.id()),
        subject: Set(None),
        status: Set(IdentityStatus::Pending),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..row
    };
    write.insert(row).await
}
