//! What time does to files: those that belong to no document go.

use chrono::{DateTime, TimeDelta, Utc};

use super::store;
use crate::{app::App, error::Result, platform::clock::Clock};

/// How old a file must be before it counts as left behind: longer than any upload takes.
const LEFT_BEHIND: TimeDelta = TimeDelta::days(1);
/// Files looked up at a time.
const BATCH: usize = 500;

/// Removes files that no document refers to: a server that stopped between storing a file and writing it down leaves
/// such. Says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the store or the database fails.
pub async fn sweep(app: &App) -> Result<usize> {
    // Files are dated by the machine, whatever time the story tells.
    sweep_before(app, Clock::System.now() - LEFT_BEHIND).await
}

/// As [`sweep`], of the files that came before that moment.
///
/// # Errors
/// When the store or the database fails.
pub async fn sweep_before(app: &App, before: DateTime<Utc>) -> Result<usize> {
    let places = app.files().before(before).await?;
    let mut removed = 0;
    for batch in places.chunks(BATCH) {
        let known = store::known_places(app.db().reader(), batch).await?;
        for place in batch.iter().filter(|place| !known.contains(*place)) {
            app.files().remove(place).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
