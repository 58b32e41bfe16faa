//! Majors that a position asks for 岗位专业要求.

use sea_orm::entity::prelude::*;

/// One major of one position.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "position_major")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub position_id: Uuid,
    /// Its place in the list, from 0.
    pub place: i32,
    /// Six digits and perhaps T, K or TK.
    pub code: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "position_major";
}
