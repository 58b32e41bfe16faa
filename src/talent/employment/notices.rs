//! Whom retention checks concern: the graduate and the employer; the university, when the two differ.

use entity::{notification::NoticeKind, retention_check::RetentionStep as Step};
use uuid::Uuid;

use super::{
    rules::{self, Facts},
    store,
};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    notifications::{Notice, To, notify},
    platform::{clock, db::Write, lifecycle::Quorum},
    talent::applications::rules::{RECRUITERS, STAFF},
};

/// Tells the university when the two said different things.
pub(super) async fn tell(write: &Write, facts: &Facts, (step, _): (Step, Quorum)) -> Result<()> {
    if step != Step::Dispute {
        return Ok(());
    }
    let staff = To::Members { organizations: vec![facts.record.university_id], roles: STAFF };
    notify(write, &Notice::new(NoticeKind::RetentionDisputed, rules::record(facts.check.id), staff)).await
}

/// Asks the graduate and the employer, on the day, once; says how many checks were looked at. Safe to run at any time,
/// on every replica.
///
/// # Errors
/// When the database fails.
pub async fn ask(app: &App) -> Result<usize> {
    let now = app.db().clock().now();
    let due = store::due(app.db().reader(), (now, clock::day(now))).await?;
    for id in &due {
        ask_about(app, *id).await?;
    }
    Ok(due.len())
}

async fn ask_about(app: &App, id: Uuid) -> Result<()> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts_for_job(&tx, id).await?;
            let write = tx.under(Permit::system(Job::Remind, rules::record(id)));
            let to = To::MembersAnd {
                organizations: vec![facts.record.organization_id],
                roles: RECRUITERS,
                people: vec![facts.record.student_id],
            };
            let notice = Notice::new(NoticeKind::RetentionCheckDue, rules::record(id), to);
            notify(&write, &notice.once(format!("retention:{id}"))).await
        })
        .await
}
