//! Exhibitors 参展企业: which enterprises have a booth at a recruitment event.
//!
//! A verified enterprise **requests** a booth and the organizer **confirms** it, or the organizer **invites** it and the
//! enterprise **accepts**. Whoever was asked may **decline**, and either side **withdraws**, with a reason. There are
//! never more booths given than the event has, and an enterprise is there once: whoever withdrew asks again under the
//! same record.

pub mod graphql;
mod merging;
mod notices;
pub mod rules;
pub mod store;

pub use merging::EventBooths;

use async_graphql::InputObject;
use entity::{
    event_exhibitor::{self, ExhibitorStatus as Status, ExhibitorStep as Step},
    organization, recruitment_event,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel as _};
use uuid::Uuid;

use super::{rules::Action as EventAction, store as events};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Error, Problem, Result, Text},
    graphql::body,
    organizations,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, Length, NOTE, expect_version},
        lifecycle::Stepped as _,
    },
    talent::interviews::{self, sessions::Gone},
};
use rules::{Action, Facts};

/// What stands on a booth.
const BOOTH: Length = Length { min: 1, max: 40 };

/// A request for a booth. Who may: the admin and recruiters of a verified enterprise.
#[derive(Clone, Debug, InputObject)]
pub struct EventExhibitorRequestInput {
    /// At which event.
    pub event_id: Id<recruitment_event::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the booth that the first one asked for.
    pub idempotency_key: Option<String>,
}

/// An offer of a booth. Who may: the organizer's people.
#[derive(Clone, Debug, InputObject)]
pub struct EventExhibitorInviteInput {
    /// At which event.
    pub event_id: Id<recruitment_event::Entity>,
    /// To which enterprise; a verified one.
    pub organization_id: Id<organization::Entity>,
    /// What stands on the booth, such as A12, 1 to 40 characters.
    pub booth: Option<String>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the booth that the first one offered.
    pub idempotency_key: Option<String>,
}

/// A booth that is given. Who may: the organizer's people.
#[derive(Clone, Debug, InputObject)]
pub struct EventExhibitorConfirmInput {
    /// Which request.
    pub id: Id<event_exhibitor::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What stands on the booth, such as A12, 1 to 40 characters.
    pub booth: Option<String>,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct EventExhibitorStepInput {
    /// Which booth.
    pub id: Id<event_exhibitor::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// A step that is explained to the other side.
#[derive(Clone, Debug, InputObject)]
pub struct EventExhibitorReasonedStepInput {
    /// Which booth.
    pub id: Id<event_exhibitor::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; the other side reads it.
    pub reason: String,
}

/// Asks for a booth for the own enterprise, for the first time or again.
///
/// # Errors
/// `RULE_VIOLATED` when the enterprise is not verified or the event takes nobody; DUPLICATE when it is there already.
pub async fn request(app: &App, actor: &Actor, input: &EventExhibitorRequestInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let event = events::facts(&tx, actor, input.event_id.key()).await?;
            let write = tx.permit(actor, EventAction::RequestBooth, &event).await?;
            let known = store::of(&tx, event.event.id, actor.organization()).await?;
            let id = known.as_ref().map_or_else(|| write.id(), |known| known.id);
            let (key, body) = (input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            rules::suits(Step::Request, &event.event)?;
            is_verified(&tx, actor.organization()).await?;
            match known {
                Some(exhibitor) => again(&tx, actor, (exhibitor, event.event, Step::Request), None).await,
                None => ask(&write, (event.event, actor.organization(), Step::Request), (id, None)).await,
            }
        })
        .await
}

/// Offers an enterprise a booth, for the first time or again.
///
/// # Errors
/// `INVALID_INPUT` unless it is a verified enterprise; DUPLICATE when it is there already; `RULE_VIOLATED` when the
/// event is over.
pub async fn invite(app: &App, actor: &Actor, input: &EventExhibitorInviteInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let event = events::facts(&tx, actor, input.event_id.key()).await?;
            let write = tx.permit(actor, EventAction::Invite, &event).await?;
            let known = store::of(&tx, event.event.id, input.organization_id.key()).await?;
            let id = known.as_ref().map_or_else(|| write.id(), |known| known.id);
            let (key, body) = (input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            rules::suits(Step::Invite, &event.event)?;
            let invited = organizations::find(&tx, actor, input.organization_id.key()).await?.id;
            let mut checks = Checks::new();
            let booth = checks.optional_line("booth", input.booth.as_deref(), BOOTH);
            checks.require(
                store::is_verified(&tx, invited).await?,
                "organizationId",
                "organizationId is not a verified enterprise.",
                "organizationId 不是已核验的企业。",
            );
            checks.finish()?;
            match known {
                Some(exhibitor) => again(&tx, actor, (exhibitor, event.event, Step::Invite), booth).await,
                None => ask(&write, (event.event, invited, Step::Invite), (id, booth)).await,
            }
        })
        .await
}

/// Makes the booth's record.
async fn ask(
    write: &Write,
    (event, enterprise, step): (recruitment_event::Model, Uuid, Step),
    (id, booth): (Uuid, Option<String>),
) -> Result<Uuid> {
    let status = if step == Step::Invite { Status::Invited } else { Status::Requested };
    let exhibitor = event_exhibitor::Model {
        id,
        event_id: event.id,
        organization_id: enterprise,
        booth,
        status,
        status_reason: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    };
    write.insert(exhibitor.clone().into_active_model()).await?;
    let asked = Event::new(rules::happened(step)).with("event", event.id).with("organization", enterprise);
    write.emit_first(rules::record(id), asked).await?;
    notices::tell(write, &Facts { exhibitor, event }, step).await?;
    Ok(id)
}

/// Goes on with the record that there is.
async fn again(
    tx: &Tx,
    actor: &Actor,
    (exhibitor, event, step): (event_exhibitor::Model, recruitment_event::Model, Step),
    booth: Option<String>,
) -> Result<Uuid> {
    let facts = &Facts { exhibitor, event };
    let stands = facts.stands(actor);
    if stands.may(step).is_err() {
        return Err(there_already(step));
    }
    let write = tx.permit(actor, Action::Take(step), facts).await?;
    let changes = event_exhibitor::ActiveModel { booth: Set(booth), status_reason: Set(None), ..Default::default() };
    write.take(&stands, step, changes, told(step, facts)).await?;
    notices::tell(&write, facts, step).await?;
    Ok(facts.exhibitor.id)
}

fn there_already(step: Step) -> Error {
    let field = if step == Step::Invite { "organizationId" } else { "eventId" };
    let message = Text::new(
        "The enterprise is named at this event already; see its exhibitors.",
        "该企业已在本活动名单中，请查看参展企业。",
    );
    Problem::new(Code::Duplicate, message).at(["input", field]).into()
}

/// Gives the booth that was asked for.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is requested; `CAPACITY_FULL` when all booths are given; CONFLICT for a stale version.
pub async fn confirm(app: &App, actor: &Actor, input: &EventExhibitorConfirmInput) -> Result<Uuid> {
    let plain = EventExhibitorStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (Step::Confirm, &plain), |checks| event_exhibitor::ActiveModel {
        booth: Set(checks.optional_line("booth", input.booth.as_deref(), BOOTH)),
        ..Default::default()
    })
    .await
}

/// Takes the booth that was offered.
///
/// # Errors
/// As [`confirm`].
pub async fn accept(app: &App, actor: &Actor, input: &EventExhibitorStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Accept, input), |_| event_exhibitor::ActiveModel::default()).await
}

/// Says no, with a reason.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is requested or offered; CONFLICT for a stale version.
pub async fn decline(app: &App, actor: &Actor, input: &EventExhibitorReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Decline, input).await
}

/// Takes a request, an offer or a booth back, with a reason.
///
/// # Errors
/// As [`decline`].
pub async fn withdraw(app: &App, actor: &Actor, input: &EventExhibitorReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, Step::Withdraw, input).await
}

async fn take_with_reason(
    app: &App,
    actor: &Actor,
    step: Step,
    input: &EventExhibitorReasonedStepInput,
) -> Result<Uuid> {
    let plain = EventExhibitorStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (step, &plain), |checks| event_exhibitor::ActiveModel {
        status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
        ..Default::default()
    })
    .await
}

/// One step by one side: permit, version, rules, checks, status.
async fn take(
    app: &App,
    actor: &Actor,
    (step, input): (Step, &EventExhibitorStepInput),
    fill: impl Fn(&mut Checks) -> event_exhibitor::ActiveModel + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.exhibitor.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            rules::suits(step, &facts.event)?;
            let mut checks = Checks::new();
            let changes = fill(&mut checks);
            checks.finish()?;
            if matches!(step, Step::Confirm | Step::Accept) {
                is_verified(&tx, facts.exhibitor.organization_id).await?;
                has_room(&tx, &facts).await?;
            }
            write.take(&stands, step, changes, told(step, &facts)).await?;
            notices::tell(&write, &facts, step).await?;
            if step == Step::Withdraw {
                let gone = Gone::Booth(facts.exhibitor.organization_id);
                interviews::sessions::end_with_event(&write, (facts.event.id, gone)).await?;
            }
            Ok(facts.exhibitor.id)
        })
        .await
}

async fn is_verified(tx: &Tx, enterprise: Uuid) -> Result<()> {
    if store::is_verified(tx, enterprise).await? {
        return Ok(());
    }
    Err(Error::rule("Only a verified enterprise exhibits.", "仅已核验的企业可以参展。"))
}

/// Counted under the event's lock: never more booths than the event has.
async fn has_room(tx: &Tx, facts: &Facts) -> Result<()> {
    let booths = facts.event.booths;
    if i64::try_from(store::given(tx, facts.event.id).await?).unwrap_or(i64::MAX) < i64::from(booths) {
        return Ok(());
    }
    let message = Text::new(format!("All {booths} booths are given."), format!("{booths} 个展位均已分配。"));
    Err(Problem::new(Code::CapacityFull, message).at(["input", "id"]).into())
}

fn told(step: Step, facts: &Facts) -> Event {
    Event::new(rules::happened(step)).with("event", facts.event.id)
}
