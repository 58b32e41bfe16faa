//! The versions of a résumé 简历版本. One is never changed; erasing removes it.

use sea_orm::entity::prelude::*;

/// A version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resume_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub resume_id: Uuid,
    /// 1 for the first that was saved.
    pub number: i32,
    /// Canonical JSON, without the contact data.
    pub content: String,
    /// SHA-256 of the content. The contact data is not in it: few digits are soon guessed from a hash.
    pub content_hash: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// The file that goes with it.
    pub document_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "resume_version";
}
