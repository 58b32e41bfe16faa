//! Talent pipelines: positions, and what enterprises are asked.

mod positions;
mod questions;

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::Value;

use crate::support::{Persona, TestApp};

/// An access token for a new IT system of somebody's organization.
async fn machine(app: &TestApp, by: &Persona, scopes: &[&str]) -> String {
    let input = serde_json::json!({ "name": "招聘系统", "scopes": scopes });
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
        person.does("notificationMarkRead", serde_json::json!({ "ids": ids }), "marked").await.result();
    }
    nodes.iter().rev().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}
