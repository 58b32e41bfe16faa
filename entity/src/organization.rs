//! Organizations 单位: universities, counties, enterprises and the platform itself.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What an organization is; the side it stands on 单位类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationKind {
    /// A university, or a college or office of one 高校.
    University,
    /// A county government, a bureau, or a development zone of one 县级政府.
    County,
    /// An enterprise 企业.
    Enterprise,
    /// Whoever runs this installation; exactly one 平台.
    Platform,
}

/// Where an organization stands 单位状态. Only a verified one signs, posts and hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationStatus {
    /// Registered, not yet verified 待核验.
    Pending,
    /// Verified against the public register 已核验.
    Verified,
    /// Refused, with a reason 已驳回.
    Rejected,
    /// Suspended for a time, with a reason 已暂停.
    Suspended,
    /// Deregistered or revoked 已注销.
    Ceased,
    /// A duplicate whose records went to another organization; its id still leads there 已合并.
    Merged,
}

/// A step of an organization's lifecycle 单位办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationStep {
    /// Confirm that it is who it says 核验通过.
    Verify,
    /// Refuse it, with a reason 驳回.
    Reject,
    /// Suspend it for a time, with a reason 暂停.
    Suspend,
    /// Lift a suspension 恢复.
    Reinstate,
    /// Record that it no longer exists 注销.
    Cease,
    /// Merge it into the organization that it is a duplicate of 合并.
    Merge,
}

/// Size class of an enterprise, by the 2017 standard for industry 企业规模.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SizeClass {
    /// At least 1,000 staff and ¥400 million 大型.
    Large,
    /// At least 300 staff and ¥20 million 中型.
    Medium,
    /// At least 20 staff and ¥3 million 小型.
    Small,
    /// Smaller than that 微型.
    Micro,
}

/// An organization.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: OrganizationKind,
    /// The university of a college, the county of a bureau or park.
    pub parent_id: Option<Uuid>,
    pub name: String,
    pub name_en: Option<String>,
    /// Unified social credit code, GB 32100-2015; unique.
    #[sea_orm(unique)]
    pub credit_code: String,
    /// GB/T 2260, six digits.
    pub region_code: Option<String>,
    /// GB/T 4754-2017.
    pub industry_code: Option<String>,
    pub size_class: Option<SizeClass>,
    /// Five digits, Ministry of Education.
    pub school_code: Option<String>,
    pub profile: Option<String>,
    /// What it makes, and how.
    pub production: Option<String>,
    /// How it cultivates talents.
    pub talent_cultivation: Option<String>,
    pub research_platforms: Option<String>,
    pub website: Option<String>,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    pub staff_count: Option<i32>,
    pub internal_note: Option<String>,
    /// Who registered it; somebody else verifies it.
    pub registered_by_id: Option<Uuid>,
    pub status: OrganizationStatus,
    pub status_reason: Option<String>,
    pub verified_at: Option<DateTimeUtc>,
    /// Where its records went when it was merged into another; the old id keeps resolving.
    pub merged_into_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "organization";
}
