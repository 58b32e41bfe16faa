//! How connections to the two databases are set up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

/// How long SQLite waits for another process's lock.
const BUSY: Duration = Duration::from_secs(10);
/// Prepared statements kept on each connection: their texts depend on the selection only.
const STATEMENTS: usize = 500;

/// Connections that read and connections that write; each adds its statements to `statements`.
pub(super) async fn open(
    url: &str,
    connections: u32,
    statements: &Arc<AtomicU64>,
) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    if !url.starts_with("sqlite:") {
        let pool = counted(Database::connect(postgres(url, connections)).await?, statements);
        return Ok((pool.clone(), pool));
    }
    // First the writer, which makes the file.
    let writer = counted(Database::connect(sqlite(url, 1, false)).await?, statements);
    Ok((counted(Database::connect(sqlite(url, connections, true)).await?, statements), writer))
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
    options.map_sqlx_sqlite_opts(move |options| {
        let options = options
            .create_if_missing(!read_only)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .statement_cache_capacity(STATEMENTS);
        if read_only { options.pragma("query_only", "on") } else { options }
    });
    options
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = quiet(url);
    options.max_connections(connections).min_connections(1);
    options.map_sqlx_postgres_opts(|options| options.statement_cache_capacity(STATEMENTS).application_name("hezuo"));
    options
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
