//! Whom negotiations concern: the student; and, when one is overdue, the county's officers.

use entity::{
    application,
    negotiation::{self, NegotiationStatus as Status, NegotiationStep as Step},
    notification::NoticeKind,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    rules::{self, Facts},
    store::{self, COUNTY},
};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    notifications::{Notice, To, notify},
    organizations,
    platform::{clock, db::Write, event::Event},
    talent::applications::notices::recruiters,
};

/// Tells the student what came of it.
pub(super) async fn tell(write: &Write, facts: &Facts, step: Step) -> Result<()> {
    if !matches!(step, Step::Agree | Step::Fail) {
        return Ok(());
    }
    let student = To::People(vec![facts.application.application.student_id]);
    notify(write, &Notice::new(NoticeKind::NegotiationDecided, rules::record(facts.negotiation.id), student)).await
}

/// Tells the student the next date.
pub(super) async fn continued(
    write: &Write,
    application: &application::Model,
    next: &negotiation::Model,
) -> Result<()> {
    let student = To::People(vec![application.student_id]);
    let notice = Notice::new(NoticeKind::NegotiationScheduled, rules::record(next.id), student);
    notify(write, &notice.due_on(next.due_on)).await
}

/// Marks what is past its day and tells the county's officers and the recruiters; says how many. Safe to run at any
/// time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn alert(app: &App) -> Result<usize> {
    let mut alerted = 0;
    loop {
        let today = clock::day(app.db().clock().now());
        let overdue = store::overdue(app.db().reader(), today).await?;
        let mut told = 0;
        for id in overdue {
            told += usize::from(alert_of(app, id).await?);
        }
        if told == 0 {
            return Ok(alerted);
        }
        alerted += told;
    }
}

async fn alert_of(app: &App, id: Uuid) -> Result<bool> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts_for_job(&tx, id).await?;
            let row = &facts.negotiation;
            // Another replica, or the recruiter, may have been faster.
            if row.status != Status::Scheduled || row.overdue_at.is_some() {
                return Ok(false);
            }
            let write = tx.under(Permit::system(Job::Remind, rules::record(id)));
            let changes = negotiation::ActiveModel { overdue_at: Set(Some(write.now())), ..Default::default() };
            write.change::<negotiation::Entity>(id, row.version, changes).await?;
            write.emit(Event::new("NegotiationOverdue").with("application", row.application_id)).await?;
            let enterprise = organizations::facts_behind(&tx, row.organization_id).await?;
            let county = organizations::counties_of(&tx, &enterprise).await?;
            for to in [To::Members { organizations: county, roles: COUNTY }, recruiters(&facts.application.application)]
            {
                notify(&write, &Notice::new(NoticeKind::NegotiationOverdue, rules::record(id), to).due_on(row.due_on))
                    .await?;
            }
            Ok(true)
        })
        .await
}
