//! Delegations 授权委托: who may decide in somebody else's stead, on what, and for how long.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What may be decided in somebody's stead 委托事项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DelegationScope {
    /// Approve, return or reject agreements under review 协议会审.
    ReviewAgreements,
    /// Sign agreements 协议签署.
    SignAgreements,
}

/// Whether a delegation was taken back 委托状态. In force it is only between its first and its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DelegationStatus {
    /// Given 有效.
    Granted,
    /// Taken back before its last day 已撤销.
    Revoked,
}

/// A step of a delegation 委托办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DelegationStep {
    /// Take it back; what was decided under it stays 撤销.
    Revoke,
}

/// A delegation within one organization.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// In whose stead.
    pub delegator_id: Uuid,
    /// Who decides.
    pub deputy_id: Uuid,
    pub scope: DelegationScope,
    pub starts_on: Date,
    pub ends_on: Date,
    pub status: DelegationStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "delegation";
}
