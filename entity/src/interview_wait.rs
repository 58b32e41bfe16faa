//! Waiting lists 候补: who waits for a place in an interview session.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where whoever waits stands 候补状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewWaitStatus {
    /// In the list 候补中.
    Waiting,
    /// A place is kept, to be accepted in time 待确认.
    Offered,
    /// The place was accepted and is booked 已接受.
    Accepted,
    /// The place was not wanted; the next one is asked 已放弃.
    Declined,
    /// Nobody answered in time; the next one is asked 已逾期.
    Lapsed,
    /// The student waits no longer 已退出.
    Left,
    /// Ended by the session, or because the application goes on without it 已关闭.
    Closed,
}

/// A step of whoever waits 候补办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewWaitStep {
    /// Keep a place that became free; the system does it 保留名额.
    Offer,
    /// Take the place that is kept 接受.
    Accept,
    /// Let the next one have the place that is kept 放弃.
    Decline,
    /// Wait no longer 退出候补.
    Leave,
    /// The time to accept is over; the system does it 逾期.
    Lapse,
    /// The session takes nobody any more, or the application goes on without it; the system does it 关闭.
    Close,
}

/// A place in a waiting list.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interview_wait")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
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
    /// In which order they came, from 1 on in each session.
    pub number: i32,
    /// For how many minutes a place is kept.
    pub minutes: i32,
    pub status: InterviewWaitStatus,
    /// The slot in which a place is, or was, kept.
    pub slot_id: Option<Uuid>,
    pub offered_at: Option<DateTimeUtc>,
    /// Until when the place is kept.
    pub accept_by: Option<DateTimeUtc>,
    /// The booking, once the place was accepted.
    pub booking_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "interview_wait";
}
