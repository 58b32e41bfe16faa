//! The access log of résumés 简历查阅记录: who of which enterprise read what, when, and under which consent.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::share_consent::ShareCategory;

/// How it was read 查阅方式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccessChannel {
    /// It was answered by the API; of a file: its address was given out 接口.
    Api,
    /// The file was fetched from its address 文件下载.
    FileUrl,
}

/// One read.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resume_access")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub resume_id: Uuid,
    pub student_id: Uuid,
    pub consent_id: Uuid,
    /// The enterprise.
    pub organization_id: Uuid,
    /// Who read.
    pub user_id: Uuid,
    pub category: ShareCategory,
    pub channel: AccessChannel,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "resume_access";
}
