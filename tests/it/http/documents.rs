//! Documents that ask for too much, and documents known by their hash.

use std::{fmt::Write, sync::Arc};

use axum::http::StatusCode;
use futures_util::future::{self, BoxFuture, FutureExt};
use hezuo::{error::Result, http::Documents};
use serde_json::json;

use super::site::{GRAPHQL, JSON, ask, post, router, site};

#[tokio::test]
async fn bombs_are_refused_and_nothing_runs() {
    let (router, steps) = router(&[]).await;
    let mut bomb = String::from("mutation{...f0}");
    for at in 0..30 {
        write!(bomb, "fragment f{at} on Mutation{{...f{} ...f{}}}", at + 1, at + 1).unwrap();
    }
    bomb.push_str("fragment f30 on Mutation{step}");
    let mut aliases = String::new();
    for at in 0..1_000 {
        write!(aliases, "a{at}:__typename ").unwrap();
    }
    for (query, message) in [
        (bomb, "Fields at the root: 1073741824, at most 30."),
        (format!("{{{aliases}}}"), "Fields at the root: 1000, at most 30."),
        (format!("{{nested{{{aliases}}}}}"), "Aliases: 1000, at most 100."),
        ("{".repeat(10_000), "Tokens of the document: 10000, at most 8000."),
        ("a".repeat(1_000_000), "Bytes of the document: 1000000, at most 65536."),
        (format!("{}hello{}", "{nested".repeat(21), "}".repeat(21)), "Depth of fields: 22, at most 20."),
    ] {
        let query = if query.contains("hello") { query.replacen("hello", "{hello}", 1) } else { query };
        let answer = ask(&router, GRAPHQL, &query).await;
        assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED"));
        assert_eq!(answer.json()["errors"][0]["message"], message);
    }
    let twice = ask(&router, GRAPHQL, "mutation { step ...f } fragment f on Mutation { step }").await;
    assert_eq!((twice.status(), twice.refusal().as_str()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"));
    assert_eq!(steps.taken(), 0);
}

#[tokio::test]
async fn what_the_limits_allow_is_executed() {
    let (router, _) = router(&[]).await;
    let deep = format!("{}{{hello}}{}", "{nested".repeat(19), "}".repeat(19));
    assert_eq!(ask(&router, GRAPHQL, &deep).await.status(), StatusCode::OK);
    let mut fragments = String::from("{...f0}");
    for at in 0..50 {
        write!(fragments, "fragment f{at} on Query{{...f{}}}", at + 1).unwrap();
    }
    fragments.push_str("fragment f50 on Query{hello}");
    let answer = ask(&router, GRAPHQL, &fragments).await;
    assert_eq!(answer.json()["data"]["hello"], "你好", "{}", answer.body);
}

#[tokio::test]
async fn introspection_is_a_setting() {
    let (open, _) = router(&[]).await;
    assert_eq!(ask(&open, JSON, "{ __schema { types { name } } }").await.json().get("errors"), None);
    let (shut, _) = router(&[("INTROSPECTION", "false")]).await;
    for query in
        ["{ __schema { types { name } } }", "{ hello ...f } fragment f on Query { a: __type(name: \"Q\") { name } }"]
    {
        assert_eq!(ask(&shut, GRAPHQL, query).await.refusal(), "INVALID_INPUT");
    }
    assert_eq!(ask(&shut, GRAPHQL, "{ __typename }").await.status(), StatusCode::OK);
}

/// `{ hello }` is registered.
#[derive(Debug)]
struct Registry {
    only: bool,
}

/// The SHA-256 of `{ hello }`.
const HELLO: &str = "001c3174e099bd72b729d0c0a529ba9f5a740c446e2a6e1d71b283cb84ec3065";
/// The SHA-256 of `{ language }`.
const LANGUAGE: &str = "aff1af717ffe13667f7a350ecf3b351aa1d47fcc1c9a0d3bafe1b991f03e905b";

impl Documents for Registry {
    fn find<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, Result<Option<Arc<str>>>> {
        future::ready(Ok((sha256 == HELLO).then(|| Arc::from("{ hello }")))).boxed()
    }

    fn only(&self) -> bool {
        self.only
    }
}

#[tokio::test]
async fn a_registered_document_is_asked_for_by_its_hash() {
    let router = site(&[]).await.0.documents(Registry { only: false }).router();
    let named = |hash: &str| json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    let answer = post(&router, GRAPHQL, named(HELLO).to_string()).await;
    assert_eq!(answer.json()["data"]["hello"], "你好");
    let answer = post(&router, GRAPHQL, named(LANGUAGE).to_string()).await;
    assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::NOT_FOUND, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(answer.json()["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(post(&router, JSON, named(LANGUAGE).to_string()).await.status(), StatusCode::OK);
    let mut sent = named(LANGUAGE);
    sent["query"] = json!("{ language }");
    assert_eq!(post(&router, GRAPHQL, sent.to_string()).await.json()["data"]["language"], "en");
    sent["query"] = json!("{ hello }");
    assert_eq!(post(&router, GRAPHQL, sent.to_string()).await.refusal(), "INVALID_INPUT");
    // Sending it registers nothing.
    assert_eq!(post(&router, GRAPHQL, named(LANGUAGE).to_string()).await.refusal(), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn a_server_may_run_only_what_is_registered() {
    let router = site(&[]).await.0.documents(Registry { only: true }).router();
    let mut sent = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": HELLO } } });
    assert_eq!(post(&router, GRAPHQL, sent.to_string()).await.status(), StatusCode::OK);
    sent["extensions"]["persistedQuery"]["sha256Hash"] = json!(LANGUAGE);
    sent["query"] = json!("{ language }");
    let answer = post(&router, GRAPHQL, sent.to_string()).await;
    assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::FORBIDDEN, "FORBIDDEN"));
    assert_eq!(ask(&router, GRAPHQL, "{ hello }").await.refusal(), "FORBIDDEN");
}
