//! The frozen versions of an agreement 协议版本.

use sea_orm::entity::prelude::*;

/// A version: canonical content that never changes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    /// 1 for the first submission.
    pub number: i32,
    /// Canonical JSON.
    pub content: String,
    /// SHA-256 of the content.
    pub content_hash: String,
    pub submitted_by_id: Uuid,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "agreement_version";
}
