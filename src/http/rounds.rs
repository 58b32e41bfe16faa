//! Looking after connections that stay open: one task for all of them, once a second.
//!
//! It asks of each whether its user is still signed in and when its client was last heard, and calls those where something
//! is to be done; the others sleep on. It ends with the last of them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};

use super::site::Site;
use crate::{auth::SignedIn, identity};

/// How often a connection is looked at.
const CHECK: Duration = Duration::from_secs(1);

/// The open connections of one server.
#[derive(Debug, Default)]
pub(super) struct Rounds(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    connections: HashMap<u64, Arc<Watched>>,
    /// How many there have been.
    count: u64,
    running: bool,
}

#[derive(Debug)]
struct Watched {
    signed_in: OnceLock<SignedIn>,
    began: Instant,
    /// Milliseconds after that.
    heard: AtomicU64,
    /// How long the client may be silent.
    patience: Duration,
    bell: Notify,
}

/// A connection that is looked after until this is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    number: u64,
    watched: Arc<Watched>,
    rounds: Arc<Rounds>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.rounds.open().connections.remove(&self.number);
    }
}

impl Site {
    /// Looks after one more connection.
    pub(super) fn watch(&self, signed_in: Option<&SignedIn>, patience: Duration) -> Watch {
        let watched = Arc::new(Watched {
            signed_in: OnceLock::new(),
            began: Instant::now(),
            heard: AtomicU64::new(0),
            patience,
            bell: Notify::new(),
        });
        let mut open = self.rounds.open();
        open.count += 1;
        let number = open.count;
        open.connections.insert(number, watched.clone());
        if !open.running {
            open.running = true;
            tokio::spawn(go_round(self.clone()));
        }
        drop(open);
        let watch = Watch { number, watched, rounds: self.rounds.clone() };
        watch.is(signed_in);
        watch
    }
}

impl Watch {
    /// Says who it is, once that is known.
    pub(super) fn is(&self, signed_in: Option<&SignedIn>) {
        if let Some(signed_in) = signed_in {
            let _ = self.watched.signed_in.set(signed_in.clone());
        }
    }

    /// The client gave a sign of life.
    pub(super) fn heard(&self) {
        let after = u64::try_from(self.watched.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.watched.heard.store(after, Ordering::Relaxed);
    }

    /// How long it gave none.
    pub(super) fn silent(&self) -> Duration {
        self.watched.silent()
    }

    /// Waits until something is to be done: the user is not signed in any more, or the client is silent for too long.
    pub(super) async fn called(&self) {
        self.watched.bell.notified().await;
    }
}

impl Watched {
    fn silent(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_millis(self.heard.load(Ordering::Relaxed)))
    }
}

impl Rounds {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everyone who is there; `None` when that is nobody, and the rounds are over.
    fn everyone(&self) -> Option<Vec<Arc<Watched>>> {
        let mut open = self.open();
        open.running = !open.connections.is_empty();
        open.running.then(|| open.connections.values().cloned().collect())
    }
}

async fn go_round(site: Site) {
    loop {
        sleep(CHECK).await;
        let Some(everyone) = site.rounds.everyone() else { return };
        for watched in everyone {
            let ended = match watched.signed_in.get() {
                Some(signed_in) => !identity::still_valid(&site.app, signed_in).await,
                None => false,
            };
            if ended || watched.silent() > watched.patience {
                watched.bell.notify_one();
            }
        }
    }
}
