//! Applications 申请: a student for a position, from the first word to the first day at work.
//!
//! The student **submits** an application for a published position; the enterprise reads it because the student has
//! consented that it may. A recruiter **shortlists** it, **invites** the student and **records the interview**, or that
//! nobody came. Then either side can **declare an intention**, of an internship or of employment, and the other
//! **confirms** it within seven days, or it lapses. Where details are open, a **negotiation** gets a date
//! ([`super::negotiations`]). The enterprise **offers**, as many as the position has places; the student **accepts** or
//! **declines** until the offer's last day. The university's staff **records** the signed contract with its evidence and
//! the first day at work ([`super::employment`]).
//!
//! At an event a recruiter who has the student's code before the eyes makes the application, to interview at once
//! ([`walking_in`]); that the enterprise reads the résumé is the student's own word all the same.
//!
//! Until an offer is accepted the enterprise can **reject** and the student **withdraw**, each with a reason from a list,
//! so that both sides can learn from it. Nothing is rejected by itself.
//!
//! An intention is not an internship and neither is employment: each is counted by itself (I10).

mod checks;
mod export;
mod files;
pub mod graphql;
pub mod intention;
pub mod jobs;
pub mod notices;
pub mod offers;
pub mod rules;
pub mod selection;
pub mod store;
pub mod walking_in;

pub use export::OwnApplications;

use async_graphql::InputObject;
use entity::{
    application::{self, ApplicationStep as Step},
    event_registration::RegistrationStatus,
    job_position, recruitment_event,
    share_consent::ShareCategory,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{consents, positions, registrations::store as registrations, resumes};
use crate::{
    app::App,
    auth::Actor,
    documents::attachable,
    error::{Code, Result, Text},
    graphql::body,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Lifecycle, Stepped as _},
    },
};
use files::ApplicationFiles;
use rules::{Action, Facts};

/// Lets files be attached to applications.
pub fn attach_files() {
    attachable(&ApplicationFiles);
}

/// An application. Who may: a student who has consented that the enterprise reads the résumé.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationSubmitInput {
    /// The position: published, and not past its last day.
    pub position_id: Id<job_position::Entity>,
    /// The event at which you met; you are registered for it.
    pub event_id: Option<Id<recruitment_event::Entity>>,
    /// What you write to the enterprise, up to 2,000 characters.
    pub letter: Option<String>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the application that the first one made.
    pub idempotency_key: Option<String>,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationStepInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Applies for a position.
///
/// # Errors
/// `NOT_FOUND` for a position or an event that you do not see; `RULE_VIOLATED` when the position takes no applications
/// any more; `CONSENT_REQUIRED` until you have consented that the enterprise reads your résumé; DUPLICATE when you have
/// applied already, or for an idempotency key that was used for another request; `INVALID_INPUT` for every field that
/// is wrong.
pub async fn submit(app: &App, actor: &Actor, input: &ApplicationSubmitInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let position = positions::store::standing(&tx, actor, input.position_id.key()).await?;
            let write = tx.permit(actor, positions::rules::Action::Apply, &position).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            positions::rules::takes_applications(&position)?;
            let position = position.position;
            let mut checks = Checks::new();
            let resume = check_resume(&tx, &mut checks, (actor, &position)).await?;
            let letter = checks.optional_lines("letter", input.letter.as_deref(), NOTE);
            check_once(&tx, &mut checks, (actor, &position)).await?;
            let event = input.event_id.map(Id::key);
            check_event(&tx, &mut checks, (actor, event)).await?;
            checks.finish()?;
            let links = (position.id, resume, event);
            let row = application::ActiveModel {
                organization_id: Set(position.organization_id),
                letter: Set(letter),
                ..new(&write, id, ((actor.user(), actor.organization()), links))
            };
            let application = write.add(row).await?;
            let event = told("ApplicationSubmitted", &application);
            write.emit_first(rules::record(id), event).await?;
            notices::submitted(&write, &application).await?;
            Ok(id)
        })
        .await
}

/// An application as it begins: the student's, for a position, with the résumé and perhaps an event.
fn new(
    write: &Write,
    id: Uuid,
    ((student, university), (position, resume, event)): ((Uuid, Uuid), (Uuid, Uuid, Option<Uuid>)),
) -> application::ActiveModel {
    application::ActiveModel {
        id: Set(id),
        position_id: Set(position),
        student_id: Set(student),
        university_id: Set(university),
        resume_id: Set(resume),
        event_id: Set(event),
        status: Set(application::Entity::INITIAL),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..Default::default()
    }
}

/// A student applies once.
async fn check_once(tx: &Tx, checks: &mut Checks, (actor, position): (&Actor, &job_position::Model)) -> Result<()> {
    if store::has_applied(tx, position.id, actor.user()).await? {
        let message = Text::new("You have applied for this position already.", "您已申请过该岗位。");
        checks.duplicate("positionId", message, None);
    }
    Ok(())
}

/// The student's résumé, which the enterprise may read before it hears of the application.
async fn check_resume(tx: &Tx, checks: &mut Checks, (actor, position): (&Actor, &job_position::Model)) -> Result<Uuid> {
    // In this order, as whoever takes a consent back.
    let consents = consents::holds(tx, (actor.user(), position.organization_id), ShareCategory::Profile).await?;
    let resume = resumes::store::own(tx, actor.user()).await?.filter(|resume| resume.erased_at.is_none());
    if !consents || resume.is_none() {
        let message = Text::new(
            "Write your résumé and consent that this enterprise reads it, first.",
            "请先填写简历，并同意该企业查阅。",
        );
        checks.problem("positionId", Code::ConsentRequired, message);
    }
    Ok(resume.map(|resume| resume.id).unwrap_or_default())
}

async fn check_event(tx: &Tx, checks: &mut Checks, (actor, event): (&Actor, Option<Uuid>)) -> Result<()> {
    let Some(event) = event else { return Ok(()) };
    checks.require(
        registrations::of(tx, event, actor.user())
            .await?
            .is_some_and(|place| place.status != RegistrationStatus::Cancelled),
        "eventId",
        "eventId is not an event that you are registered for.",
        "eventId 不是您已报名的活动。",
    );
    Ok(())
}

/// One step by one side: permit, version, what else must be so, checks, status, whom to tell.
pub(super) async fn take(
    app: &App,
    actor: &Actor,
    (step, input): (Step, &ApplicationStepInput),
    fill: impl Fn(&Facts, &Write, &mut Checks) -> application::ActiveModel + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let (write, facts) = begin(&tx, actor, (step, input)).await?;
            let mut checks = Checks::new();
            let changes = fill(&facts, &write, &mut checks);
            checks.finish()?;
            finish(&write, &facts, (actor, step), changes).await
        })
        .await
}

/// The write under which a step is taken, once everything allows it.
pub(super) async fn begin(
    tx: &Tx,
    actor: &Actor,
    (step, input): (Step, &ApplicationStepInput),
) -> Result<(Write, Facts)> {
    let facts = store::facts(tx, actor, input.id.key()).await?;
    let write = tx.permit(actor, Action::Take(step), &facts).await?;
    expect_version(input.expected_version, facts.application.version)?;
    facts.stands(actor).may(step)?;
    rules::in_order(step, &facts)?;
    Ok((write, facts))
}

/// Takes the step and tells whom it concerns. What ends an application ends its open negotiation; an
/// interview that is booked follows.
pub(super) async fn finish(
    write: &Write,
    facts: &Facts,
    (actor, step): (&Actor, Step),
    changes: application::ActiveModel,
) -> Result<Uuid> {
    let event = told(rules::happened(step), &facts.application);
    write.take(&facts.stands(actor), step, changes, event).await?;
    if facts.negotiating {
        super::negotiations::cancel_open(write, facts.application.id).await?;
    }
    if matches!(step, Step::RecordInterview | Step::RecordNoShow | Step::Reject | Step::Withdraw) {
        super::interviews::bookings::follow(write, (facts.application.id, step)).await?;
    }
    notices::tell(write, facts, (actor, step)).await?;
    Ok(facts.application.id)
}

fn told(kind: &'static str, application: &application::Model) -> Event {
    Event::new(kind).with("position", application.position_id).with("organization", application.organization_id)
}
