//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, application, interview_session, interview_wait};
use sea_orm::{ActiveEnum as _, prelude::async_trait::async_trait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    error::Result,
    platform::{db::Tx, id},
    talent::student_data::Exportable,
};

/// The interviews for which a student waited, and what came of it.
#[derive(Debug)]
pub struct OwnWaits;

#[async_trait]
impl Exportable for OwnWaits {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let waits = store::all_of(tx, student).await?;
        Ok(vec![("interviewWaits", waits.iter().map(wait).collect())])
    }
}

fn wait(row: &interview_wait::Model) -> Value {
    json!({
        "id": id::show(interview_wait::Entity::PREFIX, row.id),
        "application": id::show(application::Entity::PREFIX, row.application_id),
        "session": id::show(interview_session::Entity::PREFIX, row.session_id),
        "status": row.status.to_value(),
        "offeredAt": row.offered_at,
        "acceptBy": row.accept_by,
        "joinedAt": row.created_at,
    })
}
