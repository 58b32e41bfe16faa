//! Finding the organizations that whoever runs the server speaks of.

use entity::organization::{Column, Entity, Model, OrganizationKind};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    error::Result,
    platform::{id::Id, input::fold},
};

/// The platform's organization.
///
/// # Errors
/// When the database fails.
pub async fn platform(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Kind.eq(OrganizationKind::Platform)).one(db).await?)
}

/// An organization by its id or its credit code.
///
/// # Errors
/// When the database fails.
pub async fn organization(db: &impl ConnectionTrait, text: &str) -> Result<Option<Model>> {
    let query = match Id::<Entity>::read(text.trim()) {
        Some(id) => Entity::find_by_id(id.key()),
        None => Entity::find().filter(Column::CreditCode.eq(fold(text))),
    };
    Ok(query.one(db).await?)
}
