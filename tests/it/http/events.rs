//! Server-sent events, and the end of the server for ordinary requests.

use std::time::Duration;

use axum::http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    net::Server,
    site::{GRAPHQL, JSON, ask, get, router, site},
};

const EVENTS: &str = "text/event-stream";

#[tokio::test]
async fn a_subscription_is_a_stream_of_events() {
    let (router, _) = router(&[]).await;
    for accept in [EVENTS, "application/graphql-response+json, application/json, text/event-stream"] {
        let answer = ask(&router, accept, "subscription { count(to: 2) }").await;
        assert_eq!(answer.header("content-type"), "text/event-stream; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            answer.body,
            "event: next\ndata: {\"data\":{\"count\":1}}\n\nevent: next\ndata: {\"data\":{\"count\":2}}\n\n\
             event: complete\ndata:\n\n"
        );
    }
    let answer = get(&router, "subscription { count(to: 1) }", &[("accept", EVENTS)]).await;
    assert!(answer.body.ends_with("event: complete\ndata:\n\n"));
}

#[tokio::test]
async fn anything_else_is_a_stream_of_one() {
    let (router, steps) = router(&[]).await;
    let answer = ask(&router, EVENTS, "{ hello }").await;
    assert!(answer.body.starts_with("event: next\ndata: {\"data\":{\"hello\":\"你好\"},"), "{}", answer.body);
    assert_eq!(answer.body.matches("event: ").count(), 2);
    ask(&router, EVENTS, "mutation { step }").await;
    assert_eq!(steps.taken(), 1);
    let answer = ask(&router, EVENTS, "{ nothing }").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.body.starts_with("event: next\ndata: {\"errors\":["), "{}", answer.body);
    assert!(answer.body.ends_with("\n\nevent: complete\ndata:\n\n"));
}

#[tokio::test]
async fn a_subscription_needs_a_form_for_many_results() {
    let (router, _) = router(&[]).await;
    for form in [JSON, GRAPHQL] {
        assert_eq!(ask(&router, form, "subscription { count(to: 1) }").await.refusal(), "INVALID_INPUT");
    }
    let answer = ask(&router, "application/json, text/event-stream", "{ hello }").await;
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_when_the_server_stops() {
    let mut server = Server::start(site(&[("REQUEST_TIMEOUT_SECONDS", "1")]).await.0).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let body = r#"{"query":"{ slow }"}"#;
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\naccept: application/graphql-response+json\r\n";
    let rest = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(format!("{head}{rest}").as_bytes()).await.unwrap();
    let mut events = TcpStream::connect(server.address).await.unwrap();
    let query = "query=subscription%7Bnever%7D";
    let request = format!("GET /graphql?{query} HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n\r\n");
    events.write_all(request.as_bytes()).await.unwrap();
    let idle = TcpStream::connect(server.address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.stop();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 504"), "{answer}");
    let mut answer = String::new();
    events.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.running.await.unwrap();
    drop(idle);
}
