//! Interview sessions 面试场次: when and where an enterprise interviews students.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where a session stands 场次状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewSessionStatus {
    /// Students book its slots 可预约.
    Open,
    /// Takes no more bookings; those there are stand 已截止.
    Closed,
    /// Called off, with a reason, and its bookings with it 已取消.
    Cancelled,
}

/// A step of a session 场次办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewSessionStep {
    /// Let it last longer, with more slots 延长场次.
    Extend,
    /// Take no more bookings 截止预约.
    Close,
    /// Call it off, with a reason 取消.
    Cancel,
}

/// A session.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interview_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The enterprise that interviews.
    pub organization_id: Uuid,
    /// The event at which it does; none: on site at the enterprise.
    pub event_id: Option<Uuid>,
    pub author_id: Uuid,
    pub place: String,
    pub room: String,
    pub starts_at: DateTimeUtc,
    /// The end of its last slot.
    pub ends_at: DateTimeUtc,
    pub slot_minutes: i32,
    /// Between two slots; it belongs to the slot before.
    pub buffer_minutes: i32,
    /// How many students a slot takes.
    pub group_size: i32,
    pub status: InterviewSessionStatus,
    pub status_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "interview_session";
}
