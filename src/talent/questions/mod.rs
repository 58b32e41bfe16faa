//! Questions to an enterprise 企业问答: what somebody of a university or a county wants to know, and the answer.
//!
//! Anybody of a university or a county **asks** a verified enterprise about what it makes, how it cultivates talents, its
//! research platforms or anything else. The enterprise's admin or recruiters **answer**, and question and answer then stand
//! on its profile for everyone signed in; or they **decline** and say why, which only the asker reads. Until then the asker
//! can **withdraw** it. Everybody but the asker's own organization reads who asked by role and organization only. How many
//! questions somebody may have open at a time is a setting.

pub mod graphql;
mod notices;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use entity::{
    organization,
    organization_question::{self, QuestionStep as Step, QuestionTopic},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::{Action, Profile, ProfileAction};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    graphql::body,
    organizations,
    platform::{
        db::Write,
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, Length, NOTE, expect_version},
        lifecycle::{Lifecycle, Stepped as _},
    },
};

/// A question and its answer.
const ANSWER: Length = Length { min: 1, max: 5_000 };

/// A question. Who may: everybody of a university or a county, but its auditors and machines.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationQuestionAskInput {
    /// Which enterprise: a verified one.
    pub organization_id: Id<organization::Entity>,
    /// For machines and flaky lines: your own key of this request, 1 to 100 characters. The same request again under the
    /// same key gives the question that the first one made.
    pub idempotency_key: Option<String>,
    /// What it is about.
    pub topic: QuestionTopic,
    /// What you want to know, 1 to 2,000 characters. It is published with the answer.
    pub question: String,
}

/// An answer. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationQuestionAnswerInput {
    /// Which question.
    pub id: Id<organization_question::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The answer, 1 to 5,000 characters; everyone signed in reads it.
    pub answer: String,
}

/// A refusal. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationQuestionDeclineInput {
    /// Which question.
    pub id: Id<organization_question::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; the asker reads it.
    pub reason: String,
}

/// A question that is taken back. Who may: whoever asked.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationQuestionWithdrawInput {
    /// Which question.
    pub id: Id<organization_question::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Asks an enterprise something.
///
/// # Errors
/// `INVALID_INPUT` for a text that is wrong; `RULE_VIOLATED` unless it is a verified enterprise, and when too many
/// questions wait already; DUPLICATE for an idempotency key that was used for another request.
pub async fn ask(app: &App, actor: &Actor, input: &OrganizationQuestionAskInput) -> Result<Uuid> {
    let most = app.settings().open_questions_per_person;
    app.db()
        // Counted and added in one: who asks twice at once does not pass the limit.
        .write_serializable(move |tx| async move {
            let profile = Profile(organizations::facts_seen_by(&tx, actor, input.organization_id.key()).await?);
            let write = tx.permit(actor, ProfileAction::Ask, &profile).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            rules::is_verified_enterprise(&profile)?;
            rules::not_too_many(store::count_open(&tx, actor).await?, most)?;
            let mut checks = Checks::new();
            let question = checks.lines("question", &input.question, NOTE);
            checks.finish()?;
            let question = write.insert(new(&write, actor, (input, id, question))).await?;
            let asked = Event::new("OrganizationQuestionAsked").with("organization", input.organization_id.key());
            write.emit_first(rules::record(id), asked).await?;
            notices::asked(&write, &question).await?;
            Ok(id)
        })
        .await
}

fn new(
    write: &Write,
    actor: &Actor,
    (input, id, question): (&OrganizationQuestionAskInput, Uuid, String),
) -> organization_question::ActiveModel {
    organization_question::ActiveModel {
        id: Set(id),
        organization_id: Set(input.organization_id.key()),
        topic: Set(input.topic),
        question: Set(question),
        asker_id: Set(actor.user()),
        asker_organization_id: Set(actor.organization()),
        asker_role: Set(actor.role()),
        status: Set(organization_question::Entity::INITIAL),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..Default::default()
    }
}

/// Answers a question for everybody.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is open; `RULE_VIOLATED` for the asker; `INVALID_INPUT` for an answer that is wrong; CONFLICT
/// for a stale version.
pub async fn answer(app: &App, actor: &Actor, input: &OrganizationQuestionAnswerInput) -> Result<Uuid> {
    take(app, actor, (Step::Answer, input.id.key(), input.expected_version), |write, checks| {
        organization_question::ActiveModel {
            answer: Set(Some(checks.lines("answer", &input.answer, ANSWER))),
            answered_by_id: Set(Some(actor.user())),
            answered_at: Set(Some(write.now())),
            ..Default::default()
        }
    })
    .await
}

/// Says why a question is not answered.
///
/// # Errors
/// As [`answer`].
pub async fn decline(app: &App, actor: &Actor, input: &OrganizationQuestionDeclineInput) -> Result<Uuid> {
    take(app, actor, (Step::Decline, input.id.key(), input.expected_version), |_, checks| {
        organization_question::ActiveModel {
            status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
            ..Default::default()
        }
    })
    .await
}

/// Takes a question back.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is open; CONFLICT for a stale version.
pub async fn withdraw(app: &App, actor: &Actor, input: &OrganizationQuestionWithdrawInput) -> Result<Uuid> {
    take(app, actor, (Step::Withdraw, input.id.key(), input.expected_version), |_, _| {
        organization_question::ActiveModel::default()
    })
    .await
}

/// One step: permit, version, rules, checks, status.
async fn take(
    app: &App,
    actor: &Actor,
    (step, id, version): (Step, Uuid, i32),
    fill: impl Fn(&Write, &mut Checks) -> organization_question::ActiveModel + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, id).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(version, facts.question.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            if step != Step::Withdraw {
                rules::answered_by_another(&facts, actor)?;
            }
            let mut checks = Checks::new();
            let changes = fill(&write, &mut checks);
            checks.finish()?;
            write.take(&stands, step, changes, Event::new(rules::happened(step))).await?;
            notices::tell(&write, &facts.question, step).await?;
            Ok(facts.question.id)
        })
        .await
}
