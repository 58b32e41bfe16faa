//! How connections to the two databases are set up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};
use sqlx::{
    ConnectOptions as _, Executor as _,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::lanes::{Lanes, Target};

/// How long SQLite waits for another process's lock.
const BUSY: Duration = Duration::from_secs(10);
/// Prepared statements kept on each connection: their texts depend on the selection only.
const STATEMENTS: usize = 500;
/// Pages that each reading SQLite connection keeps for itself, in negative KiB: those that the write-ahead log has newer.
const CACHE: &str = "-512";
/// How much of the file readers see as the system's own memory, once for all of them, in bytes.
const MAPPED: &str = "268435456";
/// How transactions begin where they do not say, whatever this PostgreSQL is set to. What a use case asks it asks by keys,
/// and whoever plans that anew for each of them, as PostgreSQL likes to, plans longer than it reads.
const TRANSACTIONS: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE; \
                            SET plan_cache_mode = force_generic_plan";

/// The ways to a database. All but `aside` add their statements to the same number.
#[derive(Debug)]
pub(super) struct Connections {
    /// Those that read.
    pub(super) readers: DatabaseConnection,
    /// The same, not counted.
    pub(super) aside: DatabaseConnection,
    /// Those that read by plans that are kept.
    pub(super) steady: DatabaseConnection,
    /// Those that write.
    pub(super) writer: DatabaseConnection,
    /// The planner's.
    pub(super) lanes: Lanes,
}

/// Opens up to so many connections for the planner's reads, as many for other reads, and as many for writes.
pub(super) async fn open(url: &str, connections: u32, statements: &Arc<AtomicU64>) -> Result<Connections, DbErr> {
    if !url.starts_with("sqlite:") {
        let writer = counted(Database::connect(writing(postgres(url, connections))).await?, statements);
        let readers = Database::connect(postgres(url, connections)).await?;
        let (aside, readers) = (readers.clone(), counted(readers, statements));
        let target = Target::Postgres(postgres_options(url.parse().map_err(unreadable)?));
        let lanes = Lanes::new(target, connections, statements.clone());
        return Ok(Connections { readers, aside, steady: writer.clone(), writer, lanes });
    }
    // First the writer, which makes the file.
    let writer = counted(Database::connect(sqlite(url, 1, false)).await?, statements);
    let readers = Database::connect(sqlite(url, connections, true)).await?;
    let (aside, readers) = (readers.clone(), counted(readers, statements));
    let target = Target::Sqlite(sqlite_options(url.parse().map_err(unreadable)?, true));
    let lanes = Lanes::new(target, connections, statements.clone());
    Ok(Connections { aside, steady: readers.clone(), readers, writer, lanes })
}

fn unreadable(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

fn counted(mut connection: DatabaseConnection, statements: &Arc<AtomicU64>) -> DatabaseConnection {
    let statements = statements.clone();
    connection.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    connection
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = quiet(url);
    options.max_connections(connections).min_connections(1).idle_timeout(None).max_lifetime(None);
    options.map_sqlx_sqlite_opts(move |options| sqlite_options(options, read_only));
    options
}

fn sqlite_options(options: SqliteConnectOptions, read_only: bool) -> SqliteConnectOptions {
    let options = options
        .create_if_missing(!read_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    if read_only {
        options.pragma("query_only", "on").pragma("cache_size", CACHE).pragma("mmap_size", MAPPED)
    } else {
        options
    }
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = quiet(url);
    options.max_connections(connections).min_connections(1);
    options.map_sqlx_postgres_opts(postgres_options);
    options
}

fn writing(mut options: ConnectOptions) -> ConnectOptions {
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| Box::pin(async move { connection.execute(TRANSACTIONS).await.map(drop) }))
    });
    options
}

fn postgres_options(options: PgConnectOptions) -> PgConnectOptions {
    options.statement_cache_capacity(STATEMENTS).application_name("hezuo").disable_statement_logging()
}

fn quiet(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10));
    options
}
