//! Skills that a position asks for 岗位技能要求.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What kind of skill is wanted 技能类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PositionSkillKind {
    /// A named professional software, such as SolidWorks or 用友 专业软件.
    Software,
    /// A method or a technique 专业技能.
    Technique,
    /// A machine or an instrument 设备操作.
    Equipment,
    /// A language 语言能力.
    Language,
    /// A certificate 职业证书.
    Certificate,
    /// Working with people 通用能力.
    General,
}

/// How well it should be mastered 熟练程度要求.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PositionSkillLevel {
    /// Learned, little used 了解.
    Basic,
    /// Used under guidance 熟悉.
    Working,
    /// Used alone 熟练.
    Proficient,
    /// Teaches others 精通.
    Expert,
}

/// One skill of one position.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "position_skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub position_id: Uuid,
    /// Its place in the list, from 0.
    pub place: i32,
    pub name: String,
    pub kind: PositionSkillKind,
    pub level: PositionSkillLevel,
    /// Wanted in any case; else welcome.
    pub required: bool,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "position_skill";
}
