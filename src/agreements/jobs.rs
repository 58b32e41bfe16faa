//! What time does to agreements: they begin, and they end at midnight in Shanghai.

use entity::{
    agreement::{self, AgreementStep as Step},
    notification::NoticeKind,
};
use sea_orm::ActiveValue::Set;

use super::{
    amendments, items, notices, proposals, rules,
    store::{self, Due},
};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::Result,
    platform::{
        clock,
        db::Write,
        event::Event,
        lifecycle::{Stands, Stepped as _},
    },
};

/// Begins what begins today and ends what ended yesterday; says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn turn_the_day(app: &App) -> Result<usize> {
    let begun = each(app, Due::Begin).await?;
    Ok(begun + each(app, Due::End).await?)
}

/// Closes what agreements left behind when they ended: items that were not done lapse, amendments on their way are
/// withdrawn. Says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn clear_what_ended(app: &App) -> Result<usize> {
    let lapsed = items::lapse(app).await?;
    Ok(lapsed + amendments::withdraw_orphaned(app).await?)
}

async fn each(app: &App, due: Due) -> Result<usize> {
    let mut done = 0;
    loop {
        let moved = some(app, due).await?;
        if moved == 0 {
            return Ok(done);
        }
        done += moved;
    }
}

/// Some of what is due, at most a hundred, each in a write of its own.
async fn some(app: &App, due: Due) -> Result<usize> {
    let today = clock::day(app.db().clock().now());
    let ids = store::due(app.db().reader(), due, today).await?;
    let mut done = 0;
    for id in ids {
        let moved = app.db().write(move |tx| async move {
            let facts = store::facts_behind(&tx, id).await?;
            // Another replica, or a person, may have been faster.
            if !is_due(&facts.agreement, due, clock::day(tx.now())) {
                return Ok(0);
            }
            let record = rules::record(id);
            match due {
                Due::Begin => {
                    let write = tx.under(Permit::system(Job::ActivateAgreements, record));
                    activate(&write, &facts.stands_alone()).await?;
                    notices::tell(&write, &facts, NoticeKind::AgreementActive).await?;
                    proposals::lapse(&write, &facts).await?;
                }
                Due::End => {
                    let write = tx.under(Permit::system(Job::ExpireAgreements, record));
                    expire(&write, &facts.stands_alone()).await?;
                    notices::tell(&write, &facts, NoticeKind::AgreementEnded).await?;
                    proposals::lapse(&write, &facts).await?;
                }
            }
            Ok(1)
        });
        done += moved.await?;
    }
    Ok(done)
}

fn is_due(row: &agreement::Model, due: Due, today: chrono::NaiveDate) -> bool {
    use agreement::AgreementStatus as Status;
    match due {
        Due::Begin => row.status == Status::Signed && row.starts_on.is_some_and(|day| day <= today),
        Due::End => {
            matches!(row.status, Status::Active | Status::Suspended | Status::AwaitingSignature) && row.ends_on < today
        }
    }
}

pub(super) async fn activate(write: &Write, stands: &Stands<agreement::Entity>) -> Result<()> {
    let changes = agreement::ActiveModel { activated_at: Set(Some(write.now())), ..Default::default() };
    write.take(stands, Step::Activate, changes, Event::new(rules::happened(Step::Activate))).await.map(drop)
}

async fn expire(write: &Write, stands: &Stands<agreement::Entity>) -> Result<()> {
    let changes = agreement::ActiveModel { ended_at: Set(Some(write.now())), ..Default::default() };
    write.take(stands, Step::Expire, changes, Event::new(rules::happened(Step::Expire))).await.map(drop)
}
