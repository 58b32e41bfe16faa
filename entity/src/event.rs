//! The event log 事件日志: one row for everything that happened.

use sea_orm::entity::prelude::*;

/// Something that happened.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The transaction's place in commit order.
    pub position: i64,
    /// The event's place in its transaction.
    pub ordinal: i32,
    pub at: DateTimeUtc,
    /// `AgreementApproved`.
    pub kind: String,
    /// The TypeID prefix of the record.
    pub record_kind: String,
    pub record_id: Uuid,
    /// 1 for the record's first event.
    pub link: i32,
    /// The permit: `agreement.approve`.
    pub action: String,
    pub user_id: Option<Uuid>,
    pub role: Option<String>,
    pub organization_id: Option<Uuid>,
    /// A flat JSON object of texts.
    pub data: String,
    pub previous_hash: String,
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "event";
}
