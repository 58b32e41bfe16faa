//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, interview_booking, interview_session, interview_swap};
use sea_orm::{ActiveEnum as _, prelude::async_trait::async_trait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    error::Result,
    platform::{db::Tx, id},
    talent::student_data::Exportable,
};

/// The requests to change places that a student made or accepted; of nobody else anything.
#[derive(Debug)]
pub struct OwnSwaps;

#[async_trait]
impl Exportable for OwnSwaps {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let swaps = store::all_of(tx, student).await?;
        let (asked, accepted): (Vec<_>, Vec<_>) = swaps.iter().partition(|swap| swap.student_id == student);
        Ok(vec![
            ("interviewSwaps", asked.into_iter().map(|row| swap(row, Some(row.booking_id))).collect()),
            ("interviewSwapsAccepted", accepted.into_iter().map(|row| swap(row, row.accepted_booking_id)).collect()),
        ])
    }
}

fn swap(row: &interview_swap::Model, own: Option<Uuid>) -> Value {
    json!({
        "id": id::show(interview_swap::Entity::PREFIX, row.id),
        "session": id::show(interview_session::Entity::PREFIX, row.session_id),
        "booking": own.map(|own| id::show(interview_booking::Entity::PREFIX, own)),
        "status": row.status.to_value(),
        "acceptBy": row.accept_by,
        "requestedAt": row.created_at,
    })
}
