//! Offering places 递补: the first who is free is asked, the place is kept meanwhile. Whoever calls holds the session.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::{
    interview_session, interview_slot,
    interview_wait::{self, InterviewWaitStatus as Status, InterviewWaitStep as Step},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{notices, rules, store, told};
use crate::{
    auth::{Job, Permit},
    error::Result,
    platform::{
        db::{Tx, Write},
        lifecycle::Stands,
    },
    talent::interviews::{
        holds::{self, Ticks},
        sessions,
    },
};

/// As [`offer`], in each of these sessions.
///
/// # Errors
/// When the database fails.
pub(in crate::talent::interviews) async fn offer_in(tx: &Tx, sessions: &[Uuid]) -> Result<()> {
    for session in sessions {
        offer(tx, *session).await?;
    }
    Ok(())
}

/// Offers the places of a session that are free and still to begin to those who wait and are free at that time, who came
/// first, first; says how many.
///
/// # Errors
/// When the database fails.
pub(in crate::talent::interviews) async fn offer(tx: &Tx, session: Uuid) -> Result<usize> {
    let waiting = store::list(tx, session, &[Status::Waiting]).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let (session, event) = sessions::store::locked(tx, session).await?;
    if sessions::rules::takes_bookings(&session, event.as_ref(), (session.ends_at, tx.now())).is_err() {
        return Ok(0);
    }
    let mut slots = sessions::store::to_begin(tx, session.id).await?;
    slots.retain(|slot| slot.taken < slot.size);
    if slots.is_empty() {
        return Ok(0);
    }
    let busy = busy(tx, (&session, &waiting)).await?;
    let mut offered = 0;
    for wait in &waiting {
        let own = busy.get(&holds::person(wait.student_id)).map(Vec::as_slice).unwrap_or_default();
        for slot in slots.iter_mut().filter(|slot| slot.taken < slot.size) {
            let ticks = Ticks::between(slot.begins_at, slot.ends_at, session.buffer_minutes);
            if own.iter().any(|tick| ticks.contain(*tick)) || !keep(tx, wait, (slot, ticks)).await? {
                continue;
            }
            slot.taken += 1;
            offered += 1;
            break;
        }
    }
    Ok(offered)
}

/// At which ticks of the session those who wait are needed elsewhere.
async fn busy(
    tx: &Tx,
    (session, waiting): (&interview_session::Model, &[interview_wait::Model]),
) -> Result<HashMap<String, Vec<i64>>> {
    let whole = Ticks::between(session.starts_at, session.ends_at, session.buffer_minutes);
    let people: Vec<String> = waiting.iter().map(|wait| holds::person(wait.student_id)).collect();
    holds::store::busy_at(tx, &people, whole).await
}

/// Keeps a place for whoever waits; not if the student was booked elsewhere this very moment. Written as the system's:
/// nobody reads from it who gave the place up.
async fn keep(tx: &Tx, wait: &interview_wait::Model, (slot, ticks): (&interview_slot::Model, Ticks)) -> Result<bool> {
    let write = tx.under(Permit::system(Job::KeepWaitingLists, rules::record(wait.id)));
    let student = holds::person(wait.student_id);
    if !holds::store::hold_if_free(&write, (&student, ticks), (wait.session_id, wait.id)).await? {
        return Ok(false);
    }
    sessions::store::take_places(&write, slot.id, 1).await?;
    let until = (write.now() + TimeDelta::minutes(wait.minutes.into())).min(slot.begins_at);
    let changes = interview_wait::ActiveModel {
        slot_id: Set(Some(slot.id)),
        offered_at: Set(Some(write.now())),
        accept_by: Set(Some(until)),
        ..Default::default()
    };
    let event = told(Step::Offer, wait).with("slot", slot.id);
    write.take(&Stands::of(wait), Step::Offer, changes, event).await?;
    notices::offered(&write, wait).await?;
    Ok(true)
}

/// The place that was kept, and the student at that time, are free again.
pub(super) async fn free(write: &Write, wait: &interview_wait::Model) -> Result<()> {
    if let Some(slot) = wait.slot_id {
        sessions::store::take_places(write, slot, -1).await?;
        holds::store::release_wait(write, wait.id).await?;
    }
    Ok(())
}

/// Ends the waiting under the permit of whatever ends it; says whether a place that was kept is free again.
pub(super) async fn close(write: &Write, wait: &interview_wait::Model) -> Result<bool> {
    end(&write.tx().under(write.permit().over(rules::record(wait.id))), wait, Step::Close).await
}

/// Lets a place that was not accepted in time lapse.
pub(super) async fn lapse(tx: &Tx, wait: &interview_wait::Model) -> Result<()> {
    let write = tx.under(Permit::system(Job::KeepWaitingLists, rules::record(wait.id)));
    end(&write, wait, Step::Lapse).await?;
    notices::ended(&write, wait).await
}

async fn end(write: &Write, wait: &interview_wait::Model, step: Step) -> Result<bool> {
    let unchanged = interview_wait::ActiveModel::default();
    write.take(&Stands::of(wait), step, unchanged, told(step, wait)).await?;
    free(write, wait).await?;
    Ok(wait.status == Status::Offered)
}
