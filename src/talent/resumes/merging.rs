//! What becomes of résumés when a university is merged into another: they are its students', who study there now.

use entity::{Record as _, resume};
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

/// The résumés of a university's students, for merges of organizations.
#[derive(Debug)]
pub struct Resumes;

#[async_trait]
impl Mergeable for Resumes {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        weight.add(resume::Entity::PREFIX, Effect::Moves, store::of_university(tx, merging.from).await?.len());
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        for row in store::of_university(write.tx(), merging.from).await? {
            let changes = resume::ActiveModel { university_id: Set(merging.into), ..Default::default() };
            write.change::<resume::Entity>(row.id, row.version, changes).await?;
            let moved = Event::new("ResumeMoved").with("from", merging.from).with("into", merging.into);
            write.emit_for(rules::record(row.id), moved).await?;
        }
        Ok(())
    }
}
