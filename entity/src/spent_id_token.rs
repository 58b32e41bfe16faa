//! ID tokens that were exchanged, until they expire: each is good for one session.

use sea_orm::entity::prelude::*;

/// An ID token that was exchanged.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spent_id_token")]
pub struct Model {
    /// SHA-256 of what its issuer signed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
