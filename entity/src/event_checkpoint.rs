//! Checkpoints of the event log: one hash over everything up to a place.

use sea_orm::entity::prelude::*;

/// A checkpoint.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_checkpoint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    /// The last event that it covers.
    pub position: i64,
    pub ordinal: i32,
    /// How many events there are up to it, from the very first.
    pub events: i64,
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
