//! What it means when the database refuses.

use sea_orm::{DbErr, RuntimeErr};

use crate::error::Error;

/// Whether running the transaction again may help: a serialization failure, a deadlock, or SQLite's BUSY.
pub(super) fn collided(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return false };
    let Some(DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        cause.downcast_ref::<DbErr>()
    else {
        return false;
    };
    let Some(code) = cause.as_database_error().and_then(sqlx::error::DatabaseError::code) else { return false };
    let is_postgres = matches!(&*code, "40001" | "40P01");
    // SQLite's extended codes keep the primary code (5 BUSY, 6 LOCKED) in the low byte; PostgreSQL's have five places.
    is_postgres || code.len() < 5 && code.parse().is_ok_and(|code: i32| matches!(code & 0xff, 5 | 6))
}

/// Whether a write failed because a unique index already holds such a row.
#[must_use]
pub fn is_duplicate(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return false };
    matches!(
        cause.downcast_ref::<DbErr>().and_then(DbErr::sql_err),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}
