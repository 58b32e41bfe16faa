//! Negotiations 后续洽谈: the talk about the details, after an intention of both sides.
//!
//! A recruiter sets a day until which it is held, and says what it is about. Once it was **held**, the recruiter says
//! what came of it: the two **agree**, they **continue** with another day, or it **fails**. One that is past its day and
//! was not held is **overdue**: the county's officers are told, without names, and help. When the application ends, the
//! negotiation that is open ends with it.

pub mod graphql;
pub mod notices;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use chrono::NaiveDate;
use entity::{
    application::{self, ApplicationStep},
    negotiation::{self, NegotiationStep as Step},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::applications::{self, ApplicationStepInput};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    graphql::Date,
    platform::{
        clock,
        db::Write,
        event::Event,
        id::Id,
        input::{Checks, NAME, NOTE, expect_version},
        lifecycle::{Lifecycle, Stands, Stepped as _},
    },
};
use rules::{Action, Facts};

/// A date to talk. Who may: the enterprise's recruiters, once the intention is confirmed.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationOpenNegotiationInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The last day to hold it, today or later.
    pub due_on: Date,
    /// What is to be talked about, 1 to 2,000 characters.
    pub topic: String,
    /// Where, 1 to 200 characters.
    pub place: Option<String>,
}

/// A negotiation that was held. Who may: the enterprise's recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct NegotiationHoldInput {
    /// Which negotiation.
    pub id: Id<negotiation::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The day on which it was held, not in the future; today unless you say so.
    pub held_on: Option<Date>,
}

/// What came of it. Who may: the enterprise's recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct NegotiationOutcomeInput {
    /// Which negotiation.
    pub id: Id<negotiation::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What came of it, 1 to 2,000 characters; both sides read it.
    pub outcome: String,
}

/// Another date. Who may: the enterprise's recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct NegotiationContinueInput {
    /// Which negotiation.
    pub id: Id<negotiation::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What came of it so far, 1 to 2,000 characters; both sides read it.
    pub outcome: String,
    /// The last day to hold the next one, today or later.
    pub due_on: Date,
}

/// Sets a date to talk about the details; the application is in negotiation.
///
/// # Errors
/// `ILLEGAL_STEP` unless there is an intention; `RULE_VIOLATED` until both sides have it; `INVALID_INPUT` for every field
/// that is wrong; CONFLICT for a stale version of the application.
pub async fn open(app: &App, actor: &Actor, input: &ApplicationOpenNegotiationInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let plain = ApplicationStepInput { id: input.id, expected_version: input.expected_version };
            let step = ApplicationStep::OpenNegotiation;
            let (write, facts) = applications::begin(&tx, actor, (step, &plain)).await?;
            let mut checks = Checks::new();
            check_due(&mut checks, input.due_on.0, clock::day(write.now()));
            let topic = checks.lines("topic", &input.topic, NOTE);
            let place = checks.optional_line("place", input.place.as_deref(), NAME);
            checks.finish()?;
            let id = applications::finish(&write, &facts, (actor, step), application::ActiveModel::default()).await?;
            schedule(&write, scheduled(&write, (&facts.application, 1), (input.due_on.0, topic, place))).await?;
            Ok(id)
        })
        .await
}

/// Records that it was held.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is scheduled; `INVALID_INPUT` for a day to come; CONFLICT for a stale version.
pub async fn hold(app: &App, actor: &Actor, input: &NegotiationHoldInput) -> Result<Uuid> {
    take(app, actor, (Step::Hold, input.id, input.expected_version), |write, checks| {
        let today = clock::day(write.now());
        let held_on = input.held_on.map_or(today, |day| day.0);
        checks.require(
            held_on <= today,
            "heldOn",
            format!("heldOn ({held_on}) is yet to come; expected {today} or earlier."),
            format!("heldOn（{held_on}）尚未到来，应为 {today} 或之前。"),
        );
        negotiation::ActiveModel { held_on: Set(Some(held_on)), ..Default::default() }
    })
    .await
    .map(|facts| facts.negotiation.id)
}

/// Records that the two agree.
///
/// # Errors
/// `ILLEGAL_STEP` unless it was held; CONFLICT for a stale version.
pub async fn agree(app: &App, actor: &Actor, input: &NegotiationOutcomeInput) -> Result<Uuid> {
    come_to(app, actor, (Step::Agree, input)).await
}

/// Records that they do not agree; the application stays open until one side ends it.
///
/// # Errors
/// As [`agree`].
pub async fn fail(app: &App, actor: &Actor, input: &NegotiationOutcomeInput) -> Result<Uuid> {
    come_to(app, actor, (Step::Fail, input)).await
}

/// Sets another date; gives the negotiation that was continued.
///
/// # Errors
/// As [`agree`]; `INVALID_INPUT` for a day that is past.
pub async fn go_on(app: &App, actor: &Actor, input: &NegotiationContinueInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Continue), &facts).await?;
            expect_version(input.expected_version, facts.negotiation.version)?;
            facts.stands(actor).may(Step::Continue)?;
            let mut checks = Checks::new();
            let outcome = checks.lines("outcome", &input.outcome, NOTE);
            check_due(&mut checks, input.due_on.0, clock::day(write.now()));
            checks.finish()?;
            let changes = negotiation::ActiveModel { outcome: Set(Some(outcome)), ..Default::default() };
            write.take(&facts.stands(actor), Step::Continue, changes, told(Step::Continue, &facts)).await?;
            let (last, application) = (facts.negotiation, facts.application.application);
            let next = (input.due_on.0, last.topic, last.place);
            let next = scheduled(&write, (&application, last.round + 1), next);
            notices::continued(&write, &application, &next).await?;
            schedule(&write, next).await?;
            Ok(last.id)
        })
        .await
}

async fn come_to(app: &App, actor: &Actor, (step, input): (Step, &NegotiationOutcomeInput)) -> Result<Uuid> {
    take(app, actor, (step, input.id, input.expected_version), |_, checks| negotiation::ActiveModel {
        outcome: Set(Some(checks.lines("outcome", &input.outcome, NOTE))),
        ..Default::default()
    })
    .await
    .map(|facts| facts.negotiation.id)
}

async fn take(
    app: &App,
    actor: &Actor,
    (step, id, expected_version): (Step, Id<negotiation::Entity>, i32),
    fill: impl Fn(&Write, &mut Checks) -> negotiation::ActiveModel + Sync,
) -> Result<Facts> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(expected_version, facts.negotiation.version)?;
            facts.stands(actor).may(step)?;
            let mut checks = Checks::new();
            let changes = fill(&write, &mut checks);
            checks.finish()?;
            write.take(&facts.stands(actor), step, changes, told(step, &facts)).await?;
            notices::tell(&write, &facts, step).await?;
            Ok(facts)
        })
        .await
}

fn check_due(checks: &mut Checks, due_on: NaiveDate, today: NaiveDate) {
    checks.require(
        due_on >= today,
        "dueOn",
        format!("dueOn ({due_on}) is past; expected {today} or later."),
        format!("dueOn（{due_on}）已过，应为 {today} 或之后。"),
    );
}

fn scheduled(
    write: &Write,
    (application, round): (&application::Model, i32),
    (due_on, topic, place): (NaiveDate, String, Option<String>),
) -> negotiation::Model {
    negotiation::Model {
        id: write.id(),
        application_id: application.id,
        organization_id: application.organization_id,
        position_id: application.position_id,
        round,
        due_on,
        topic,
        place,
        status: negotiation::Entity::INITIAL,
        held_on: None,
        outcome: None,
        overdue_at: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    }
}

async fn schedule(write: &Write, row: negotiation::Model) -> Result<()> {
    let scheduled =
        Event::new("NegotiationScheduled").with("application", row.application_id).with("dueOn", row.due_on);
    let id = row.id;
    write.insert(row.into_active_model()).await?;
    write.emit_first(rules::record(id), scheduled).await
}

/// Ends the negotiation that is open when its application ended.
///
/// # Errors
/// When the database fails.
pub(super) async fn cancel_open(write: &Write, application: Uuid) -> Result<()> {
    let Some(row) = store::open(write.tx(), application).await? else { return Ok(()) };
    let stands: Stands<negotiation::Entity> = Stands::of(&row);
    let event = Event::new(rules::happened(Step::Cancel)).with("application", application);
    let write = write.tx().under(write.permit().over(rules::record(row.id)));
    write.take(&stands, Step::Cancel, negotiation::ActiveModel::default(), event).await.map(drop)
}

fn told(step: Step, facts: &Facts) -> Event {
    Event::new(rules::happened(step)).with("application", facts.negotiation.application_id)
}
