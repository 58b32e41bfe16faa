//! Addresses from which a user has signed in: others' failures do not lock the user out there.

use sea_orm::entity::prelude::*;

/// A user and an address.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_address")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// A pseudonym of the address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    pub last_used_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
