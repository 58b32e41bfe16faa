//! What time does to sessions: one that is over takes no more bookings, and says so.

use uuid::Uuid;

use super::{rules, run_out, store};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
};

/// Closes sessions whose last slot has ended; says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn close_over(app: &App) -> Result<usize> {
    let mut closed = 0;
    loop {
        let ids = store::over(app.db().reader(), app.db().clock().now()).await?;
        let mut some = 0;
        for id in ids {
            some += usize::from(close_one(app, id).await?);
        }
        closed += some;
        if some == 0 {
            return Ok(closed);
        }
    }
}

async fn close_one(app: &App, id: Uuid) -> Result<bool> {
    app.db()
        .write(move |tx| async move {
            let (session, _) = store::locked(&tx, id).await?;
            // It may have been extended meanwhile.
            if !rules::is_over(&session, tx.now()) {
                return Ok(false);
            }
            let write = tx.under(Permit::system(Job::CloseInterviewSessions, rules::record(id)));
            run_out(&write, &session).await
        })
        .await
}
