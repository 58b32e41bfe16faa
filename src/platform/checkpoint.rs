//! Checkpoints: one hash over the whole event log up to a place, made from time to time.
//!
//! The chains of [`super::event`] show what was changed inside a record; whoever rewrites a record's whole chain with
//! its head, or removes both, is shown by the checkpoint that covered it. Each checkpoint begins with the hash of the
//! one before, so that none can be left out. Its hash also goes to the server's log, which the database cannot reach.

use chrono::{DateTime, Utc};
use entity::event_checkpoint;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};

use super::{
    db::Db,
    event::{self, Cursor, GENESIS, sha256},
};
use crate::{
    auth::{Job, Permit, RecordRef},
    error::Result,
};

/// Events read at a time.
const BATCH: u64 = 1_000;

/// The hash over a stretch of the log, event by event.
#[derive(Clone, Debug)]
pub struct Fold {
    hash: String,
    /// How many events there are from the very first up to here.
    pub events: i64,
    /// The last event that was added.
    pub end: Cursor,
}

impl Fold {
    /// Begins where the checkpoint before ended; at the very first event without one.
    #[must_use]
    pub fn after(checkpoint: Option<&event_checkpoint::Model>) -> Self {
        checkpoint.map_or_else(
            || Self { hash: GENESIS.to_owned(), events: 0, end: Cursor::default() },
            |row| Self { hash: row.hash.clone(), events: row.events, end: place(row) },
        )
    }

    /// Adds the next event, by the hash that its row carries.
    pub fn add(&mut self, end: Cursor, hash: &str) {
        self.hash = sha256(format!("{}{hash}", self.hash).as_bytes());
        self.events += 1;
        self.end = end;
    }

    /// What the checkpoint that ends here says: bound to its place, its count and its time.
    #[must_use]
    pub fn seal(&self, at: DateTime<Utc>) -> String {
        let Cursor { position, ordinal } = self.end;
        sha256(format!("{} {position} {ordinal} {} {}", self.hash, self.events, at.timestamp_micros()).as_bytes())
    }
}

/// Where a checkpoint ends.
#[must_use]
pub fn place(row: &event_checkpoint::Model) -> Cursor {
    Cursor { position: row.position, ordinal: row.ordinal }
}

/// Seals what happened since the last checkpoint. `None` when nothing did, or when another server was faster.
///
/// # Errors
/// When the log cannot be read or the checkpoint not be written.
pub async fn checkpoint(db: &Db) -> Result<Option<event_checkpoint::Model>> {
    let last = newest(db.reader()).await?;
    let fold = fold(db, Fold::after(last.as_ref())).await?;
    if fold.events == last.as_ref().map_or(0, |row| row.events) {
        return Ok(None);
    }
    db.write_serializable(|tx| {
        let (last, fold) = (&last, &fold);
        async move {
            if newest(&tx).await? != *last {
                return Ok(None);
            }
            let id = tx.id();
            let row = event_checkpoint::Model {
                id,
                at: tx.now(),
                position: fold.end.position,
                ordinal: fold.end.ordinal,
                events: fold.events,
                hash: fold.seal(tx.now()),
            };
            let write = tx.under(Permit::system(Job::Checkpoint, RecordRef { kind: "event_checkpoint", id }));
            write.insert(row.into_active_model()).await.map(Some)
        }
    })
    .await
}

async fn fold(db: &Db, mut fold: Fold) -> Result<Fold> {
    loop {
        let batch = event::after(db.reader(), fold.end, BATCH).await?;
        for row in &batch {
            fold.add(Cursor { position: row.position, ordinal: row.ordinal }, &row.hash);
        }
        if (batch.len() as u64) < BATCH {
            return Ok(fold);
        }
    }
}

async fn newest(db: &impl ConnectionTrait) -> Result<Option<event_checkpoint::Model>> {
    let rows = event_checkpoint::Entity::find()
        .order_by_desc(event_checkpoint::Column::Position)
        .order_by_desc(event_checkpoint::Column::Ordinal);
    Ok(rows.one(db).await?)
}
