//! Documents that frontends registered, which clients name by their hash.

use sea_orm::entity::prelude::*;

/// One document.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registered_document")]
pub struct Model {
    /// SHA-256 of the text, 64 lower-case hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: String,
    pub text: String,
    pub registered_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
