//! Service accounts 系统账号: IT systems that act for an organization.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What a service account may do 授权范围. Everything else is closed to it; what commits an organization (approving,
/// signing, confirming, voting) is for people alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Enum)]
#[graphql(name = "ServiceScope")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scope {
    /// Read organizations 读取单位.
    OrganizationsRead,
    /// Register organizations and change one's own profile 登记与维护单位.
    OrganizationsWrite,
    /// Read agreements with their items, amendments and signatures 读取协议.
    AgreementsRead,
    /// Draft agreements and amendments, add items and report them 起草协议与填报事项.
    AgreementsWrite,
    /// Read the files of records 读取文件.
    DocumentsRead,
    /// Attach files to records 上传文件.
    DocumentsWrite,
    /// Read who did what, and when 读取办理记录.
    TrailRead,
    /// Read positions and what enterprises are asked 读取岗位与企业问答.
    PositionsRead,
    /// Write positions and send them to review 填报岗位.
    PositionsWrite,
    /// Read recruitment events, their exhibitors and registrations 读取招聘活动与报名.
    EventsRead,
    /// Draft recruitment events, invite exhibitors and check students in 维护招聘活动与签到.
    EventsWrite,
}

/// Whether a service account is good 系统账号状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServiceAccountStatus {
    /// It gets tokens 有效.
    Active,
    /// It gets none any more 已撤销.
    Revoked,
}

/// A step of a service account 系统账号办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServiceAccountStep {
    /// End it for good 撤销.
    Revoke,
}

/// One service account. It signs in by its secret alone and acts under a membership of its own.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// The user without a password as whom it acts.
    pub user_id: Uuid,
    #[sea_orm(unique)]
    pub membership_id: Uuid,
    pub name: String,
    /// [`Scope`]s, separated by spaces.
    pub scopes: String,
    /// SHA-256 of the secret.
    pub secret_hash: String,
    /// The secret before, still good until that moment.
    pub previous_hash: Option<String>,
    pub previous_until: Option<DateTimeUtc>,
    pub created_by_id: Uuid,
    pub status: ServiceAccountStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "service_account";
}
