//! Telling those who listen that a notification came.
//!
//! However many listen, one task for each server asks the database what came, after every commit of this server and
//! every [`TICK`] for those of others, and wakes the listeners concerned. Each then reads its own through
//! [`store::visible_to`]. Rows can be committed later than the time they bear, so that both look back over a
//! [`WINDOW`] longer than any transaction lives, and remember what they have seen there: none is missed, none comes
//! twice.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, stream};
use sea_orm::Condition;
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

use super::store;
use crate::{auth::Actor, error::Result, platform::db::Db};

/// How soon the commits of other servers are seen.
const TICK: Duration = Duration::from_secs(2);
/// How far back is looked for what was committed late.
const WINDOW: TimeDelta = TimeDelta::minutes(2);
/// Wake-ups that a slow listener may be behind before it just reads what there is.
const BACKLOG: usize = 1_024;

/// The wake-ups of one server. Cheap to clone; belongs into the schema's data.
#[derive(Clone, Debug)]
pub struct Feed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    /// Whose notifications came.
    owners: broadcast::Sender<Uuid>,
    running: AtomicBool,
}

impl Feed {
    /// A feed that does nothing until somebody listens.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        let (owners, _) = broadcast::channel(BACKLOG);
        Self(Arc::new(Inner { db: db.clone(), owners, running: AtomicBool::new(false) }))
    }

    /// The keys of the actor's notifications from now on, each once, as they come.
    ///
    /// # Errors
    /// When the database fails now; later failures are waited out.
    pub async fn received(&self, actor: &Actor) -> Result<impl Stream<Item = Uuid> + Send + use<>> {
        let owners = self.0.owners.subscribe();
        let mut recent = Recent::new(&self.0.db);
        // What there is already is in the inbox.
        recent.news(&self.0.db, store::visible_to(actor)).await?;
        self.start();
        let listener = Listener {
            feed: self.clone(),
            actor: actor.clone(),
            owners,
            recent,
            waiting: VecDeque::new(),
            behind: true,
        };
        Ok(stream::unfold(listener, |mut listener| async move { Some((listener.next().await?, listener)) }))
    }

    fn start(&self) {
        if !self.0.running.swap(true, Ordering::SeqCst) {
            tokio::spawn(watch(self.clone()));
        }
    }
}

/// Somebody who listens.
struct Listener {
    feed: Feed,
    actor: Actor,
    owners: broadcast::Receiver<Uuid>,
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
            self.behind = match self.owners.recv().await {
                Ok(owner) => owner == self.actor.user(),
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => return None,
            };
        }
    }

    async fn read(&mut self) -> Result<()> {
        let news = self.recent.news(&self.feed.0.db, store::visible_to(&self.actor)).await?;
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
    let Inner { db, owners, running } = &*feed.0;
    let mut recent = Recent::new(db);
    let mut failing = false;
    loop {
        // A commit that happens while the database is read must not be slept through.
        let mut committed = pin!(db.committed());
        let _ = futures_util::poll!(committed.as_mut());
        match recent.news(db, Condition::all()).await {
            Ok(news) => {
                failing = false;
                for owner in news.into_iter().map(|(_, owner)| owner).collect::<BTreeSet<_>>() {
                    // Nobody listening any more is noticed below.
                    let _ = owners.send(owner);
                }
            }
            Err(error) if !failing => {
                failing = true;
                tracing::error!(?error, "notifications cannot be watched; trying again");
            }
            Err(_) => {}
        }
        if owners.receiver_count() == 0 {
            running.store(false, Ordering::SeqCst);
            // Somebody may have come between the two lines; one of us two goes on.
            if owners.receiver_count() == 0 || running.swap(true, Ordering::SeqCst) {
                return;
            }
        }
        // A failing database is not asked again before the next tick.
        let _ = tokio::time::timeout(TICK, async {
            if failing { std::future::pending().await } else { committed.await }
        })
        .await;
    }
}
