//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, application, interview_booking, interview_score, organization};
use sea_orm::{ActiveEnum as _, prelude::async_trait::async_trait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    error::Result,
    platform::{db::Tx, id},
    talent::student_data::Exportable,
};

/// The interviews that a student has booked, and what came of them.
#[derive(Debug)]
pub struct OwnInterviews;

#[async_trait]
impl Exportable for OwnInterviews {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let bookings = store::all_of(tx, student).await?;
        let ids: Vec<Uuid> = bookings.iter().map(|row| row.id).collect();
        let scores = store::scores_of(tx, &ids).await?;
        let with_scores = |row: &interview_booking::Model| {
            let mut value = booking(row);
            value["scores"] = scores.iter().filter(|score| score.booking_id == row.id).map(score_of).collect();
            value
        };
        Ok(vec![("interviews", bookings.iter().map(with_scores).collect())])
    }
}

fn score_of(row: &interview_score::Model) -> Value {
    json!({ "skill": row.skill, "score": row.score, "note": row.note })
}

fn booking(row: &interview_booking::Model) -> Value {
    json!({
        "id": id::show(interview_booking::Entity::PREFIX, row.id),
        "application": id::show(application::Entity::PREFIX, row.application_id),
        "organization": id::show(organization::Entity::PREFIX, row.organization_id),
        "beginsAt": row.begins_at,
        "endsAt": row.ends_at,
        "status": row.status.to_value(),
        "statusReason": row.status_reason,
        "checkedInAt": row.checked_in_at,
        "bookedAt": row.created_at,
    })
}
