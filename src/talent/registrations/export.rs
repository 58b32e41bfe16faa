//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, event_registration, recruitment_event};
use sea_orm::{ActiveEnum as _, prelude::async_trait::async_trait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    error::Result,
    platform::{db::Tx, id},
    talent::student_data::Exportable,
};

/// The recruitment events for which a student registered, and whether the student came.
#[derive(Debug)]
pub struct OwnRegistrations;

#[async_trait]
impl Exportable for OwnRegistrations {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let rows = store::all_of(tx, student).await?;
        Ok(vec![("registrations", rows.iter().map(registration).collect())])
    }
}

fn registration(row: &event_registration::Model) -> Value {
    json!({
        "id": id::show(event_registration::Entity::PREFIX, row.id),
        "event": id::show(recruitment_event::Entity::PREFIX, row.event_id),
        "status": row.status.to_value(),
        "statusReason": row.status_reason,
        "checkedInAt": row.checked_in_at,
        "missedAt": row.missed_at,
        "registeredAt": row.created_at,
    })
}
