//! Positions and questions: in every state that a row of the table needs, and what their fields are asked with.

use serde_json::{Value, json};

use super::ground::Ground;
use crate::support::offer;

impl Ground {
    /// A position of Alpha's or a question to it.
    pub(super) async fn offered(&mut self, sort: &str) -> Option<Value> {
        let (enterprise, county) = (&self.sides.enterprise, &self.sides.county);
        let made = |id: String, version: i32| Some(json!({ "id": id, "version": version }));
        match sort {
            "written position" => made(offer::written(enterprise, json!({})).await, 1),
            "submitted position" => made(offer::submitted(enterprise, json!({})).await, 2),
            "published position" => made(offer::published(enterprise, county, json!({})).await, 3),
            "blocked position" => {
                let id = offer::submitted(enterprise, json!({})).await;
                let block = json!({ "id": id, "expectedVersion": 2, "reason": "信息不实。" });
                Some(county.does("positionBlock", block, "id version").await.result().clone())
            }
            "question" => {
                let student = self.person("st").unwrap();
                Some(student.does("organizationQuestionAsk", self.question(), "id version").await.result().clone())
            }
            _ => None,
        }
    }

    fn question(&self) -> Value {
        json!({ "organizationId": self.sides.alpha.id(), "topic": "PRODUCTION", "question": "主要产品是什么？" })
    }
}

/// The document and the variables of a query.
pub(super) async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    let by_id = async |ground: &mut Ground, sort: &'static str| {
        let id = ground.have(sort).await["id"].clone();
        Some((format!("query($id: ID!) {{ {field}(id: $id) {{ id }} }}"), json!({ "id": id })))
    };
    match field {
        "position" => by_id(ground, "written position").await,
        "organizationQuestion" => by_id(ground, "question").await,
        "positions" | "organizationQuestions" => {
            Some((format!("{{ {field} {{ totalCount nodes {{ id }} }} }}"), json!({})))
        }
        "positionCounts" => {
            // Everybody counts what is published.
            ground.have("published position").await;
            Some(("{ positionCounts { family count } }".to_owned(), json!({})))
        }
        "positionImportColumns" => Some(("{ positionImportColumns { name } }".to_owned(), json!({}))),
        "positionTextCheck" => Some(("{ positionTextCheck(text: \"限男性\") { words } }".to_owned(), json!({}))),
        _ => None,
    }
}

/// The input of a mutation.
pub(super) async fn input(ground: &mut Ground, field: &str) -> Option<Value> {
    let step = |record: &Value| json!({ "id": record["id"], "expectedVersion": record["version"] });
    let with = |record: &Value, name: &str, value: Value| {
        let mut input = step(record);
        input[name] = value;
        input
    };
    Some(match field {
        "positionCreate" => json!({ "content": offer::content(json!({})) }),
        // A table without rows.
        "positionImport" => {
            json!({ "dryRun": false, "file": "cmVmZXJlbmNlLHRpdGxlLGZhbWlseSxraW5kLGRlc2NyaXB0aW9uLHJlcXVpcmVtZW50cyxoZWFkY291bnQscGF5TWluWXVhbixwYXlNYXhZdWFuLHJlZ2lvbkNvZGUsYWRkcmVzcyxlZHVjYXRpb24sYXBwbHlCeQo=" })
        }
        "positionEdit" => with(&ground.have("written position").await, "content", offer::content(json!({}))),
        "positionSubmit" => step(&ground.have("written position").await),
        "positionPublish" => step(&ground.have("submitted position").await),
        "positionReturn" => with(&ground.have("submitted position").await, "reason", json!("请写明地点。")),
        "positionBlock" => with(&ground.have("published position").await, "reason", json!("信息不实。")),
        "positionRevise" => step(&ground.have("blocked position").await),
        "positionExtend" => with(&ground.have("published position").await, "headcount", json!(5)),
        "positionFill" => step(&ground.have("published position").await),
        "positionWithdraw" => with(&ground.have("published position").await, "reason", json!("计划调整。")),
        "organizationQuestionAsk" => ground.question(),
        "organizationQuestionAnswer" => with(&ground.have("question").await, "answer", json!("功能性面料。")),
        "organizationQuestionDecline" => with(&ground.have("question").await, "reason", json!("涉及商业秘密。")),
        "organizationQuestionWithdraw" => step(&ground.have("question").await),
        _ => return None,
    })
}
