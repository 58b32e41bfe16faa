//! Whom an item's steps concern: the party that does it, with the person named, and those it is promised to.

use chrono::{Days, NaiveDate};
use entity::{
    Record, agreement::AgreementStatus, cooperation_item, cooperation_item::ItemStep as Step, notification::NoticeKind,
};
use uuid::Uuid;

use super::{
    rules::{self, Facts},
    store,
};
use crate::{
    agreements::{notices, rules::SPEAKERS},
    app::App,
    auth::{Job, Permit},
    error::Result,
    notifications::{Notice, To, notify},
    platform::{clock, db::Write, id},
};

/// Tells those who do an item that it is theirs. What stands in a draft is told to nobody: they read it in review.
pub(super) async fn assigned(write: &Write, facts: &Facts) -> Result<()> {
    if facts.agreement.agreement.status == AgreementStatus::Draft {
        return Ok(());
    }
    send(write, facts, (NoticeKind::ItemAssigned, responsible(facts))).await
}

/// Tells those concerned what came of a step.
pub(super) async fn tell(write: &Write, facts: &Facts, step: Step) -> Result<()> {
    let told = match step {
        Step::Submit => (NoticeKind::ItemSubmitted, others(facts)),
        Step::Defer => (NoticeKind::ItemDeferred, others(facts)),
        Step::Return => (NoticeKind::ItemReturned, responsible(facts)),
        Step::Accept => (NoticeKind::ItemAccepted, responsible(facts)),
        Step::Start | Step::Drop | Step::Lapse => return Ok(()),
    };
    send(write, facts, told).await
}

/// Tells the parties that have not agreed yet that one of them wants to give the item up.
pub(super) async fn drop_proposed(write: &Write, facts: &Facts) -> Result<()> {
    let agreed = |party: &Uuid| facts.dropping.iter().any(|vote| vote.organization == *party);
    let organizations = notices::parties(&facts.agreement).into_iter().filter(|party| !agreed(party)).collect();
    send(write, facts, (NoticeKind::ItemDropProposed, To::Members { organizations, roles: SPEAKERS })).await
}

/// Reminds those who do items that are due soon or were due yesterday: once for each of the settings' days. Says how
/// many items were looked at. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn remind(app: &App) -> Result<usize> {
    let today = clock::day(app.db().clock().now());
    let mut looked_at = 0;
    for days in app.settings().item_reminder_days.all().iter().filter_map(|days| days.parse().ok()) {
        let last = today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        for id in store::due_within(app.db().reader(), (today, last)).await? {
            remind_of(app, id, days).await?;
            looked_at += 1;
        }
    }
    Ok(looked_at)
}

async fn remind_of(app: &App, item: Uuid, days: u64) -> Result<()> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts_for_job(&tx, item).await?;
            let due_on = facts.item.due_on;
            let write = tx.under(Permit::system(Job::Remind, rules::record(item)));
            let word = format!("item:{}:{days}:{due_on}", id::show(cooperation_item::Entity::PREFIX, item));
            let notice = Notice::new(NoticeKind::ItemDue, rules::record(item), responsible(&facts));
            notify(&write, &notice.due_on(due_on).once(word)).await
        })
        .await
}

fn responsible(facts: &Facts) -> To {
    let people = facts.item.responsible_user_id.into_iter().collect();
    To::MembersAnd { organizations: vec![facts.item.responsible_id], roles: SPEAKERS, people }
}

fn others(facts: &Facts) -> To {
    let parties = notices::parties(&facts.agreement).into_iter();
    To::Members {
        organizations: parties.filter(|party| *party != facts.item.responsible_id).collect(),
        roles: SPEAKERS,
    }
}

async fn send(write: &Write, facts: &Facts, (kind, recipients): (NoticeKind, To)) -> Result<()> {
    notify(write, &Notice::new(kind, rules::record(facts.item.id), recipients)).await
}
