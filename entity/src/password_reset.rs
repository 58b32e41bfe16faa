//! Password resets 重置密码: a token with which somebody chooses another password.

use sea_orm::entity::prelude::*;

/// A password reset; open until it is used, taken back or replaced.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_reset")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// SHA-256 of the token, which only the person has.
    pub token_hash: String,
    /// Nobody when whoever runs the server made it.
    pub issued_by_id: Option<Uuid>,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "password_reset";
}
