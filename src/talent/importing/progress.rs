//! How far an import is 导入进度: told while it runs, to whoever imports.
//!
//! An import is one transaction, of which nobody sees anything until it is over; so its progress stands in no table. It is
//! kept in memory, under a key that the client chooses, while somebody imports or listens: whoever listens asks the server
//! that imports.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use async_graphql::Enum;
use futures_util::{Stream, stream};
use tokio::sync::watch::{self, Sender};
use uuid::Uuid;

use crate::{
    auth::Actor,
    error::Result,
    platform::input::{Checks, Length},
};

/// A key is as long as an idempotency key.
const KEY: Length = Length { min: 1, max: 100 };

/// Where an import stands 导入阶段.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "ImportStage")]
pub enum Stage {
    /// It has not begun 等待.
    Waiting,
    /// The rows are read and checked; nothing is written yet 校验.
    Checking,
    /// Everything is right, and is being written 写入.
    Writing,
    /// It is over, and was kept; or, in a dry run, would have been 完成.
    Done,
    /// It is over, and nothing was changed 未导入.
    Refused,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub stage: Stage,
    /// How many rows the table has; 0 before it is read.
    pub rows: usize,
    /// With how many of them this stage is through.
    pub done: usize,
}

type Watched = Arc<Sender<Progress>>;
/// By whom, and under which key.
type Known = HashMap<(Uuid, String), Weak<Sender<Progress>>>;

/// The imports that run, or are listened to, on this server. Belongs into the schema's data.
#[derive(Default)]
pub struct Imports(Mutex<Known>);

impl fmt::Debug for Imports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imports").finish_non_exhaustive()
    }
}

impl Imports {
    /// What is known under a person's key; what nobody holds any more is forgotten.
    fn under(&self, actor: &Actor, key: &str) -> Watched {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, progress| progress.strong_count() > 0);
        let place = known.entry((actor.user(), key.to_owned())).or_default();
        place.upgrade().unwrap_or_else(|| {
            let begun = Arc::new(watch::channel(Progress { stage: Stage::Waiting, rows: 0, done: 0 }).0);
            *place = Arc::downgrade(&begun);
            begun
        })
    }

    /// Tells of an import from now on, if a key was given.
    ///
    /// # Errors
    /// `INVALID_INPUT` at `progressKey` for one that is too long.
    pub fn report(&self, actor: &Actor, key: Option<&str>) -> Result<Report> {
        let Some(key) = key else { return Ok(Report::default()) };
        let mut checks = Checks::new();
        checks.line("progressKey", key, KEY);
        checks.finish()?;
        Ok(Report(Some(self.under(actor, key))))
    }

    /// How far the import under a key of the actor's is, and again whenever it is further, until it is over.
    pub fn follow(&self, actor: &Actor, key: &str) -> impl Stream<Item = Progress> + Send + use<> {
        let held = self.under(actor, key);
        let mut news = held.subscribe();
        news.mark_changed();
        // Whoever listens keeps the place, so that an import which begins later is found.
        stream::unfold(Some((news, held)), |going| async move {
            let (mut news, held) = going?;
            news.changed().await.ok()?;
            let progress = *news.borrow_and_update();
            let over = matches!(progress.stage, Stage::Done | Stage::Refused);
            Some((progress, (!over).then_some((news, held))))
        })
    }
}

/// Where an import says how far it is; nowhere unless a key was given.
#[derive(Clone, Debug, Default)]
pub struct Report(Option<Watched>);

impl Report {
    /// It is through with so many rows of this stage.
    pub fn at(&self, stage: Stage, (done, rows): (usize, usize)) {
        if let Some(sender) = &self.0 {
            sender.send_replace(Progress { stage, rows, done });
        }
    }

    /// It is over.
    pub fn over<T>(&self, outcome: &Result<Vec<T>>) {
        match outcome {
            Ok(rows) => self.at(Stage::Done, (rows.len(), rows.len())),
            Err(_) => self.at(Stage::Refused, (0, self.0.as_ref().map_or(0, |sender| sender.borrow().rows))),
        }
    }
}
