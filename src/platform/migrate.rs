//! Bringing the database up to date, under a lock, so that replicas may start together.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use super::{base, db::Db};

/// The advisory lock of PostgreSQL that this program's migrations take: "hezuo" in ASCII.
const LOCK: i64 = 0x68_657a_756f;

/// Makes every change that is missing, all or none. SQLite's write lock, or an advisory lock of PostgreSQL, is held
/// meanwhile: a second server waits and then finds nothing to do.
///
/// # Errors
/// When the database refuses a change; then nothing is changed.
pub async fn migrate(db: &Db) -> Result<(), DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = match db.backend() {
        DbBackend::Sqlite => db.writer().begin_with_options(options).await?,
        _ => db.writer().begin().await?,
    };
    if db.backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Migrator::up(&transaction, None).await?;
    if db.backend() == DbBackend::Postgres {
        base::settle(&transaction).await?;
    }
    transaction.commit().await
}
