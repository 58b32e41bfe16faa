//! Read lanes: connections that only answer the planner's statements, one at a time, in no transaction.
//!
//! A pool would ask the database after every statement whether the connection is well, one more round trip for each. A
//! lane knows: what was read to its end leaves it ready. One whose reader went away in the middle is drained before it is
//! used again, or dropped when that takes too long; one that broke is replaced, and the statement asked again if the lane
//! had been waiting. Nobody waits for a second lane while holding one.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{DbErr, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a statement waits for a lane.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a lane whose reader went away may take to become ready again.
const DRAIN: Duration = Duration::from_secs(5);
/// A connection is not kept longer than this: servers and what is between leak and move.
const AGE: Duration = Duration::from_mins(30);

/// To what lanes connect.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Postgres(PgConnectOptions),
    Sqlite(SqliteConnectOptions),
}

/// For which values the database plans a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    /// For any: the plan is kept with the statement.
    ForAll,
    /// For the values at hand, each time anew. PostgreSQL only: SQLite plans for any.
    ForThese,
}

/// The lanes of one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Lanes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    target: Target,
    ready: Mutex<Vec<Lane>>,
    permits: Arc<Semaphore>,
    statements: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Lane {
    link: Link,
    opened: Instant,
}

#[derive(Debug)]
enum Link {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Lanes {
    pub(super) fn new(target: Target, most: u32, statements: Arc<AtomicU64>) -> Self {
        let permits = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1)));
        Self(Arc::new(Inner { target, ready: Mutex::default(), permits, statements }))
    }

    /// The rows that a statement finds.
    ///
    /// # Errors
    /// When the database fails, or every lane is taken for too long.
    pub async fn query(&self, statement: Statement, planned: Planned) -> Result<Vec<QueryResult>, DbErr> {
        let permit = timeout(PATIENCE, self.0.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| failure(sqlx::Error::PoolTimedOut))?;
        let permit = permit.map_err(|_| failure(sqlx::Error::PoolClosed))?;
        self.0.statements.fetch_add(1, Ordering::Relaxed);
        let waiting = self.ready().pop();
        let waited = waiting.is_some();
        let lane = match waiting {
            Some(lane) => lane,
            None => self.open().await?,
        };
        let mut taken = Taken { lanes: self, lane: Some(lane), permit: Some(permit) };
        match taken.read(&statement, planned).await {
            Err(ref error) if waited && is_broken(error) => {
                taken.lane = Some(self.open().await?);
                taken.read(&statement, planned).await.map_err(failure)
            }
            read => read.map_err(failure),
        }
    }

    /// Closes the lanes that are not in use, and opens no more.
    pub(super) async fn close(&self) {
        self.0.permits.close();
        let ready = std::mem::take(&mut *self.ready());
        for lane in ready {
            // Whatever it says, it is gone.
            _ = match lane.link {
                Link::Postgres(connection) => connection.close().await,
                Link::Sqlite(connection) => connection.close().await,
            };
        }
    }

    async fn open(&self) -> Result<Lane, DbErr> {
        let link = match &self.0.target {
            Target::Postgres(options) => PgConnection::connect_with(options).await.map(Link::Postgres),
            Target::Sqlite(options) => SqliteConnection::connect_with(options).await.map(Link::Sqlite),
        };
        Ok(Lane { link: link.map_err(failure)?, opened: Instant::now() })
    }

    fn ready(&self) -> std::sync::MutexGuard<'_, Vec<Lane>> {
        self.0.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the next statement have a lane that is ready.
    fn give_back(&self, lane: Lane, permit: OwnedSemaphorePermit) {
        if lane.opened.elapsed() < AGE && !self.0.permits.is_closed() {
            self.ready().push(lane);
        }
        drop(permit);
    }
}

/// A lane in use. Dropped in the middle of a statement it is drained, and counts as in use until then.
struct Taken<'a> {
    lanes: &'a Lanes,
    lane: Option<Lane>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Taken<'_> {
    async fn read(&mut self, statement: &Statement, planned: Planned) -> Result<Vec<QueryResult>, sqlx::Error> {
        let lane = self.lane.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        let read = lane.link.read(statement, planned).await;
        let lane = match &read {
            Err(error) if is_broken(error) => None,
            _ => self.lane.take().zip(self.permit.take()),
        };
        if let Some((lane, permit)) = lane {
            self.lanes.give_back(lane, permit);
        }
        read
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let (Some(mut lane), Some(permit)) = (self.lane.take(), self.permit.take()) else { return };
        let lanes = self.lanes.clone();
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Ok(Ok(())) = timeout(DRAIN, lane.link.drain()).await {
                lanes.give_back(lane, permit);
            }
        });
    }
}

impl Link {
    async fn read(&mut self, statement: &Statement, planned: Planned) -> Result<Vec<QueryResult>, sqlx::Error> {
        let values = SqlxValues(statement.values.clone().unwrap_or(sea_orm::Values(Vec::new())));
        let query = AssertSqlSafe(statement.sql.as_str());
        Ok(match self {
            Self::Postgres(connection) => {
                // PostgreSQL plans a statement without a name when it gets its values.
                let query = sqlx::query_with(query, values).persistent(planned == Planned::ForAll);
                let rows = query.fetch_all(connection).await?;
                rows.into_iter().map(QueryResult::from).collect()
            }
            Self::Sqlite(connection) => {
                let rows = sqlx::query_with(query, values).fetch_all(connection).await?;
                rows.into_iter().map(QueryResult::from).collect()
            }
        })
    }

    /// Reads away what is left of a statement.
    async fn drain(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(connection) => connection.ping().await,
            Self::Sqlite(connection) => connection.ping().await,
        }
    }
}

/// Whether the connection itself is at fault, and not the statement.
fn is_broken(error: &sqlx::Error) -> bool {
    match error {
        // A server that ends a session says so before it closes it: class 57P.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

fn failure(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
