//! Cooperation items 合作事项: what has been promised, by whom and by when.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where an item stands 事项状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemStatus {
    /// Not begun 未启动.
    Planned,
    /// Being worked on 推进中.
    InProgress,
    /// Done, says the responsible side; another party looks 待验收.
    Submitted,
    /// Accepted by another party 已完成.
    Accepted,
    /// Sent back with a reason 退回.
    Returned,
    /// A new date, with a reason 延期.
    Deferred,
    /// The agreement ended before it was done 失效.
    Lapsed,
    /// Given up by all parties 取消.
    Dropped,
}

/// A step of an item 事项办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemStep {
    /// Begin to work on it 启动.
    Start,
    /// Report it done, with the figure reached 提交验收.
    Submit,
    /// Accept it, as another party 验收通过.
    Accept,
    /// Send it back with a reason 退回.
    Return,
    /// Set a new date, with a reason 延期.
    Defer,
    /// Give it up; all parties must agree 取消.
    Drop,
    /// Its agreement ended; the system does it 失效.
    Lapse,
}

/// An item.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cooperation_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    pub title: String,
    /// The organization that does it.
    pub responsible_id: Uuid,
    pub responsible_user_id: Option<Uuid>,
    pub due_on: Date,
    /// The day that was first promised; a deferral does not change it.
    pub first_due_on: Date,
    /// What is counted: "trainees".
    pub measure: Option<String>,
    pub target: Option<i64>,
    pub actual: Option<i64>,
    pub status: ItemStatus,
    pub status_reason: Option<String>,
    /// The person who reported it done.
    pub submitted_by_id: Option<Uuid>,
    pub submitted_at: Option<DateTimeUtc>,
    /// The other party that accepted it.
    pub accepted_by_id: Option<Uuid>,
    /// The person who accepted it for that party.
    pub acceptor_id: Option<Uuid>,
    pub accepted_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "cooperation_item";
}
