//! The scorecard 面试评分: what the enterprise's people noted of a student's skills, and a question about technology that
//! came up and may become a need. For the enterprise alone; the student takes the scores along.

use async_graphql::InputObject;
use entity::{interview_booking, interview_score};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    rules::{self, Action},
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
        input::{Checks, NAME, NOTE, expect_version},
    },
};

/// Skills of one scorecard.
const SKILLS: usize = 20;

/// What is noted of one skill.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewScoreInput {
    /// Which skill, 1 to 200 characters: as the position names it, or another.
    pub skill: String,
    /// From 1, not at all, to 5, excellent.
    pub score: i32,
    /// What you noted, up to 2,000 characters.
    pub note: Option<String>,
}

/// A scorecard. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct InterviewBookingScoreInput {
    /// Which booking.
    pub id: Id<interview_booking::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Each skill once, at most 20, in your order. They replace those of before.
    pub scores: Vec<InterviewScoreInput>,
    /// A question about technology that came up, up to 2,000 characters: noted for later.
    pub technology_question: Option<String>,
}

/// Writes the scorecard of an interview, in place of the one before.
///
/// # Errors
/// `RULE_VIOLATED` until the student was there; `INVALID_INPUT` for every field that is wrong; CONFLICT for a stale
/// version.
pub async fn score(app: &App, actor: &Actor, input: &InterviewBookingScoreInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, _) = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Score, &facts).await?;
            expect_version(input.expected_version, facts.booking.version)?;
            rules::can_be_scored(&facts.booking)?;
            let id = facts.booking.id;
            let mut checks = Checks::new();
            let rows = rows(&mut checks, (&write, id), &input.scores);
            let question = checks.optional_lines("technologyQuestion", input.technology_question.as_deref(), NOTE);
            checks.finish()?;
            store::replace_scores(&write, id, rows).await?;
            let changes = interview_booking::ActiveModel { technology_question: Set(question), ..Default::default() };
            write.change::<interview_booking::Entity>(id, facts.booking.version, changes).await?;
            write.emit(Event::new("InterviewScored").with("session", facts.booking.session_id)).await?;
            Ok(id)
        })
        .await
}

fn rows(
    checks: &mut Checks,
    (write, booking): (&Write, Uuid),
    scores: &[InterviewScoreInput],
) -> Vec<interview_score::ActiveModel> {
    checks.require(
        scores.len() <= SKILLS,
        "scores",
        format!("scores: expected {SKILLS} skills at most."),
        format!("scores 最多 {SKILLS} 项。"),
    );
    let mut skills: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (score, place) in scores.iter().take(SKILLS).zip(0..) {
        let field = |name: &str| format!("scores.{place}.{name}");
        let skill = checks.line(&field("skill"), &score.skill, NAME);
        let known = skills.contains(&skill);
        checks.require(
            !known,
            &field("skill"),
            format!("{}: this skill is named twice.", field("skill")),
            format!("{} 重复。", field("skill")),
        );
        checks.require(
            (1..=5).contains(&score.score),
            &field("score"),
            format!("{}: expected 1 to 5.", field("score")),
            format!("{} 应为 1 至 5。", field("score")),
        );
        skills.push(skill.clone());
        rows.push(interview_score::ActiveModel {
            id: Set(write.id()),
            booking_id: Set(booking),
            place: Set(place),
            skill: Set(skill),
            score: Set(score.score),
            note: Set(checks.optional_lines(&field("note"), score.note.as_deref(), NOTE)),
        });
    }
    rows
}
