//! Documents that frontends register: all of a folder or none, known to every server, and all that a server runs if
//! its settings say so.

use std::{fs, path::PathBuf};

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::registered_document;
use hezuo::{http, platform::event::sha256};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use crate::support::{TestApp, on_both, scratch};

const VERSION: &str = "query Version { version }\n";

fn folder(files: &[(&str, &str)]) -> PathBuf {
    let folder = scratch::fresh("registered");
    for (name, text) in files {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// What a server answers to a body, in short.
async fn asked(app: &TestApp, body: Value) -> Value {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    let (status, body) = app.http(request.body(Body::from(body.to_string())).unwrap()).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    match body["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!([status, code]),
        None => json!([status, body["data"]]),
    }
}

fn named(hash: &str) -> Value {
    json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } })
}

on_both! {
    /// Registered once, run by its hash on every server, in a folder or in a build tool's map.
    async fn a_frontend_names_its_documents(app: TestApp) {
        let other = "query Other {\n  viewer { user { login } }\n}";
        let map = json!({ sha256(other.as_bytes()): other }).to_string();
        let folder = folder(&[("a/version.graphql", VERSION), ("persisted.json", &map), ("notes.txt", "{")]);
        assert_eq!(asked(&app, named(&sha256(VERSION.as_bytes()))).await, json!([200, "PERSISTED_QUERY_NOT_FOUND"]));
        let count = http::register(app.db(), &folder).await.unwrap();
        assert_eq!(count, http::Count { all: 2, new: 2 });
        let again = http::register(app.db(), &folder).await.unwrap();
        assert_eq!(again, http::Count { all: 2, new: 0 });
        let version = json!([200, { "version": env!("CARGO_PKG_VERSION") }]);
        for server in [&app, &app.replica(&[]).await] {
            assert_eq!(asked(server, named(&sha256(VERSION.as_bytes()))).await, version);
            assert_eq!(asked(server, named(&sha256(VERSION.as_bytes()))).await, version);
            assert_eq!(asked(server, named(&sha256(other.as_bytes()))).await, json!([200, "UNAUTHENTICATED"]));
            assert_eq!(asked(server, named(&sha256(b"{ version }"))).await, json!([200, "PERSISTED_QUERY_NOT_FOUND"]));
            assert_eq!(asked(server, json!({ "query": "{ version }" })).await, version);
        }
    }

    /// With the setting, nothing else is run: not as text, not as text with its hash, not to read the schema.
    async fn nothing_else_is_run(app: TestApp) {
        http::register(app.db(), &folder(&[("version.graphql", VERSION)])).await.unwrap();
        let strict = app.replica(&[("registered_documents_only", "true")]).await;
        let mut both = named(&sha256(b"{ version }"));
        both["query"] = json!("{ version }");
        for body in [json!({ "query": "{ version }" }), both, json!({ "query": "{ __schema { types { name } } }" })] {
            assert_eq!(asked(&strict, body).await, json!([200, "FORBIDDEN"]));
        }
        assert_eq!(asked(&strict, named(&sha256(b"{ version }"))).await, json!([200, "PERSISTED_QUERY_NOT_FOUND"]));
        let version = json!([200, { "version": env!("CARGO_PKG_VERSION") }]);
        assert_eq!(asked(&strict, named(&sha256(VERSION.as_bytes()))).await, version);
        let mut both = named(&sha256(VERSION.as_bytes()));
        both["query"] = json!(VERSION);
        assert_eq!(asked(&strict, both).await, version);
    }

    /// Everything that is wrong is said at once, by file and line, and nothing is registered.
    async fn all_or_none(app: TestApp) {
        let bomb = format!("{{ {} }}", (0..200).map(|at| format!("a{at}: version ")).collect::<String>());
        let folder = folder(&[
            ("aliases.graphql", &bomb),
            ("good.graphql", VERSION),
            ("misspelt.graphql", "query A {\n  versoin\n  viewer { nothing }\n}"),
            ("syntax.graphql", "query {\n  version"),
            ("wrong.json", r#"{ "00": "{ version }" }"#),
            ("list.json", "[]"),
        ]);
        let http_problems = http::register(app.db(), &folder).await.unwrap_err().0;
        let places: Vec<&str> = http_problems.iter().map(|said| said.split(' ').next().unwrap()).collect();
        assert_eq!(places, [
            "list.json:", "wrong.json:", "aliases.graphql:", "misspelt.graphql:2:3:", "misspelt.graphql:3:12:",
            "syntax.graphql:2:10:",
        ], "{http_problems:#?}");
        assert_eq!(http_problems[1], "wrong.json: 00 is not the SHA-256 of its document");
        assert_eq!(http_problems[2], "aliases.graphql: Fields at the root: 200, at most 30.");
        assert_eq!(registered_document::Entity::find().count(app.db().reader()).await.unwrap(), 0);
        let empty = scratch::fresh("registered");
        let said = http::register(app.db(), &empty).await.unwrap_err().to_string();
        assert!(said.ends_with("expected .graphql files, or .json maps from hash to text"), "{said}");
    }
}
