//! GraphiQL, health, and the headers of everything.

use std::io::Read;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use hezuo::http::{GraphiqlConfig, Persona};
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;

use super::site::{Answer, router, send, site};

async fn fetch(router: &Router, path: &str) -> Answer {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn graphiql_loads_everything_from_here() {
    let (router, _) = router(&[]).await;
    assert_eq!(fetch(&router, "/").await.header("location"), "/graphiql");
    let page = fetch(&router, "/graphiql").await;
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' \
         data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let names: Vec<&str> = page.body.split('"').filter_map(|text| text.strip_prefix("/graphiql/assets/")).collect();
    assert!(names.contains(&"app.js"), "{names:?}");
    for name in names {
        assert_eq!(fetch(&router, &format!("/graphiql/assets/{name}")).await.status(), StatusCode::OK, "{name}");
    }
    assert_eq!(fetch(&router, "/graphiql/assets/nothing.js").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(fetch(&router, "/graphiql/assets/..%2Findex.html").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn files_are_sent_compressed_to_those_who_can() {
    let (router, _) = router(&[]).await;
    let plain = fetch(&router, "/graphiql/assets/favicon.svg").await;
    assert_eq!((plain.header("content-encoding"), plain.header("content-type")), ("", "image/svg+xml; charset=utf-8"));
    let request = Request::get("/graphiql/assets/favicon.svg").header("accept-encoding", "br, gzip;q=0.5");
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let mut text = String::new();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.body);
    let known = Request::get("/graphiql/assets/favicon.svg").header("if-none-match", plain.header("etag"));
    assert_eq!(send(&router, known.body(Body::empty()).unwrap()).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn graphiql_is_told_whom_to_sign_in_as() {
    let persona = Persona {
        login: "county".into(),
        name: "县管理员".into(),
        role: "COUNTY_ADMIN".into(),
        organization: "Yingshan".into(),
    };
    let config = GraphiqlConfig { personas: vec![persona], password: Some("demo".into()), tabs: Vec::new() };
    let router = site(&[]).await.0.graphiql(&config).router();
    let answer = fetch(&router, "/graphiql/config.json").await;
    assert_eq!(answer.json()["personas"][0]["login"], "county");
    let (router, _) = super::site::router(&[]).await;
    let answer = fetch(&router, "/graphiql/config.json").await;
    assert_eq!(answer.json(), json!({ "personas": [], "password": null, "tabs": [] }));
}

#[tokio::test]
async fn graphiql_is_a_setting() {
    let (router, _) = router(&[("GRAPHIQL", "false")]).await;
    for path in ["/", "/graphiql", "/graphiql/config.json", "/graphiql/assets/app.js"] {
        assert_eq!(fetch(&router, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn health() {
    let (router, _) = router(&[("SECRET", "0123456789abcdefghijklmnopqrstuvwxyz")]).await;
    assert_eq!(fetch(&router, "/health/live").await.status(), StatusCode::OK);
    assert_eq!(fetch(&router, "/health/ready").await.status(), StatusCode::OK);
    assert_eq!(fetch(&router, "/.well-known/jwks.json").await.header("content-type"), "application/jwk-set+json");
}

#[tokio::test]
async fn every_answer_protects_browsers() {
    let (router, _) = router(&[("PUBLIC_URL", "https://hezuo.example")]).await;
    for path in ["/graphql", "/nothing", "/health/live", "/graphiql/config.json"] {
        let answer = fetch(&router, path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'; base-uri 'none'"), "{path}");
    }
}

#[tokio::test]
async fn metrics_are_for_a_listener_of_their_own() {
    let (router, _) = router(&[]).await;
    assert_eq!(fetch(&router, "/metrics").await.status(), StatusCode::NOT_FOUND);
    let page = fetch(&hezuo::http::metrics(), "/metrics").await;
    assert_eq!(page.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    // Other tests count as well.
    assert!(page.body.contains("hezuo_http_requests_total{operation=\"none\",status=\"4xx\"} "));
    assert_eq!(fetch(&hezuo::http::metrics(), "/graphql").await.status(), StatusCode::NOT_FOUND);
}
