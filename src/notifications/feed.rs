//! Telling those who listen that a notification came.
//!
//! However many listen, one task for each server asks the database what came, after every commit of this server and
//! every [`TICK`] for those of others, and wakes the listeners concerned, and nobody else. Each then reads its own through
//! [`store::visible_to`]. Rows can be committed later than the time they bear, so that both look back over a
//! [`WINDOW`] longer than any transaction lives, and remember what they have seen there: none is missed, none comes
//! twice.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, stream};
use sea_orm::Condition;
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

use super::store;
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::Db,
};

/// How soon the commits of other servers are seen.
const TICK: Duration = Duration::from_secs(2);
/// Listeners who read at the same time; the others wait here and not for a connection of the database.
const READING: usize = 16;
/// How far back is looked for what was committed late.
const WINDOW: TimeDelta = TimeDelta::minutes(2);

/// The wake-ups of one server. Cheap to clone; belongs into the schema's data.
#[derive(Clone, Debug)]
pub struct Feed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    listening: Mutex<Listening>,
    reading: Semaphore,
}

/// Who listens.
#[derive(Debug, Default)]
struct Listening {
    /// By whose notifications they wait for: what wakes them.
    owners: HashMap<Uuid, watch::Sender<()>>,
    /// Whether the task is there that wakes them.
    watched: bool,
}

impl Feed {
    /// A feed that does nothing until somebody listens.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self(Arc::new(Inner { db: db.clone(), listening: Mutex::default(), reading: Semaphore::new(READING) }))
    }

    /// The keys of the actor's notifications from now on, each once, as they come.
    ///
    /// # Errors
    /// When the database fails now; later failures are waited out.
    pub async fn received(&self, actor: &Actor) -> Result<impl Stream<Item = Uuid> + Send + use<>> {
        let call = self.listen(actor.user());
        let mut recent = Recent::new(&self.0.db);
        // What there is already is in the inbox.
        Box::pin(recent.news(&self.0.db, store::visible_to(actor))).await?;
        let listener =
            Listener { feed: self.clone(), actor: actor.clone(), call, recent, waiting: VecDeque::new(), behind: true };
        Ok(stream::unfold(listener, |mut listener| async move { Some((listener.next().await?, listener)) }))
    }

    /// Waits for somebody's notifications from now on.
    fn listen(&self, owner: Uuid) -> watch::Receiver<()> {
        let mut listening = self.listening();
        let call = listening.owners.entry(owner).or_insert_with(|| watch::channel(()).0).subscribe();
        if !listening.watched {
            listening.watched = true;
            tokio::spawn(watch(self.clone()));
        }
        call
    }

    /// Wakes those who wait for notifications of these people.
    fn wake(&self, people: &BTreeSet<Uuid>) {
        let listening = self.listening();
        for call in people.iter().filter_map(|owner| listening.owners.get(owner)) {
            call.send_replace(());
        }
    }

    /// Whether anybody still listens; if not, the task that asks ends.
    fn is_heard(&self) -> bool {
        let mut listening = self.listening();
        listening.owners.retain(|_, call| call.receiver_count() > 0);
        listening.watched = !listening.owners.is_empty();
        listening.watched
    }

    fn listening(&self) -> MutexGuard<'_, Listening> {
        self.0.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who listens.
struct Listener {
    feed: Feed,
    actor: Actor,
    call: watch::Receiver<()>,
    recent: Recent,
    waiting: VecDeque<Uuid>,
    /// Something may have come that was not read yet.
    behind: bool,
}

impl Listener {
    async fn next(&mut self) -> Option<Uuid> {
        loop {
            if let Some(key) = self.waiting.pop_front() {
                return Some(key);
            }
            if self.behind {
                self.behind = self.read().await.is_err();
                if self.behind {
                    tokio::time::sleep(TICK).await;
                }
                continue;
            }
            self.call.changed().await.ok()?;
            self.behind = true;
        }
    }

    async fn read(&mut self) -> Result<()> {
        let _turn = self.feed.0.reading.acquire().await.map_err(Error::internal)?;
        // Boxed, so that a listener who waits does not keep the room for it.
        let news = Box::pin(self.recent.news(&self.feed.0.db, store::visible_to(&self.actor))).await?;
        self.waiting.extend(news.into_iter().map(|(key, _)| key));
        Ok(())
    }
}

/// What came lately and was seen.
#[derive(Debug)]
struct Recent {
    since: DateTime<Utc>,
    seen: HashMap<Uuid, DateTime<Utc>>,
}

impl Recent {
    /// Nothing seen yet of what came lately.
    fn new(db: &Db) -> Self {
        Self { since: db.clock().now() - WINDOW, seen: HashMap::new() }
    }

    /// What came and was not seen: keys and owners, in the order of their times.
    async fn news(&mut self, db: &Db, rule: Condition) -> Result<Vec<(Uuid, Uuid)>> {
        let (since, now) = (self.since, db.clock().now());
        let rows = store::since(db.reader(), since, rule).await?;
        self.seen.retain(|_, at| *at > since);
        // From the time of this look, not of the next: the clock may jump in between, a story's clock does.
        self.since = since.max(now - WINDOW);
        let news = rows.into_iter().filter(|(key, _, at)| self.seen.insert(*key, *at).is_none());
        Ok(news.map(|(key, owner, _)| (key, owner)).collect())
    }
}

/// Wakes those whose notifications came, for as long as anybody listens. The first look wakes everyone to whom something
/// came lately: it may have come after they looked themselves.
async fn watch(feed: Feed) {
    let db = &feed.0.db;
    let mut recent = Recent::new(db);
    let mut failing = false;
    loop {
        // A commit that happens while the database is read must not be slept through.
        let mut committed = pin!(db.committed());
        let _ = futures_util::poll!(committed.as_mut());
        match recent.news(db, Condition::all()).await {
            Ok(news) => {
                failing = false;
                feed.wake(&news.into_iter().map(|(_, owner)| owner).collect());
            }
            Err(error) if !failing => {
                failing = true;
                tracing::error!(?error, "notifications cannot be watched; trying again");
            }
            Err(_) => {}
        }
        if !feed.is_heard() {
            return;
        }
        // A failing database is not asked again before the next tick.
        let _ =
            tokio::time::timeout(TICK, async { if failing { std::future::pending().await } else { committed.await } })
                .await;
    }
}
