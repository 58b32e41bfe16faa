//! Signatures 签署记录.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What shows that a party signed 签署凭据. A click in the platform is not a reliable electronic signature in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignatureEvidence {
    /// A click in the platform: a record, not a reliable electronic signature 平台确认.
    Platform,
    /// A scan of the signature in ink; a second person confirms it 手写签名扫描件.
    WetInkScan,
    /// A scan of the seal; a second person confirms it 盖章扫描件.
    SealScan,
    /// A reliable electronic signature of a certification authority 可靠电子签名.
    CaEsign,
}

/// One party's signature under one version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_signature")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    pub version_id: Uuid,
    pub organization_id: Uuid,
    pub signer_id: Uuid,
    /// In whose stead, under a delegation.
    pub on_behalf_of_id: Option<Uuid>,
    /// What was signed.
    pub content_hash: String,
    pub evidence: SignatureEvidence,
    /// The scan.
    pub document_id: Option<Uuid>,
    pub signed_at: DateTimeUtc,
    /// The second person who compared a scan with the text.
    pub confirmed_by_id: Option<Uuid>,
    pub confirmed_at: Option<DateTimeUtc>,
    /// When the text was withdrawn for revision.
    pub voided_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "agreement_signature";
}
