//! The only place that touches the table of registered documents.

use entity::registered_document::{self, Column};
use sea_orm::{
    EntityTrait,
    sea_query::{OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    auth::{Job, Permit, RecordRef},
    error::Result,
    platform::{db::Db, event::Event},
};

/// The document with this hash.
///
/// # Errors
/// When the database fails.
pub(super) async fn find(db: &Db, sha256: &str) -> Result<Option<String>> {
    let found = registered_document::Entity::find_by_id(sha256.to_owned()).one(db.reader()).await?;
    Ok(found.map(|row| row.text))
}

/// Keeps documents, by their hashes; says how many were not there before.
///
/// # Errors
/// When the database fails; nothing is kept then.
pub(super) async fn keep(db: &Db, documents: Vec<(String, String)>) -> Result<u64> {
    let documents = &documents;
    db.write(move |tx| async move {
        let installation = RecordRef { kind: "installation", id: Uuid::nil() };
        let write = tx.under(Permit::system(Job::RegisterDocuments, installation));
        let mut new = 0;
        for (sha256, text) in documents {
            let statement = Query::insert()
                .into_table(registered_document::Entity)
                .columns([Column::Sha256, Column::Text, Column::RegisteredAt])
                .values_panic([sha256.as_str().into(), text.as_str().into(), write.now().into()])
                .on_conflict(OnConflict::column(Column::Sha256).do_nothing().to_owned())
                .take();
            new += write.execute(&statement).await?;
        }
        if new > 0 {
            write.emit(Event::new("DocumentsRegistered").with("new", new)).await?;
        }
        Ok(new)
    })
    .await
}
