//! Memberships 成员身份: which person acts for which organization, in which role.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What a person is in an organization 角色.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// University: agreements, workstations, the university's signature 高校合作处管理员.
    UniversityAdmin,
    /// University: events, internships, employment records 高校就业实习专员.
    UniversityStaff,
    /// University: workstations, needs, results, the own service log 教授/专家.
    Professor,
    /// University: the own résumé, applications, consents, internships 学生.
    Student,
    /// County: agreements, workstation approval, the county's signature 县级合作管理员.
    CountyAdmin,
    /// County: verifies enterprises, runs events and visits, reports 县级部门专员.
    CountyOfficer,
    /// Enterprise: the own organization, signature, technology needs 企业管理员.
    EnterpriseAdmin,
    /// Enterprise: positions, interviews, interns 企业招聘/导师.
    EnterpriseRecruiter,
    /// County or university: reads statistics and the trail, personal data masked 监督审计.
    Auditor,
    /// Platform: organizations, users, dictionaries; no personal data by default 平台管理员.
    PlatformAdmin,
    /// Any side: an IT system with its organization's rights, cut to granted scopes 系统对接.
    ServiceAccount,
}

/// Whether a membership can be acted under 成员身份状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MembershipStatus {
    /// In force 有效.
    Active,
    /// Ended by an administrator of the organization 已终止.
    Ended,
}

/// A step of a membership 成员身份办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MembershipStep {
    /// End it; what was done under it stays 终止.
    End,
    /// Take it up again by another invitation 恢复.
    Resume,
}

/// A membership.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub organization_id: Uuid,
    pub role: Role,
    pub status: MembershipStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "membership";
}
