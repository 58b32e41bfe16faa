//! Exhibitors 参展企业: which enterprise has a booth at which recruitment event.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where an enterprise's booth stands 参展状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[graphql(name = "EventExhibitorStatus")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExhibitorStatus {
    /// The enterprise asks for a booth 已申请.
    Requested,
    /// The organizer offers a booth 已邀请.
    Invited,
    /// It has a booth 已确认.
    Confirmed,
    /// The other side said no, with a reason 已谢绝.
    Declined,
    /// Taken back, with a reason 已撤回.
    Withdrawn,
}

/// A step of an enterprise's booth 参展办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[graphql(name = "EventExhibitorStep")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExhibitorStep {
    /// Ask for a booth, again 申请展位.
    Request,
    /// Offer a booth, after all 邀请参展.
    Invite,
    /// Give the booth that was asked for 确认展位.
    Confirm,
    /// Take the booth that was offered 接受邀请.
    Accept,
    /// Say no, with a reason 谢绝.
    Decline,
    /// Take it back, with a reason 撤回.
    Withdraw,
}

/// An enterprise at an event: one row, whatever came of it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_exhibitor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event_id: Uuid,
    /// The enterprise.
    pub organization_id: Uuid,
    /// What stands on the booth: "A12".
    pub booth: Option<String>,
    pub status: ExhibitorStatus,
    pub status_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "event_exhibitor";
}
