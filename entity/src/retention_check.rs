//! Retention checks 留任核查: is somebody still there after three, six and twelve months?

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where a check stands 核查状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RetentionStatus {
    /// One side or both have not answered 待确认.
    Open,
    /// Both say: still there 在岗.
    Retained,
    /// Both say: no longer there 已离职.
    Left,
    /// The two say different things; the university finds out 说法不一.
    Disputed,
}

/// A step of a check 核查步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RetentionStep {
    /// Both said: still there 确认在岗.
    ConfirmRetained,
    /// Both said: no longer there 确认离职.
    ConfirmLeft,
    /// The two said different things 提出异议.
    Dispute,
}

/// A check.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub record_id: Uuid,
    /// After 3, 6 or 12 months.
    pub months: i32,
    pub due_on: Date,
    pub status: RetentionStatus,
    /// What the employer says; nothing until it does.
    pub employer_says: Option<bool>,
    pub employer_at: Option<DateTimeUtc>,
    /// What the graduate says.
    pub graduate_says: Option<bool>,
    pub graduate_at: Option<DateTimeUtc>,
    /// What the university found out, when the two said different things.
    pub note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "retention_check";
}
