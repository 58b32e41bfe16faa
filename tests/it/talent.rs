//! Talent pipelines.

mod applications;
mod applying;
mod check_in;
mod consents;
mod employment;
mod events;
mod exhibitors;
mod files;
mod funnel;
mod importing;
mod interviews;
mod market;
mod negotiations;
mod offers;
mod positions;
mod questions;
mod registrations;
mod resumes;
mod roster;
mod searching;
mod student_data;
mod suggestions;

use axum::{
    body::Body,
    http::{Request, header},
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{Organization, Persona, TestApp};

/// What a student writes.
fn content() -> Value {
    json!({
        "headline": "质量管理工程应届生", "summary": "熟悉统计过程控制。",
        "education": [{ "school": "北方理工大学", "major": "120703T", "level": "BACHELOR", "from": "2022-09", "to": "2026-06" }],
        "skills": [{ "name": "SolidWorks", "kind": "SOFTWARE", "level": "PROFICIENT", "evidence": "毕业设计：夹具。" }],
        "experiences": [{ "organization": "某机械厂", "role": "质检实习生", "from": "2025-07", "to": "2025-08", "text": "三坐标测量。" }],
        "certificates": [{ "name": "内审员", "issued": "2025-06" }],
        "languages": [{ "name": "英语", "level": "CET-6" }],
        "wishes": { "families": ["质量管理"], "places": ["营山"], "pay": "面议" },
    })
}

/// The student's first résumé: its id.
async fn save(student: &Persona) -> String {
    let input = json!({ "content": content(), "contact": { "phone": "138 0013 8000", "email": "li@north.example" } });
    student.does("resumeSave", input, "id").await.result()["id"].as_str().unwrap().to_owned()
}

/// What a student says to consent, until the end of the year.
fn consent(enterprise: &Organization, categories: &[&str]) -> Value {
    json!({ "organizationId": enterprise.id(), "purpose": "RECRUITMENT", "categories": categories, "expiresOn": "2026-12-31",
        "noticeVersion": 1 })
}

/// Consents; the consent's id.
async fn give(student: &Persona, enterprise: &Organization, categories: &[&str]) -> String {
    let given = student.does("shareConsentGive", consent(enterprise, categories), "id").await;
    given.result()["id"].as_str().unwrap().to_owned()
}

async fn withdraw(student: &Persona, consent: &str) {
    let answer = student.does("shareConsentWithdraw", json!({ "id": consent }), "status").await;
    answer.results_in(json!({ "status": "WITHDRAWN" }));
}

/// What the student is told was read, the oldest first: who, what, how.
async fn log(student: &Persona) -> Vec<Value> {
    let query = "{ resumeAccesses(first: 100) { nodes { organization { name } category channel } } }";
    let answer = student.gql(query, json!({})).await;
    let mut reads = answer.at("/resumeAccesses/nodes").as_array().unwrap().clone();
    reads.reverse();
    reads
}

/// A line of the log.
fn read(enterprise: &str, category: &str, channel: &str) -> Value {
    json!({ "organization": { "name": enterprise }, "category": category, "channel": channel })
}

/// What no request can do to the database.
async fn run(app: &TestApp, statement: &str) {
    app.db().writer().execute_unprepared(statement).await.unwrap();
}

/// An access token for a new IT system of somebody's organization.
async fn machine(app: &TestApp, by: &Persona, scopes: &[&str]) -> String {
    let input = json!({ "name": "招聘系统", "scopes": scopes });
    let made = by.does("serviceAccountCreate", input, "secret serviceAccount { id }").await;
    let made = made.result();
    let (id, secret) = (made["serviceAccount"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let request = Request::post("/oauth/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, body) = app.http(request.body(Body::from(form)).unwrap()).await;
    assert_eq!(status, 200);
    serde_json::from_slice::<Value>(&body).unwrap()["access_token"].as_str().unwrap().to_owned()
}

/// The kinds of what is unread, the oldest first; everything is read after it.
async fn told(person: &Persona) -> Vec<String> {
    let query = "{ viewer { inbox(first: 100, filter: { unread: true }) { nodes { id kind } } } }";
    let answer = person.gql(query, Value::default()).await;
    let nodes = answer.at("/viewer/inbox/nodes").as_array().unwrap().clone();
    let ids: Vec<&Value> = nodes.iter().map(|node| &node["id"]).collect();
    if !ids.is_empty() {
        person.does("notificationMarkRead", json!({ "ids": ids }), "marked").await.result();
    }
    nodes.iter().rev().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}
