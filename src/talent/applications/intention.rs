//! Intentions 意向: both sides say that they want to go on, within seven days.

use async_graphql::InputObject;
use chrono::Days;
use entity::application::{self, ApplicationStep as Step, Engagement};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{ApplicationStepInput, begin, finish, rules::Facts, take};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    platform::{db::Write, id::Id, lifecycle::Stepped as _},
};

/// An intention. Who may: the student, or the enterprise's recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationDeclareIntentionInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What you aim at.
    pub engagement: Engagement,
}

/// Says, for one side, that both should go on; the other side has the days of the settings to confirm it.
///
/// # Errors
/// `ILLEGAL_STEP` unless the interview took place; CONFLICT for a stale version.
pub async fn declare(app: &App, actor: &Actor, input: &ApplicationDeclareIntentionInput) -> Result<Uuid> {
    let plain = ApplicationStepInput { id: input.id, expected_version: input.expected_version };
    let days = Days::new(app.settings().intention_days.into());
    take(app, actor, (Step::DeclareIntention, &plain), |facts, write, _| declared(actor, (facts, write), (input, days)))
        .await
}

fn declared(
    actor: &Actor,
    (facts, write): (&Facts, &Write),
    (input, days): (&ApplicationDeclareIntentionInput, Days),
) -> application::ActiveModel {
    application::ActiveModel {
        intention: Set(Some(input.engagement)),
        intention_by: Set(facts.side(actor)),
        intention_at: Set(Some(write.now())),
        intention_lapses_at: Set(write.now().checked_add_days(days)),
        ..Default::default()
    }
}

/// Says so for the other side: from now on it is an intention of both.
///
/// # Errors
/// `ILLEGAL_STEP` unless the other side has declared one that is not confirmed yet; CONFLICT for a stale version.
pub async fn confirm(app: &App, actor: &Actor, input: &ApplicationStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (write, facts) = begin(&tx, actor, (Step::ConfirmIntention, input)).await?;
            facts.stands(actor).must_be_open(Step::ConfirmIntention)?;
            let changes =
                application::ActiveModel { intention_confirmed_at: Set(Some(write.now())), ..Default::default() };
            finish(&write, &facts, (actor, Step::ConfirmIntention), changes).await
        })
        .await
}
