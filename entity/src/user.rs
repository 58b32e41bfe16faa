//! Users 用户: people who sign in.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Whether a user may sign in 用户状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserStatus {
    /// May sign in 正常.
    Active,
    /// May not sign in; open sessions ended 已停用.
    Disabled,
}

/// A step of a user 用户办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserStep {
    /// Bar from signing in, and end all sessions at once 停用.
    Disable,
    /// Let sign in again 启用.
    Enable,
}

/// A user.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What the person types to sign in; lower case; unique.
    #[sea_orm(unique)]
    pub login: String,
    pub display_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// argon2id in PHC form.
    pub password_hash: Option<String>,
    /// `zh-CN` or `en`.
    pub locale: String,
    pub status: UserStatus,
    /// Rises when every session of the user must end.
    pub session_epoch: i32,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "user";
}
