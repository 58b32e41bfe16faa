//! Offers 录用通知: what the enterprise binds itself to, and the student's answer.
//!
//! A position has as many offers as places at a time (those not answered yet and those accepted), so that an offer can
//! always be accepted.

use async_graphql::InputObject;
use entity::{
    application::{self, ApplicationStep as Step, Engagement},
    job_position,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    ApplicationStepInput, begin, checks, finish,
    selection::{self, ApplicationCloseInput},
    store,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Result, Text},
    graphql::{Date, Money},
    platform::{clock, id::Id, input::Checks},
    talent::positions,
};

/// An offer. Who may: the enterprise's recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationOfferInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What is offered.
    pub engagement: Engagement,
    /// Pay in fen a month, before tax.
    pub pay: Money,
    /// The first day at work.
    pub starts_on: Date,
    /// The last day to answer, today or later and before the first day at work.
    pub answer_by: Date,
    /// What else is offered: trial period, housing, place; up to 2,000 characters.
    pub terms: Option<String>,
}

/// Makes an offer.
///
/// # Errors
/// `ILLEGAL_STEP` unless the interview took place; `RULE_VIOLATED` while an intention is not confirmed, a negotiation is
/// open, the enterprise is suspended or the position blocked; `CAPACITY_FULL` when offers hold every place of the position; `INVALID_INPUT` for
/// every field that is wrong; CONFLICT for a stale version.
pub async fn offer(app: &App, actor: &Actor, input: &ApplicationOfferInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let plain = ApplicationStepInput { id: input.id, expected_version: input.expected_version };
            let (write, facts) = begin(&tx, actor, (Step::Offer, &plain)).await?;
            let mut checks = Checks::new();
            let terms = checks::offer(&mut checks, input, clock::day(write.now()));
            let position = positions::store::facts_for_job(&tx, facts.application.position_id).await?;
            positions::rules::is_verified(&position.enterprise)?;
            positions::rules::is_shown(&position.position)?;
            let position = position.position;
            if store::placed(&tx, position.id).await? >= places(&position) {
                checks.problem("id", Code::CapacityFull, full(position.headcount));
            }
            checks.finish()?;
            let changes = application::ActiveModel {
                offer: Set(Some(input.engagement)),
                offer_pay: Set(Some(input.pay.0)),
                offer_starts_on: Set(Some(input.starts_on.0)),
                offer_terms: Set(terms),
                offered_at: Set(Some(write.now())),
                offer_answer_by: Set(Some(input.answer_by.0)),
                ..Default::default()
            };
            finish(&write, &facts, (actor, Step::Offer), changes).await
        })
        .await
}

fn places(position: &job_position::Model) -> u64 {
    u64::try_from(position.headcount).unwrap_or_default()
}

fn full(headcount: i32) -> Text {
    Text::new(
        format!("Offers hold every place of the position ({headcount})."),
        format!("该岗位的全部名额（{headcount} 个）均已发出录用通知。"),
    )
}

/// Accepts the offer. With the last place the position is filled.
///
/// # Errors
/// `ILLEGAL_STEP` unless there is an offer; `RULE_VIOLATED` after its last day; CONFLICT for a stale version.
pub async fn accept(app: &App, actor: &Actor, input: &ApplicationStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (write, facts) = begin(&tx, actor, (Step::Accept, input)).await?;
            let position = positions::store::facts_for_job(&tx, facts.application.position_id).await?;
            let changes = application::ActiveModel { accepted_at: Set(Some(write.now())), ..Default::default() };
            let id = finish(&write, &facts, (actor, Step::Accept), changes).await?;
            if store::accepted(&tx, position.position.id).await? >= places(&position.position) {
                positions::fill_with(&write, &position).await?;
            }
            Ok(id)
        })
        .await
}

/// Declines the offer, with a reason.
///
/// # Errors
/// As [`selection::reject`].
pub async fn decline(app: &App, actor: &Actor, input: &ApplicationCloseInput) -> Result<Uuid> {
    selection::close(app, actor, (Step::Decline, input)).await
}
