//! Sessions 会话: one sign-in of one person on one device, acting under one membership at a time.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Why a session ended 会话结束原因.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionEnd {
    /// The person signed out 已退出.
    SignedOut,
    /// A refresh token was used a second time: it may have been stolen 刷新令牌被重复使用.
    Replayed,
    /// Ended from another session, by a new password, or because the user was disabled 已撤销.
    Revoked,
    /// Not used for too long 已过期.
    Expired,
}

/// A session: the family of its refresh tokens.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// Under which membership it acts now.
    pub membership_id: Uuid,
    /// What the frontend calls itself; empty when it did not say.
    pub client: String,
    pub created_at: DateTimeUtc,
    pub last_used_at: DateTimeUtc,
    /// When it ends unless it is used before.
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub end_reason: Option<SessionEnd>,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "session";
}
