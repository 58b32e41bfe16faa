//! What time does to positions: the day after the last day to apply, at midnight in Shanghai, they expire.

use entity::job_position::{self, PositionStep as Step};
use sea_orm::ActiveValue::Set;

use super::{notices, rules, store};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    platform::{clock, event::Event, lifecycle::Stepped as _},
};

/// Closes positions for which it is too late to apply; says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn expire(app: &App) -> Result<usize> {
    let mut closed = 0;
    loop {
        let ids = store::over(app.db().reader(), clock::day(app.db().clock().now())).await?;
        let mut moved = 0;
        for id in ids {
            moved += expire_one(app, id).await?;
        }
        if moved == 0 {
            return Ok(closed);
        }
        closed += moved;
    }
}

async fn expire_one(app: &App, id: uuid::Uuid) -> Result<usize> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts_for_job(&tx, id).await?;
            // Another replica, or a person, may have been faster.
            if !rules::is_over(&facts) {
                return Ok(0);
            }
            let write = tx.under(Permit::system(Job::ExpirePositions, rules::record(id)));
            let changes = job_position::ActiveModel { closed_at: Set(Some(write.now())), ..Default::default() };
            let event = Event::new(rules::happened(Step::Expire));
            write.take(&facts.stands_alone(), Step::Expire, changes, event).await?;
            notices::tell(&write, &facts, Step::Expire).await?;
            Ok(1)
        })
        .await
}
