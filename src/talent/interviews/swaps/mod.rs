//! Swaps 换时段: two students of an interview session change places.
//!
//! A student who would rather have another slot of the session, and finds it full, **requests** to change places with
//! somebody there. Everybody who has a confirmed booking in that slot, or comes to have one there, is told and may
//! **accept**: the first one does, and both bookings change their slots in one transaction. The student **withdraws** the
//! request, or it **lapses** when the first of the two slots begins; it is **closed** when the booking ends or moves, or
//! nobody is left who could accept.
//!
//! Nobody learns from it who has which place: what students do stands in the trail of their own bookings, and that of the
//! request names the system.
//!
//! Whoever holds the session holds its requests, as its bookings: nothing else is locked.

mod exchanging;
mod export;
pub mod graphql;
pub mod jobs;
mod notices;
mod requesting;
pub mod rules;
pub mod store;

pub use export::OwnSwaps;
pub use requesting::{InterviewSwapRequestInput, request};

use async_graphql::InputObject;
use entity::interview_swap::{self, InterviewSwapStep as Step};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::bookings;
use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::{Error, Result},
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::expect_version,
        lifecycle::{Stands, Stepped as _},
    },
};
use rules::{Action, Facts};

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewSwapStepInput {
    /// Which request.
    pub id: Id<interview_swap::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Changes places with whoever asks; requests that this leaves without anybody are closed.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is open; `RULE_VIOLATED` once one of the slots has begun; `SLOT_TAKEN` when either of you is
/// booked elsewhere at the other time; CONFLICT for a stale version: somebody was faster.
pub async fn accept(app: &App, actor: &Actor, input: &InterviewSwapStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, session) = store::facts(&tx, actor, input.id.key()).await?;
            let write = begin(&tx, actor, (&facts, Step::Accept, input.expected_version)).await?;
            let swap = &facts.swap;
            let place = facts.place.ok_or_else(|| Error::internal("accepted without a place to give"))?;
            let (asking, own) = exchanging::places(&tx, (swap.booking_id, place)).await?;
            let late = bookings::making::late(app);
            exchanging::exchange(&write, &session, ((&asking, &own), late)).await?;
            let changes = interview_swap::ActiveModel {
                accepted_by_id: Set(Some(own.student_id)),
                accepted_booking_id: Set(Some(own.id)),
                ..Default::default()
            };
            take(&tx, swap, (Step::Accept, changes)).await?;
            notices::swapped(&write, swap).await?;
            close_lost(&write, session.id).await?;
            let came = [(swap.wanted_id, asking.student_id), (swap.offered_id, own.student_id)];
            tell_newcomers(&tx, &came).await?;
            Ok(swap.id)
        })
        .await
}

/// Takes the request back; both stay where they are.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is open; CONFLICT for a stale version.
pub async fn withdraw(app: &App, actor: &Actor, input: &InterviewSwapStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, _) = store::facts(&tx, actor, input.id.key()).await?;
            let write = begin(&tx, actor, (&facts, Step::Withdraw, input.expected_version)).await?;
            let swap = &facts.swap;
            let said = Event::new(rules::happened(Step::Withdraw)).with("swap", swap.id);
            write.emit_for(bookings::rules::record(swap.booking_id), said).await?;
            take(&tx, swap, (Step::Withdraw, interview_swap::ActiveModel::default())).await?;
            Ok(swap.id)
        })
        .await
}

async fn begin(tx: &Tx, actor: &Actor, (facts, step, version): (&Facts, Step, i32)) -> Result<Write> {
    let write = tx.permit(actor, Action::Take(step), facts).await?;
    expect_version(version, facts.swap.version)?;
    facts.stands(actor).may(step)?;
    rules::in_time(step, facts)?;
    Ok(write)
}

/// Closes the requests of a session that nobody can accept any more, and tells whoever asked; not whose own doing it is.
/// Whoever takes a confirmed booking away calls it, with the session locked.
///
/// # Errors
/// When the database fails.
pub(super) async fn close_lost(write: &Write, session: Uuid) -> Result<()> {
    for swap in store::lost(write.tx(), session).await? {
        take(write.tx(), &swap, (Step::Close, interview_swap::ActiveModel::default())).await?;
        notices::ended(write, &swap).await?;
    }
    Ok(())
}

/// Tells students who have come into slots of a session of the requests that they could accept from now on. Whoever books
/// a place or moves calls it, with the session locked.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell_newcomers(tx: &Tx, came: &[(Uuid, Uuid)]) -> Result<()> {
    let slots = came.iter().map(|(slot, _)| *slot).collect();
    for swap in store::open_for(tx, slots).await? {
        let can_accept = |(slot, student): &&(Uuid, Uuid)| *slot == swap.wanted_id && *student != swap.student_id;
        let people: Vec<Uuid> = came.iter().filter(can_accept).map(|(_, student)| *student).collect();
        notices::requested(&unnamed(tx, swap.id), swap.id, people).await?;
    }
    Ok(())
}

/// Takes a step as the system's: nobody reads from it who has which place.
async fn take(
    tx: &Tx,
    swap: &interview_swap::Model,
    (step, changes): (Step, interview_swap::ActiveModel),
) -> Result<()> {
    let event = Event::new(rules::happened(step)).with("session", swap.session_id);
    unnamed(tx, swap.id).take(&Stands::of(swap), step, changes, event).await.map(drop)
}

/// Opens a request for writing without saying who does it.
fn unnamed(tx: &Tx, swap: Uuid) -> Write {
    tx.under(Permit::system(Job::SwapInterviews, rules::record(swap)))
}
