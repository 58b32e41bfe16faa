//! What becomes of the rolls of a university that is merged into another: they are the other's, unless both use one
//! number.

use entity::student_record::{self, Column};
use sea_orm::prelude::async_trait::async_trait;

use super::store;
use crate::{
    error::{Result, Text},
    organizations::merge::{Following, Mergeable, Merging, Obstacle, Weight},
    platform::db::{Tx, Write},
};

/// The rolls of universities, for merges of these.
#[derive(Debug)]
pub struct Rolls;

fn records() -> Following<student_record::Entity> {
    Following::by([Column::OrganizationId])
}

#[async_trait]
impl Mergeable for Rolls {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = records().weigh(tx, merging).await?;
        let shared = store::numbers_of_both(tx, merging).await?;
        if shared > 0 {
            weight.obstacles.push(Obstacle::new(Text::new(
                format!(
                    "Both universities have {shared} students of the same number; remove them from the duplicate first."
                ),
                format!("两所高校有 {shared} 个相同学号，请先从重复单位移除这些学籍记录。"),
            )));
        }
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        records().carry_over(write, merging).await
    }
}
