//! Region groups 区域组合: regions that belong together by a plan and not by their codes, such as the Chengdu–Chongqing
//! Economic Circle. A region that is listed stands for everything in it.

use sea_orm::entity::prelude::*;

/// One region of a group.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region_group")]
pub struct Model {
    /// The group, by its Chinese name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// GB/T 2260, six digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_code: String,
}

impl ActiveModelBehavior for ActiveModel {}
