//! What is told of an event afterwards: an article, and the photos that were attached.

use async_graphql::InputObject;
use entity::recruitment_event;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    RecruitmentEventStepInput, change, checks,
    rules::{self, Action, Facts},
    store,
};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    platform::{
        db::Write,
        event::Event,
        id::Id,
        input::{BODY, Checks, expect_version},
    },
};

/// What is told of an event that is over. Who may: the organizer's people.
#[derive(Clone, Debug, InputObject)]
pub struct RecruitmentEventArticleWriteInput {
    /// Which event.
    pub id: Id<recruitment_event::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The article, 1 to 100,000 characters. One that is published already is replaced.
    pub article: String,
}

/// Writes what is told of an event that is over.
///
/// # Errors
/// `INVALID_INPUT` for a text that is too long; `RULE_VIOLATED` before the event is closed; CONFLICT for a stale version.
pub async fn write_article(app: &App, actor: &Actor, input: &RecruitmentEventArticleWriteInput) -> Result<Uuid> {
    tell(app, actor, (input.id, input.expected_version), |_, checks| {
        let article = checks.lines("article", &input.article, BODY);
        let changes = recruitment_event::ActiveModel { article: Set(Some(article)), ..Default::default() };
        (changes, "RecruitmentEventArticleWritten")
    })
    .await
}

/// Shows the article and the photos to everybody.
///
/// # Errors
/// `RULE_VIOLATED` when there is no article, or before the event is closed; CONFLICT for a stale version.
pub async fn publish_article(app: &App, actor: &Actor, input: &RecruitmentEventStepInput) -> Result<Uuid> {
    tell(app, actor, (input.id, input.expected_version), |(facts, write), checks| {
        checks::article_is_there(checks, &facts.event);
        let at = Set(Some(facts.event.article_published_at.unwrap_or(write.now())));
        let changes = recruitment_event::ActiveModel { article_published_at: at, ..Default::default() };
        (changes, "RecruitmentEventArticlePublished")
    })
    .await
}

async fn tell(
    app: &App,
    actor: &Actor,
    (id, expected_version): (Id<recruitment_event::Entity>, i32),
    fill: impl Fn((&Facts, &Write), &mut Checks) -> (recruitment_event::ActiveModel, &'static str) + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, id.key()).await?;
            let write = tx.permit(actor, Action::Tell, &facts).await?;
            expect_version(expected_version, facts.event.version)?;
            rules::is_over(&facts.event)?;
            let mut checks = Checks::new();
            let (changes, happened) = fill((&facts, &write), &mut checks);
            checks.finish()?;
            change(&write, &facts, changes, Event::new(happened)).await
        })
        .await
}
