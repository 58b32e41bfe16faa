//! Interview sessions 面试场次: an enterprise in a room, with its interviewers, for some hours.
//!
//! A recruiter lays a session out: at an event at which the enterprise has a booth, or on site. It is cut into slots, each
//! followed by its buffer; its room and its interviewers are held from the first to the last. It is **open**, and can be
//! **extended** by more slots, until the enterprise **closes** it, which ends no booking, or **cancels** it with a reason,
//! which ends them all. One that is over is closed by itself.

mod checks;
mod extending;
pub mod graphql;
pub mod jobs;
mod notices;
pub mod rules;
pub mod store;

pub use extending::{InterviewSessionExtendInput, extend};

use async_graphql::InputObject;
use entity::{
    event_exhibitor::ExhibitorStatus,
    interview_session::{self, InterviewSessionStatus, InterviewSessionStep as Step},
    interview_slot,
    interview_wait::InterviewWaitStatus,
    interviewer, recruitment_event, user,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel as _};
use uuid::Uuid;

use super::holds::{self, Ticks};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Result, Text},
    graphql::{DateTime, body},
    organizations,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Lifecycle as _, Stands, Stepped as _},
    },
    talent::{
        events::{exhibitors::store as booths, store as events},
        positions::rules::{Employer, EmployerAction, is_verified},
    },
};
use rules::Action;

/// A session of your enterprise. Who may: its admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewSessionCreateInput {
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the session that the first one made.
    pub idempotency_key: Option<String>,
    /// The event at which you interview, with a confirmed booth; none: on site at your enterprise.
    pub event_id: Option<Id<recruitment_event::Entity>>,
    /// Where: the hall, or your address, 1 to 200 characters.
    pub place: String,
    /// Which room or booth there, 1 to 200 characters: it is held for you, by this name.
    pub room: String,
    /// Who interviews: 1 to 10 of your enterprise's people. They are held.
    pub interviewer_ids: Vec<Id<user::Entity>>,
    /// When the first slot begins, at a full five minutes; within the event, if at one.
    pub starts_at: DateTime,
    /// When the last slot ends at the latest; 12 hours after that at most.
    pub ends_at: DateTime,
    /// Minutes of a slot: 5 to 240, a multiple of 5.
    pub slot_minutes: i32,
    /// Minutes after each slot in which nobody is interviewed: 0 to 120, a multiple of 5.
    pub buffer_minutes: i32,
    /// How many students a slot takes: 1 to 100.
    pub group_size: i32,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewSessionStepInput {
    /// Which session.
    pub id: Id<interview_session::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// A session that is called off. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewSessionCancelInput {
    /// Which session.
    pub id: Id<interview_session::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; whoever sees the session reads it.
    pub reason: String,
}

/// Lays a session out, with its slots; its room and its interviewers are held.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `SLOT_TAKEN` for a room or an interviewer that is held at that time;
/// `RULE_VIOLATED` unless the enterprise is verified; DUPLICATE for an idempotency key that was used for another request.
pub async fn create(app: &App, actor: &Actor, input: &InterviewSessionCreateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let employer = Employer(organizations::facts_behind(&tx, actor.organization()).await?);
            let write = tx.permit(actor, EmployerAction::Interview, &employer).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            is_verified(&employer.0)?;
            let mut checks = Checks::new();
            let names = checks::session(&mut checks, input, write.now());
            check_event(&tx, &mut checks, (actor, input)).await?;
            check_members(&tx, &mut checks, (actor, input)).await?;
            checks.finish()?;
            let session = laid_out(&write, (id, actor), (input, names));
            let slots = checks::slots(&session);
            let ends_at = slots.last().map_or(session.ends_at, |(_, ends_at)| *ends_at);
            let session = interview_session::Model { ends_at, ..session };
            let held = held(&session, input);
            let ticks = Ticks::between(session.starts_at, session.ends_at, session.buffer_minutes);
            check_free(&tx, (&held, ticks)).await?;
            write.insert(session.clone().into_active_model()).await?;
            write.insert_all(interviewers(&write, id, input)).await?;
            write.insert_all(slots.into_iter().map(|times| slot(&write, &session, times)).collect()).await?;
            holds::store::hold(&write, &held, ticks, (id, None)).await?;
            let mut created = Event::new("InterviewSessionCreated").with("organization", session.organization_id);
            if let Some(event) = session.event_id {
                created = created.with("event", event);
            }
            write.emit_first(rules::record(id), created).await?;
            Ok(id)
        })
        .await
}

async fn check_event(
    tx: &Tx,
    checks: &mut Checks,
    (actor, input): (&Actor, &InterviewSessionCreateInput),
) -> Result<()> {
    let Some(event) = input.event_id else { return Ok(()) };
    // Held, so that neither the booth nor the event goes away meanwhile.
    let event = events::facts(tx, actor, event.key()).await?.event;
    let booth = booths::of(tx, event.id, actor.organization()).await?;
    let has_booth = booth.is_some_and(|booth| booth.status == ExhibitorStatus::Confirmed);
    checks::at_event(checks, (&event, has_booth), input);
    Ok(())
}

async fn check_members(
    tx: &Tx,
    checks: &mut Checks,
    (actor, input): (&Actor, &InterviewSessionCreateInput),
) -> Result<()> {
    let people: Vec<Uuid> = input.interviewer_ids.iter().map(|id| id.key()).collect();
    let members = store::members(tx, actor.organization(), people.clone()).await?;
    for (place, _) in people.iter().enumerate().filter(|(_, person)| !members.contains(person)) {
        let field = format!("interviewerIds.{place}");
        let message = format!("{field} is not an admin or a recruiter of your enterprise.");
        checks.invalid(&field, message, format!("{field} 不是贵企业的管理员或招聘人员。"));
    }
    Ok(())
}

/// The room first, then the interviewers, in their order.
fn held(session: &interview_session::Model, input: &InterviewSessionCreateInput) -> Vec<String> {
    let people = input.interviewer_ids.iter().map(|id| holds::person(id.key()));
    std::iter::once(holds::room(session)).chain(people).collect()
}

/// Neither the room nor an interviewer is held at that time.
async fn check_free(tx: &Tx, (held, ticks): (&[String], Ticks)) -> Result<()> {
    let mut checks = Checks::new();
    let busy = holds::store::busy(tx, held, ticks).await?;
    for (place, _) in held.iter().enumerate().filter(|(_, held)| busy.contains(*held)) {
        let field = place.checked_sub(1).map_or_else(|| "room".to_owned(), |place| format!("interviewerIds.{place}"));
        let message = Text::new(
            format!("{field} is booked at that time, buffers included."),
            format!("{field} 在该时间（含缓冲）已被占用。"),
        );
        checks.problem(&field, Code::SlotTaken, message);
    }
    checks.finish()
}

fn laid_out(
    write: &Write,
    (id, actor): (Uuid, &Actor),
    (input, (place, room)): (&InterviewSessionCreateInput, (String, String)),
) -> interview_session::Model {
    interview_session::Model {
        id,
        organization_id: actor.organization(),
        event_id: input.event_id.map(Id::key),
        author_id: actor.user(),
        place,
        room,
        starts_at: input.starts_at.0,
        ends_at: input.ends_at.0,
        slot_minutes: input.slot_minutes,
        buffer_minutes: input.buffer_minutes,
        group_size: input.group_size,
        status: interview_session::Entity::INITIAL,
        status_reason: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    }
}

fn interviewers(write: &Write, session: Uuid, input: &InterviewSessionCreateInput) -> Vec<interviewer::ActiveModel> {
    let row = |(id, place): (&Id<user::Entity>, i32)| interviewer::ActiveModel {
        id: Set(write.id()),
        session_id: Set(session),
        user_id: Set(id.key()),
        place: Set(place),
    };
    input.interviewer_ids.iter().zip(0..).map(row).collect()
}

fn slot(
    write: &Write,
    session: &interview_session::Model,
    (begins_at, ends_at): (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>),
) -> interview_slot::ActiveModel {
    interview_slot::ActiveModel {
        id: Set(write.id()),
        session_id: Set(session.id),
        begins_at: Set(begins_at),
        ends_at: Set(ends_at),
        size: Set(session.group_size),
        taken: Set(0),
    }
}

/// Takes no more bookings; whoever waits for a place waits no longer.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is open; CONFLICT for a stale version.
pub async fn close(app: &App, actor: &Actor, input: &InterviewSessionStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Close), &facts).await?;
            expect_version(input.expected_version, facts.session.version)?;
            let event = Event::new(rules::happened(Step::Close));
            write.take(&facts.stands(actor), Step::Close, interview_session::ActiveModel::default(), event).await?;
            // A place that is kept was promised: it stays so until it is answered.
            super::waits::end_all(&write, (facts.session.id, &[InterviewWaitStatus::Waiting])).await?;
            Ok(facts.session.id)
        })
        .await
}

/// Calls a session off, and every booking in it; room, interviewers and students are free again.
///
/// # Errors
/// `ILLEGAL_STEP` when it is called off already; `RULE_VIOLATED` once it is over; `INVALID_INPUT` without a reason; CONFLICT
/// for a stale version.
pub async fn cancel(app: &App, actor: &Actor, input: &InterviewSessionCancelInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Cancel), &facts).await?;
            expect_version(input.expected_version, facts.session.version)?;
            facts.stands(actor).may(Step::Cancel)?;
            rules::in_time(Step::Cancel, &facts)?;
            let mut checks = Checks::new();
            let reason = checks.lines("reason", &input.reason, NOTE);
            checks.finish()?;
            let changes = interview_session::ActiveModel { status_reason: Set(Some(reason)), ..Default::default() };
            let event = Event::new(rules::happened(Step::Cancel));
            write.take(&facts.stands(actor), Step::Cancel, changes, event).await?;
            super::bookings::call_off_all(&write, facts.session.id).await?;
            Ok(facts.session.id)
        })
        .await
}

/// Why sessions at an event cannot be held there.
#[derive(Clone, Copy, Debug)]
pub(in crate::talent) enum Gone {
    /// The event was called off.
    Event,
    /// This enterprise gave its booth up.
    Booth(Uuid),
    /// The event is at another time: those that do not lie in it.
    Moved(DateTime, DateTime),
    /// The event was closed before its time: those that have not begun.
    Closed,
}

impl Gone {
    /// Whether a session can be held all the same.
    fn leaves(self, session: &interview_session::Model, now: chrono::DateTime<chrono::Utc>) -> bool {
        match self {
            Self::Moved(from, to) => from.0 <= session.starts_at && session.ends_at <= to.0,
            Self::Closed => session.starts_at <= now,
            Self::Event | Self::Booth(_) => false,
        }
    }
}

/// Calls off the sessions at an event that cannot be held there any more; those that are over took place, and those that
/// are held while the event is closed come to their end and take nobody more. The event is locked.
///
/// # Errors
/// When the database fails.
pub(in crate::talent) async fn end_with_event(write: &Write, (event, gone): (Uuid, Gone)) -> Result<()> {
    let (enterprise, why) = match gone {
        Gone::Event => (None, "The event was called off. 活动已取消。"),
        Gone::Booth(enterprise) => (Some(enterprise), "The booth was given up. 展位已撤回。"),
        Gone::Moved(..) => (None, "The event was moved. 活动已改期。"),
        Gone::Closed => (None, "The event was closed. 活动已提前结束。"),
    };
    for session in store::standing_at(write.tx(), event, enterprise).await? {
        if rules::is_over(&session, write.now()) {
            continue;
        }
        if gone.leaves(&session, write.now()) {
            if matches!(gone, Gone::Closed) {
                run_out(write, &session).await?;
            }
            continue;
        }
        let changes = interview_session::ActiveModel { status_reason: Set(Some(why.to_owned())), ..Default::default() };
        let stands = Stands::of(&session);
        let write = write.tx().under(write.permit().over(rules::record(session.id)));
        let happened = Event::new(rules::happened(Step::Cancel));
        write.take::<interview_session::Entity>(&stands, Step::Cancel, changes, happened).await?;
        super::bookings::call_off_all(&write, session.id).await?;
        if matches!(gone, Gone::Closed) {
            notices::called_off(&write, &session).await?;
        }
    }
    Ok(())
}

/// A session that is over, or is held while its event is closed, takes no more bookings; what is booked takes place. Says
/// whether it was open. The session is locked.
async fn run_out(write: &Write, session: &interview_session::Model) -> Result<bool> {
    if session.status != InterviewSessionStatus::Open {
        return Ok(false);
    }
    let stands = Stands::of(session);
    let write = write.tx().under(write.permit().over(rules::record(session.id)));
    let (unchanged, closed) = (interview_session::ActiveModel::default(), Event::new(rules::happened(Step::Close)));
    write.take::<interview_session::Entity>(&stands, Step::Close, unchanged, closed).await?;
    super::waits::end_all(&write, (session.id, &[InterviewWaitStatus::Waiting])).await?;
    Ok(true)
}
