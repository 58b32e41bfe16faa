//! Interview slots 面试时段: the parts of a session, each for one student or a group.

use sea_orm::entity::prelude::*;

/// A slot.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interview_slot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub session_id: Uuid,
    pub begins_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    /// How many students it takes.
    pub size: i32,
    /// How many places are held; a CHECK keeps it within the size.
    pub taken: i32,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "interview_slot";
}
