//! The only place that touches the table of documents.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::document::{self, Column, DocumentStatus as Status};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use super::{attach, rules::Facts};
use crate::{
    auth::{Actor, RecordRef},
    error::{Error, Result},
    platform::db::{Db, Tx, Write},
};

/// Which documents the actor sees: those attached to records whose files the actor sees, and there the uploads of the
/// own organization before they are confirmed.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    // A key is never null: without a kind of record that takes files there is nothing to see.
    let nothing = Condition::any().add(Column::Id.is_null());
    let on_visible_records = attach::kinds().into_iter().fold(nothing, |condition, kind| {
        condition.add(Condition::all().add(Column::RecordKind.eq(kind.kind())).add(kind.seen_with(actor)))
    });
    let attached_or_own =
        Condition::any().add(Column::Status.eq(Status::Confirmed)).add(Column::OrganizationId.eq(actor.organization()));
    Condition::all().add(on_visible_records).add(attached_or_own)
}

/// The document with what the rules need, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = document::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).lock_exclusive().one(tx);
    row.await?.map(|document| Facts { document }).ok_or_else(Error::not_found)
}

/// The facts of many documents at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = document::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|document| (document.id, Facts { document })).collect())
}

/// The document with its bytes, if the actor sees it.
///
/// # Errors
/// When the database fails.
pub async fn with_bytes(db: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<document::Model>> {
    let rows = document::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    Ok(rows.filter(Column::Status.ne(Status::AwaitingBytes)).one(db).await?)
}

/// The document that a link names, with its bytes: whoever holds the link was allowed to see it.
///
/// # Errors
/// When the database fails.
pub async fn linked(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<document::Model>> {
    let rows = document::Entity::find_by_id(id).filter(Column::Status.ne(Status::AwaitingBytes));
    Ok(rows.one(db).await?)
}

/// The document that waits for the bytes that come with this token; locked when asked inside a transaction.
///
/// # Errors
/// When the database fails.
pub async fn awaited(
    db: &impl ConnectionTrait,
    (id, token_hash): (Uuid, &str),
    now: DateTime<Utc>,
) -> Result<Option<document::Model>> {
    let rows = document::Entity::find_by_id(id)
        .filter(Column::UploadTokenHash.eq(token_hash))
        .filter(Column::Status.eq(Status::AwaitingBytes))
        .filter(Column::UploadExpiresAt.gt(now));
    Ok(rows.lock_exclusive().one(db).await?)
}

/// The confirmed document of this organization that is attached to this record.
///
/// # Errors
/// When the database fails.
pub async fn attached(tx: &Tx, owner: Uuid, (record, id): (RecordRef, Uuid)) -> Result<Option<document::Model>> {
    let rows = document::Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(owner))
        .filter(Column::RecordKind.eq(record.kind))
        .filter(Column::RecordId.eq(record.id))
        .filter(Column::Status.eq(Status::Confirmed));
    Ok(rows.one(tx).await?)
}

/// The documents of a record, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_record(db: &impl ConnectionTrait, record: RecordRef) -> Result<Vec<document::Model>> {
    let rows = document::Entity::find().filter(Column::RecordKind.eq(record.kind));
    Ok(rows.filter(Column::RecordId.eq(record.id)).order_by_asc(Column::Id).all(db).await?)
}

/// Removes the documents of a record.
///
/// # Errors
/// When the database fails.
pub async fn erase(write: &Write, record: RecordRef) -> Result<u64> {
    let erase = Query::delete()
        .from_table(document::Entity)
        .and_where(Column::RecordKind.eq(record.kind))
        .and_where(Column::RecordId.eq(record.id))
        .take();
    write.execute(&erase).await
}

/// Those of these places in the file store that a document refers to.
///
/// # Errors
/// When the database fails.
pub async fn known_places(db: &impl ConnectionTrait, places: &[String]) -> Result<HashSet<String>> {
    let rows = document::Entity::find().select_only().column(Column::StorageKey);
    let known = rows.filter(Column::StorageKey.is_in(places)).into_tuple::<String>().all(db).await?;
    Ok(known.into_iter().collect())
}
