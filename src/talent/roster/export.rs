//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, organization, student_record};
use sea_orm::prelude::async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    error::Result,
    platform::{db::Tx, id},
    talent::student_data::Exportable,
};

/// What the rolls of universities say of a student.
#[derive(Debug)]
pub struct OwnRecords;

#[async_trait]
impl Exportable for OwnRecords {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let rows = store::of_student(tx, student).await?;
        Ok(vec![("studentRecords", rows.iter().map(record).collect())])
    }
}

fn record(row: &student_record::Model) -> Value {
    json!({
        "id": id::show(student_record::Entity::PREFIX, row.id),
        "university": id::show(organization::Entity::PREFIX, row.organization_id),
        "number": row.number,
        "name": row.name,
        "major": row.major,
        "className": row.class_name,
        "graduationYear": row.graduates_in,
        "email": row.email,
        "createdAt": row.created_at,
    })
}
