//! What time does to events: check-in opens, they begin and they end.

use chrono::TimeDelta;
use entity::recruitment_event::{self, RecruitmentEventStep as Step};
use uuid::Uuid;

use super::{
    checks, rules,
    store::{self, Due},
};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    platform::{event::Event, lifecycle::Stepped as _},
};

/// Opens check-in, begins and ends what is due; says how many steps were taken. Safe to run at any time, on every
/// replica.
///
/// # Errors
/// When the database fails.
pub async fn keep_time(app: &App) -> Result<usize> {
    let before = TimeDelta::minutes(app.settings().check_in_opens_minutes.into());
    let mut done = 0;
    for due in [Due::CheckIn(before), Due::Start, Due::Close] {
        let now = app.db().clock().now();
        for id in store::due(app.db().reader(), due, now).await? {
            done += usize::from(take(app, due, id).await?);
        }
    }
    Ok(done)
}

async fn take(app: &App, due: Due, id: Uuid) -> Result<bool> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts_behind(&tx, id).await?;
            // Another replica, or a person, may have been faster.
            if !due.has_come(&facts.event, tx.now()) {
                return Ok(false);
            }
            let write = tx.under(Permit::system(Job::KeepEventTimes, rules::record(id)));
            let (step, changes) = match due {
                Due::CheckIn(_) => (Step::OpenCheckIn, checks::opened(&write)),
                Due::Start => (Step::Start, recruitment_event::ActiveModel::default()),
                Due::Close => (Step::Close, checks::closed(&write)),
            };
            write.take(&facts.stands_alone(), step, changes, Event::new(rules::happened(step))).await?;
            Ok(true)
        })
        .await
}
