//! The last thing that happened to a record, kept in memory and read from the event log as it grows.
//!
//! For whatever must be asked so often that a statement each time is too much: whether the session behind an open
//! socket goes on. However many ask, the log is read at most every [`PACE`], with one statement, and not at all while
//! nobody asks. Memory begins when somebody first asks for it; after a pause it begins anew, and says so.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::event;
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    db::Db,
    event::{Cursor, after, end},
};
use crate::error::Result;

/// How often the log is read.
const PACE: Duration = Duration::from_millis(400);
/// After this long without being asked, memory begins anew.
const PAUSE: Duration = Duration::from_mins(1);
/// How long something is remembered.
const MEMORY: TimeDelta = TimeDelta::hours(2);
/// Events read with one statement.
const PAGE: u64 = 500;

/// What happened last to each record.
#[derive(Debug, Default)]
pub struct Latest {
    known: Mutex<Known>,
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    read_at: Option<Instant>,
    cursor: Cursor,
    last: HashMap<Uuid, event::Model>,
}

impl Latest {
    /// Remembers everything from now on. Call it before looking at the database for what memory will be compared with.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn begin(&self, db: &Db) -> Result<()> {
        if self.follows() {
            return Ok(());
        }
        let _turn = self.reading.lock().await;
        if self.follows() {
            return Ok(());
        }
        let cursor = end(db.reader()).await?;
        *self.known() = Known { read_at: Some(Instant::now()), cursor, last: HashMap::new() };
        Ok(())
    }

    /// What happened last to each of these records since memory began, as far as `kept` wanted it remembered; `None`
    /// when memory was interrupted, so that nobody can say.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn of(
        &self,
        db: &Db,
        ids: &[Uuid],
        kept: impl Fn(&event::Model) -> bool,
    ) -> Result<Option<Vec<event::Model>>> {
        if !self.follows() {
            return Ok(None);
        }
        if !self.is_fresh() {
            let _turn = self.reading.lock().await;
            if !self.is_fresh() {
                self.read(db, kept).await?;
            }
        }
        let known = self.known();
        Ok(Some(ids.iter().filter_map(|id| known.last.get(id)).cloned().collect()))
    }

    async fn read(&self, db: &Db, kept: impl Fn(&event::Model) -> bool) -> Result<()> {
        let mut cursor = self.known().cursor;
        loop {
            let events = after(db.reader(), cursor, PAGE).await?;
            let Some(last) = events.last() else { break };
            cursor = Cursor { position: last.position, ordinal: last.ordinal };
            self.known().learn(cursor, events.into_iter().filter(&kept));
        }
        self.known().tidy(db.clock().now());
        Ok(())
    }

    fn follows(&self) -> bool {
        self.known().read_at.is_some_and(|at| at.elapsed() < PAUSE)
    }

    fn is_fresh(&self) -> bool {
        self.known().read_at.is_some_and(|at| at.elapsed() < PACE)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn learn(&mut self, cursor: Cursor, events: impl Iterator<Item = event::Model>) {
        self.cursor = cursor;
        self.last.extend(events.map(|event| (event.record_id, event)));
    }

    fn tidy(&mut self, now: DateTime<Utc>) {
        self.last.retain(|_, event| now - event.at < MEMORY);
        self.read_at = Some(Instant::now());
    }
}
