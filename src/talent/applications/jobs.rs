//! What time does to applications: an intention that only one side has, and an offer without an answer, lapse.

use entity::application::{self, ApplicationStep as Step};
use uuid::Uuid;

use super::{notices, rules, store, told};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    platform::{clock, lifecycle::Stepped as _},
};

/// Lets lapse what nobody answered in time; says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn lapse(app: &App) -> Result<usize> {
    let mut lapsed = 0;
    loop {
        let now = app.db().clock().now();
        let late = store::late(app.db().reader(), now, clock::day(now)).await?;
        let mut moved = 0;
        for id in late {
            moved += usize::from(lapse_one(app, id).await?);
        }
        if moved == 0 {
            return Ok(lapsed);
        }
        lapsed += moved;
    }
}

async fn lapse_one(app: &App, id: Uuid) -> Result<bool> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts_behind(&tx, id).await?;
            // Another replica, or the answer, may have been faster.
            if !rules::is_late(&facts) {
                return Ok(false);
            }
            let write = tx.under(Permit::system(Job::LapseApplications, rules::record(id)));
            let event = told(rules::happened(Step::Lapse), &facts.application);
            write.take(&facts.stands_alone(), Step::Lapse, application::ActiveModel::default(), event).await?;
            notices::lapsed(&write, &facts).await?;
            Ok(true)
        })
        .await
}
