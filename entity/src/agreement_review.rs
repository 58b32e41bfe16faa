//! What the parties said of a version 会审意见.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What a party decided 会审结论.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReviewDecision {
    /// Approves the text 同意.
    Approved,
    /// Wants it revised 退回修改.
    Returned,
    /// Refuses it 否决.
    Rejected,
}

/// One party's decision on one version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    pub version_id: Uuid,
    pub organization_id: Uuid,
    pub reviewer_id: Uuid,
    /// In whose stead, under a delegation.
    pub on_behalf_of_id: Option<Uuid>,
    pub decision: ReviewDecision,
    /// For the own organization when approving; for all when returning or rejecting.
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "agreement_review";
}
