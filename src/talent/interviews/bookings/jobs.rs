//! What time does to bookings: whoever was not checked in is noted as missing.

use chrono::TimeDelta;
use entity::interview_booking::{self, InterviewBookingStatus as Status, InterviewBookingStep as Step};
use uuid::Uuid;

use super::{notices, rules, store, told};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    platform::lifecycle::Stands,
};

/// Notes who did not come to interviews that have been over for some hours; says how many. Safe to run at any time, on
/// every replica.
///
/// # Errors
/// When the database fails.
pub async fn note_missed(app: &App) -> Result<usize> {
    let grace = TimeDelta::hours(app.settings().interview_no_show_hours.into());
    let mut noted = 0;
    loop {
        let ids = store::missed(app.db().reader(), app.db().clock().now() - grace).await?;
        let mut some = 0;
        for id in ids {
            some += usize::from(note(app, id).await?);
        }
        noted += some;
        if some == 0 {
            return Ok(noted);
        }
    }
}

async fn note(app: &App, id: Uuid) -> Result<bool> {
    app.db()
        .write(move |tx| async move {
            let (facts, _) = store::facts_for_job(&tx, id).await?;
            let row = &facts.booking;
            // Another replica, or a recruiter, may have been faster.
            if row.status != Status::Confirmed {
                return Ok(false);
            }
            let write = tx.under(Permit::system(Job::NoteMissedInterviews, rules::record(id)));
            let unchanged = interview_booking::ActiveModel::default();
            write.take(&Stands::of(row), Step::Miss, unchanged, told(Step::Miss, row)).await?;
            notices::tell(&write, row, Step::Miss).await?;
            Ok(true)
        })
        .await
}
