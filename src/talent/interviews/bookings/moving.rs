//! Moving 改约: the same booking, in another slot of its session.

use async_graphql::InputObject;
use chrono::TimeDelta;
use entity::{
    interview_booking::{self, InterviewBookingStep as Step},
    interview_slot,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    begin,
    making::{self, Wanted},
    notices,
    rules::Facts,
    store, told,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result},
    platform::{
        db::{Tx, Write},
        id::Id,
        lifecycle::Stands,
    },
    talent::interviews::{holds, sessions, swaps, waits::offering},
};

/// Another slot for a booking. Who may: the student.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewBookingMoveInput {
    /// Which booking.
    pub id: Id<interview_booking::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// To which slot: of the same session, still to begin.
    pub slot_id: Id<interview_slot::Entity>,
}

/// Moves a booking to a slot that has a place; the one that it leaves is offered to whoever waits.
///
/// # Errors
/// `ILLEGAL_STEP` unless a place is held; `RULE_VIOLATED` once giving it up is late, and for a slot of another session or
/// one that has begun or takes no bookings; `CAPACITY_FULL` when no place is left, with other slots that have some;
/// `SLOT_TAKEN` when you are booked elsewhere at that time; CONFLICT for a stale version.
pub async fn move_to(app: &App, actor: &Actor, input: &InterviewBookingMoveInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, application) = store::facts(&tx, actor, input.id.key()).await?;
            let write = begin(&tx, actor, (&facts, Step::Move, input.expected_version)).await?;
            let Facts { booking, session, .. } = facts;
            let slot = other_slot(&tx, actor, (&booking, input.slot_id.key())).await?;
            let wanted = Wanted { slot, session, application };
            making::must_be_free(&tx, &wanted).await?;
            put(&write, &booking, (&wanted.slot, making::late(app))).await?;
            sessions::store::take_places(&write, booking.slot_id, -1).await?;
            sessions::store::take_places(&write, wanted.slot.id, 1).await?;
            holds::store::release_booking(&write, booking.id).await?;
            let student = [holds::person(booking.student_id)];
            let under = (booking.session_id, Some(booking.id));
            holds::store::hold(&write, &student, making::ticks(&wanted), under).await?;
            swaps::close_lost(&write, booking.session_id).await?;
            swaps::tell_newcomers(&tx, &[(wanted.slot.id, booking.student_id)]).await?;
            offering::offer_in(&tx, &[booking.session_id]).await?;
            Ok(booking.id)
        })
        .await
}

/// A slot to which a booking can be moved: another one of its session, still to begin. The session is locked.
///
/// # Errors
/// `NOT_FOUND` for a slot that you do not see; `RULE_VIOLATED` for one of another session, the same, and one that has
/// begun.
pub(in crate::talent::interviews) async fn other_slot(
    tx: &Tx,
    actor: &Actor,
    (booking, slot): (&interview_booking::Model, Uuid),
) -> Result<interview_slot::Model> {
    let slot = sessions::store::slot(tx, slot).await?;
    if slot.session_id != booking.session_id {
        if !sessions::store::sees(tx, actor, slot.session_id).await? {
            return Err(Error::not_found());
        }
        return Err(Error::rule(
            "The slot is of another session than the booking.",
            "该时段与预约不属于同一面试场次。",
        ));
    }
    if slot.id == booking.slot_id {
        return Err(Error::rule("The booking is of this slot already.", "该预约已在此时段。"));
    }
    if slot.begins_at <= tx.now() {
        return Err(Error::rule("The slot has begun.", "该面试时段已开始。"));
    }
    Ok(slot)
}

/// The booking is of this slot from now on; the enterprise is told. Places and student are held by whoever calls.
///
/// # Errors
/// When the database fails.
pub(in crate::talent::interviews) async fn put(
    write: &Write,
    booking: &interview_booking::Model,
    (slot, late): (&interview_slot::Model, TimeDelta),
) -> Result<()> {
    let changes = interview_booking::ActiveModel {
        slot_id: Set(slot.id),
        begins_at: Set(slot.begins_at),
        ends_at: Set(slot.ends_at),
        late_from: Set(slot.begins_at - late),
        ..Default::default()
    };
    let event = told(Step::Move, booking).with("slot", slot.id).with("left", booking.slot_id);
    write.take(&Stands::of(booking), Step::Move, changes, event).await?;
    notices::tell(write, booking, Step::Move).await
}
