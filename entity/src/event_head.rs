//! The last link of each record's chain of events.

use sea_orm::entity::prelude::*;

/// Length and last hash of one record's chain.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_head")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    pub record_kind: String,
    pub length: i32,
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
