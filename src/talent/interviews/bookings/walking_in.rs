//! Walk-ins 现场面试: a student who is at the event and comes to the booth, without an application.
//!
//! The student shows the code of the registration, the recruiter reads it: that is how the student agrees, and how nobody
//! is booked who was only looked up. The student has been checked in at that event, so is there.

use async_graphql::InputObject;
use entity::{
    event_registration::{self, RegistrationStatus},
    interview_slot, job_position,
};
use uuid::Uuid;

use super::{
    making::{self, Wanted},
    notices, store,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Error, Problem, Result, Text},
    graphql::body,
    platform::{db::Tx, id::Id, idempotency},
    talent::{
        applications::walking_in,
        positions::{self, rules::Action as OfPosition},
        registrations::{
            codes::{self, Named},
            store as registrations,
        },
    },
};

/// A place for a student who walked in. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewBookingWalkInInput {
    /// Which slot: of an open session of your enterprise at that event, and not over.
    pub slot_id: Id<interview_slot::Entity>,
    /// For which position of your enterprise: published, and not past its last day.
    pub position_id: Id<job_position::Entity>,
    /// What you read from the student's screen or paper: the code of the registration.
    pub code: String,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the booking that the first one made.
    pub idempotency_key: Option<String>,
}

/// Books a place for a student who walked in, with the application that there is or a new one, which is invited.
///
/// # Errors
/// `INVALID_INPUT` for what is no code; `RULE_VIOLATED` unless the student is checked in at the event of that slot, has a
/// résumé and did not take an application back, the position takes applications and the session takes bookings;
/// DUPLICATE when a place is held for it already; `CAPACITY_FULL` and `SLOT_TAKEN` as for any booking.
pub async fn walk_in(app: &App, actor: &Actor, input: &InterviewBookingWalkInInput) -> Result<Uuid> {
    let named = codes::read(app, &input.code).await?;
    app.db()
        .write(move |tx| async move {
            let position = positions::store::facts(&tx, actor, input.position_id.key()).await?;
            let write = tx.permit(actor, OfPosition::WalkIn, &position).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            positions::rules::takes_applications(&position)?;
            let there = present(&tx, named).await?;
            let application = walking_in::invited(&write, actor, (&position.position, &there)).await?;
            let (wanted, lists) = making::wanted(&tx, actor, (application, input.slot_id.key())).await?;
            same_event(&wanted, &there)?;
            if let Some(held) = store::live(&tx, wanted.application.id).await? {
                return Err(making::held_already(&held, "positionId"));
            }
            let row = making::place(&write, id, (wanted, lists), making::late(app)).await?;
            notices::walked_in(&write, &row).await?;
            Ok(id)
        })
        .await
}

/// The registration of a student who has been checked in.
async fn present(tx: &Tx, named: Option<Named>) -> Result<event_registration::Model> {
    let message = || Text::new("code is not the code of a registration.", "code 不是活动报名码。");
    let unknown = || Error::from(Problem::new(Code::InvalidInput, message()).at(["input", "code"]));
    let named = named.ok_or_else(unknown)?;
    let found = registrations::scanned(tx, vec![named.registration]).await?.remove(&named.registration);
    let row = found.filter(|row| row.event_id == named.event).ok_or_else(unknown)?;
    if row.status == RegistrationStatus::CheckedIn {
        return Ok(row);
    }
    Err(Error::rule("The student is not checked in at the event.", "该学生尚未在活动现场签到。"))
}

fn same_event(wanted: &Wanted, there: &event_registration::Model) -> Result<()> {
    if wanted.session.event_id == Some(there.event_id) {
        return Ok(());
    }
    Err(Error::rule("The slot is not at the event of this code.", "该面试时段不属于此报名码所属的活动。"))
}
