//! Booking a slot: what must be so, what holds it, and where else there is a place.

use async_graphql::{ID, InputObject};
use chrono::TimeDelta;
use entity::{
    Record as _,
    application::{self, ApplicationStatus},
    interview_booking, interview_session, interview_slot, interview_wait,
};
use sea_orm::IntoActiveModel as _;
use uuid::Uuid;

use super::{notices, rules, store};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Details, Error, Problem, Result, Text},
    graphql::body,
    organizations,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::{self, Id},
        idempotency,
        lifecycle::Lifecycle as _,
    },
    talent::{
        applications::{rules::Action as OfApplication, store as applications},
        interviews::{
            holds::{self, Ticks},
            sessions, swaps,
            waits::{self, offering},
        },
        positions::rules::is_verified,
    },
};

/// How many other slots are named when one is full.
const ALTERNATIVES: usize = 5;

/// A place in a slot. Who may: a student, for an own application that is shortlisted or invited.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewBookingCreateInput {
    /// Which slot: of an open session of the enterprise to which the application went, and not over.
    pub slot_id: Id<interview_slot::Entity>,
    /// For which application.
    pub application_id: Id<application::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the booking that the first one made.
    pub idempotency_key: Option<String>,
}

/// What is booked: the slot, its session, the application for which.
pub(in crate::talent::interviews) struct Wanted {
    pub(in crate::talent::interviews) slot: interview_slot::Model,
    pub(in crate::talent::interviews) session: interview_session::Model,
    pub(in crate::talent::interviews) application: application::Model,
}

/// Books a place in a slot; the application waits nowhere any more.
///
/// # Errors
/// `NOT_FOUND` for an application or a slot that you do not see; `RULE_VIOLATED` unless the application is shortlisted or
/// invited at the enterprise of that slot, which is verified, and its session takes bookings; DUPLICATE when a place is held for it already;
/// `CAPACITY_FULL` when no place is left, with other slots that have some; `SLOT_TAKEN` when you are booked elsewhere at
/// that time.
pub async fn create(app: &App, actor: &Actor, input: &InterviewBookingCreateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = applications::facts(&tx, actor, input.application_id.key()).await?;
            let write = tx.permit(actor, OfApplication::BookInterview, &facts).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            employs(&tx, &facts.application).await?;
            let (wanted, lists) = wanted(&tx, actor, (facts.application, input.slot_id.key())).await?;
            if let Some(held) = store::live(&tx, wanted.application.id).await? {
                return Err(held_already(&held, "applicationId"));
            }
            place(&write, id, (wanted, lists), late(app)).await?;
            Ok(id)
        })
        .await
}

/// How long before an interview giving its place up is late.
pub(in crate::talent::interviews) fn late(app: &App) -> TimeDelta {
    TimeDelta::hours(app.settings().interview_late_hours.into())
}

/// Takes the place, holds the student, and ends the waiting of the application.
pub(super) async fn place(
    write: &Write,
    id: Uuid,
    (mut wanted, lists): (Wanted, Vec<interview_wait::Model>),
    late: TimeDelta,
) -> Result<interview_booking::Model> {
    let freed = waits::end(write, &lists).await?;
    if !freed.is_empty() {
        wanted.slot = sessions::store::slot(write.tx(), wanted.slot.id).await?;
    }
    must_be_free(write.tx(), &wanted).await?;
    let row = record(write, id, (&wanted, late)).await?;
    sessions::store::take_places(write, wanted.slot.id, 1).await?;
    let held = [holds::person(row.student_id)];
    holds::store::hold(write, &held, ticks(&wanted), (row.session_id, Some(id))).await?;
    offering::offer_in(write.tx(), &freed).await?;
    Ok(row)
}

/// Writes the booking, and tells the enterprise, and the student of requests to change places in the slot. The place and
/// the student are held by whoever calls.
///
/// # Errors
/// When the database fails.
pub(in crate::talent::interviews) async fn record(
    write: &Write,
    id: Uuid,
    wanted: (&Wanted, TimeDelta),
) -> Result<interview_booking::Model> {
    let row = write.insert(confirmed(write, id, wanted).into_active_model()).await?;
    let booked = Event::new("InterviewBooked").with("session", row.session_id).with("slot", row.slot_id);
    write.emit_first(rules::record(id), booked).await?;
    notices::booked(write, &row).await?;
    swaps::tell_newcomers(write.tx(), &[(row.slot_id, row.student_id)]).await?;
    Ok(row)
}

/// The slot and its session, and whether it can be booked for the application; and where the application waits. The
/// sessions of all of them are locked, after the application.
pub(super) async fn wanted(
    tx: &Tx,
    actor: &Actor,
    (application, slot): (application::Model, Uuid),
) -> Result<(Wanted, Vec<interview_wait::Model>)> {
    let session = sessions::store::slot(tx, slot).await?.session_id;
    let lists = waits::store::locked(tx, (application.id, Some(session))).await?;
    let (session, event) = sessions::store::locked(tx, session).await?;
    suits(tx, actor, (&application, &session)).await?;
    // Read again: until the session was locked, its places could be taken.
    let slot = sessions::store::slot(tx, slot).await?;
    sessions::rules::takes_bookings(&session, event.as_ref(), (slot.ends_at, tx.now()))?;
    Ok((Wanted { slot, session, application }, lists))
}

/// Whether the enterprise of the application is verified, until the transaction ends. Ask it before a session is locked.
///
/// # Errors
/// `RULE_VIOLATED` while it is suspended.
pub(in crate::talent::interviews) async fn employs(tx: &Tx, application: &application::Model) -> Result<()> {
    is_verified(&organizations::standing_by(tx, application.organization_id).await?)
}

/// Whether interviews of this session can be booked for the application.
///
/// # Errors
/// `NOT_FOUND` for a session that you do not see; `RULE_VIOLATED` unless the application is shortlisted or invited at its
/// enterprise.
pub(in crate::talent::interviews) async fn suits(
    tx: &Tx,
    actor: &Actor,
    (application, session): (&application::Model, &interview_session::Model),
) -> Result<()> {
    if session.organization_id != application.organization_id {
        if !sessions::store::sees(tx, actor, session.id).await? {
            return Err(Error::not_found());
        }
        return Err(Error::rule(
            "The session is of another enterprise than the application.",
            "该面试场次与申请不属于同一企业。",
        ));
    }
    if !matches!(application.status, ApplicationStatus::Shortlisted | ApplicationStatus::Invited) {
        return Err(Error::rule(
            "Interviews are booked for applications that are shortlisted or invited.",
            "仅已入围或已邀请面试的申请可以预约面试。",
        ));
    }
    Ok(())
}

/// Why another place is not held for the application.
pub(in crate::talent::interviews) fn held_already(held: &interview_booking::Model, field: &str) -> Error {
    let message = Text::new("A place is held for this application already.", "该申请已有面试预约。");
    let existing = Some(id::show(interview_booking::Entity::PREFIX, held.id));
    let details = Details { existing, ..Details::default() };
    Problem::new(Code::Duplicate, message).at(["input", field]).with(details).into()
}

/// A place is left, and the student is nowhere else at that time. Counted under the session's lock.
pub(super) async fn must_be_free(tx: &Tx, wanted: &Wanted) -> Result<()> {
    let mut problems = Vec::new();
    if wanted.slot.taken >= wanted.slot.size {
        problems.push(full(tx, wanted).await?);
    }
    let student = holds::person(wanted.application.student_id);
    if !holds::store::busy(tx, &[student], ticks(wanted)).await?.is_empty() {
        let message = Text::new(
            "The student is booked elsewhere at that time, buffers included.",
            "学生在该时间（含缓冲）已有其他面试安排。",
        );
        problems.push(Problem::new(Code::SlotTaken, message).at(["input", "slotId"]));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Problems(problems)) }
}

/// No place is left: here are others, of the same enterprise, at which the student is free.
async fn full(tx: &Tx, wanted: &Wanted) -> Result<Problem> {
    let student = holds::person(wanted.application.student_id);
    let busy = holds::store::ticks(tx, &student, tx.now()).await?;
    let free = sessions::store::free(tx, wanted.session.organization_id, tx.now()).await?;
    let suits = |(slot, buffer): &(interview_slot::Model, i32)| {
        let ticks = Ticks::between(slot.begins_at, slot.ends_at, *buffer);
        !busy.iter().any(|tick| ticks.contain(*tick))
    };
    let others: Vec<ID> = free
        .iter()
        .filter(|one| suits(one))
        .take(ALTERNATIVES)
        .map(|(slot, _)| id::show(interview_slot::Entity::PREFIX, slot.id).into())
        .collect();
    let (size, count) = (wanted.slot.size, others.len());
    let message = Text::new(
        format!("All {size} places of this slot are taken; of the enterprise's other slots, {count} are named."),
        format!("该时段 {size} 个名额已满；列出该企业其他 {count} 个可预约时段。"),
    );
    let details = Details { alternatives: Some(others), ..Details::default() };
    Ok(Problem::new(Code::CapacityFull, message).at(["input", "slotId"]).with(details))
}

pub(super) fn ticks(wanted: &Wanted) -> Ticks {
    Ticks::between(wanted.slot.begins_at, wanted.slot.ends_at, wanted.session.buffer_minutes)
}

fn confirmed(write: &Write, id: Uuid, (wanted, late): (&Wanted, TimeDelta)) -> interview_booking::Model {
    let Wanted { slot, session, application } = wanted;
    interview_booking::Model {
        id,
        slot_id: slot.id,
        session_id: session.id,
        application_id: application.id,
        organization_id: session.organization_id,
        event_id: session.event_id,
        student_id: application.student_id,
        university_id: application.university_id,
        begins_at: slot.begins_at,
        ends_at: slot.ends_at,
        late_from: slot.begins_at - late,
        status: interview_booking::Entity::INITIAL,
        status_reason: None,
        checked_in_at: None,
        technology_question: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    }
}
