//! Who or what is held by interviews at which five minutes: nobody and no room twice, by this table's key.

use sea_orm::entity::prelude::*;

/// Five minutes of a person or a room.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interview_hold")]
pub struct Model {
    /// A person's key, or that of the event or enterprise with the room's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub held: String,
    /// Which five minutes, counted from 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tick: i64,
    pub session_id: Uuid,
    /// For a student: under which booking.
    pub booking_id: Option<Uuid>,
    /// For a student to whom a place is offered: under which place in the waiting list.
    pub wait_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
