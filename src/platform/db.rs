//! The database: many readers, writes that carry a permit, and transactions that can be run again.
//!
//! SQLite is one writer connection whose transactions begin IMMEDIATE (a deferred one that upgrades fails at once,
//! whatever the busy timeout says) and a pool of readers that cannot write. PostgreSQL is a pool of each. A use case is one
//! [`Db::write`]; inside it everything may be read, and only under a [`Permit`] can anything be written.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::Notify;
use uuid::Uuid;

pub use super::write::Write;

use super::{
    clock::Clock,
    connect::{self, Connections},
    event::Progress,
    failure::collided,
    id,
    lanes::Lanes,
    latest::Latest,
    pending::Pending,
    standing,
};
use crate::{
    auth::{Actor, Governed, Permit},
    error::{Error, Result},
};

/// How long a write is tried again when it collides with others.
const PATIENCE: Duration = Duration::from_secs(10);
/// Refusals kept in memory until they are written; more than that are only counted in the log.
const DENIALS: usize = 1_000;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    connections: Connections,
    backend: DbBackend,
    clock: Clock,
    denials: Mutex<Vec<Denial>>,
    committed: Notify,
    latest: Latest,
    statements: Arc<AtomicU64>,
}

/// Somebody was refused: a row of `access_denial`.
#[derive(Clone, Debug)]
pub struct Denial {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What they asked for: `agreement.approve`.
    pub action: &'static str,
    /// On which record.
    pub record: crate::auth::RecordRef,
}

impl Db {
    /// Opens `sqlite:…` or `postgres:…` with up to `connections` connections for the planner's reads, as many for other reads,
    /// and on PostgreSQL as many for writes.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn connect(url: &str, connections: u32, clock: Clock) -> Result<Self, DbErr> {
        let statements = Arc::default();
        let connections = connect::open(url, connections, &statements).await?;
        let backend = connections.readers.get_database_backend();
        Ok(Self(Arc::new(Inner {
            connections,
            backend,
            clock,
            denials: Mutex::default(),
            committed: Notify::new(),
            latest: Latest::new(standing::rests_on),
            statements,
        })))
    }

    /// Where the planner's reads go.
    #[must_use]
    pub fn lanes(&self) -> &Lanes {
        &self.0.connections.lanes
    }

    /// Where other reads go. Cannot write on SQLite.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.0.connections.readers
    }

    /// Where reads go that serve every request alike: who is signed in, and whether that still holds. They follow the
    /// clock and not what is asked, so [`Self::statements`] leaves them out.
    #[must_use]
    pub fn aside(&self) -> &DatabaseConnection {
        &self.0.connections.aside
    }

    /// Where reads go that take longer to plan than to run: PostgreSQL keeps one plan of each, for whatever values. Neither
    /// the values nor how many rows are wanted may decide how they are best read.
    #[must_use]
    pub fn steady(&self) -> &DatabaseConnection {
        &self.0.connections.steady
    }

    /// The writing connection itself: migrations, counters and tests, never a use case.
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.0.connections.writer
    }

    /// SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.0.backend
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What happened lately to the records that access rests on.
    #[must_use]
    pub fn latest(&self) -> &Latest {
        &self.0.latest
    }

    /// Closes every connection.
    ///
    /// # Errors
    /// When the database cannot be closed.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.0.connections.lanes.close().await;
        self.0.connections.readers.close_by_ref().await?;
        self.0.connections.writer.close_by_ref().await
    }

    /// How many statements requests have sent: for `hezuo explain`, and for tests that hold a request to a number.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Waits until something has been committed by this process.
    pub async fn committed(&self) {
        self.0.committed.notified().await;
    }

    /// One use case, one transaction. `work` may run more than once, so nothing outside the database happens in it.
    ///
    /// # Errors
    /// Whatever `work` returns, with everything undone; TIMEOUT when it kept colliding with others.
    pub async fn write<T, F>(&self, work: impl Fn(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.attempt((IsolationLevel::ReadCommitted, Outcome::Kept), work).await
    }

    /// As [`Self::write`], and then undone, whatever came of it: what a use case would do, told by the use case itself.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn rehearse<T, F>(&self, work: impl Fn(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.attempt((IsolationLevel::ReadCommitted, Outcome::Undone), work).await
    }

    /// As [`Self::write`], for rules that no single row guards: PostgreSQL holds the transaction SERIALIZABLE.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_serializable<T, F>(&self, work: impl Fn(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.attempt((IsolationLevel::Serializable, Outcome::Kept), work).await
    }

    async fn attempt<T, F>(&self, how: (IsolationLevel, Outcome), work: impl Fn(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let now = self.0.clock.now();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(2);
        loop {
            match self.once(how, now, &work).await {
                Err(ref error) if collided(error) => {
                    if tokio::time::Instant::now() > deadline {
                        return Err(Error::timeout());
                    }
                    tokio::time::sleep(pause + jitter(pause)).await;
                    pause = (pause * 2).min(Duration::from_millis(200));
                }
                Ok(value) => {
                    self.0.committed.notify_waiters();
                    return Ok(value);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn once<T, F>(
        &self,
        (isolation, end): (IsolationLevel, Outcome),
        now: DateTime<Utc>,
        work: &impl Fn(Tx) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let options = match self.0.backend {
            DbBackend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
            // As every connection begins them: a statement less.
            _ if isolation == IsolationLevel::ReadCommitted => TransactionOptions::default(),
            _ => TransactionOptions { isolation_level: Some(isolation), ..TransactionOptions::default() },
        };
        let transaction = Arc::new(self.begin(options).await?);
        let progress = Arc::<Progress>::default();
        let pending = Arc::<Pending>::default();
        let tx = Tx {
            transaction: transaction.clone(),
            now,
            db: self.clone(),
            progress: progress.clone(),
            pending: pending.clone(),
        };
        let outcome = pending.after(work(tx).await, &transaction).await;
        let transaction =
            Arc::into_inner(transaction).ok_or_else(|| Error::internal("a transaction outlived its use case"))?;
        match outcome {
            Ok(value) if end == Outcome::Undone => {
                transaction.rollback().await?;
                Ok(value)
            }
            Ok(value) => {
                transaction.commit().await?;
                self.0.latest.note(&progress.records(), now);
                Ok(value)
            }
            Err(error) => {
                transaction.rollback().await?;
                Err(error)
            }
        }
    }

    /// A transaction. It begins to the end, in a task of its own, also when whoever asked has gone: of a `BEGIN` that
    /// nobody waits for sqlx 0.9 knows nothing, and gives the connection with its open transaction to the next (sqlx#4393).
    async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction> {
        let writer = self.0.connections.writer.clone();
        let begun = tokio::spawn(async move { writer.begin_with_options(options).await });
        Ok(begun.await.map_err(Error::internal)??)
    }

    pub(super) fn deny(&self, denial: Denial) {
        let mut denials = self.0.denials.lock().unwrap_or_else(PoisonError::into_inner);
        if denials.len() < DENIALS {
            denials.push(denial);
        }
    }

    /// The refusals since the last call, for the worker that writes them down.
    #[must_use]
    pub fn take_denials(&self) -> Vec<Denial> {
        std::mem::take(&mut *self.0.denials.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A transaction: everything may be read, nothing written yet. A handle: clones are the same transaction.
#[derive(Clone, Debug)]
pub struct Tx {
    pub(super) transaction: Arc<DatabaseTransaction>,
    pub(super) now: DateTime<Utc>,
    db: Db,
    pub(super) progress: Arc<Progress>,
    pub(super) pending: Arc<Pending>,
}

impl Tx {
    /// The moment of the use case, the same however often it runs.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A new key.
    #[must_use]
    pub fn id(&self) -> Uuid {
        id::new(self.now)
    }

    /// Asks whether the actor is still in force, then the rule with facts read in this transaction, and opens it for
    /// writing. Neither answer can change before the transaction ends.
    ///
    /// # Errors
    /// UNAUTHENTICATED when the session, the person or the membership has been ended meanwhile; FORBIDDEN when the rule
    /// says no, and the refusal is recorded.
    pub async fn permit<G: Governed>(&self, actor: &Actor, action: G::Action, thing: &G) -> Result<Write> {
        standing::still_stands(self, actor).await?;
        let permit = actor.permit(action, thing).inspect_err(|_| {
            self.db.deny(Denial {
                at: self.now,
                actor: actor.clone(),
                action: crate::auth::Action::name(action),
                record: thing.record(),
            });
        })?;
        Ok(self.under(permit))
    }

    /// Inserts what waits to be: before anything else is written.
    pub(super) async fn settle(&self) -> Result<(), DbErr> {
        self.pending.send(&self.transaction).await
    }

    /// As [`Self::settle`], if the statement could ask for it.
    async fn settle_for(&self, statement: &Statement) -> Result<(), DbErr> {
        if self.pending.concern(&statement.sql) { self.settle().await } else { Ok(()) }
    }

    /// Opens the transaction for writing under a permit that was already given.
    #[must_use]
    pub fn under(&self, permit: Permit) -> Write {
        Write { tx: self.clone(), permit }
    }
}

/// What becomes of what a use case wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is committed.
    Kept,
    /// It is rolled back.
    Undone,
}

/// Stores read inside a transaction as they read outside.
#[sea_orm::prelude::async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("a write without a permit".into()))
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("a write without a permit".into()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.settle_for(&statement).await?;
        self.transaction.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.settle_for(&statement).await?;
        self.transaction.query_all_raw(statement).await
    }
}

/// Up to as much again, so that two that collided do not collide again.
fn jitter(pause: Duration) -> Duration {
    let [.., random] = id::new(DateTime::default()).into_bytes();
    pause * u32::from(random) / 255
}
