//! What becomes of consents when an enterprise is merged into another. They were given to the one that ends, by name;
//! whoever it is now asks the student again. What was read stays written down for whom it was read.

use entity::{Record as _, share_consent, share_consent::ShareConsentStep as Step};
use sea_orm::prelude::async_trait::async_trait;

use super::{end, rules, store};
use crate::{
    error::Result,
    organizations::merge::{Effect, Mergeable, Merging, Weight},
    platform::db::{Tx, Write},
};

/// The consents given to an enterprise, for merges of organizations.
#[derive(Debug)]
pub struct Consents;

#[async_trait]
impl Mergeable for Consents {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        weight.add(share_consent::Entity::PREFIX, Effect::Ends, store::given_to(tx, merging.from).await?.len());
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        for facts in store::given_to(write.tx(), merging.from).await? {
            let over = write.tx().under(write.permit().over(rules::record(facts.consent.id)));
            end(&over, &facts, Step::End).await?;
        }
        Ok(())
    }
}
