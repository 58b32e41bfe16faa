//! Joining a waiting list: what must be so, and who comes when.

use async_graphql::{ID, InputObject};
use entity::{Record as _, application, interview_session, interview_slot, interview_wait};
use sea_orm::IntoActiveModel as _;
use uuid::Uuid;

use super::{rules, store};
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
        lifecycle::Lifecycle as _,
    },
    talent::{
        applications::{rules::Action as OfApplication, store as applications},
        interviews::{
            bookings::{making, store as bookings},
            holds::{self, Ticks},
            sessions,
        },
    },
};

/// How many free slots are named to whoever would wait all the same.
const FREE: usize = 5;

/// A place in a waiting list. Who may: a student, for an own application that is shortlisted or invited.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewWaitJoinInput {
    /// Of which session: an open one of the enterprise to which the application went, without a free slot that suits.
    pub session_id: Id<interview_session::Entity>,
    /// For which application.
    pub application_id: Id<application::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the place in the list that the first one made.
    pub idempotency_key: Option<String>,
}

/// Joins the waiting list of a session, at its end.
///
/// # Errors
/// `NOT_FOUND` for an application or a session that you do not see; `RULE_VIOLATED` unless the application is shortlisted
/// or invited at that enterprise, which is verified, and the session takes bookings, and while a slot is free at which you are free too;
/// DUPLICATE when a place is held for the application already, or it waits there already.
pub async fn join(app: &App, actor: &Actor, input: &InterviewWaitJoinInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = applications::facts(&tx, actor, input.application_id.key()).await?;
            let write = tx.permit(actor, OfApplication::WaitForInterview, &facts).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            let application = facts.application;
            making::employs(&tx, &application).await?;
            let (session, event) = sessions::store::locked(&tx, input.session_id.key()).await?;
            making::suits(&tx, actor, (&application, &session)).await?;
            sessions::rules::takes_bookings(&session, event.as_ref(), (session.ends_at, write.now()))?;
            if let Some(held) = bookings::live(&tx, application.id).await? {
                return Err(making::held_already(&held, "applicationId"));
            }
            if let Some(there) = store::live(&tx, application.id, session.id).await? {
                return Err(waits_already(&there));
            }
            must_be_full(&tx, (&application, &session)).await?;
            let minutes = app.settings().interview_offer_minutes;
            let row = waiting(&write, id, (&application, &session, minutes)).await?;
            write.insert(row.into_active_model()).await?;
            let joined = Event::new("InterviewWaitJoined").with("session", session.id);
            write.emit_first(rules::record(id), joined).await?;
            Ok(id)
        })
        .await
}

fn waits_already(there: &interview_wait::Model) -> Error {
    let message = Text::new("This application waits for the session already.", "该申请已在此场次候补。");
    let existing = Some(id::show(interview_wait::Entity::PREFIX, there.id));
    let details = Details { existing, ..Details::default() };
    Problem::new(Code::Duplicate, message).at(["input", "sessionId"]).with(details).into()
}

/// Slots are still to begin, and none that has a place is at a time at which the student is free.
async fn must_be_full(tx: &Tx, (application, session): (&application::Model, &interview_session::Model)) -> Result<()> {
    let slots = sessions::store::to_begin(tx, session.id).await?;
    if slots.is_empty() {
        return Err(Error::rule("No slot of the session is still to begin.", "该场次已没有尚未开始的面试时段。"));
    }
    let busy = holds::store::ticks(tx, &holds::person(application.student_id), tx.now()).await?;
    let suits = |slot: &&interview_slot::Model| {
        let ticks = Ticks::between(slot.begins_at, slot.ends_at, session.buffer_minutes);
        slot.taken < slot.size && !busy.iter().any(|tick| ticks.contain(*tick))
    };
    let free: Vec<ID> = slots
        .iter()
        .filter(suits)
        .take(FREE)
        .map(|slot| id::show(interview_slot::Entity::PREFIX, slot.id).into())
        .collect();
    if free.is_empty() {
        return Ok(());
    }
    let message = Text::new("The session has places; book one.", "该场次尚有名额，请直接预约。");
    let details = Details { alternatives: Some(free), ..Details::default() };
    Err(Problem::new(Code::RuleViolated, message).at(["input", "sessionId"]).with(details).into())
}

/// Counted under the session's lock: who comes later is asked later.
async fn waiting(
    write: &Write,
    id: Uuid,
    (application, session, minutes): (&application::Model, &interview_session::Model, u32),
) -> Result<interview_wait::Model> {
    Ok(interview_wait::Model {
        id,
        session_id: session.id,
        application_id: application.id,
        organization_id: session.organization_id,
        event_id: session.event_id,
        student_id: application.student_id,
        university_id: application.university_id,
        number: store::next_number(write.tx(), session.id).await?,
        minutes: i32::try_from(minutes).unwrap_or(i32::MAX),
        status: interview_wait::Entity::INITIAL,
        slot_id: None,
        offered_at: None,
        accept_by: None,
        booking_id: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    })
}
