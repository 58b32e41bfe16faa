//! Recruitment events 招聘活动: where students and enterprises meet.
//!
//! A county body, a park or a university **drafts** an event and **submits** it; somebody else, of the county for which
//! it is held, **publishes** it or **returns** it with a reason. From then on everybody sees it: enterprises ask for
//! booths or are offered them ([`exhibitors`]), students register ([`crate::talent::registrations`]). Check-in
//! **opens** an hour before, the event **starts** and **closes** at its times, by itself or a little earlier by its
//! people. An event that was announced can be **moved** or **cancelled** with a reason that everybody concerned is told.
//! When it is over its people tell of it in an article with photos, and make its figures final: **reported**.

mod article;
mod checks;
pub mod exhibitors;
mod files;
pub mod graphql;
pub mod jobs;
pub mod notices;
pub mod rules;
pub mod store;

pub use article::{RecruitmentEventArticleWriteInput, publish_article, write_article};
pub use files::attach_files;

use async_graphql::InputObject;
use entity::{
    organization,
    recruitment_event::{self, RecruitmentEventKind, RecruitmentEventStep as Step},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    error::Result,
    graphql::{DateTime, RegionCode, body},
    organizations,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::Stepped as _,
    },
    talent::interviews::{self, sessions::Gone},
};
use rules::{Action, Facts, Organizer};

/// A new event. Who may: the people of a verified county body, park or university.
#[derive(Clone, Debug, InputObject)]
pub struct RecruitmentEventCreateInput {
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the event that the first one made.
    pub idempotency_key: Option<String>,
    /// What kind of event it is.
    pub kind: RecruitmentEventKind,
    /// The county for which it is held, six digits, whose people review it. A county body's own, and may be left out; a
    /// university's event without one is reviewed by its own admin.
    pub region_code: Option<RegionCode>,
    /// What is announced.
    pub text: RecruitmentEventText,
}

/// What is announced of an event.
#[derive(Clone, Debug, InputObject)]
pub struct RecruitmentEventText {
    /// Its title, 1 to 200 characters.
    pub title: String,
    /// What it is, up to 100,000 characters.
    pub description: String,
    /// Where it is, 1 to 200 characters; for an online event its address.
    pub place: String,
    /// When it begins.
    pub starts_at: DateTime,
    /// When it ends.
    pub ends_at: DateTime,
    /// From when students register.
    pub registration_opens_at: DateTime,
    /// Until when students register, not after the event.
    pub registration_closes_at: DateTime,
    /// How many students there is room for, 1 to 100,000.
    pub capacity: i32,
    /// How many enterprises there is room for, 0 to 1,000.
    pub booths: i32,
    /// What happens when, up to 100,000 characters.
    pub programme: Option<String>,
}

/// A change of a draft. Who may: the organizer's people.
#[derive(Clone, Debug, InputObject)]
pub struct RecruitmentEventEditInput {
    /// Which event.
    pub id: Id<recruitment_event::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What shall be announced.
    pub text: RecruitmentEventText,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct RecruitmentEventStepInput {
    /// Which event.
    pub id: Id<recruitment_event::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// A step that is explained to those concerned.
#[derive(Clone, Debug, InputObject)]
pub struct RecruitmentEventReasonedStepInput {
    /// Which event.
    pub id: Id<recruitment_event::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; whoever sees the event reads it.
    pub reason: String,
}

/// Another time or place for an event that was announced. Who may: the organizer's people.
#[derive(Clone, Debug, InputObject)]
pub struct RecruitmentEventMoveInput {
    /// Which event.
    pub id: Id<recruitment_event::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Where it is.
    pub place: String,
    /// When it begins.
    pub starts_at: DateTime,
    /// When it ends.
    pub ends_at: DateTime,
    /// Until when students register.
    pub registration_closes_at: DateTime,
    /// Why, 1 to 2,000 characters; enterprises and students are told.
    pub reason: String,
}

/// Drafts an event of the own organization.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; DUPLICATE for an idempotency key that was used for another request.
pub async fn create(app: &App, actor: &Actor, input: &RecruitmentEventCreateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let organizer = Organizer(organizations::find(&tx, actor, actor.organization()).await?);
            let write = tx.permit(actor, rules::Draft, &organizer).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            let mut checks = Checks::new();
            let region_code = region(&tx, &mut checks, input, &organizer.0).await?;
            checks.within("text");
            let row = checks::text(&mut checks, &input.text, write.now());
            checks.finish()?;
            let row = recruitment_event::ActiveModel {
                kind: Set(input.kind),
                region_code: Set(region_code),
                ..checks::drafted(row, &write, actor, id)
            };
            write.insert(row).await?;
            let created = Event::new("RecruitmentEventCreated").with("organizer", actor.organization());
            write.emit_first(rules::record(id), created).await?;
            Ok(id)
        })
        .await
}

/// A county body's own county; for a university one that has somebody here to review the event.
async fn region(
    tx: &Tx,
    checks: &mut Checks,
    input: &RecruitmentEventCreateInput,
    organizer: &organization::Model,
) -> Result<Option<String>> {
    let given = input.region_code.as_ref().map(|code| code.0.clone());
    if organizer.kind == organization::OrganizationKind::County {
        checks.require(
            given.is_none() || given == organizer.region_code,
            "regionCode",
            "regionCode is not your county's; leave it out.",
            "regionCode 不是本县代码，可不填写。",
        );
        return Ok(organizer.region_code.clone());
    }
    if let Some(region) = &given {
        checks.require(
            !store::counties(tx, region).await?.is_empty(),
            "regionCode",
            "regionCode: no county of this platform has it.",
            "regionCode：本平台没有该县。",
        );
    }
    Ok(given)
}

/// Changes a draft.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `ILLEGAL_STEP` unless it is a draft; CONFLICT for a stale version.
pub async fn edit(app: &App, actor: &Actor, input: &RecruitmentEventEditInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Edit, &facts).await?;
            expect_version(input.expected_version, facts.event.version)?;
            facts.stands(actor).may(Step::Submit)?;
            let mut checks = Checks::new();
            checks.within("text");
            let changes = checks::text(&mut checks, &input.text, write.now());
            checks.finish()?;
            change(&write, &facts, changes, Event::new("RecruitmentEventEdited")).await
        })
        .await
}

/// Sends a draft to be reviewed.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is a draft; `RULE_VIOLATED` when its time has passed; CONFLICT for a stale version.
pub async fn submit(app: &App, actor: &Actor, input: &RecruitmentEventStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Submit, input), |_, write, _| recruitment_event::ActiveModel {
        submitted_by_id: Set(Some(actor.user())),
        submitted_at: Set(Some(write.now())),
        status_reason: Set(None),
        ..Default::default()
    })
    .await
}

/// Sends an event back to its organizer, with the reason.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is submitted; CONFLICT for a stale version.
pub async fn return_for_revision(app: &App, actor: &Actor, input: &RecruitmentEventReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Return, input).await
}

/// Announces an event, as somebody else than who submitted it.
///
/// # Errors
/// As [`submit`]; `RULE_VIOLATED` for the person who submitted it.
pub async fn publish(app: &App, actor: &Actor, input: &RecruitmentEventStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Publish, input), |_, write, _| recruitment_event::ActiveModel {
        published_by_id: Set(Some(actor.user())),
        published_at: Set(Some(write.now())),
        ..Default::default()
    })
    .await
}

/// Begins to check students in, on the day of the event.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is published; `RULE_VIOLATED` before its day; CONFLICT for a stale version.
pub async fn open_check_in(app: &App, actor: &Actor, input: &RecruitmentEventStepInput) -> Result<Uuid> {
    take(app, actor, (Step::OpenCheckIn, input), |_, write, _| checks::opened(write)).await
}

/// Begins an event, on its day.
///
/// # Errors
/// As [`open_check_in`].
pub async fn start(app: &App, actor: &Actor, input: &RecruitmentEventStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Start, input), |_, _, _| recruitment_event::ActiveModel::default()).await
}

/// Ends an event; interviews that have not begun are called off, those that have come to their end.
///
/// # Errors
/// As [`open_check_in`].
pub async fn close(app: &App, actor: &Actor, input: &RecruitmentEventStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Close, input), |_, write, _| checks::closed(write)).await
}

/// Makes an event's figures final.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is closed; CONFLICT for a stale version.
pub async fn report(app: &App, actor: &Actor, input: &RecruitmentEventStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Report, input), |_, _, _| recruitment_event::ActiveModel::default()).await
}

/// Calls an event off, with a reason that everybody concerned is told.
///
/// # Errors
/// `ILLEGAL_STEP` when it is over; CONFLICT for a stale version.
pub async fn cancel(app: &App, actor: &Actor, input: &RecruitmentEventReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Cancel, input).await
}

/// Gives an event that was announced another time or place; everybody concerned is told.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `ILLEGAL_STEP` unless it is published and not begun; CONFLICT for a
/// stale version.
pub async fn move_to(app: &App, actor: &Actor, input: &RecruitmentEventMoveInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Move, &facts).await?;
            expect_version(input.expected_version, facts.event.version)?;
            facts.stands(actor).may(Step::OpenCheckIn)?;
            let mut checks = Checks::new();
            let changes = checks::moved(&mut checks, input, (&facts.event, write.now()));
            checks.finish()?;
            let event = Event::new("RecruitmentEventMoved").with("startsAt", input.starts_at.0.to_rfc3339());
            change(&write, &facts, changes, event).await?;
            notices::moved(&write, &facts).await?;
            let moved = Gone::Moved(input.starts_at, input.ends_at);
            interviews::sessions::end_with_event(&write, (facts.event.id, moved)).await?;
            Ok(facts.event.id)
        })
        .await
}

async fn change(
    write: &Write,
    facts: &Facts,
    changes: recruitment_event::ActiveModel,
    happened: Event,
) -> Result<Uuid> {
    let row = &facts.event;
    write.change::<recruitment_event::Entity>(row.id, row.version, changes).await?;
    write.emit(happened).await?;
    Ok(row.id)
}

async fn take_with_reason(
    app: &App,
    actor: &Actor,
    step: Step,
    input: &RecruitmentEventReasonedStepInput,
) -> Result<Uuid> {
    let plain = RecruitmentEventStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (step, &plain), |_, _, checks| recruitment_event::ActiveModel {
        status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
        ..Default::default()
    })
    .await
}

/// One step: permit, version, rules, checks, status.
async fn take(
    app: &App,
    actor: &Actor,
    (step, input): (Step, &RecruitmentEventStepInput),
    fill: impl Fn(&Facts, &Write, &mut Checks) -> recruitment_event::ActiveModel + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.event.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            rules::by_another(step, &facts, actor)?;
            rules::in_time(step, &facts)?;
            let mut checks = Checks::new();
            let changes = fill(&facts, &write, &mut checks);
            checks.finish()?;
            write.take(&stands, step, changes, Event::new(rules::happened(step))).await?;
            notices::tell(&write, &facts, step).await?;
            let gone = match step {
                Step::Cancel => Some(Gone::Event),
                Step::Close => Some(Gone::Closed),
                _ => None,
            };
            if let Some(gone) = gone {
                interviews::sessions::end_with_event(&write, (facts.event.id, gone)).await?;
            }
            Ok(facts.event.id)
        })
        .await
}
