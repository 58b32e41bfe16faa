//! Asking to change places: what must be so, and who is told.

use async_graphql::InputObject;
use entity::{
    Record as _,
    interview_booking::{self, InterviewBookingStatus},
    interview_session, interview_slot, interview_swap,
};
use sea_orm::IntoActiveModel as _;
use uuid::Uuid;

use super::{notices, rules, store, unnamed};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Details, Error, Problem, Result, Text},
    graphql::body,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::{self, Id},
        idempotency,
        input::expect_version,
        lifecycle::Lifecycle as _,
    },
    talent::interviews::{
        bookings::{self, moving, rules::Action as OfBooking},
        holds::{self, Ticks},
        sessions,
    },
};

/// A place in another slot instead of one's own. Who may: the student.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewSwapRequestInput {
    /// Which booking you would give: a confirmed one.
    pub booking_id: Id<interview_booking::Entity>,
    /// The version of the booking that you read.
    pub expected_version: i32,
    /// Which slot you want: of the same session, full, still to begin.
    pub slot_id: Id<interview_slot::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// what the first one made.
    pub idempotency_key: Option<String>,
}

/// Asks whoever has a place in a slot to change places.
///
/// # Errors
/// `NOT_FOUND` for a booking or a slot that you do not see; `RULE_VIOLATED` unless the booking is confirmed and to begin,
/// the slot another one of its session, to begin, full and somebody's, and the session takes bookings; DUPLICATE while
/// you ask with this booking already; `SLOT_TAKEN` when you are booked elsewhere at that time; CONFLICT for a stale
/// version.
pub async fn request(app: &App, actor: &Actor, input: &InterviewSwapRequestInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, _) = bookings::store::facts(&tx, actor, input.booking_id.key()).await?;
            let write = tx.permit(actor, OfBooking::RequestSwap, &facts).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            let (booking, session) = (&facts.booking, &facts.session);
            expect_version(input.expected_version, booking.version)?;
            can_be_given(&tx, booking)?;
            let slot = moving::other_slot(&tx, actor, (booking, input.slot_id.key())).await?;
            sessions::rules::takes_bookings(session, facts.event.as_ref(), (slot.ends_at, write.now()))?;
            if let Some(there) = store::live(&tx, booking.id).await? {
                return Err(asks_already(&there));
            }
            must_be_full(&slot)?;
            must_be_free(&tx, (booking, &slot, session)).await?;
            let asked = asked(&tx, booking, &slot).await?;
            write.insert(requested(&write, id, (booking, &slot)).into_active_model()).await?;
            let happened = || Event::new("InterviewSwapRequested").with("session", session.id);
            write.emit(happened().with("swap", id).with("slot", slot.id)).await?;
            unnamed(&tx, id).emit_first(rules::record(id), happened()).await?;
            notices::requested(&write, id, asked).await?;
            Ok(id)
        })
        .await
}

fn can_be_given(tx: &Tx, booking: &interview_booking::Model) -> Result<()> {
    if booking.status != InterviewBookingStatus::Confirmed {
        return Err(Error::rule("Only a place that is confirmed can be given.", "仅已预约状态的面试可申请换时段。"));
    }
    if booking.begins_at <= tx.now() {
        return Err(Error::rule("The interview has begun.", "面试已开始，不能再换时段。"));
    }
    Ok(())
}

fn asks_already(there: &interview_swap::Model) -> Error {
    let message = Text::new("You ask to change places with this booking already.", "该预约已有待接受的换时段请求。");
    let existing = Some(id::show(interview_swap::Entity::PREFIX, there.id));
    let details = Details { existing, ..Details::default() };
    Problem::new(Code::Duplicate, message).at(["input", "bookingId"]).with(details).into()
}

/// Whoever finds a place there moves, and asks nobody.
fn must_be_full(slot: &interview_slot::Model) -> Result<()> {
    if slot.taken >= slot.size {
        return Ok(());
    }
    let message = Text::new("The slot has a place; move there.", "该时段尚有名额，请直接改约。");
    let free = vec![id::show(interview_slot::Entity::PREFIX, slot.id).into()];
    let details = Details { alternatives: Some(free), ..Details::default() };
    Err(Problem::new(Code::RuleViolated, message).at(["input", "slotId"]).with(details).into())
}

/// Whoever asks could be there.
async fn must_be_free(
    tx: &Tx,
    (booking, slot, session): (&interview_booking::Model, &interview_slot::Model, &interview_session::Model),
) -> Result<()> {
    let ticks = Ticks::between(slot.begins_at, slot.ends_at, session.buffer_minutes);
    if holds::store::busy(tx, &[holds::person(booking.student_id)], ticks).await?.is_empty() {
        return Ok(());
    }
    let message =
        Text::new("You are booked elsewhere at that time, buffers included.", "您在该时间（含缓冲）已有其他面试安排。");
    Err(Problem::new(Code::SlotTaken, message).at(["input", "slotId"]).into())
}

/// Who can accept: the students with a confirmed booking there.
async fn asked(tx: &Tx, booking: &interview_booking::Model, slot: &interview_slot::Model) -> Result<Vec<Uuid>> {
    let mut people = bookings::store::confirmed_in(tx, slot.id).await?;
    people.retain(|person| *person != booking.student_id);
    if people.is_empty() {
        return Err(Error::rule("Nobody in that slot can change places.", "该时段暂无可互换的学生。"));
    }
    Ok(people)
}

fn requested(
    write: &Write,
    id: Uuid,
    (booking, slot): (&interview_booking::Model, &interview_slot::Model),
) -> interview_swap::Model {
    interview_swap::Model {
        id,
        session_id: booking.session_id,
        booking_id: booking.id,
        organization_id: booking.organization_id,
        event_id: booking.event_id,
        student_id: booking.student_id,
        university_id: booking.university_id,
        offered_id: booking.slot_id,
        wanted_id: slot.id,
        accept_by: booking.begins_at.min(slot.begins_at),
        status: interview_swap::Entity::INITIAL,
        accepted_by_id: None,
        accepted_booking_id: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    }
}
