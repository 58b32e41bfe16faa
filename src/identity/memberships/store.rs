//! The only place that touches the table of memberships.

use entity::{
    membership::{self, Column, Entity, MembershipStatus, Model, Role},
    organization,
    user::{self, UserStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use super::rules::{Facts, admin_of, is_admin, is_platform_admin};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::Tx,
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
    let active = Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::Status.eq(UserStatus::Active))
        .take();
    Ok(Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::OrganizationId.eq(organization.id))
        .filter(Column::Role.eq(admin_of(organization.kind)))
        .filter(Column::Status.eq(MembershipStatus::Active))
        .filter(Column::UserId.in_subquery(active))
        .into_tuple()
        .all(db)
        .await?)
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
