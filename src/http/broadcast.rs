//! Subscriptions that are asked alike run once.
//!
//! Whoever holds the same document, operation, variables, language and rights hears the same. So the first of them starts
//! a *broadcast*: one execution, whose results are written once and handed to everyone who has joined since. It ends when
//! the last of them leaves. Only what tells of things to come can be joined; the schema names it ([`Joinable`]).
//!
//! A broadcast waits for nobody: a subscriber with [`BACKLOG`] results waiting is lost, and its transport hangs up. Whether
//! a subscriber may still hear is the transport's to ask, of its own visitor: the rights are everyone's, the session is not.
//!
//! [`Joinable`]: crate::graphql::Joinable

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_graphql::parser::types::OperationType;
use aws_lc_rs::digest::{Context, SHA256};
use futures_util::{FutureExt, StreamExt, stream, stream::BoxStream};
use tokio::{sync::mpsc, task::AbortHandle};

use super::{
    answer::Outcome,
    metrics,
    run::{Prepared, Reader},
    site::Site,
};
use crate::{
    auth::Badge,
    error::{Error, Locale},
};

/// Results that may wait for one transport. They are shared, so that many of them cost little.
pub(super) const BACKLOG: usize = 256;

/// Everything on which the results of a subscription depend, besides what happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Alike {
    /// SHA-256 of document, operation and variables: short, however long they are.
    asked: Vec<u8>,
    locale: Locale,
    rights: Badge,
}

/// What a broadcast tells its subscribers.
#[derive(Debug)]
pub(super) enum News {
    /// A result.
    Result {
        /// As GraphQL's JSON.
        json: Vec<u8>,
        /// The code of its first error.
        code: Option<String>,
    },
    /// It was not executed at all; nothing follows.
    Refused(Outcome),
    /// Nothing follows.
    Over,
    /// The subscriber was too slow; nothing follows.
    Lost,
}

impl From<Outcome> for Arc<News> {
    fn from(outcome: Outcome) -> Self {
        Self::new(if outcome.executed {
            News::Result { json: outcome.json(), code: outcome.code().map(str::to_owned) }
        } else {
            News::Refused(outcome)
        })
    }
}

/// News for one of a transport's subscriptions.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    /// Which.
    pub(super) serial: u64,
    pub(super) news: Arc<News>,
}

/// Where to tell somebody.
#[derive(Debug)]
pub(super) struct Subscriber {
    /// Which of the transport's subscriptions.
    pub(super) serial: u64,
    pub(super) news: mpsc::Sender<Heard>,
}

/// The broadcasts of one server.
#[derive(Debug, Default)]
pub(super) struct Broadcasts {
    running: Mutex<HashMap<Arc<Alike>, Arc<Broadcast>>>,
    seats: AtomicU64,
}

#[derive(Debug)]
struct Broadcast {
    alike: Arc<Alike>,
    audience: Mutex<Audience>,
}

#[derive(Debug, Default)]
struct Audience {
    subscribers: HashMap<u64, Subscriber>,
    task: Option<AbortHandle>,
}

/// A place in a broadcast, given up when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    number: u64,
    broadcast: Arc<Broadcast>,
    broadcasts: Arc<Broadcasts>,
    /// Everyone who listens counts as an operation, however few are executed.
    _running: metrics::Held,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.broadcasts.leave(&self.broadcast, self.number);
    }
}

impl Site {
    /// What a subscription must have in common with others to be run with them; `None` when each runs its own.
    pub(super) fn alike(&self, prepared: &Prepared) -> Option<Alike> {
        if prepared.operation.kind != OperationType::Subscription {
            return None;
        }
        let rights = prepared.caller.actor.as_ref()?.rights();
        let field = prepared.subscribed()?;
        let alike = || Alike { asked: asked(prepared), locale: prepared.caller.locale, rights };
        let document = prepared.document();
        self.engine.joinable().is_some_and(|joinable| joinable.joins(field, document)).then(alike)
    }

    /// Joins those who asked alike, or begins what others can join.
    pub(super) fn join(&self, alike: Alike, (prepared, reader): (Prepared, Reader), subscriber: Subscriber) -> Seat {
        let broadcasts = &self.broadcasts;
        let number = broadcasts.seats.fetch_add(1, Ordering::Relaxed);
        let mut running = lock(&broadcasts.running);
        let broadcast = running.get(&alike).cloned().unwrap_or_else(|| {
            let alike = Arc::new(alike);
            let broadcast = Arc::new(Broadcast { alike: alike.clone(), audience: Mutex::default() });
            running.insert(alike, broadcast.clone());
            broadcast
        });
        let mut audience = lock(&broadcast.audience);
        audience.subscribers.insert(number, subscriber);
        if audience.task.is_none() {
            let carried_out = carry_out(self.clone(), broadcast.clone(), (prepared, reader));
            audience.task = Some(tokio::spawn(carried_out).abort_handle());
        }
        drop(audience);
        drop(running);
        Seat { number, broadcast, broadcasts: broadcasts.clone(), _running: metrics::running() }
    }

    /// What a stream of events tells: of an execution of its own, or of one to which others listen as well.
    pub(super) fn news(&self, prepared: Prepared, reader: Reader) -> BoxStream<'static, Arc<News>> {
        let Some(alike) = self.alike(&prepared) else {
            return self.stream(prepared, reader).map(Arc::from).boxed();
        };
        let (news, heard) = mpsc::channel(BACKLOG);
        let seat = self.join(alike, (prepared, reader), Subscriber { serial: 0, news });
        let listening = stream::unfold((heard, seat), |(mut heard, seat)| async move {
            let Heard { news, .. } = heard.recv().await?;
            metrics::sent();
            Some((news, (heard, seat)))
        });
        listening.boxed()
    }
}

fn asked(prepared: &Prepared) -> Vec<u8> {
    let mut digest = Context::new(&SHA256);
    let variables = serde_json::to_string(&prepared.variables).unwrap_or_default();
    for part in [&prepared.text, prepared.operation.name.as_deref().unwrap_or_default(), &variables] {
        // With its length, so that two parts are not the same as two others that read alike.
        digest.update(&part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    digest.finish().as_ref().to_vec()
}

async fn carry_out(site: Site, broadcast: Arc<Broadcast>, (prepared, reader): (Prepared, Reader)) {
    let mut results = site.results(prepared, reader.clone());
    loop {
        let next = AssertUnwindSafe(results.next()).catch_unwind().await;
        let news = match next {
            Ok(Some(outcome)) => outcome.into(),
            Ok(None) => Arc::new(News::Over),
            Err(_) => Outcome::failed(Error::internal("a subscription panicked").into(), &reader).into(),
        };
        if !matches!(*news, News::Result { .. }) {
            site.broadcasts.end(&broadcast, &news);
            return;
        }
        metrics::rendered();
        broadcast.tell(&news);
    }
}

impl Broadcast {
    fn tell(&self, news: &Arc<News>) {
        lock(&self.audience).subscribers.retain(|_, subscriber| subscriber.tell(news));
    }
}

impl Subscriber {
    /// Whether it goes on. The last place in its queue is for telling that it is lost.
    fn tell(&self, news: &Arc<News>) -> bool {
        let lost = self.news.capacity() <= 1;
        let news = if lost { Arc::new(News::Lost) } else { news.clone() };
        self.news.try_send(Heard { serial: self.serial, news }).is_ok() && !lost
    }
}

impl Broadcasts {
    /// Nobody can join any more; whoever is there hears the end.
    fn end(&self, broadcast: &Arc<Broadcast>, news: &Arc<News>) {
        forget(&mut lock(&self.running), broadcast);
        broadcast.tell(news);
        lock(&broadcast.audience).subscribers.clear();
    }

    fn leave(&self, broadcast: &Arc<Broadcast>, number: u64) {
        // Nobody joins what is being given up.
        let mut running = lock(&self.running);
        let mut audience = lock(&broadcast.audience);
        audience.subscribers.remove(&number);
        if audience.subscribers.is_empty() {
            forget(&mut running, broadcast);
            if let Some(task) = &audience.task {
                task.abort();
            }
        }
    }
}

fn forget(running: &mut HashMap<Arc<Alike>, Arc<Broadcast>>, broadcast: &Arc<Broadcast>) {
    // Another may have begun since.
    if running.get(&broadcast.alike).is_some_and(|one| Arc::ptr_eq(one, broadcast)) {
        running.remove(&broadcast.alike);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
