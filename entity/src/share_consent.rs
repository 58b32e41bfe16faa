//! Separate consents 单独同意: which enterprise may read what of a student's résumé, what for, and until when.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What an enterprise may use it for 使用目的.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SharePurpose {
    /// Recruiting for a job 招聘.
    Recruitment,
    /// Choosing interns 实习.
    Internship,
}

/// A part of a résumé that is consented to by itself 信息类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareCategory {
    /// Education, skills, experiences and wishes 履历.
    Profile,
    /// Telephone number and e-mail address 联系方式.
    Contact,
    /// The file 附件.
    File,
}

/// Whether a consent holds 同意状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareConsentStatus {
    /// Given 有效.
    Given,
    /// Taken back by the student 已撤回.
    Withdrawn,
    /// Replaced: by another consent, or because the notice that it was given to has changed 已被取代.
    Superseded,
    /// Past its last day 已到期.
    Expired,
    /// The enterprise was merged into another, to which it was not given 因单位合并终止.
    Ended,
}

/// A step of a consent 同意办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareConsentStep {
    /// Take it back; from then on nothing is read under it 撤回.
    Withdraw,
    /// Put another in its place 取代.
    Supersede,
    /// Its last day is past; the system does it 到期.
    Expire,
    /// The enterprise is merged into another; the platform's admin does it 终止.
    End,
}

/// A consent.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "share_consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub student_id: Uuid,
    /// The enterprise that may read.
    pub organization_id: Uuid,
    pub purpose: SharePurpose,
    pub profile: bool,
    pub contact: bool,
    pub file: bool,
    /// Which notice the student was shown.
    pub notice_version: i32,
    pub status: ShareConsentStatus,
    /// The first moment at which it no longer holds.
    pub expires_at: DateTimeUtc,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "share_consent";
}
