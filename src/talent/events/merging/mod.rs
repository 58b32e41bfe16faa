//! What becomes of events, booths and registrations when an organization is merged into another: they are the other's
//! from then on. An enterprise that is named twice at one event keeps both rows where they are, once the duplicate's
//! booth is given up.

mod store;

use entity::{Record as _, event_exhibitor, event_registration, recruitment_event};
use sea_orm::{ActiveValue::Set, prelude::async_trait::async_trait};

use super::{exhibitors, rules};
use crate::{
    error::{Result, Text},
    organizations::merge::{Effect, Mergeable, Merging, Obstacle, Weight},
    platform::{
        db::{Tx, Write},
        event::Event,
    },
    talent::registrations,
};

/// Recruitment events and what belongs to them, for merges of organizations.
#[derive(Debug)]
pub struct EventRecords;

#[async_trait]
impl Mergeable for EventRecords {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        let events = store::events(tx, merging.from).await?;
        weight.add(recruitment_event::Entity::PREFIX, Effect::Moves, events.len());
        let booths = store::booths(tx, merging).await?;
        weight.add(event_exhibitor::Entity::PREFIX, Effect::Moves, booths.moving.len());
        weight.add(
            event_registration::Entity::PREFIX,
            Effect::Moves,
            store::registrations(tx, merging.from).await?.len(),
        );
        weight.obstacles.extend(twice(booths.twice));
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        let moved = || Event::new("OrganizationOfRecordMerged").with("from", merging.from).with("into", merging.into);
        for row in store::events(write.tx(), merging.from).await? {
            let changes = recruitment_event::ActiveModel { organizer_id: Set(merging.into), ..Default::default() };
            write.change::<recruitment_event::Entity>(row.id, row.version, changes).await?;
            write.emit_for(rules::record(row.id), moved()).await?;
        }
        for row in store::booths(write.tx(), merging).await?.moving {
            let changes = event_exhibitor::ActiveModel { organization_id: Set(merging.into), ..Default::default() };
            write.change::<event_exhibitor::Entity>(row.id, row.version, changes).await?;
            write.emit_for(exhibitors::rules::record(row.id), moved()).await?;
        }
        for row in store::registrations(write.tx(), merging.from).await? {
            let changes = event_registration::ActiveModel { university_id: Set(merging.into), ..Default::default() };
            write.change::<event_registration::Entity>(row.id, row.version, changes).await?;
            write.emit_for(registrations::rules::record(row.id), moved()).await?;
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
