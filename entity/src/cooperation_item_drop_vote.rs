//! Which parties agreed to drop an item.

use sea_orm::entity::prelude::*;

/// One party's agreement.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cooperation_item_drop_vote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub item_id: Uuid,
    pub organization_id: Uuid,
    pub voter_id: Uuid,
    /// Why, for the other parties.
    pub reason: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "cooperation_item_drop_vote";
}
