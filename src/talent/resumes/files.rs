//! Files of résumés: attached by the student, read by an enterprise under a consent that covers them, each fetch asked
//! for and written down.

use entity::{Record as _, resume, share_consent::ShareCategory};
use sea_orm::{Condition, prelude::async_trait::async_trait};
use uuid::Uuid;

use super::{rules::Action, store};
use crate::{
    auth::Actor,
    documents::{Attach, attachable},
    error::{Error, Result},
    platform::db::{Db, Tx, Write},
    talent::consents::{self, rules::reads},
};

/// Lets files be attached to résumés.
pub fn attach_files() {
    attachable(&ResumeFiles);
}

#[derive(Clone, Copy, Debug)]
struct ResumeFiles;

#[async_trait]
impl Attach for ResumeFiles {
    fn kind(&self) -> &'static str {
        resume::Entity::PREFIX
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = store::facts(tx, actor, record).await?;
        tx.permit(actor, Action::Attach, &facts).await
    }

    fn seen_with(&self, actor: &Actor) -> Condition {
        store::files_visible_to(actor)
    }

    async fn give_out(&self, db: &Db, actor: &Actor, record: Uuid) -> Result<Option<Uuid>> {
        if !reads(actor) {
            return Ok(None);
        }
        let opened = store::opened(db.reader(), &[record]).await?;
        let reads = consents::record_reads(db, actor, (&opened, ShareCategory::File)).await?;
        reads.first().map(|read| Some(read.id)).ok_or_else(Error::not_found)
    }

    async fn fetched(&self, db: &Db, given_out: Uuid) -> Result<bool> {
        consents::record_fetch(db, given_out).await
    }
}
