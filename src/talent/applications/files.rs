//! Files of applications: what shows that a contract was signed, for whoever sees the application.

use entity::{Record, application, document};
use sea_orm::{Condition, prelude::async_trait::async_trait};
use uuid::Uuid;

use super::{rules::Action, store};
use crate::{
    auth::Actor,
    documents::Attach,
    error::Result,
    platform::db::{Tx, Write},
};

/// Lets the university's staff attach evidence to applications.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApplicationFiles;

#[async_trait]
impl Attach for ApplicationFiles {
    fn kind(&self) -> &'static str {
        application::Entity::PREFIX
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = store::facts(tx, actor, record).await?;
        tx.permit(actor, Action::Attach, &facts).await
    }

    fn seen_with(&self, actor: &Actor) -> Condition {
        store::seen_with(document::Column::RecordId, actor)
    }
}
