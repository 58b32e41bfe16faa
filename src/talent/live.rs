//! Figures on a screen: as they are now, and again whenever they have changed.
//!
//! After every commit of this server, and every [`TICK`] for those of others, a listener looks whether the event log grew;
//! only then it counts again, at most once in a [`PAUSE`], and tells what differs from what it told last.

use std::{pin::pin, time::Duration};

use futures_util::{Stream, stream};

use crate::{
    app::App,
    error::Result,
    platform::event::{self, Cursor},
};

/// How soon the commits of other servers are seen.
const TICK: Duration = Duration::from_secs(2);
/// However much happens, it is counted no more often than this.
const PAUSE: Duration = Duration::from_millis(500);

/// Figures that can be told apart, whenever they were counted.
pub trait Figures: Clone + Send {
    /// Whether the two say the same.
    fn are_as(&self, other: &Self) -> bool;
}

/// Somebody who watches.
struct Watcher<T, C> {
    app: App,
    count: C,
    cursor: Cursor,
    told: Option<T>,
}

/// The figures now, and again whenever they have changed.
///
/// # Errors
/// As `count`, once; later failures are waited out.
pub async fn watch<T, C, F>(app: &App, count: C) -> Result<impl Stream<Item = T> + Send + use<T, C, F>>
where
    T: Figures,
    C: Fn(App) -> F + Send,
    F: Future<Output = Result<T>> + Send,
{
    let cursor = event::end(app.db().reader()).await?;
    let now = count(app.clone()).await?;
    let watcher = Watcher { app: app.clone(), count, cursor, told: None };
    let begun = stream::unfold((watcher, Some(now)), |(mut watcher, now)| async move {
        let figures = match now {
            Some(figures) => figures,
            None => watcher.next().await,
        };
        watcher.told = Some(figures.clone());
        Some((figures, (watcher, None)))
    });
    Ok(begun)
}

impl<T: Figures, C: Fn(App) -> F, F: Future<Output = Result<T>>> Watcher<T, C> {
    async fn next(&mut self) -> T {
        loop {
            tokio::time::sleep(PAUSE).await;
            let db = self.app.db().clone();
            // A commit that happens while the database is read must not be slept through.
            let mut committed = pin!(db.committed());
            let _ = futures_util::poll!(committed.as_mut());
            // Boxed, so that a listener who waits does not keep the room for it.
            match Box::pin(self.look()).await {
                Ok(Some(figures)) => return figures,
                Ok(None) => {}
                Err(error) => tracing::warn!(?error, "what is watched cannot be counted; trying again"),
            }
            let _ = tokio::time::timeout(TICK, committed).await;
        }
    }

    /// What is to be told now: nothing where nothing happened, or nothing that counts.
    async fn look(&mut self) -> Result<Option<T>> {
        let cursor = event::end(self.app.db().reader()).await?;
        if cursor == self.cursor {
            return Ok(None);
        }
        let figures = (self.count)(self.app.clone()).await?;
        self.cursor = cursor;
        let same = self.told.as_ref().is_some_and(|told| told.are_as(&figures));
        Ok((!same).then_some(figures))
    }
}
