//! What the parties decided on an amendment.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Approval or signature 决定类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AmendmentDecisionKind {
    /// Approved the text 同意.
    Approval,
    /// Signed it 签署.
    Signature,
}

/// One party's decision.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "amendment_decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub amendment_id: Uuid,
    pub kind: AmendmentDecisionKind,
    pub organization_id: Uuid,
    pub decided_by_id: Uuid,
    /// What was approved or signed.
    pub content_hash: String,
    /// What shows a signature.
    pub evidence: Option<crate::agreement_signature::SignatureEvidence>,
    /// The scan.
    pub document_id: Option<Uuid>,
    /// The second person who compared a scan with the text.
    pub confirmed_by_id: Option<Uuid>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "amendment_decision";
}
