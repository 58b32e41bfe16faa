//! Waiting lists 候补: who would like a place in an interview session that has none left.
//!
//! A student whose application can be booked **joins** the list of a session in which no slot is free at a time that
//! suits. When a place becomes free it is **offered** to the first who is free at that time: it is kept, as if it were
//! taken, until the student **accepts** it, which books it, **declines** it, or lets the time to accept **lapse**; then
//! the next one is asked. Whoever waits may **leave**. The list is **closed** when the session takes nobody any more, and
//! for an application when it is booked or goes on without an interview.
//!
//! Application, then sessions, are locked before anything is decided, as for bookings; whoever holds a session holds its
//! list. An offer needs the session alone ([`offering`]): whatever ends an application comes by its lists.

mod export;
pub mod graphql;
pub mod jobs;
mod joining;
mod notices;
pub(super) mod offering;
pub mod rules;
pub mod store;

pub use export::OwnWaits;
pub use joining::{InterviewWaitJoinInput, join};

use async_graphql::InputObject;
use entity::interview_wait::{self, InterviewWaitStep as Step};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    bookings::making::{self, Wanted},
    holds, sessions,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result},
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::expect_version,
        lifecycle::Stepped as _,
    },
};
use rules::{Action, Facts};

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewWaitStepInput {
    /// Which place in a waiting list.
    pub id: Id<interview_wait::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Accepts the place that is kept: it is booked, and the application waits nowhere any more.
///
/// # Errors
/// `ILLEGAL_STEP` unless a place is kept; `RULE_VIOLATED` once the time is over; CONFLICT for a stale version.
pub async fn accept(app: &App, actor: &Actor, input: &InterviewWaitStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, application, mut lists) = store::facts(&tx, actor, input.id.key()).await?;
            let write = begin(&tx, actor, (&facts, Step::Accept, input.expected_version)).await?;
            let wait = &facts.wait;
            let slot = wait.slot_id.ok_or_else(|| Error::internal("a place is kept in no slot"))?;
            let slot = sessions::store::slot(&tx, slot).await?;
            let (session, _) = sessions::store::locked(&tx, wait.session_id).await?;
            let booking = write.id();
            let wanted = Wanted { slot, session, application };
            making::record(&write, booking, (&wanted, making::late(app))).await?;
            holds::store::pass_on(&write, wait.id, booking).await?;
            let changes = interview_wait::ActiveModel { booking_id: Set(Some(booking)), ..Default::default() };
            write.take(&facts.stands(actor), Step::Accept, changes, told(Step::Accept, wait)).await?;
            lists.retain(|other| other.id != wait.id);
            let freed = end(&write, &lists).await?;
            offering::offer_in(&tx, &freed).await?;
            Ok(wait.id)
        })
        .await
}

/// Lets the next one have the place that is kept.
///
/// # Errors
/// `ILLEGAL_STEP` unless a place is kept; CONFLICT for a stale version.
pub async fn decline(app: &App, actor: &Actor, input: &InterviewWaitStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Decline, input)).await
}

/// Waits no longer.
///
/// # Errors
/// `ILLEGAL_STEP` unless it waits; CONFLICT for a stale version.
pub async fn leave(app: &App, actor: &Actor, input: &InterviewWaitStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Leave, input)).await
}

/// One step: permit, version, status; a place that was kept is for the next one.
async fn take(app: &App, actor: &Actor, (step, input): (Step, &InterviewWaitStepInput)) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, ..) = store::facts(&tx, actor, input.id.key()).await?;
            let write = begin(&tx, actor, (&facts, step, input.expected_version)).await?;
            let unchanged = interview_wait::ActiveModel::default();
            write.take(&facts.stands(actor), step, unchanged, told(step, &facts.wait)).await?;
            if step == Step::Decline {
                offering::free(&write, &facts.wait).await?;
                offering::offer_in(&tx, &[facts.wait.session_id]).await?;
            }
            Ok(facts.wait.id)
        })
        .await
}

async fn begin(tx: &Tx, actor: &Actor, (facts, step, version): (&Facts, Step, i32)) -> Result<Write> {
    let write = tx.permit(actor, Action::Take(step), facts).await?;
    expect_version(version, facts.wait.version)?;
    facts.stands(actor).may(step)?;
    rules::in_time(step, facts)?;
    Ok(write)
}

/// Ends the waiting of an application that is booked or goes on without an interview; says in which sessions places that
/// were kept are free again. Application and sessions are locked.
///
/// # Errors
/// When the database fails.
pub(super) async fn end(write: &Write, lists: &[interview_wait::Model]) -> Result<Vec<Uuid>> {
    let mut freed = Vec::new();
    for row in lists {
        if offering::close(write, row).await? {
            freed.push(row.session_id);
        }
    }
    Ok(freed)
}

/// Ends the waiting of everybody who stands so in the list of a session, and tells them. The session is locked.
///
/// # Errors
/// When the database fails.
pub(super) async fn end_all(
    write: &Write,
    (session, statuses): (Uuid, &[interview_wait::InterviewWaitStatus]),
) -> Result<usize> {
    let list = store::list(write.tx(), session, statuses).await?;
    for row in &list {
        offering::close(write, row).await?;
        notices::ended(write, row).await?;
    }
    Ok(list.len())
}

fn told(step: Step, wait: &interview_wait::Model) -> Event {
    let event = Event::new(rules::happened(step)).with("session", wait.session_id);
    match wait.slot_id {
        Some(slot) => event.with("slot", slot),
        None => event,
    }
}
