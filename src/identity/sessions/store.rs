//! The only place that touches the tables of sessions and refresh tokens.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    refresh_token,
    session::{self, Column, Entity, Model, SessionEnd},
};
use sea_orm::{
    ActiveEnum as _, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::{Tx, Write},
};

/// Which sessions the actor sees: the own ones.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    Condition::all().add(Column::UserId.eq(actor.user()))
}

/// Where the actor is signed in.
#[must_use]
pub fn open(actor: &Actor) -> Condition {
    visible_to(actor).add(Column::EndedAt.is_null())
}

/// The session, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    row.map(|session| Facts { session }).ok_or_else(Error::not_found)
}

/// The session that a refresh token belongs to, locked until the transaction ends, and the token as it is then.
///
/// # Errors
/// When the database fails.
pub async fn family(tx: &Tx, hash: &str) -> Result<Option<(Model, refresh_token::Model)>> {
    let token = || refresh_token::Entity::find_by_id(hash.to_owned());
    let Some(known) = token().one(tx).await? else { return Ok(None) };
    let Some(session) = Entity::find_by_id(known.session_id).lock_exclusive().one(tx).await? else { return Ok(None) };
    // Whoever held the lock before may have spent it.
    Ok(token().one(tx).await?.map(|token| (session, token)))
}

/// The membership under which the user acted last.
///
/// # Errors
/// When the database fails.
pub async fn last_membership(db: &impl ConnectionTrait, user: Uuid) -> Result<Option<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::MembershipId)
        .filter(Column::UserId.eq(user))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?)
}

/// Adds a refresh token to a session.
///
/// # Errors
/// When the database fails.
pub async fn add_token(write: &Write, session: Uuid, hash: &str) -> Result<()> {
    let row = refresh_token::ActiveModel {
        hash: Set(hash.to_owned()),
        session_id: Set(session),
        issued_at: Set(write.now()),
        spent_at: Set(None),
    };
    write.insert(row).await.map(drop)
}

/// Spends a refresh token.
///
/// # Errors
/// When the database fails.
pub async fn spend(write: &Write, hash: &str) -> Result<()> {
    let row = refresh_token::ActiveModel {
        hash: Set(hash.to_owned()),
        spent_at: Set(Some(write.now())),
        ..Default::default()
    };
    write.update(row).await.map(drop)
}

/// The session was used: it lives for `days` more, from now on.
///
/// # Errors
/// When the database fails.
pub async fn touch(write: &Write, session: Uuid, days: u32) -> Result<()> {
    let row = session::ActiveModel {
        id: Set(session),
        last_used_at: Set(write.now()),
        expires_at: Set(write.now() + TimeDelta::days(days.into())),
        ..Default::default()
    };
    write.update(row).await.map(drop)
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn end(write: &Write, session: Uuid, reason: SessionEnd) -> Result<()> {
    end_where(write, reason, Condition::all().add(Column::Id.eq(session))).await
}

/// The user's sessions that have not ended, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn open_of(tx: &Tx, user: Uuid) -> Result<Vec<Uuid>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Ends the sessions that have not been used for too long.
///
/// # Errors
/// When the database fails.
pub async fn expire(write: &Write) -> Result<()> {
    end_where(write, SessionEnd::Expired, Condition::all().add(Column::ExpiresAt.lte(write.now()))).await
}

async fn end_where(write: &Write, reason: SessionEnd, which: Condition) -> Result<()> {
    let mut update = Query::update();
    update
        .table(Entity)
        .value(Column::EndedAt, write.now())
        .value(Column::EndReason, reason.to_value())
        .cond_where(which.add(Column::EndedAt.is_null()));
    write.execute(&update).await.map(drop)
}

/// Removes the refresh tokens of sessions that ended before `since`.
///
/// # Errors
/// When the database fails.
pub async fn forget_tokens(write: &Write, since: DateTime<Utc>) -> Result<()> {
    let ended = Query::select().column(Column::Id).from(Entity).and_where(Column::EndedAt.lt(since)).take();
    let mut delete = Query::delete();
    delete.from_table(refresh_token::Entity).and_where(refresh_token::Column::SessionId.in_subquery(ended));
    write.execute(&delete).await.map(drop)
}
