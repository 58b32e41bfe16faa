//! How connections to the two databases are set up.

use std::time::Duration;

use sea_orm::ConnectOptions;
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

/// How long SQLite waits for another process's lock.
const BUSY: Duration = Duration::from_secs(10);
/// Prepared statements kept on each connection: their texts depend on the selection only.
const STATEMENTS: usize = 500;

pub(super) fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
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

pub(super) fn postgres(url: &str, connections: u32) -> ConnectOptions {
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
