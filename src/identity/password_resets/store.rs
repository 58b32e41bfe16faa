//! The only place that touches the table of password resets.

use entity::{
    membership,
    password_reset::{self, Column, Entity, Model},
    user,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    error::Result,
    platform::db::{Tx, Write},
};

/// The user with everywhere he or she is or was a member.
///
/// # Errors
/// When the database fails.
pub async fn with_places(db: &impl ConnectionTrait, user: user::Model) -> Result<Facts> {
    let places = membership::Entity::find()
        .select_only()
        .columns([membership::Column::OrganizationId, membership::Column::Role])
        .filter(membership::Column::UserId.eq(user.id))
        .into_tuple()
        .all(db)
        .await?;
    Ok(Facts { user, places })
}

/// The reset with this token.
///
/// # Errors
/// When the database fails.
pub async fn with_token(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::TokenHash.eq(hash)).one(db).await?)
}

/// The user's resets that have not ended.
///
/// # Errors
/// When the database fails.
pub async fn open_of(tx: &Tx, user: Uuid) -> Result<Vec<Model>> {
    let rows = Entity::find().filter(Column::UserId.eq(user)).filter(Column::EndedAt.is_null());
    Ok(rows.order_by_asc(Column::Id).lock_exclusive().all(tx).await?)
}

/// Adds a reset.
///
/// # Errors
/// When the database fails.
pub async fn add(write: &Write, row: password_reset::ActiveModel) -> Result<Model> {
    let row = password_reset::ActiveModel {
        id: Set(write.id()),
        ended_at: Set(None),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..row
    };
    write.insert(row).await
}
