//! What time does to registrations: whoever did not come is noted as absent.

use chrono::TimeDelta;
use entity::{
    event_registration::{self, RegistrationStatus as Status, RegistrationStep as Step},
    notification::NoticeKind,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{rules, store, tell_student, told};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    platform::lifecycle::Stands,
};

/// Notes who did not come to events that have been closed for some hours, so that scanners that were offline have sent
/// what they have; says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn note_absences(app: &App) -> Result<usize> {
    let grace = TimeDelta::hours(app.settings().no_show_after_hours.into());
    let mut noted = 0;
    loop {
        let ids = store::absent(app.db().reader(), app.db().clock().now() - grace).await?;
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
            let facts = store::facts_for_job(&tx, id).await?;
            // Another replica, or a late scan, may have been faster.
            if facts.registration.status != Status::Registered {
                return Ok(false);
            }
            let write = tx.under(Permit::system(Job::NoteAbsences, rules::record(id)));
            let changes =
                event_registration::ActiveModel { missed_at: Set(Some(facts.event.ends_at)), ..Default::default() };
            write.take(&Stands::of(&facts.registration), Step::Miss, changes, told(Step::Miss, &facts)).await?;
            tell_student(&write, &facts, NoticeKind::AbsenceNoted).await?;
            Ok(true)
        })
        .await
}
