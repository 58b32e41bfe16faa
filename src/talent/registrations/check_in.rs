//! Checking students in 签到: what scanners saw, sent in batches, perhaps hours later and perhaps twice.

use std::collections::HashMap;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    event_registration::{self, RegistrationStatus as Status, RegistrationStep as Step},
    recruitment_event,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    codes::{self, Named},
    rules, store,
};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    graphql::DateTime as Moment,
    platform::{
        db::Write,
        event::Event,
        id::Id,
        input::{Checks, Length},
        lifecycle::Stands,
    },
    settings::Settings,
    talent::events::{rules::Action as EventAction, store as events},
};

/// The most scans in one batch.
const MOST: usize = 500;
/// How scanners call their scans.
const CLIENT_ID: Length = Length { min: 1, max: 100 };

/// What came of a scan 扫码结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ScanOutcome {
    /// The student is checked in 已签到.
    CheckedIn,
    /// The student was checked in before, by this scan or another; the earliest counts 此前已签到.
    Already,
    /// It is no code of this platform 无法识别.
    UnknownCode,
    /// It is a code for another event 其他活动.
    OtherEvent,
    /// The student had given the place up 报名已取消.
    Cancelled,
    /// It was scanned before check-in opened 早于签到时间.
    TooEarly,
    /// It was scanned after the event, or the scanner's clock is ahead 晚于签到时间.
    TooLate,
}

/// What scanners saw. Who may: the organizer's people.
#[derive(Clone, Debug, InputObject)]
pub struct RegistrationCheckInInput {
    /// At which event.
    pub event_id: Id<recruitment_event::Entity>,
    /// What was scanned, 1 to 500, in any order.
    pub scans: Vec<CheckInScanInput>,
}

/// One scan.
#[derive(Clone, Debug, InputObject)]
pub struct CheckInScanInput {
    /// How the scanner calls it, 1 to 100 characters; it stands beside what came of it.
    pub client_id: String,
    /// What was read.
    pub code: String,
    /// When it was read, by the scanner's clock.
    pub scanned_at: Moment,
}

/// A scan and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// How the scanner calls it.
    pub client_id: String,
    /// What came of it.
    pub outcome: ScanOutcome,
    /// Whose it is, when it is one of this event.
    pub registration: Option<Uuid>,
    /// The earliest moment at which that code was scanned.
    pub checked_in_at: Option<DateTime<Utc>>,
}

/// A scan whose code was read.
struct Scan<'a> {
    client_id: &'a str,
    named: Option<Named>,
    at: DateTime<Utc>,
}

/// When a scan counts.
#[derive(Clone, Copy)]
struct Window {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Window {
    /// From when check-in opened until the event ends, and not later than now; scanners' clocks are not exact.
    fn of(event: &recruitment_event::Model, settings: &Settings, now: DateTime<Utc>) -> Self {
        let tolerance = TimeDelta::minutes(settings.check_in_tolerance_minutes.into());
        let opens = event.starts_at - TimeDelta::minutes(settings.check_in_opens_minutes.into());
        let opened = event.check_in_opened_at.map_or(opens, |opened| opened.min(opens));
        Self { from: opened - tolerance, until: event.ends_at.min(now) + tolerance }
    }
}

/// Checks in whoever was scanned: all good scans in one transaction, and for each scan what came of it, in their order.
///
/// # Errors
/// `INVALID_INPUT` for a batch that is too long; `RULE_VIOLATED` unless check-in is open.
pub async fn check_in(app: &App, actor: &Actor, input: &RegistrationCheckInInput) -> Result<Vec<Scanned>> {
    check(&input.scans)?;
    let mut scans = Vec::with_capacity(input.scans.len());
    for scan in &input.scans {
        let named = codes::read(app, &scan.code).await?;
        scans.push(Scan { client_id: &scan.client_id, named, at: scan.scanned_at.0 });
    }
    let scans = &scans;
    app.db()
        .write(move |tx| async move {
            let facts = events::facts(&tx, actor, input.event_id.key()).await?;
            let write = tx.permit(actor, EventAction::CheckIn, &facts).await?;
            rules::takes_check_ins(&facts.event)?;
            let window = Window::of(&facts.event, app.settings(), write.now());
            let ids = scans.iter().filter_map(|scan| Some(scan.named?.registration)).collect();
            let before = store::scanned(&tx, ids).await?;
            let mut after = before.clone();
            let outcomes: Vec<_> = scans.iter().map(|scan| judge(scan, &mut after, (facts.event.id, window))).collect();
            let mut rows: Vec<_> = before.values().collect();
            rows.sort_unstable_by_key(|row| row.id);
            for row in rows {
                if let Some(seen) = after.get(&row.id) {
                    keep(&write, row, seen).await?;
                }
            }
            Ok(scans.iter().zip(outcomes).map(|(scan, outcome)| told(scan, outcome, &after)).collect())
        })
        .await
}

fn check(scans: &[CheckInScanInput]) -> Result<()> {
    let mut checks = Checks::new();
    checks.require(
        (1..=MOST).contains(&scans.len()),
        "scans",
        format!("scans: expected 1 to {MOST}."),
        format!("scans 应为 1 至 {MOST} 条。"),
    );
    for (place, scan) in scans.iter().take(MOST).enumerate() {
        checks.line(&format!("scans.{place}.clientId"), &scan.client_id, CLIENT_ID);
    }
    checks.finish()
}

/// What comes of one scan after those before it in the batch.
fn judge(
    scan: &Scan<'_>,
    rows: &mut HashMap<Uuid, event_registration::Model>,
    (event, window): (Uuid, Window),
) -> ScanOutcome {
    let Some(named) = scan.named else { return ScanOutcome::UnknownCode };
    if named.event != event {
        return ScanOutcome::OtherEvent;
    }
    let Some(row) = rows.get_mut(&named.registration).filter(|row| row.event_id == event) else {
        return ScanOutcome::UnknownCode;
    };
    let in_time = (window.from..=window.until).contains(&scan.at);
    match row.status {
        Status::Cancelled => return ScanOutcome::Cancelled,
        Status::CheckedIn if in_time && row.checked_in_at.is_some_and(|at| scan.at < at) => {}
        Status::CheckedIn => return ScanOutcome::Already,
        Status::Registered | Status::NoShow | Status::Excused if scan.at < window.from => return ScanOutcome::TooEarly,
        Status::Registered | Status::NoShow | Status::Excused if !in_time => return ScanOutcome::TooLate,
        Status::Registered | Status::NoShow | Status::Excused => {}
    }
    let outcome = if row.status == Status::CheckedIn { ScanOutcome::Already } else { ScanOutcome::CheckedIn };
    row.status = Status::CheckedIn;
    row.checked_in_at = Some(scan.at);
    row.scan_client_id = Some(scan.client_id.to_owned());
    outcome
}

/// Writes what the batch changed of a registration; nothing where it changed nothing.
async fn keep(write: &Write, before: &event_registration::Model, after: &event_registration::Model) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let own = write.tx().under(write.permit().over(rules::record(before.id)));
    let changes = event_registration::ActiveModel {
        checked_in_at: Set(after.checked_in_at),
        scan_client_id: Set(after.scan_client_id.clone()),
        ..Default::default()
    };
    if before.status == Status::CheckedIn {
        own.change::<event_registration::Entity>(before.id, before.version, changes).await?;
        return own.emit(Event::new("RegistrationCheckedInEarlier").with("event", before.event_id)).await;
    }
    let changes = event_registration::ActiveModel { missed_at: Set(None), status_reason: Set(None), ..changes };
    let event = Event::new(rules::happened(Step::CheckIn)).with("event", before.event_id);
    own.take(&Stands::of(before), Step::CheckIn, changes, event).await.map(drop)
}

fn told(scan: &Scan<'_>, outcome: ScanOutcome, rows: &HashMap<Uuid, event_registration::Model>) -> Scanned {
    let known = !matches!(outcome, ScanOutcome::UnknownCode | ScanOutcome::OtherEvent);
    let row = scan.named.filter(|_| known).and_then(|named| rows.get(&named.registration));
    Scanned {
        client_id: scan.client_id.to_owned(),
        outcome,
        registration: row.map(|row| row.id),
        checked_in_at: row.and_then(|row| row.checked_in_at),
    }
}
