//! Records that go with their organization: where they name the duplicate, they name the one that stays.

use std::{fmt, marker::PhantomData};

use entity::Record;
use sea_orm::{EntityTrait, prelude::async_trait::async_trait};

use super::{Effect, Mergeable, Merging, Weight, store};
use crate::{
    auth::RecordRef,
    error::Result,
    platform::{
        db::{Tx, Write},
        event::Event,
    },
};

/// The records of one table, by the columns that name organizations. For records that mean the same when their
/// organization turns out to be another one; whatever would not implements [`Mergeable`] itself.
pub struct Following<E: EntityTrait> {
    columns: Vec<E::Column>,
    table: PhantomData<fn() -> E>,
}

impl<E: EntityTrait> fmt::Debug for Following<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Following").field("columns", &self.columns).finish()
    }
}

impl<E: EntityTrait> Following<E> {
    /// The records that name organizations in these columns.
    #[must_use]
    pub fn by(columns: impl IntoIterator<Item = E::Column>) -> Self {
        Self { columns: columns.into_iter().collect(), table: PhantomData }
    }
}

#[async_trait]
impl<E> Mergeable for Following<E>
where
    E: EntityTrait<Column: Send + Sync> + Record,
{
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        let named = store::naming::<E>(tx, &self.columns, merging.from).await?;
        weight.add(E::PREFIX, Effect::Moves, named.len());
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        let named = store::naming::<E>(write.tx(), &self.columns, merging.from).await?;
        store::follow::<E>(write, &self.columns, merging).await?;
        for id in named {
            let moved = Event::new("OrganizationFollowed").with("from", merging.from).with("into", merging.into);
            write.emit_for(RecordRef { kind: E::PREFIX, id }, moved).await?;
        }
        Ok(())
    }
}
