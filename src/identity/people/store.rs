//! The only place that touches the table of users.

use entity::{
    membership,
    user::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Query};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::memberships::rules::{is_admin, is_platform_admin},
    platform::db::Tx,
};

/// Which users the actor sees: oneself, as an admin the organization's people, as the platform's admin all.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if is_platform_admin(actor) { Condition::all() } else { contacts_visible_to(actor) }
}

/// Whose e-mail address and telephone the actor sees: oneself, as an admin the organization's people.
#[must_use]
pub fn contacts_visible_to(actor: &Actor) -> Condition {
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

/// The user with what the rules need, if the actor sees him or her; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    let user = row.ok_or_else(Error::not_found)?;
    let organizations = membership::Entity::find()
        .select_only()
        .column(membership::Column::OrganizationId)
        .filter(membership::Column::UserId.eq(id))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(Facts { user, organizations })
}

/// Who signs in with this login.
///
/// # Errors
/// When the database fails.
pub async fn with_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Login.eq(login)).one(db).await?)
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
