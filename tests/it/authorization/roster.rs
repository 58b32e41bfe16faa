//! The rolls of the university: a record of it, and what its fields are asked with.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::ground::Ground;

impl Ground {
    /// A record on the rolls, by a number that nobody else has.
    pub(super) async fn enrolled(&self) -> Value {
        let file =
            STANDARD.encode(format!("number,name\n{},李华\n", hezuo::platform::id::new(self.app.now()).simple()));
        let input = json!({ "file": file, "dryRun": false });
        let imported = self.colleague.does("studentRecordImport", input, "rows { studentRecordId }").await;
        json!({ "id": imported.result()["rows"][0]["studentRecordId"], "version": 1 })
    }
}

/// The document and the variables of a query.
pub(super) async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    match field {
        "studentRecord" => {
            let id = ground.have("student record").await["id"].clone();
            Some((format!("query($id: ID!) {{ {field}(id: $id) {{ id }} }}"), json!({ "id": id })))
        }
        "studentRecords" => Some((format!("{{ {field} {{ totalCount nodes {{ id }} }} }}"), json!({}))),
        "importProgress" => Some(("subscription { importProgress(key: \"1\") { stage } }".to_owned(), json!({}))),
        "studentRecordImportColumns" => Some((format!("{{ {field} {{ name }} }}"), json!({}))),
        _ => None,
    }
}

/// The input of a mutation.
pub(super) async fn input(ground: &mut Ground, field: &str) -> Option<Value> {
    Some(match field {
        // A table without rows.
        "studentRecordImport" => json!({ "dryRun": false, "file": STANDARD.encode("number,name\n") }),
        "studentRecordEdit" => {
            let record = ground.have("student record").await;
            json!({ "id": record["id"], "expectedVersion": record["version"], "content": { "name": "李骅" } })
        }
        "studentRecordInvite" | "studentRecordRemove" => json!({ "ids": [ground.have("student record").await["id"]] }),
        _ => return None,
    })
}
