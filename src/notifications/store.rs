//! The only place that touches the table of notifications.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    membership::{self, MembershipStatus, Role},
    notification::{self, Column},
    user::{self, UserStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{OnConflict, Query, SelectStatement, UpdateStatement},
};
use uuid::Uuid;

use super::To;
use crate::{
    auth::Actor,
    error::Result,
    platform::db::{Tx, Write},
};

/// Rows in one statement: databases allow some 32,000 values in one.
const BATCH: usize = 500;

/// Which notifications the actor sees: the own ones, whichever membership the session acts under, but none that came
/// through a membership that has ended.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let in_force = Condition::any()
        .add(Column::OrganizationId.is_null())
        .add(Column::OrganizationId.in_subquery(organizations_of(actor)));
    Condition::all().add(Column::UserId.eq(actor.user())).add(in_force)
}

/// Those of them that are not read yet.
#[must_use]
pub fn unread(actor: &Actor) -> Condition {
    visible_to(actor).add(Column::ReadAt.is_null())
}

fn organizations_of(actor: &Actor) -> SelectStatement {
    Query::select()
        .column(membership::Column::OrganizationId)
        .from(membership::Entity)
        .and_where(membership::Column::UserId.eq(actor.user()))
        .and_where(membership::Column::Status.eq(MembershipStatus::Active))
        .take()
}

/// Somebody who gets a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The person.
    pub user: Uuid,
    /// The organization for which they get it.
    pub organization: Option<Uuid>,
}

/// Everyone a notice goes to, each once: people who may sign in, through memberships in force.
///
/// # Errors
/// When the database fails.
pub async fn recipients(tx: &Tx, to: &To) -> Result<Vec<Recipient>> {
    let found = match to {
        To::Members { organizations, roles } => members(tx, organizations, roles).await?,
        To::People(people) => alone(tx, people).await?,
        To::MembersAnd { organizations, roles, people } => {
            // Whoever is told for an organization need not be told alone.
            let mut found = alone(tx, people).await?;
            found.extend(members(tx, organizations, roles).await?);
            found
        }
    };
    // Somebody who speaks for two of the organizations is told once.
    let each: BTreeMap<Uuid, Option<Uuid>> = found.into_iter().collect();
    Ok(each.into_iter().map(|(user, organization)| Recipient { user, organization }).collect())
}

async fn members(tx: &Tx, organizations: &[Uuid], roles: &[Role]) -> Result<Vec<(Uuid, Option<Uuid>)>> {
    let rows = membership::Entity::find()
        .select_only()
        .columns([membership::Column::UserId, membership::Column::OrganizationId])
        .filter(membership::Column::OrganizationId.is_in(organizations.iter().copied()))
        .filter(membership::Column::Role.is_in(roles.iter().copied()))
        .filter(membership::Column::Status.eq(MembershipStatus::Active))
        .filter(membership::Column::UserId.in_subquery(active_users()))
        .order_by_desc(membership::Column::OrganizationId);
    Ok(rows.into_tuple().all(tx).await?)
}

async fn alone(tx: &Tx, people: &[Uuid]) -> Result<Vec<(Uuid, Option<Uuid>)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Id.is_in(people.iter().copied()))
        .filter(user::Column::Status.eq(UserStatus::Active));
    Ok(rows.into_tuple::<Uuid>().all(tx).await?.into_iter().map(|user| (user, None)).collect())
}

fn active_users() -> SelectStatement {
    Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::Status.eq(UserStatus::Active))
        .take()
}

/// Writes notifications down; what somebody was told under the same word before is left out.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &Write, rows: Vec<notification::Model>) -> Result<()> {
    for batch in rows.chunks(BATCH) {
        let rows = batch.iter().map(|row| row.clone().into_active_model());
        let known = OnConflict::columns([Column::UserId, Column::Once]).do_nothing().to_owned();
        write.later::<notification::Entity>(Insert::many(rows).on_conflict(known).into_query()).await?;
    }
    Ok(())
}

/// How many of these are the actor's.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait, actor: &Actor, ids: &[Uuid]) -> Result<u64> {
    let rows = notification::Entity::find().filter(visible_to(actor)).filter(Column::Id.is_in(ids.iter().copied()));
    how_many(db, rows.select_only().column_as(Column::Id.count(), "count")).await
}

/// How many are not read yet.
///
/// # Errors
/// When the database fails.
pub async fn count_unread(db: &impl ConnectionTrait, actor: &Actor) -> Result<u64> {
    let rows = notification::Entity::find().filter(unread(actor));
    how_many(db, rows.select_only().column_as(Column::Id.count(), "count")).await
}

async fn how_many(db: &impl ConnectionTrait, rows: sea_orm::Select<notification::Entity>) -> Result<u64> {
    let count: Option<i64> = rows.into_tuple().one(db).await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// Marks these as read; says how many were not.
///
/// # Errors
/// When the database fails.
pub async fn mark_read(write: &Write, actor: &Actor, ids: &[Uuid]) -> Result<u64> {
    let mut update = read_now(write, actor);
    write.execute(update.and_where(Column::Id.is_in(ids.iter().copied()))).await
}

/// Marks what came until then as read; says how many were not.
///
/// # Errors
/// When the database fails.
pub async fn mark_read_until(write: &Write, actor: &Actor, until: DateTime<Utc>) -> Result<u64> {
    let mut update = read_now(write, actor);
    write.execute(update.and_where(Column::CreatedAt.lte(until))).await
}

fn read_now(write: &Write, actor: &Actor) -> UpdateStatement {
    Query::update().table(notification::Entity).value(Column::ReadAt, write.now()).cond_where(unread(actor)).take()
}

/// Whose notifications came after a moment: their keys, owners and times.
///
/// # Errors
/// When the database fails.
pub async fn since(
    db: &impl ConnectionTrait,
    moment: DateTime<Utc>,
    rule: Condition,
) -> Result<Vec<(Uuid, Uuid, DateTime<Utc>)>> {
    let rows = notification::Entity::find()
        .select_only()
        .columns([Column::Id, Column::UserId, Column::CreatedAt])
        .filter(Column::CreatedAt.gt(moment))
        .filter(rule)
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    Ok(rows.into_tuple().all(db).await?)
}

/// How many notifications were given for this organization.
///
/// # Errors
/// When the database fails.
pub async fn count_for(tx: &Tx, organization: Uuid) -> Result<usize> {
    let rows = notification::Entity::find().filter(Column::OrganizationId.eq(organization));
    Ok(usize::try_from(rows.count(tx).await?).unwrap_or(usize::MAX))
}

/// What was given for one organization is given for another.
///
/// # Errors
/// When the database fails.
pub async fn readdress(write: &Write, from: Uuid, into: Uuid) -> Result<()> {
    let mut update = Query::update();
    update.table(notification::Entity).value(Column::OrganizationId, into).and_where(Column::OrganizationId.eq(from));
    write.execute(&update).await.map(drop)
}
