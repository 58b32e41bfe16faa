//! What time does to holds: what is past keeps nobody from anything, and goes.

use chrono::TimeDelta;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    auth::{Job, Permit, RecordRef},
    error::Result,
};

/// All holds, of whatever session: what is deleted of them is no step of any record.
const ALL: RecordRef = RecordRef { kind: "interview_hold", id: Uuid::nil() };
/// How long what is over is still told apart, in hours.
const KEPT: i64 = 24;

/// Deletes what was held more than a day ago, some thousand rows at a time; says how many. Safe to run at any time, on
/// every replica.
///
/// Nothing asks for them: sessions and bookings begin in the future, and a merge looks at rooms that are still to be held.
///
/// # Errors
/// When the database fails.
pub async fn clear(app: &App) -> Result<u64> {
    let mut gone = 0;
    loop {
        let some = app.db().write(move |tx| async move {
            let write = tx.under(Permit::system(Job::ClearInterviewHolds, ALL));
            store::forget(&write, write.now() - TimeDelta::hours(KEPT)).await
        });
        let some = some.await?;
        gone += some;
        if some == 0 {
            return Ok(gone);
        }
    }
}
