//! Registrations 活动报名: which student comes to which recruitment event, and whether he or she came.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where a registration stands 报名状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegistrationStatus {
    /// A place is held 已报名.
    Registered,
    /// The student came 已签到.
    CheckedIn,
    /// Given up before the event; the place is free again 已取消.
    Cancelled,
    /// The student did not come 缺席.
    NoShow,
    /// The student did not come, and the university accepts why 已请假.
    Excused,
}

/// A step of a registration 报名办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegistrationStep {
    /// Register again after giving it up 重新报名.
    Register,
    /// Record that the student came 签到.
    CheckIn,
    /// Give the place up 取消报名.
    Cancel,
    /// Record that the student did not come; the system does it 记为缺席.
    Miss,
    /// Accept why the student did not come, with a reason 准予请假.
    Excuse,
}

/// A student's registration for an event: one row, whatever came of it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_registration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event_id: Uuid,
    pub student_id: Uuid,
    /// The university for which the student registered.
    pub university_id: Uuid,
    pub status: RegistrationStatus,
    pub status_reason: Option<String>,
    /// The earliest moment at which the student's code was scanned.
    pub checked_in_at: Option<DateTimeUtc>,
    /// What the scanner calls that scan.
    pub scan_client_id: Option<String>,
    pub missed_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "registration";
}
