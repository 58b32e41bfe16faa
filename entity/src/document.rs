//! Documents 文件: scans and attachments, by reference.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where an upload stands 文件状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentStatus {
    /// The address is given, the bytes are not there 待上传.
    AwaitingBytes,
    /// The bytes are there 已上传.
    Uploaded,
    /// Attached to its record 已确认.
    Confirmed,
}

/// A step of an upload 文件办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentStep {
    /// Send the bytes to the address that was given; whoever holds it does it 上传.
    Receive,
    /// Say that it is the right file, which attaches it to its record 确认.
    Confirm,
}

/// A document.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose document it is.
    pub organization_id: Uuid,
    pub uploaded_by_id: Uuid,
    pub record_kind: String,
    /// The record that it is attached to.
    pub record_id: Uuid,
    pub name: String,
    /// What was announced, until the bytes are there; then what they are, by content, never by name.
    pub media_type: Option<String>,
    pub bytes: Option<i64>,
    pub sha256: Option<String>,
    /// Where the file store keeps it; empty until the bytes are there.
    pub storage_key: String,
    pub status: DocumentStatus,
    /// SHA-256 of the token in the upload address; gone once it was used.
    pub upload_token_hash: Option<String>,
    pub upload_expires_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "document";
}
