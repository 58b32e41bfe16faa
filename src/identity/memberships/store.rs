//! The only place that touches the table of memberships.

use std::collections::HashMap;

use entity::{
    membership::{self, Column, Entity, MembershipStatus, Model, Role},
    organization::{self, OrganizationKind},
    user::{self, UserStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Iterable as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};
use uuid::Uuid;

use super::rules::{Facts, admin_of, is_admin, is_platform_admin};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::{Db, Tx},
};

/// Which memberships the actor sees: the own ones, as an admin those of the organization, as the platform's admin all.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if is_platform_admin(actor) {
        return Condition::all();
    }
    let own = Condition::any().add(Column::UserId.eq(actor.user()));
    if is_admin(actor) { own.add(Column::OrganizationId.eq(actor.organization())) } else { own }
}

/// The actor's own memberships in force: what a session can switch to.
#[must_use]
pub fn own_in_force(actor: &Actor) -> Condition {
    Condition::all().add(Column::UserId.eq(actor.user())).add(Column::Status.eq(MembershipStatus::Active))
}

/// The membership with what its rules need, if the actor sees it; it and its organization are locked until the
/// transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = Entity::find_by_id(id).filter(visible_to(actor)).one(tx).await?.ok_or_else(Error::not_found)?;
    let organization = lock_organization(tx, seen.organization_id).await?.ok_or_else(Error::not_found)?;
    let membership = Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or_else(Error::not_found)?;
    let admins = admins(tx, &organization).await?;
    Ok(Facts { membership, kind: organization.kind, admins })
}

/// The facts of many memberships at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let organizations = organization::Entity::find()
        .filter(organization::Column::Id.is_in(rows.iter().map(|row| row.organization_id)))
        .all(db.reader())
        .await?;
    let admins = admins_of(db.reader(), &organizations).await?;
    let facts = rows.into_iter().filter_map(|row| {
        let organization = organizations.iter().find(|organization| organization.id == row.organization_id)?;
        let admins = admins.get(&organization.id).cloned().unwrap_or_default();
        Some((row.id, Facts { membership: row, kind: organization.kind, admins }))
    });
    Ok(facts.collect())
}

/// The organization, locked until the transaction ends: who its admins are cannot change meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn lock_organization(tx: &Tx, id: Uuid) -> Result<Option<organization::Model>> {
    Ok(organization::Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// The users who administer the organization now.
///
/// # Errors
/// When the database fails.
pub async fn admins(db: &impl ConnectionTrait, organization: &organization::Model) -> Result<Vec<Uuid>> {
    let mut admins = admins_of(db, std::slice::from_ref(organization)).await?;
    Ok(admins.remove(&organization.id).unwrap_or_default())
}

async fn admins_of(
    db: &impl ConnectionTrait,
    organizations: &[organization::Model],
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let active = Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::Status.eq(UserStatus::Active))
        .take();
    // An organization has no role that administers another kind, so that any of these roles is the right one.
    let roles = OrganizationKind::iter().map(admin_of);
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::UserId])
        .filter(Column::OrganizationId.is_in(organizations.iter().map(|organization| organization.id)))
        .filter(Column::Role.is_in(roles))
        .filter(Column::Status.eq(MembershipStatus::Active))
        .filter(Column::UserId.in_subquery(active))
        .into_tuple()
        .all(db)
        .await?;
    let mut admins: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (organization, user) in rows {
        admins.entry(organization).or_default().push(user);
    }
    Ok(admins)
}

/// The user's memberships in force, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn in_force(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::Status.eq(MembershipStatus::Active))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

/// The user's membership of this organization in this role, in force or ended; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &Tx, user: Uuid, organization: Uuid, role: Role) -> Result<Option<membership::Model>> {
    Ok(Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Role.eq(role))
        .lock_exclusive()
        .one(tx)
        .await?)
}

/// The membership, if it is in force; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    let row = Entity::find_by_id(id).filter(Column::Status.eq(MembershipStatus::Active));
    Ok(row.lock_exclusive().one(tx).await?)
}

/// The memberships in force of one organization, locked until the transaction ends: first those whose people have, or
/// had, the same role in the other one, then all others.
///
/// # Errors
/// When the database fails.
pub async fn in_force_of(tx: &Tx, organization: Uuid, other: Uuid) -> Result<(Vec<Model>, Vec<Model>)> {
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Status.eq(MembershipStatus::Active))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let there: Vec<(Uuid, Role)> = Entity::find()
        .select_only()
        .columns([Column::UserId, Column::Role])
        .filter(Column::OrganizationId.eq(other))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().partition(|row| there.contains(&(row.user_id, row.role))))
}
