//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, document, resume, resume_version};
use sea_orm::prelude::async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{rules, store};
use crate::{
    documents,
    error::Result,
    platform::{db::Tx, id},
    talent::student_data::Exportable,
};

/// The résumé of a student, with every version and the files' names.
#[derive(Debug)]
pub struct OwnResume;

#[async_trait]
impl Exportable for OwnResume {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let Some(row) = store::own(tx, student).await? else { return Ok(vec![("resume", Value::Null)]) };
        let versions = store::versions(tx, row.id).await?;
        let files = documents::of_record(tx, rules::record(row.id)).await?;
        let resume = json!({
            "id": id::show(resume::Entity::PREFIX, row.id),
            "createdAt": row.created_at,
            "erasedAt": row.erased_at,
            "saved": row.saved,
            "versions": versions.iter().map(version).collect::<Vec<_>>(),
            "files": files.iter().map(file).collect::<Vec<_>>(),
        });
        Ok(vec![("resume", resume)])
    }
}

fn version(row: &resume_version::Model) -> Value {
    json!({
        "number": row.number,
        "savedAt": row.created_at,
        "content": serde_json::from_str::<Value>(&row.content).unwrap_or_default(),
        "contentHash": row.content_hash,
        "phone": row.phone,
        "email": row.email,
    })
}

fn file(row: &document::Model) -> Value {
    json!({ "id": id::show(document::Entity::PREFIX, row.id), "name": row.name, "bytes": row.bytes, "sha256": row.sha256 })
}
