//! Negotiations 后续洽谈: the talk about the details, after an intention.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where a negotiation stands 洽谈状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NegotiationStatus {
    /// A date is set 已约定.
    Scheduled,
    /// It took place; what came of it is not said yet 已举行.
    Held,
    /// The two agree 已谈成.
    Agreed,
    /// They talk again 继续洽谈.
    Continued,
    /// They do not agree 未谈成.
    Failed,
    /// The application ended before it was held 已取消.
    Cancelled,
}

/// A step of a negotiation 洽谈办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NegotiationStep {
    /// Record that it took place 登记举行.
    Hold,
    /// Record that the two agree 登记谈成.
    Agree,
    /// Talk again, with another date 继续洽谈.
    Continue,
    /// Record that they do not agree 登记未谈成.
    Fail,
    /// Its application ended; the system does it 取消.
    Cancel,
}

/// A negotiation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "negotiation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    /// The enterprise, as in the application.
    pub organization_id: Uuid,
    /// The position, as in the application.
    pub position_id: Uuid,
    /// The first, the second, … of its application.
    pub round: i32,
    /// The last day to hold it.
    pub due_on: Date,
    /// What is to be talked about.
    pub topic: String,
    pub place: Option<String>,
    pub status: NegotiationStatus,
    pub held_on: Option<Date>,
    /// What came of it, for both sides.
    pub outcome: Option<String>,
    /// When the county was told that its day is past.
    pub overdue_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "negotiation";
}
