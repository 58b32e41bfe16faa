//! Issuers 身份提供方: the OpenID providers of organizations, whose ID tokens their people sign in with.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Whether people can sign in by an issuer 身份提供方状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssuerStatus {
    /// Its tokens are taken 启用.
    Active,
    /// Its tokens are refused; sessions that were opened by them ended 已停用.
    Disabled,
}

/// A step of an issuer 身份提供方办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssuerStep {
    /// Refuse its tokens, and end every session that was opened by them 停用.
    Disable,
    /// Take its tokens again 启用.
    Enable,
}

/// An OpenID provider of an organization.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issuer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// What the button says.
    pub name: String,
    /// `iss`, exactly as its tokens have it.
    pub url: String,
    /// `aud`: what the issuer calls this installation.
    pub client_id: String,
    pub status: IssuerStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "issuer";
}
