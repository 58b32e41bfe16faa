//! Swaps of interview slots 换时段: a student who would rather have somebody's place in another slot of the session.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where a request to change places stands 换时段状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewSwapStatus {
    /// Whoever has a place in the wanted slot may accept 待接受.
    Requested,
    /// Somebody has; both places have changed hands 已互换.
    Accepted,
    /// The student would rather stay 已撤回.
    Withdrawn,
    /// Nobody accepted before the first of the two slots began 已逾期.
    Lapsed,
    /// There is nothing to change any more: a place was given up or moved, or nobody is left in the wanted slot 已关闭.
    Closed,
}

/// A step of a request to change places 换时段办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InterviewSwapStep {
    /// Change places with whoever asks 接受互换.
    Accept,
    /// Rather stay 撤回.
    Withdraw,
    /// The first of the two slots begins; the system does it 逾期.
    Lapse,
    /// There is nothing to change any more; the system does it 关闭.
    Close,
}

/// A request to change places.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interview_swap")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub session_id: Uuid,
    /// Whose place is given for the wanted one.
    pub booking_id: Uuid,
    /// The enterprise, as in the session.
    pub organization_id: Uuid,
    /// The event, as in the session.
    pub event_id: Option<Uuid>,
    /// The student, as in the booking.
    pub student_id: Uuid,
    /// The student's university, as in the booking.
    pub university_id: Uuid,
    /// The slot that is given.
    pub offered_id: Uuid,
    /// The slot that is wanted.
    pub wanted_id: Uuid,
    /// When the first of the two begins.
    pub accept_by: DateTimeUtc,
    pub status: InterviewSwapStatus,
    /// Who has accepted, and with which booking.
    pub accepted_by_id: Option<Uuid>,
    pub accepted_booking_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "interview_swap";
}
