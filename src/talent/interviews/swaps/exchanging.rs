//! Changing places: two bookings, one transaction. Whoever calls holds the session.

use chrono::TimeDelta;
use entity::{interview_booking::Model as Booking, interview_session, interview_slot};
use uuid::Uuid;

use crate::{
    auth::{Job, Permit},
    error::{Code, Error, Problem, Result, Text},
    platform::db::{Tx, Write},
    talent::interviews::{
        bookings::{self, moving},
        holds::{self, Ticks},
        sessions,
    },
};

/// The bookings of whoever asks and of whoever accepts.
///
/// # Errors
/// When the database fails.
pub(super) async fn places(tx: &Tx, (asking, own): (Uuid, Uuid)) -> Result<(Booking, Booking)> {
    let one = async |id| bookings::store::find(tx, id).await?.ok_or_else(Error::not_found);
    Ok((one(asking).await?, one(own).await?))
}

/// Each booking goes to the other's slot, and each student is held there; the slots have as many places as before.
///
/// # Errors
/// `SLOT_TAKEN` when either student is held elsewhere at the other time.
pub(super) async fn exchange(
    write: &Write,
    session: &interview_session::Model,
    ((asking, own), late): ((&Booking, &Booking), TimeDelta),
) -> Result<()> {
    let tx = write.tx();
    let given = sessions::store::slot(tx, asking.slot_id).await?;
    let wanted = sessions::store::slot(tx, own.slot_id).await?;
    must_be_free(tx, session, [(own, &given), (asking, &wanted)]).await?;
    for booking in [asking, own] {
        holds::store::release_booking(write, booking.id).await?;
    }
    // Always in the order of the students, whoever of them asks.
    let mut both = [(asking, &wanted), (own, &given)];
    both.sort_unstable_by_key(|(booking, _)| booking.student_id);
    for (booking, slot) in both {
        let student = [holds::person(booking.student_id)];
        holds::store::hold(write, &student, ticks(session, slot), (session.id, Some(booking.id))).await?;
    }
    let by_own = tx.under(write.permit().over(bookings::rules::record(own.id)));
    moving::put(&by_own, own, (&given, late)).await?;
    let unnamed = tx.under(Permit::system(Job::SwapInterviews, bookings::rules::record(asking.id)));
    moving::put(&unnamed, asking, (&wanted, late)).await
}

/// Neither student is elsewhere at the other's time: whoever accepts first, then whoever asks.
async fn must_be_free(
    tx: &Tx,
    session: &interview_session::Model,
    [own, other]: [(&Booking, &interview_slot::Model); 2],
) -> Result<()> {
    let mut problems = Vec::new();
    let words = [
        ("You are booked elsewhere at that time, buffers included.", "您在该时间（含缓冲）已有其他面试安排。"),
        ("Whoever asks is booked elsewhere at your time by now.", "对方在您的时段（含缓冲）已有其他面试安排。"),
    ];
    for ((booking, slot), (en, zh)) in [own, other].into_iter().zip(words) {
        let student = [holds::person(booking.student_id)];
        if !holds::store::busy(tx, &student, ticks(session, slot)).await?.is_empty() {
            problems.push(Problem::new(Code::SlotTaken, Text::new(en, zh)).at(["input", "id"]));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Problems(problems)) }
}

fn ticks(session: &interview_session::Model, slot: &interview_slot::Model) -> Ticks {
    Ticks::between(slot.begins_at, slot.ends_at, session.buffer_minutes)
}
