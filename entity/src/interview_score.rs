//! Scorecards 面试评分: what the enterprise notes of a skill in an interview.

use sea_orm::entity::prelude::*;

/// One skill of one booking.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interview_score")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub booking_id: Uuid,
    /// The place in the list, from 0.
    pub place: i32,
    pub skill: String,
    /// 1 to 5.
    pub score: i32,
    pub note: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "interview_score";
}
