//! Traces reach a collector: the request under the caller's span, named after its operation, with nobody's data in it.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, routing::post};
use serde_json::{Value, json};

use crate::{cli::Server, support::scratch};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// A collector, and what it was sent.
async fn collector() -> (String, Arc<Mutex<Vec<Value>>>) {
    let received: Arc<Mutex<Vec<Value>>> = Arc::default();
    let keep = received.clone();
    let take = move |body: Bytes| {
        let sent = serde_json::from_slice(&body).unwrap();
        keep.lock().unwrap().push(sent);
        async { "{}" }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
    (address, received)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_of_the_caller_s_trace() {
    let (address, received) = collector().await;
    let folder = scratch::fresh("traces");
    let mut server = Server::start(&[("data_dir", folder.to_str().unwrap()), ("otlp_endpoint", &address)], &["serve"]);
    let query = "query Codes($code: String!) { validateCreditCode(code: $code) { valid } viewer { user { login } } }";
    let body = json!({ "query": query, "variables": { "code": "91511322MADEMT002D" } });
    let response = reqwest::Client::new()
        .post(format!("http://{}/graphql", server.address()))
        .header("content-type", "application/json")
        .header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"))
        .body(body.to_string());
    assert_eq!(response.send().await.unwrap().status(), 200);
    // Stopping sends what is left.
    let (code, _, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    let sent = json!(*received.lock().unwrap());
    let mut spans = Vec::new();
    for scope in
        sent.as_array().unwrap().iter().flat_map(|sent| sent["resourceSpans"][0]["scopeSpans"].as_array().unwrap())
    {
        spans.extend(scope["spans"].as_array().unwrap().clone());
    }
    let named = |name: &str| spans.iter().find(|span| span["name"] == name).unwrap_or_else(|| panic!("{spans:#?}"));
    let (request, operation) = (named("POST /graphql"), named("query Codes"));
    assert_eq!((&request["traceId"], &request["parentSpanId"]), (&json!(TRACE), &json!("00f067aa0ba902b7")));
    assert_eq!((&operation["traceId"], &operation["parentSpanId"]), (&json!(TRACE), &request["spanId"]));
    let attributes = request["attributes"].to_string();
    for attribute in ["http.response.status_code", "http.request.method", "request.id"] {
        assert!(attributes.contains(attribute), "{attributes}");
    }
    for secret in ["91511322MADEMT002D", "displayName", "validateCreditCode"] {
        assert!(!sent.to_string().contains(secret), "{sent}");
    }
}
