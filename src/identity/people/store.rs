//! The only place that touches the table of users.

use std::collections::HashMap;

use entity::{
    event,
    membership::{self, Role},
    user::{Column, Entity, Model},
};
use sea_orm::{
    ActiveEnum as _, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::memberships::rules::{is_admin, is_platform_admin},
    platform::db::{Db, Tx},
};

/// Which users the actor sees: oneself, as an admin the organization's people, as the platform's admin all.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if is_platform_admin(actor) {
        return Condition::all();
    }
    let oneself = Condition::any().add(Column::Id.eq(actor.user()));
    if !is_admin(actor) {
        return oneself;
    }
    let people = Query::select()
        .column(membership::Column::UserId)
        .from(membership::Entity)
        .and_where(membership::Column::OrganizationId.eq(actor.organization()))
        .take();
    oneself.add(Column::Id.in_subquery(people))
}

/// What of a user's history the actor reads: all of the own, as the platform's admin all; as an organization's admin what
/// was done for it, for the platform or by the system. What somebody does for another organization, or as a student of a
/// university, is not this one's.
#[must_use]
pub fn history_visible_to(actor: &Actor) -> Condition {
    use event::Column as Event;
    if is_platform_admin(actor) {
        return Condition::all();
    }
    Condition::any()
        .add(Event::RecordId.eq(actor.user()))
        .add(Event::OrganizationId.eq(actor.organization()))
        .add(Event::Role.is_null())
        .add(Event::Role.eq(Role::PlatformAdmin.to_value()))
}

/// Somebody named in a record is seen with it, by name only. Nothing leads to a `Person` but such records: there is no
/// query for it and `node` does not find it.
#[must_use]
pub fn named_in_a_record(_: &Actor) -> Condition {
    Condition::all()
}

/// The user with what the rules need, if the actor sees him or her; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    let user = row.ok_or_else(Error::not_found)?;
    let organizations = organizations_of(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Facts { user, organizations })
}

/// The facts of many users at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let mut organizations = organizations_of(db.reader(), ids).await?;
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let facts = rows.into_iter().map(|row| {
        let organizations = organizations.remove(&row.id).unwrap_or_default();
        (row.id, Facts { user: row, organizations })
    });
    Ok(facts.collect())
}

async fn organizations_of(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let rows: Vec<(Uuid, Uuid)> = membership::Entity::find()
        .select_only()
        .columns([membership::Column::UserId, membership::Column::OrganizationId])
        .filter(membership::Column::UserId.is_in(users.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let mut organizations: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (user, organization) in rows {
        organizations.entry(user).or_default().push(organization);
    }
    Ok(organizations)
}

/// Who signs in with this login.
///
/// # Errors
/// When the database fails.
pub async fn with_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Login.eq(login)).one(db).await?)
}

/// What this user types to sign in.
///
/// # Errors
/// When the database fails.
pub async fn login_of(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>> {
    Ok(Entity::find_by_id(id).select_only().column(Column::Login).into_tuple().one(db).await?)
}

/// The user as he or she is now; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// The user, if the actor sees him or her.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(visible_to(actor)).one(db).await?)
}
