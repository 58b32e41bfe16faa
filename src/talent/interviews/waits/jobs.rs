//! What time does to waiting lists: places that nobody accepted go to the next, and lists end.

use entity::interview_wait::InterviewWaitStatus as Status;
use uuid::Uuid;

use super::{end_all, offering, rules, store};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    platform::db::Tx,
    talent::interviews::sessions,
};

/// Lets offers lapse, offers what is free, and ends the lists of sessions that take nobody any more; says for how many
/// something changed. Safe to run at any time, on every replica.
///
/// Whose offer lapses is free at that time, also for a session that was looked at before: so all are looked at again, until
/// no offer lapses any more.
///
/// # Errors
/// When the database fails.
pub async fn keep(app: &App) -> Result<usize> {
    let mut changed = 0;
    loop {
        let mut freed = 0;
        for session in store::to_tend(app.db().reader(), app.db().clock().now()).await? {
            let (lapsed, others) = app.db().write(move |tx| async move { tend(&tx, session).await }).await?;
            freed += lapsed;
            changed += lapsed + others;
        }
        if freed == 0 {
            return Ok(changed);
        }
    }
}

/// Says how many offers lapsed, and for how many others something changed.
async fn tend(tx: &Tx, session: Uuid) -> Result<(usize, usize)> {
    let (session, event) = sessions::store::locked(tx, session).await?;
    let mut late = store::list(tx, session.id, &[Status::Offered]).await?;
    late.retain(|wait| rules::is_late(wait, tx.now()));
    for wait in &late {
        offering::lapse(tx, wait).await?;
    }
    let asks = sessions::rules::takes_bookings(&session, event.as_ref(), (session.ends_at, tx.now())).is_ok();
    if asks && !sessions::store::to_begin(tx, session.id).await?.is_empty() {
        return Ok((late.len(), offering::offer(tx, session.id).await?));
    }
    let write = tx.under(Permit::system(Job::KeepWaitingLists, sessions::rules::record(session.id)));
    Ok((late.len(), end_all(&write, (session.id, &[Status::Waiting])).await?))
}
