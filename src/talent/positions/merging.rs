//! What becomes of positions when an enterprise is merged into another: they are the other's from then on. Where both have
//! imported one under the same reference of their own, that of the duplicate loses it: the next import finds the other.

use entity::job_position;
use sea_orm::prelude::async_trait::async_trait;

use super::store;
use crate::{
    error::Result,
    organizations::merge::{Following, Mergeable, Merging, Weight},
    platform::db::{Tx, Write},
};

/// The positions of enterprises, for merges of these.
#[derive(Debug)]
pub struct Offered;

fn following() -> Following<job_position::Entity> {
    Following::by([job_position::Column::OrganizationId])
}

#[async_trait]
impl Mergeable for Offered {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        following().weigh(tx, merging).await
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        store::forget_references(write, (merging.from, merging.into)).await?;
        following().carry_over(write, merging).await
    }
}
