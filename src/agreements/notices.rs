//! Whom an agreement's steps concern: everyone who speaks for a party that signs is told what waits and what was decided.

use chrono::{Days, NaiveDate};
use entity::{
    Record,
    agreement::{self, AgreementStep as Step},
    notification::NoticeKind,
};
use uuid::Uuid;

use super::{
    facts::Facts,
    rules::{self, SPEAKERS},
    store,
};
use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::Result,
    notifications::{Notice, To, notify},
    platform::{clock, db::Write, id},
};

/// Tells those who speak for the parties that sign.
pub(super) async fn tell(write: &Write, facts: &Facts, kind: NoticeKind) -> Result<()> {
    notify(write, &notice(facts, kind)).await
}

/// Tells those who speak for the parties that sign, but for the side that did it.
pub(super) async fn tell_others(write: &Write, facts: &Facts, kind: NoticeKind) -> Result<()> {
    let own = write.permit().actor().map(Actor::organization);
    let organizations = parties(facts).into_iter().filter(|party| Some(*party) != own).collect();
    let recipients = To::Members { organizations, roles: SPEAKERS };
    notify(write, &Notice::new(kind, rules::record(facts.agreement.id), recipients)).await
}

/// The parties that sign.
pub(super) fn parties(facts: &Facts) -> Vec<Uuid> {
    facts.required().map(|party| party.organization).collect()
}

/// What a step with a reason means for the others; a draft that is given up concerns nobody else.
pub(super) fn after(step: Step, facts: &Facts) -> Option<NoticeKind> {
    match step {
        Step::Return | Step::WithdrawForRevision => Some(NoticeKind::AgreementReturned),
        Step::Reject => Some(NoticeKind::AgreementRejected),
        Step::Cancel if facts.agreement.status != agreement::AgreementStatus::Draft => Some(NoticeKind::AgreementEnded),
        _ => None,
    }
}

fn notice(facts: &Facts, kind: NoticeKind) -> Notice {
    let recipients = To::Members { organizations: parties(facts), roles: SPEAKERS };
    Notice::new(kind, rules::record(facts.agreement.id), recipients)
}

/// Reminds the parties of agreements whose notice date comes: once for each of the settings' days. Says how many
/// agreements were looked at. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn remind(app: &App) -> Result<usize> {
    let today = clock::day(app.db().clock().now());
    let mut looked_at = 0;
    for days in app.settings().reminder_days.all().iter().filter_map(|days| days.parse().ok()) {
        for id in store::noticed_within(app.db().reader(), today, last(today, days)).await? {
            remind_of(app, id, days).await?;
            looked_at += 1;
        }
    }
    Ok(looked_at)
}

async fn remind_of(app: &App, agreement: Uuid, days: u64) -> Result<()> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts_behind(&tx, agreement).await?;
            let Some(notice_by) = facts.agreement.notice_by else { return Ok(()) };
            let write = tx.under(Permit::system(Job::Remind, rules::record(agreement)));
            let word = format!("renewal:{}:{days}:{notice_by}", id::show(agreement::Entity::PREFIX, agreement));
            notify(&write, &notice(&facts, NoticeKind::RenewalDue).due_on(notice_by).once(word)).await
        })
        .await
}

fn last(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}
