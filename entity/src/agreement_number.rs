//! The last number issued in each series of agreements.

use sea_orm::entity::prelude::*;

/// One series: region and year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_number")]
pub struct Model {
    /// `511322-2026`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub series: String,
    pub last: i32,
}

impl ActiveModelBehavior for ActiveModel {}
