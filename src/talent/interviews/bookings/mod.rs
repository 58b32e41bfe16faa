//! Interview bookings 面试预约: a student's place in a slot, for an application.
//!
//! A student whose application is shortlisted or invited **books** a slot of that enterprise: the place, and the student
//! at that time, are held. On the day a recruiter **checks** the student **in** and says when the interview **took
//! place**, which the application records too. While it is early enough to give the place up in time, the student
//! **moves** to another slot of the session that has one, or changes places with somebody there ([`swaps`]). The student
//! **gives the place up** before it begins, in time or late; whoever does not come is noted as **missing**, by a recruiter
//! or, hours later, by the system; the university **excuses** with a reason. A session that is called off, and an
//! application that ends, take their bookings along.
//!
//! At an event a recruiter books for a student who **walked in** and shows the code of the registration; the application
//! is made with it.
//!
//! What the enterprise thinks of it is its **scorecard** ([`scoring`]).
//!
//! Application, then session, are locked before anything is decided; whoever holds a session holds its slots.

mod export;
pub mod graphql;
pub mod jobs;
pub(super) mod making;
pub(super) mod moving;
mod notices;
pub mod rules;
pub mod scoring;
pub mod store;
mod walking_in;

pub use export::OwnInterviews;
pub use making::{InterviewBookingCreateInput, create};
pub use moving::{InterviewBookingMoveInput, move_to};
pub use walking_in::{InterviewBookingWalkInInput, walk_in};

use async_graphql::InputObject;
use entity::{
    application::ApplicationStep,
    interview_booking::{self, InterviewBookingStatus as Status, InterviewBookingStep as Step},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    holds, sessions, swaps,
    waits::{self, offering},
};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Stands, Stepped as _},
    },
    talent::applications::selection,
};
use rules::{Action, Facts};

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewBookingStepInput {
    /// Which booking.
    pub id: Id<interview_booking::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// An interview that took place. Who may: the enterprise's recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewBookingFinishInput {
    /// Which booking.
    pub id: Id<interview_booking::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What you note on the application for your own people, up to 2,000 characters; the student reads it in the export of the own
    /// data alone.
    pub note: Option<String>,
}

/// An excuse. Who may: the staff of the student's university.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewBookingExcuseInput {
    /// Which booking.
    pub id: Id<interview_booking::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; the student and the university's staff read it.
    pub reason: String,
}

/// Records that the student is there.
///
/// # Errors
/// `ILLEGAL_STEP` unless a place is held; `RULE_VIOLATED` earlier than an hour before; CONFLICT for a stale version.
pub async fn check_in(app: &App, actor: &Actor, input: &InterviewBookingStepInput) -> Result<Uuid> {
    take(app, actor, (input, |_: &Facts| Step::CheckIn), |write, _| interview_booking::ActiveModel {
        checked_in_at: Set(Some(write.now())),
        ..Default::default()
    })
    .await
}

/// Gives the place up before the interview begins; from `lateFrom` on it is late. Somebody else may take it.
///
/// # Errors
/// `ILLEGAL_STEP` unless a place is held; `RULE_VIOLATED` once it has begun; CONFLICT for a stale version.
pub async fn cancel(app: &App, actor: &Actor, input: &InterviewBookingStepInput) -> Result<Uuid> {
    take(app, actor, (input, Facts::giving_up), |_, _| interview_booking::ActiveModel::default()).await
}

/// Records that the student did not come.
///
/// # Errors
/// `ILLEGAL_STEP` unless a place is held; `RULE_VIOLATED` before it has begun; CONFLICT for a stale version.
pub async fn miss(app: &App, actor: &Actor, input: &InterviewBookingStepInput) -> Result<Uuid> {
    take(app, actor, (input, |_: &Facts| Step::Miss), |_, _| interview_booking::ActiveModel::default()).await
}

/// Accepts why a student did not come, or gave the place up late.
///
/// # Errors
/// `ILLEGAL_STEP` unless it was missed or given up late; `INVALID_INPUT` without a reason; CONFLICT for a stale version.
pub async fn excuse(app: &App, actor: &Actor, input: &InterviewBookingExcuseInput) -> Result<Uuid> {
    let plain = InterviewBookingStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (&plain, |_: &Facts| Step::Excuse), |_, checks| interview_booking::ActiveModel {
        status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
        ..Default::default()
    })
    .await
}

/// Records that the interview took place; an application that was invited records it too.
///
/// # Errors
/// `ILLEGAL_STEP` unless the student was checked in; CONFLICT for a stale version.
pub async fn finish(app: &App, actor: &Actor, input: &InterviewBookingFinishInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, application) = store::facts(&tx, actor, input.id.key()).await?;
            let write = begin(&tx, actor, (&facts, Step::Finish, input.expected_version)).await?;
            let mut checks = Checks::new();
            let note = checks.optional_lines("note", input.note.as_deref(), NOTE);
            checks.finish()?;
            let unchanged = interview_booking::ActiveModel::default();
            write.take(&facts.stands(actor), Step::Finish, unchanged, told(Step::Finish, &facts.booking)).await?;
            selection::record_booked(&tx, actor, (&application, note)).await?;
            Ok(facts.booking.id)
        })
        .await
}

/// One step: permit, version, rules, checks, status; whoever gives a place up frees it.
async fn take(
    app: &App,
    actor: &Actor,
    (input, choose): (&InterviewBookingStepInput, impl Fn(&Facts) -> Step + Sync),
    fill: impl Fn(&Write, &mut Checks) -> interview_booking::ActiveModel + Sync,
) -> Result<Uuid> {
    let (fill, choose) = (&fill, &choose);
    app.db()
        .write(move |tx| async move {
            let (facts, _) = store::facts(&tx, actor, input.id.key()).await?;
            let step = choose(&facts);
            let write = begin(&tx, actor, (&facts, step, input.expected_version)).await?;
            let mut checks = Checks::new();
            let changes = fill(&write, &mut checks);
            checks.finish()?;
            write.take(&facts.stands(actor), step, changes, told(step, &facts.booking)).await?;
            if matches!(step, Step::Cancel | Step::CancelLate) {
                free(&write, &facts.booking).await?;
                offering::offer_in(&tx, &[facts.booking.session_id]).await?;
            }
            if facts.booking.status == Status::Confirmed {
                swaps::close_lost(&write, facts.booking.session_id).await?;
            }
            notices::tell(&write, &facts.booking, step).await?;
            Ok(facts.booking.id)
        })
        .await
}

async fn begin(tx: &Tx, actor: &Actor, (facts, step, version): (&Facts, Step, i32)) -> Result<Write> {
    let write = tx.permit(actor, Action::Take(step), facts).await?;
    expect_version(version, facts.booking.version)?;
    facts.stands(actor).may(step)?;
    rules::in_time(step, facts)?;
    Ok(write)
}

/// The place, and the student at that time, are free again.
async fn free(write: &Write, booking: &interview_booking::Model) -> Result<()> {
    sessions::store::take_places(write, booking.slot_id, -1).await?;
    holds::store::release_booking(write, booking.id).await
}

/// What becomes of the place that is held for an application once the application goes on without it, and of its waiting.
/// When it has ended, the place is free again; an interview that was recorded there is done here too if the student was
/// checked in; a student who did not come is missed. What is free is offered to whoever waits. The application is locked.
///
/// # Errors
/// When the database fails.
pub(in crate::talent) async fn follow(write: &Write, (application, taken): (Uuid, ApplicationStep)) -> Result<()> {
    let held = store::live(write.tx(), application).await?;
    let session = held.as_ref().map(|row| row.session_id);
    let lists = waits::store::locked(write.tx(), (application, session)).await?;
    let mut freed = waits::end(write, &lists).await?;
    if let Some(row) = held {
        freed.extend(give_up(write, (row, taken)).await?);
    }
    offering::offer_in(write.tx(), &freed).await
}

/// Says in which session the place that was held is free again, if it is.
async fn give_up(write: &Write, (row, taken): (interview_booking::Model, ApplicationStep)) -> Result<Option<Uuid>> {
    sessions::store::locked(write.tx(), row.session_id).await?;
    // Read again: until the session was locked, it could be called off.
    let Some(row) = store::find(write.tx(), row.id).await? else { return Ok(None) };
    if !rules::LIVE.contains(&row.status) {
        return Ok(None);
    }
    let step = rules::following(taken, &row, write.now());
    end(write, &row, step).await?;
    if step != Step::CallOff {
        return Ok(None);
    }
    free(write, &row).await?;
    if taken == ApplicationStep::RecordInterview {
        // Whoever was interviewed elsewhere need not come, and hears it from nothing else.
        notices::tell(write, &row, step).await?;
    }
    swaps::close_lost(write, row.session_id).await?;
    Ok(Some(row.session_id))
}

/// Gives up every place of a session that was called off, and ends its waiting list and requests to change places; the
/// students are told. The session is locked.
///
/// # Errors
/// When the database fails.
pub(super) async fn call_off_all(write: &Write, session: Uuid) -> Result<()> {
    for row in store::live_in(write.tx(), session).await? {
        end(write, &row, Step::CallOff).await?;
        free(write, &row).await?;
        notices::tell(write, &row, Step::CallOff).await?;
    }
    swaps::close_lost(write, session).await?;
    waits::end_all(write, (session, &waits::rules::LIVE)).await?;
    holds::store::release_session(write, session).await
}

async fn end(write: &Write, row: &interview_booking::Model, step: Step) -> Result<()> {
    let write = write.tx().under(write.permit().over(rules::record(row.id)));
    let unchanged = interview_booking::ActiveModel::default();
    write.take(&Stands::of(row), step, unchanged, told(step, row)).await.map(drop)
}

fn told(step: Step, booking: &interview_booking::Model) -> Event {
    Event::new(rules::happened(step)).with("session", booking.session_id).with("slot", booking.slot_id)
}
