//! Registrations 活动报名: which students come to a recruitment event, and whether they came.
//!
//! A student of any verified university **registers** while the event's registration is open and a place is left; the
//! place can be **cancelled** before the event begins, and taken again. At the door the organizer's people scan the
//! student's signed code ([`codes`]) and send what they scanned in batches ([`check_in`]): the earliest scan counts, and
//! a batch that is sent twice changes nothing. Whoever did not come is **noted as absent** a day after the event; the
//! university **excuses** with a reason. Who stays away too often waits before registering again.

pub mod check_in;
pub mod codes;
mod export;
pub mod graphql;
pub mod jobs;
mod qr;
pub mod rules;
pub mod store;

pub use export::OwnRegistrations;

use async_graphql::InputObject;
use chrono::TimeDelta;
use entity::{
    event_registration::{self, RegistrationStep as Step},
    notification::NoticeKind,
    organization::OrganizationStatus,
    recruitment_event,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel as _};
use uuid::Uuid;

use super::events::{
    rules::{Action as EventAction, Facts as EventFacts},
    store as events,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Error, Problem, Result, Text},
    graphql::body,
    notifications::{Notice, To, notify},
    organizations,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Lifecycle, Stepped as _},
    },
};
use rules::{Action, Facts, Policy};

/// A student's registration. Who may: a student of a verified university, for himself or herself.
#[derive(Clone, Debug, InputObject)]
pub struct RegistrationCreateInput {
    /// For which event.
    pub event_id: Id<recruitment_event::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the registration that the first one made.
    pub idempotency_key: Option<String>,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct RegistrationStepInput {
    /// Which registration.
    pub id: Id<event_registration::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// An excuse. Who may: the staff of the student's university.
#[derive(Clone, Debug, InputObject)]
pub struct RegistrationExcuseInput {
    /// Which registration.
    pub id: Id<event_registration::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; the student and the university's staff read it.
    pub reason: String,
}

/// Registers the actor for an event, for the first time or again.
///
/// # Errors
/// `RULE_VIOLATED` when registration is not open, the university is not verified or the student stayed away too often;
/// DUPLICATE for whoever is registered; `CAPACITY_FULL` when no place is left.
pub async fn create(app: &App, actor: &Actor, input: &RegistrationCreateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let event = events::facts(&tx, actor, input.event_id.key()).await?;
            let write = tx.permit(actor, EventAction::Register, &event).await?;
            let known = store::of(&tx, event.event.id, actor.user()).await?;
            let id = known.as_ref().map_or_else(|| write.id(), |known| known.id);
            let (key, body) = (input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            if known.as_ref().is_some_and(|known| !event_registration::Entity::allows(known.status, Step::Register)) {
                return Err(there_already());
            }
            may_come(app, actor, (&write, &event)).await?;
            match known {
                None => register(&write, actor, (&event, id)).await,
                Some(registration) => register_again(&tx, actor, (registration, event)).await,
            }
        })
        .await
}

async fn may_come(app: &App, actor: &Actor, (write, event): (&Write, &EventFacts)) -> Result<()> {
    rules::takes_registrations(&event.event, write.now())?;
    let university = organizations::find(write.tx(), actor, actor.organization()).await?;
    if university.status != OrganizationStatus::Verified {
        return Err(Error::rule(
            "Your university is not verified or is suspended.",
            "您所在的高校尚未核验或已被暂停。",
        ));
    }
    let settings = app.settings();
    let policy = Policy { limit: settings.no_show_limit, window: TimeDelta::days(settings.no_show_window_days.into()) };
    rules::came_often_enough(policy, &store::missed(write.tx(), actor.user()).await?, write.now())?;
    // Counted under the event's lock: never more students than places.
    let capacity = event.event.capacity;
    if i64::try_from(events::taken(write.tx(), event.event.id).await?).unwrap_or(i64::MAX) < i64::from(capacity) {
        return Ok(());
    }
    let message = Text::new(format!("All {capacity} places are taken."), format!("{capacity} 个名额已满。"));
    Err(Problem::new(Code::CapacityFull, message).at(["input", "eventId"]).into())
}

fn there_already() -> Error {
    let message = Text::new("You are registered for this event already.", "您已报名该活动。");
    Problem::new(Code::Duplicate, message).at(["input", "eventId"]).into()
}

async fn register(write: &Write, actor: &Actor, (event, id): (&EventFacts, Uuid)) -> Result<Uuid> {
    let row = event_registration::Model {
        id,
        event_id: event.event.id,
        student_id: actor.user(),
        university_id: actor.organization(),
        status: event_registration::Entity::INITIAL,
        status_reason: None,
        checked_in_at: None,
        scan_client_id: None,
        missed_at: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    };
    write.insert(row.into_active_model()).await?;
    let made = Event::new("RegistrationCreated").with("event", event.event.id).with("university", actor.organization());
    write.emit_first(rules::record(id), made).await?;
    Ok(id)
}

async fn register_again(
    tx: &Tx,
    actor: &Actor,
    (registration, event): (event_registration::Model, EventFacts),
) -> Result<Uuid> {
    let facts = Facts { registration, event: event.event, exhibitors: Vec::new(), now: tx.now() };
    let write = tx.permit(actor, Action::Take(Step::Register), &facts).await?;
    let changes = event_registration::ActiveModel { university_id: Set(actor.organization()), ..Default::default() };
    write.take(&facts.stands(actor), Step::Register, changes, told(Step::Register, &facts)).await?;
    Ok(facts.registration.id)
}

/// Gives a place up before the event begins; somebody else may take it.
///
/// # Errors
/// `ILLEGAL_STEP` unless a place is held; `RULE_VIOLATED` once the event has begun; CONFLICT for a stale version.
pub async fn cancel(app: &App, actor: &Actor, input: &RegistrationStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Cancel, input), |_| event_registration::ActiveModel::default()).await
}

/// Accepts why a student did not come.
///
/// # Errors
/// `ILLEGAL_STEP` unless the student was noted as absent; CONFLICT for a stale version.
pub async fn excuse(app: &App, actor: &Actor, input: &RegistrationExcuseInput) -> Result<Uuid> {
    let plain = RegistrationStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (Step::Excuse, &plain), |checks| event_registration::ActiveModel {
        status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
        ..Default::default()
    })
    .await
}

/// One step: permit, version, rules, checks, status.
async fn take(
    app: &App,
    actor: &Actor,
    (step, input): (Step, &RegistrationStepInput),
    fill: impl Fn(&mut Checks) -> event_registration::ActiveModel + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.registration.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            rules::in_time(step, &facts)?;
            let mut checks = Checks::new();
            let changes = fill(&mut checks);
            checks.finish()?;
            write.take(&stands, step, changes, told(step, &facts)).await?;
            if step == Step::Excuse {
                tell_student(&write, &facts, NoticeKind::AbsenceExcused).await?;
            }
            Ok(facts.registration.id)
        })
        .await
}

/// Tells the student.
async fn tell_student(write: &Write, facts: &Facts, kind: NoticeKind) -> Result<()> {
    let student = To::People(vec![facts.registration.student_id]);
    notify(write, &Notice::new(kind, rules::record(facts.registration.id), student)).await
}

fn told(step: Step, facts: &Facts) -> Event {
    Event::new(rules::happened(step)).with("event", facts.event.id)
}
