//! What becomes of questions when an organization is merged into another: they and their answers go along, as asked and
//! as answered.

use entity::{Record as _, organization_question};
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

/// The questions that organizations were asked and whose people asked, for merges of these.
#[derive(Debug)]
pub struct OrganizationQuestions;

#[async_trait]
impl Mergeable for OrganizationQuestions {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        weight.add(organization_question::Entity::PREFIX, Effect::Moves, store::count_of(tx, merging.from).await?);
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        let follow = |key| if key == merging.from { merging.into } else { key };
        for row in store::moving(write.tx(), merging).await? {
            let changes = organization_question::ActiveModel {
                organization_id: Set(follow(row.organization_id)),
                asker_organization_id: Set(follow(row.asker_organization_id)),
                ..Default::default()
            };
            write.change::<organization_question::Entity>(row.id, row.version, changes).await?;
            let moved = Event::new("OrganizationQuestionMerged").with("from", merging.from).with("into", merging.into);
            write.emit_for(rules::record(row.id), moved).await?;
        }
        Ok(())
    }
}
