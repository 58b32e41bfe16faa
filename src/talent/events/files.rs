//! Files of events: plans for those who hold and review them, and photos for everybody once the article is published.

use entity::{Record, document, recruitment_event};
use sea_orm::{Condition, prelude::async_trait::async_trait};
use uuid::Uuid;

use super::{rules::Action, store};
use crate::{
    auth::Actor,
    documents::{Attach, attachable},
    error::Result,
    platform::{
        condition::exists,
        db::{Tx, Write},
    },
};

/// Lets files be attached to events.
pub fn attach_files() {
    attachable(&EventFiles);
}

#[derive(Clone, Copy, Debug)]
struct EventFiles;

#[async_trait]
impl Attach for EventFiles {
    fn kind(&self) -> &'static str {
        recruitment_event::Entity::PREFIX
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = store::facts(tx, actor, record).await?;
        tx.permit(actor, Action::Attach, &facts).await
    }

    fn seen_with(&self, actor: &Actor) -> Condition {
        let told = Condition::all().add(store::visible_to(actor)).add(store::article_visible_to(actor));
        exists(recruitment_event::Column::Id, document::Column::RecordId, told)
    }
}
