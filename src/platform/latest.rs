//! The last thing that happened to a record, kept in memory and read from the event log as it grows.
//!
//! For whatever must be asked so often that a statement each time is too much: whether the session behind a token or an
//! open socket goes on. However many ask, the log is read at most every [`PACE`], and not at all while nobody asks; what
//! this process itself did is known at once. Memory begins when somebody first asks for it; after a pause it begins anew,
//! and says so.

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
/// How old memory may be while somebody else reads the log.
const PATIENCE: Duration = Duration::from_millis(800);
/// After this long without being asked, memory begins anew.
const PAUSE: Duration = Duration::from_mins(1);
/// How long something is remembered.
const MEMORY: TimeDelta = TimeDelta::hours(2);
/// Events read with one statement.
const PAGE: u64 = 500;

/// A moment in the memory of this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(u64);

/// What happened last to each record that access rests on.
#[derive(Debug)]
pub struct Latest {
    known: Mutex<Known>,
    reading: tokio::sync::Mutex<()>,
    /// Whether an event is worth remembering.
    kept: fn(&str) -> bool,
}

#[derive(Debug, Default)]
struct Known {
    read_at: Option<Instant>,
    cursor: Cursor,
    last: HashMap<Uuid, event::Model>,
    /// When a record last changed, and the moment of that by the clock.
    changed: HashMap<Uuid, (Stamp, DateTime<Utc>)>,
    now: Stamp,
    /// When memory began.
    began: Stamp,
}

impl Latest {
    /// Remembers what happens to records of kinds for which `kept` says so.
    #[must_use]
    pub fn new(kept: fn(&str) -> bool) -> Self {
        Self { known: Mutex::default(), reading: tokio::sync::Mutex::default(), kept }
    }

    /// Remembers everything from now on, and gives the moment. Call it before looking at the database for what memory
    /// will be compared with.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn begin(&self, db: &Db) -> Result<Stamp> {
        if let Some(stamp) = self.stamp() {
            return Ok(stamp);
        }
        let _turn = self.reading.lock().await;
        if let Some(stamp) = self.stamp() {
            return Ok(stamp);
        }
        let cursor = end(db.aside()).await?;
        let mut known = self.known();
        let now = Stamp(known.now.0 + 1);
        *known = Known { read_at: Some(Instant::now()), cursor, now, began: now, ..Known::default() };
        Ok(now)
    }

    /// What happened last to each of these records since memory began; `None` when memory was interrupted, so that
    /// nobody can say.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn of(&self, db: &Db, ids: &[Uuid]) -> Result<Option<Vec<event::Model>>> {
        if !self.catch_up(db).await? {
            return Ok(None);
        }
        let known = self.known();
        Ok(Some(ids.iter().filter_map(|id| known.last.get(id)).cloned().collect()))
    }

    /// Whether nothing happened to any of these records since that moment. Not known is no.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn unchanged(&self, db: &Db, ids: &[Uuid], since: Stamp) -> Result<bool> {
        if !self.catch_up(db).await? {
            return Ok(false);
        }
        let known = self.known();
        let changed = |id: &Uuid| known.changed.get(id).is_some_and(|(stamp, _)| *stamp > since);
        Ok(since >= known.began && !ids.iter().any(changed))
    }

    /// This process has changed records, and committed that: known at once, before the log is read again.
    pub(super) fn note(&self, records: &[(&'static str, Uuid)], at: DateTime<Utc>) {
        let mut kept = records.iter().filter(|(kind, _)| (self.kept)(kind)).peekable();
        if kept.peek().is_none() {
            return;
        }
        let mut known = self.known();
        known.now.0 += 1;
        let now = known.now;
        known.changed.extend(kept.map(|(_, id)| (*id, (now, at))));
    }

    /// Reads the log if that is due. False when memory was interrupted.
    async fn catch_up(&self, db: &Db) -> Result<bool> {
        let Some(age) = self.age() else { return Ok(false) };
        if age < PACE {
            return Ok(true);
        }
        let turn = match self.reading.try_lock() {
            Ok(turn) => turn,
            Err(_) if age < PATIENCE => return Ok(true),
            Err(_) => self.reading.lock().await,
        };
        if self.age().is_some_and(|age| age >= PACE) {
            self.read(db).await?;
        }
        drop(turn);
        Ok(true)
    }

    async fn read(&self, db: &Db) -> Result<()> {
        let began = Instant::now();
        let mut cursor = self.known().cursor;
        loop {
            let events = after(db.aside(), cursor, PAGE).await?;
            let Some(last) = events.last() else { break };
            cursor = Cursor { position: last.position, ordinal: last.ordinal };
            let kept = events.into_iter().filter(|event| (self.kept)(&event.record_kind));
            self.known().learn(cursor, kept);
        }
        self.known().tidy(db.clock().now(), began);
        Ok(())
    }

    fn age(&self) -> Option<Duration> {
        self.known().read_at.map(|at| at.elapsed()).filter(|age| *age < PAUSE)
    }

    /// This moment, if memory goes on.
    fn stamp(&self) -> Option<Stamp> {
        self.age().map(|_| self.known().now)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn learn(&mut self, cursor: Cursor, events: impl Iterator<Item = event::Model>) {
        self.cursor = cursor;
        self.now.0 += 1;
        for event in events {
            self.changed.insert(event.record_id, (self.now, event.at));
            self.last.insert(event.record_id, event);
        }
    }

    fn tidy(&mut self, now: DateTime<Utc>, read_at: Instant) {
        self.last.retain(|_, event| now - event.at < MEMORY);
        self.changed.retain(|_, (_, at)| now - *at < MEMORY);
        self.read_at = Some(read_at);
    }
}
