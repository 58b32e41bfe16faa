//! Regions 行政区划: provinces, prefectures and counties by their GB/T 2260 code, present and retired.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// How far down a region stands 行政区划级别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionLevel {
    /// A province, an autonomous region or a municipality such as Chongqing 省级.
    Province,
    /// A prefecture-level city or an autonomous prefecture 地级.
    Prefecture,
    /// A county, a district or a county-level city 县级.
    County,
}

/// A region.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    /// GB/T 2260, six digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub name: String,
    pub level: RegionLevel,
    /// The first day on which the code may be used; empty: before the records begin.
    pub valid_from: Option<Date>,
    /// The last day; empty: in use.
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
