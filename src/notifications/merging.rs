//! What becomes of notifications when an organization is merged into another: they are for the same people, who act for
//! the other organization from then on.

use entity::{Record as _, notification};
use sea_orm::prelude::async_trait::async_trait;

use super::store;
use crate::{
    error::Result,
    organizations::merge::{Effect, Mergeable, Merging, Weight},
    platform::db::{Tx, Write},
};

/// The notifications of organizations, for merges of these.
#[derive(Debug)]
pub struct OrganizationNotices;

#[async_trait]
impl Mergeable for OrganizationNotices {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        weight.add(notification::Entity::PREFIX, Effect::Moves, store::count_for(tx, merging.from).await?);
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        store::readdress(write, merging.from, merging.into).await
    }
}
