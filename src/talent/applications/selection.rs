//! The enterprise selects 遴选: it looks closer, invites, meets, and says no; the student may go at any time.

use async_graphql::InputObject;
use entity::application::{self, ApplicationStatus, ApplicationStep as Step, ClosingReason};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{ApplicationStepInput, begin, checks, finish, take};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    graphql::DateTime,
    platform::{db::Tx, id::Id, input::NOTE},
    talent::positions,
};

/// An interview that took place. Who may: the enterprise's recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationRecordInterviewInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// When it took place, not in the future; now unless you say so.
    pub interviewed_at: Option<DateTime>,
    /// What you note for your own people, up to 2,000 characters; the student reads it in the export of the own
    /// data alone.
    pub note: Option<String>,
}

/// The end of an application, with a reason that both sides can count.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationCloseInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why.
    pub reason: ClosingReason,
    /// A word to the other side, up to 2,000 characters; required when the reason is OTHER.
    pub note: Option<String>,
}

/// Looks closer at an application.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is new; CONFLICT for a stale version.
pub async fn shortlist(app: &App, actor: &Actor, input: &ApplicationStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Shortlist, input), |_, _, _| application::ActiveModel::default()).await
}

/// Asks the student to an interview.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is shortlisted; `RULE_VIOLATED` while the position is blocked; CONFLICT for a stale version.
pub async fn invite(app: &App, actor: &Actor, input: &ApplicationStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (write, facts) = begin(&tx, actor, (Step::Invite, input)).await?;
            positions::rules::is_shown(&positions::store::held(&tx, facts.application.position_id).await?)?;
            finish(&write, &facts, (actor, Step::Invite), application::ActiveModel::default()).await
        })
        .await
}

/// Records that the interview took place.
///
/// # Errors
/// `ILLEGAL_STEP` unless the student was invited; `INVALID_INPUT` for a time to come; CONFLICT for a stale version.
pub async fn record_interview(app: &App, actor: &Actor, input: &ApplicationRecordInterviewInput) -> Result<Uuid> {
    let plain = ApplicationStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (Step::RecordInterview, &plain), |facts, write, checks| {
        let at = input.interviewed_at.map_or(write.now(), |at| at.0);
        checks::interviewed(checks, (facts.application.created_at, at), write.now());
        application::ActiveModel {
            interviewed_at: Set(Some(at)),
            interview_note: Set(checks.optional_lines("note", input.note.as_deref(), NOTE)),
            ..Default::default()
        }
    })
    .await
}

/// Records an interview that was booked and took place just now, on an application that was invited; others stay as they
/// are.
///
/// # Errors
/// As [`record_interview`].
pub(in crate::talent) async fn record_booked(
    tx: &Tx,
    actor: &Actor,
    (row, note): (&application::Model, Option<String>),
) -> Result<()> {
    if row.status != ApplicationStatus::Invited {
        return Ok(());
    }
    let plain = ApplicationStepInput { id: Id::new(row.id), expected_version: row.version };
    let (write, facts) = begin(tx, actor, (Step::RecordInterview, &plain)).await?;
    let changes = application::ActiveModel {
        interviewed_at: Set(Some(write.now())),
        interview_note: Set(note),
        ..Default::default()
    };
    finish(&write, &facts, (actor, Step::RecordInterview), changes).await.map(drop)
}

/// Records that the student did not come.
///
/// # Errors
/// `ILLEGAL_STEP` unless the student was invited; CONFLICT for a stale version.
pub async fn record_no_show(app: &App, actor: &Actor, input: &ApplicationStepInput) -> Result<Uuid> {
    take(app, actor, (Step::RecordNoShow, input), |_, _, _| application::ActiveModel::default()).await
}

/// Says no for the enterprise, with a reason.
///
/// # Errors
/// `ILLEGAL_STEP` once an offer was accepted or the application has ended; `INVALID_INPUT` for a reason without the
/// note that it needs; CONFLICT for a stale version.
pub async fn reject(app: &App, actor: &Actor, input: &ApplicationCloseInput) -> Result<Uuid> {
    close(app, actor, (Step::Reject, input)).await
}

/// Takes the application back, for the student.
///
/// # Errors
/// As [`reject`].
pub async fn withdraw(app: &App, actor: &Actor, input: &ApplicationCloseInput) -> Result<Uuid> {
    close(app, actor, (Step::Withdraw, input)).await
}

/// Ends an application with a reason and, where there is one, a word to the other side.
pub(super) async fn close(app: &App, actor: &Actor, (step, input): (Step, &ApplicationCloseInput)) -> Result<Uuid> {
    let plain = ApplicationStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (step, &plain), |_, _, checks| application::ActiveModel {
        closing_reason: Set(Some(input.reason)),
        closing_note: Set(checks::closing_note(checks, input)),
        ..Default::default()
    })
    .await
}
