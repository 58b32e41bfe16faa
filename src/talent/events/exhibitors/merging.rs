//! What becomes of booths when an enterprise is merged into another: they are the other's from then on. An enterprise that
//! is named twice at one event keeps both rows where they are, once the duplicate's booth is given up.

use entity::{Record as _, event_exhibitor};
use sea_orm::{ActiveValue::Set, prelude::async_trait::async_trait};

use super::{rules, store};
use crate::{
    error::{Result, Text},
    organizations::merge::{Effect, Mergeable, Merging, Obstacle, Weight},
    platform::{
        db::{Tx, Write},
        event::Event,
    },
};

/// The booths of enterprises, for merges of these.
#[derive(Debug)]
pub struct EventBooths;

#[async_trait]
impl Mergeable for EventBooths {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        let booths = store::booths(tx, merging).await?;
        weight.add(event_exhibitor::Entity::PREFIX, Effect::Moves, booths.moving.len());
        weight.obstacles.extend(twice(booths.twice));
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        for row in store::booths(write.tx(), merging).await?.moving {
            let changes = event_exhibitor::ActiveModel { organization_id: Set(merging.into), ..Default::default() };
            write.change::<event_exhibitor::Entity>(row.id, row.version, changes).await?;
            let moved = Event::new("OrganizationOfRecordMerged").with("from", merging.from).with("into", merging.into);
            write.emit_for(rules::record(row.id), moved).await?;
        }
        Ok(())
    }
}

fn twice(count: usize) -> Option<Obstacle> {
    (count > 0).then(|| {
        Obstacle::new(Text::new(
            format!("At {count} events both organizations are named; withdraw the duplicate's booth there first."),
            format!("有 {count} 场活动同时列有两个单位，请先撤回重复单位的展位。"),
        ))
    })
}
