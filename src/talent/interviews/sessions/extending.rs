//! Extending 延长场次: more slots after the last one, in the same room, with the same interviewers.

use async_graphql::InputObject;
use chrono::Utc;
use entity::interview_session::{self, InterviewSessionStep as Step};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{checks, rules, slot, store};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Result, Text},
    graphql::DateTime,
    organizations,
    platform::{
        db::Tx,
        event::Event,
        id::Id,
        input::{Checks, expect_version},
        lifecycle::Stepped as _,
    },
    talent::{
        interviews::{
            holds::{self, Ticks},
            waits::offering,
        },
        positions::rules::is_verified,
    },
};

/// A session that is to last longer. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewSessionExtendInput {
    /// Which session.
    pub id: Id<interview_session::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// When the last slot ends at the latest: one slot after the present last one and its buffer at least, 12 hours after
    /// the session's beginning at most, within its event.
    pub ends_at: DateTime,
}

/// Adds slots to a session; their places are offered to whoever waits.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is open; `RULE_VIOLATED` once it is over, or its event, and unless the enterprise is verified;
/// `INVALID_INPUT` where no slot fits in, or too many; `SLOT_TAKEN` when room or interviewers are held at that time;
/// CONFLICT for a stale version.
pub async fn extend(app: &App, actor: &Actor, input: &InterviewSessionExtendInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            // Before the session, as whoever lays one out.
            let enterprise = organizations::facts_behind(&tx, actor.organization()).await?;
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, rules::Action::Take(Step::Extend), &facts).await?;
            expect_version(input.expected_version, facts.session.version)?;
            facts.stands(actor).may(Step::Extend)?;
            is_verified(&enterprise)?;
            rules::in_time(Step::Extend, &facts)?;
            let mut checks = Checks::new();
            checks::longer(&mut checks, (&facts.session, facts.event.as_ref()), input.ends_at.0);
            checks.finish()?;
            let before = facts.session.ends_at;
            let longer = interview_session::Model { ends_at: input.ends_at.0, ..facts.session.clone() };
            let slots: Vec<_> =
                checks::slots(&longer).into_iter().filter(|(begins_at, _)| *begins_at >= before).collect();
            let ends_at = slots.last().map_or(before, |(_, ends_at)| *ends_at);
            let held = held(&tx, &longer).await?;
            let ticks = added(&longer, (before, ends_at));
            check_free(&tx, (&held, ticks)).await?;
            write.insert_all(slots.into_iter().map(|times| slot(&write, &longer, times)).collect()).await?;
            holds::store::hold(&write, &held, ticks, (longer.id, None)).await?;
            let changes = interview_session::ActiveModel { ends_at: Set(ends_at), ..Default::default() };
            let event = Event::new(rules::happened(Step::Extend));
            write.take(&facts.stands(actor), Step::Extend, changes, event).await?;
            offering::offer_in(&tx, &[longer.id]).await?;
            Ok(longer.id)
        })
        .await
}

/// The ticks that the session holds more: those after the buffer of the slot that was the last one.
fn added(
    session: &interview_session::Model,
    (before, ends_at): (chrono::DateTime<Utc>, chrono::DateTime<Utc>),
) -> Ticks {
    let held = Ticks::between(session.starts_at, before, session.buffer_minutes);
    Ticks { from: held.to, to: Ticks::between(session.starts_at, ends_at, session.buffer_minutes).to }
}

/// The room first, then the interviewers.
async fn held(tx: &Tx, session: &interview_session::Model) -> Result<Vec<String>> {
    let people = store::interviewers(tx, session.id).await?;
    Ok(std::iter::once(holds::room(session)).chain(people.into_iter().map(holds::person)).collect())
}

async fn check_free(tx: &Tx, (held, ticks): (&[String], Ticks)) -> Result<()> {
    let mut checks = Checks::new();
    let busy = holds::store::busy(tx, held, ticks).await?;
    let [room, people @ ..] = held else { return Ok(()) };
    if busy.contains(room) {
        let message = Text::new("endsAt: the room is booked at that time.", "endsAt：面试间在该时间已被占用。");
        checks.problem("endsAt", Code::SlotTaken, message);
    }
    if people.iter().any(|person| busy.contains(person)) {
        let message = Text::new("endsAt: an interviewer is booked at that time.", "endsAt：有面试官在该时间已被占用。");
        checks.problem("endsAt", Code::SlotTaken, message);
    }
    checks.finish()
}
