//! What becomes of positions when an enterprise is merged into another: they are the other's from then on, as they
//! stand, and whoever applied finds them under the same id.

use entity::{Record as _, job_position};
use sea_orm::{ActiveValue::Set, prelude::async_trait::async_trait};

use super::{rules, store};
use crate::{
    error::Result,
    organizations::merge::{Effect, Mergeable, Merging, Weight},
    platform::{
        db::{Tx, Write},
        event::Event,
    },
};

/// The positions of enterprises, for merges of these.
#[derive(Debug)]
pub struct OrganizationPositions;

#[async_trait]
impl Mergeable for OrganizationPositions {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        weight.add(job_position::Entity::PREFIX, Effect::Moves, store::count_of(tx, merging.from).await?);
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        for row in store::moving(write.tx(), merging).await? {
            let changes = job_position::ActiveModel { organization_id: Set(merging.into), ..Default::default() };
            write.change::<job_position::Entity>(row.id, row.version, changes).await?;
            let moved = Event::new("PositionMerged").with("from", merging.from).with("into", merging.into);
            write.emit_for(rules::record(row.id), moved).await?;
        }
        Ok(())
    }
}
