//! Interview bookings 面试预约: a student's place in a slot.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where a booking stands 预约状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewBookingStatus {
    /// The place is held 已预约.
    Confirmed,
    /// The student is there 已签到.
    CheckedIn,
    /// The interview took place 已完成.
    Done,
    /// Given up in time, or called off; the place is free again 已取消.
    Cancelled,
    /// Given up shortly before it began; the place is free again 临近取消.
    LateCancelled,
    /// The student did not come 缺席.
    NoShow,
    /// The university accepts why 已请假.
    Excused,
}

/// A step of a booking 预约办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewBookingStep {
    /// Record that the student is there 签到.
    CheckIn,
    /// Record that the interview took place 登记完成.
    Finish,
    /// Have a place in another slot of the session instead 改约.
    Move,
    /// Give the place up in time 取消预约.
    Cancel,
    /// Give the place up shortly before it begins 临近取消.
    CancelLate,
    /// The session was called off, or the application ended; the system does it 场次取消.
    CallOff,
    /// Record that the student did not come 登记缺席.
    Miss,
    /// Accept why, with a reason 准予请假.
    Excuse,
}

/// A booking.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interview_booking")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slot_id: Uuid,
    /// The slot's session.
    pub session_id: Uuid,
    pub application_id: Uuid,
    /// The enterprise, as in the session.
    pub organization_id: Uuid,
    /// The event, as in the session.
    pub event_id: Option<Uuid>,
    /// The student, as in the application.
    pub student_id: Uuid,
    /// The student's university, as in the application.
    pub university_id: Uuid,
    /// When the slot begins and ends.
    pub begins_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    /// From when on giving it up is late.
    pub late_from: DateTimeUtc,
    pub status: InterviewBookingStatus,
    pub status_reason: Option<String>,
    pub checked_in_at: Option<DateTimeUtc>,
    /// A question about technology that came up, for the enterprise alone.
    pub technology_question: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "interview_booking";
}
