//! Identities 外部身份: which user somebody at an issuer is.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where an identity stands 外部身份状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdentityStatus {
    /// Waits for the first token with the allowed e-mail address 待绑定.
    Pending,
    /// Belongs to one subject of the issuer; the address counts no more 已绑定.
    Bound,
    /// Taken back 已撤销.
    Revoked,
}

/// A step of an identity 外部身份办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdentityStep {
    /// Belong to the subject of the first token with the allowed address 绑定.
    Bind,
    /// Take it back, and end every session that was opened by it 撤销.
    Revoke,
}

/// Which user somebody at an issuer is.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub issuer_id: Uuid,
    pub user_id: Uuid,
    /// The address that an admin allowed; lower case.
    pub email: String,
    /// `sub`, once it is bound.
    pub subject: Option<String>,
    pub status: IdentityStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "identity";
}
