//! Positions 岗位: what an enterprise offers, to whom, until when.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where a position stands 岗位状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PositionStatus {
    /// Being written; the enterprise's and its county's alone 草稿.
    Draft,
    /// With the county's officers 审核中.
    UnderReview,
    /// Everybody who is signed in sees it 已发布.
    Published,
    /// Everybody wanted was found 已招满.
    Filled,
    /// The last day to apply has passed 已截止.
    Expired,
    /// Taken back by the enterprise 已撤回.
    Withdrawn,
    /// Refused by the county, with a reason; it can be revised 已屏蔽.
    Blocked,
}

/// A step of a position 岗位办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PositionStep {
    /// Send it to the county for review 提交审核.
    Submit,
    /// Show it to everybody, after review 发布.
    Publish,
    /// Send it back to be improved, with a reason 退回.
    Return,
    /// Refuse it, with a reason; also when it is published already 屏蔽.
    Block,
    /// Rewrite what was refused; it is a draft again 修改重报.
    Revise,
    /// Set more people wanted, or a later last day 延期增员.
    Extend,
    /// Everybody wanted was found 招满.
    Fill,
    /// Take it back, with a reason 撤回.
    Withdraw,
    /// The last day to apply has passed; the system does it 截止.
    Expire,
}

/// What a position is about 岗位类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PositionFamily {
    /// Technical research and development 技术研发.
    ResearchAndDevelopment,
    /// Process and equipment engineering 工艺设备.
    Engineering,
    /// Production 生产制造.
    Production,
    /// Quality management 质量管理.
    Quality,
    /// Financial accounting 财务会计.
    Accounting,
    /// Information technology 信息技术.
    InformationTechnology,
    /// Sales and marketing 市场销售.
    Sales,
    /// Purchasing and logistics 采购物流.
    Logistics,
    /// Administration and human resources 行政人事.
    Administration,
    /// Anything else 其他.
    Other,
}

/// What is offered. One is never counted as the other 用工性质.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PositionKind {
    /// A job under a labour contract 就业.
    Employment,
    /// An internship of somebody who studies 实习.
    Internship,
}

/// The education that is wanted 学历要求.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EducationWanted {
    /// Any 不限.
    Any,
    /// At least secondary vocational 中职及以上.
    SecondaryVocational,
    /// At least higher vocational 专科及以上.
    HigherVocational,
    /// At least a bachelor 本科及以上.
    Bachelor,
    /// At least a master 硕士及以上.
    Master,
    /// A doctor 博士.
    Doctor,
}

/// A position.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_position")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The enterprise.
    pub organization_id: Uuid,
    /// The recruitment event at which it is offered.
    pub event_id: Option<Uuid>,
    pub author_id: Uuid,
    pub title: String,
    pub family: PositionFamily,
    pub kind: PositionKind,
    pub description: String,
    pub requirements: String,
    pub headcount: i32,
    /// What the enterprise's own system calls it; unique there.
    pub reference: Option<String>,
    /// What the last import said, a JSON object of texts by columns: whatever differs now was edited by people.
    pub imported: Option<String>,
    /// Fen a month.
    pub pay_min: i64,
    pub pay_max: i64,
    /// GB/T 2260, six digits: where the work is.
    pub region_code: String,
    pub address: String,
    pub education: EducationWanted,
    /// The last day to apply.
    pub apply_by: Date,
    pub status: PositionStatus,
    pub status_reason: Option<String>,
    pub submitted_at: Option<DateTimeUtc>,
    /// Since when everybody sees it; empty while nobody else does, also after it was refused.
    pub published_at: Option<DateTimeUtc>,
    /// As `published_at`; until then when it was written: never empty, so that lists are ordered by it.
    pub posted_at: DateTimeUtc,
    /// When it was filled, expired or withdrawn.
    pub closed_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "position";
}
