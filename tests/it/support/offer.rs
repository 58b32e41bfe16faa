//! Positions at every stage, made through the API by an enterprise and its county.
//!
//! `changes` are put over the content: `json!({ "title": "会计", "family": "ACCOUNTING" })`.

use serde_json::{Value, json};

use super::{Persona, make::put_over};

/// What a position says: an engineer of development in Yingshan, until the end of April 2026.
pub(crate) fn content(changes: Value) -> Value {
    let mut content = json!({
        "title": "研发工程师",
        "family": "RESEARCH_AND_DEVELOPMENT",
        "kind": "EMPLOYMENT",
        "description": "负责功能性面料的工艺研发。",
        "requirements": "熟悉纺织工艺，男女不限。",
        "headcount": 3,
        "payMin": "600000",
        "payMax": "900000",
        "regionCode": "511322",
        "address": "营山经济开发区一号路 1 号",
        "education": "BACHELOR",
        "applyBy": "2026-04-30",
        "majors": ["081601"],
        "skills": [{ "name": "SolidWorks", "kind": "SOFTWARE", "level": "PROFICIENT", "required": true }],
    });
    put_over(&mut content, changes);
    content
}

/// A draft; its id.
pub(crate) async fn written(by: &Persona, changes: Value) -> String {
    let input = json!({ "content": content(changes) });
    by.does("positionCreate", input, "id").await.result()["id"].as_str().unwrap().to_owned()
}

/// With the county; its id.
pub(crate) async fn submitted(by: &Persona, changes: Value) -> String {
    let id = written(by, changes).await;
    let submit = json!({ "id": id, "expectedVersion": 1 });
    by.does("positionSubmit", submit, "status").await.results_in(json!({ "status": "UNDER_REVIEW" }));
    id
}

/// Seen by everybody, at version 3; its id.
pub(crate) async fn published(by: &Persona, county: &Persona, changes: Value) -> String {
    let id = submitted(by, changes).await;
    let publish = json!({ "id": id, "expectedVersion": 2 });
    county
        .does("positionPublish", publish, "status version")
        .await
        .results_in(json!({ "status": "PUBLISHED", "version": 3 }));
    id
}
