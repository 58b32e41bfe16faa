//! Refusals 越权记录: who was told that they may not do something that they can see.

use sea_orm::entity::prelude::*;

/// A refusal.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_denial")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub user_id: Uuid,
    pub organization_id: Uuid,
    pub role: crate::membership::Role,
    /// `agreement.approve`.
    pub action: String,
    pub record_kind: String,
    pub record_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
