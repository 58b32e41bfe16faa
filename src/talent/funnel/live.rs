//! The funnel on a screen: its figures now, and again whenever they have changed.
//!
//! After every commit of this server, and every [`TICK`] for those of others, a listener looks whether the event log grew;
//! only then it counts again, at most once in a [`PAUSE`], and tells what differs from what it told last.

use std::{pin::pin, time::Duration};

use futures_util::{Stream, stream};

use super::{Ask, Funnel, count};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    platform::event::{self, Cursor},
};

/// How soon the commits of other servers are seen.
const TICK: Duration = Duration::from_secs(2);
/// However much happens, it is counted no more often than this.
const PAUSE: Duration = Duration::from_millis(500);

/// Somebody who watches.
struct Watcher {
    app: App,
    actor: Actor,
    ask: Ask,
    cursor: Cursor,
    told: Option<Funnel>,
}

/// The figures now, and again whenever they have changed.
///
/// # Errors
/// As [`count`], once; later failures are waited out.
pub async fn watch(app: &App, actor: &Actor, ask: Ask) -> Result<impl Stream<Item = Funnel> + Send + use<>> {
    let cursor = event::end(app.db().reader()).await?;
    let now = count(app, actor, &ask).await?;
    let watcher = Watcher { app: app.clone(), actor: actor.clone(), ask, cursor, told: None };
    let begun = stream::unfold((watcher, Some(now)), |(mut watcher, now)| async move {
        let funnel = match now {
            Some(funnel) => funnel,
            None => watcher.next().await,
        };
        watcher.told = Some(funnel.clone());
        Some((funnel, (watcher, None)))
    });
    Ok(begun)
}

impl Watcher {
    async fn next(&mut self) -> Funnel {
        loop {
            tokio::time::sleep(PAUSE).await;
            let db = self.app.db().clone();
            // A commit that happens while the database is read must not be slept through.
            let mut committed = pin!(db.committed());
            let _ = futures_util::poll!(committed.as_mut());
            // Boxed, so that a listener who waits does not keep the room for it.
            match Box::pin(self.look()).await {
                Ok(Some(funnel)) => return funnel,
                Ok(None) => {}
                Err(error) => tracing::warn!(?error, "the funnel cannot be counted; trying again"),
            }
            let _ = tokio::time::timeout(TICK, committed).await;
        }
    }

    /// What is to be told now: nothing where nothing happened, or nothing that counts.
    async fn look(&mut self) -> Result<Option<Funnel>> {
        let cursor = event::end(self.app.db().reader()).await?;
        if cursor == self.cursor {
            return Ok(None);
        }
        let funnel = count(&self.app, &self.actor, &self.ask).await?;
        self.cursor = cursor;
        let same = self.told.as_ref().is_some_and(|told| told.counts == funnel.counts && told.groups == funnel.groups);
        Ok((!same).then_some(funnel))
    }
}
