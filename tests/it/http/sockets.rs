//! The protocol graphql-transport-ws.

use std::time::Duration;

use futures_util::SinkExt;
use hezuo::http::Times;
use serde_json::json;
use tokio_tungstenite::tungstenite::{self, Message};

use super::{
    net::Server,
    site::{ask, site},
};

async fn server() -> Server {
    Server::start(site(&[]).await.0).await
}

/// What [`Socket::closed`](super::net::Socket::closed) gives for this close.
#[expect(clippy::unnecessary_wraps, reason = "as it is compared")]
fn closed(code: u16, reason: &str) -> Option<(u16, String)> {
    Some((code, reason.to_owned()))
}

#[tokio::test]
async fn queries_mutations_and_subscriptions() {
    let server = server().await;
    let mut socket = server.greeted().await;
    socket.subscribe("1", "{ hello }").await;
    let next = socket.hear().await;
    assert_eq!(
        (&next["id"], &next["type"], &next["payload"]["data"]),
        (&json!("1"), &json!("next"), &json!({ "hello": "你好" }))
    );
    assert_eq!(socket.hear().await, json!({ "id": "1", "type": "complete" }));
    socket.subscribe("1", "mutation { step }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["step"], 1);
    assert_eq!(socket.hear().await["type"], "complete");
    socket.subscribe("数", "subscription { count(to: 3) }").await;
    for count in 1..=3 {
        assert_eq!(
            socket.hear().await,
            json!({ "id": "数", "type": "next", "payload": { "data": { "count": count } } })
        );
    }
    assert_eq!(socket.hear().await, json!({ "id": "数", "type": "complete" }));
}

#[tokio::test]
async fn what_is_refused_is_an_error_and_what_fails_is_a_result() {
    let server = server().await;
    let mut socket = server.greeted().await;
    for query in ["{", "{ nothing }", "subscription { count(to: 1) never }", "mutation { step step }"] {
        socket.subscribe("a", query).await;
        let error = socket.hear().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("a")), "{query}");
        assert_eq!(error["payload"][0]["extensions"]["code"], "INVALID_INPUT");
    }
    socket.subscribe("a", "{ hello broken }").await;
    let next = socket.hear().await;
    assert_eq!(next["payload"]["data"]["hello"], "你好");
    assert_eq!(next["payload"]["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(socket.hear().await["type"], "complete");
    socket.subscribe("a", "{ panics }").await;
    let error = socket.hear().await;
    assert_eq!((&error["type"], &error["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("INTERNAL")));
    socket.subscribe("a", "{ hello }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["hello"], "你好");
}

#[tokio::test]
async fn a_greeting_comes_first_and_once() {
    let server = server().await;
    let mut socket = server.socket().await;
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.closed().await, closed(4401, "Unauthorized"));
    let mut socket = server.greeted().await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await, closed(4429, "Too many initialisation requests"));
    let times = Times { greeting: Duration::from_millis(50), ..Times::default() };
    let hasty = Server::start(site(&[]).await.0.times(times)).await;
    assert_eq!(hasty.socket().await.closed().await, closed(4408, "Connection initialisation timeout"));
}

#[tokio::test]
async fn a_bad_token_is_forbidden() {
    let server = server().await;
    for (name, value) in
        [("Authorization", json!("Bearer nonsense")), ("aUTHORIZATION", json!("")), ("authorization", json!(1))]
    {
        let mut socket = server.socket().await;
        socket.say(json!({ "type": "connection_init", "payload": { name: value } })).await;
        assert_eq!(socket.closed().await, closed(4403, "Forbidden"));
    }
    let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", "Bearer nonsense")];
    let mut socket = server.try_socket(&headers).await.unwrap();
    socket.say(json!({ "type": "connection_init", "payload": null })).await;
    assert_eq!(socket.closed().await, closed(4403, "Forbidden"));
}

#[tokio::test]
async fn the_greeting_says_the_language() {
    let server = server().await;
    let mut socket = server.socket().await;
    socket.say(json!({ "type": "connection_init", "payload": { "Accept-Language": "zh-CN" } })).await;
    socket.hear().await;
    socket.subscribe("1", "{ language }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["language"], "zh");
}

#[tokio::test]
async fn what_the_protocol_does_not_know_closes_the_socket() {
    let server = server().await;
    for (text, reason) in [
        ("", "Invalid message"),
        ("[]", "Invalid message"),
        ("{}", "Invalid message"),
        (r#"{"type":"start","id":"1"}"#, "Invalid message: unknown type"),
        (r#"{"type":"ping","payload":1}"#, "Invalid message: payload must be an object"),
        (r#"{"type":"subscribe","id":"1"}"#, "Invalid message: payload is missing"),
        (r#"{"type":"subscribe","payload":{"query":"{hello}"}}"#, "Invalid message: id must be a short string"),
        (r#"{"type":"subscribe","id":"","payload":{"query":"{hello}"}}"#, "Invalid message: id must be a short string"),
        (r#"{"type":"complete","id":1}"#, "Invalid message"),
        (
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            "Invalid message: the payload is not a GraphQL request",
        ),
    ] {
        let mut socket = server.greeted().await;
        socket.0.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.closed().await, closed(4400, reason), "{text}");
    }
    let mut socket = server.greeted().await;
    socket.0.send(Message::binary(b"{}".to_vec())).await.unwrap();
    assert_eq!(socket.closed().await, closed(4400, "Invalid message: text is expected"));
    let mut socket = server.greeted().await;
    socket.0.send(Message::text("x".repeat((1 << 20) + 1))).await.unwrap();
    assert_eq!(socket.closed().await, closed(1009, "Message too big"));
}

#[tokio::test]
async fn an_id_is_used_once_at_a_time() {
    let server = server().await;
    let mut socket = server.greeted().await;
    socket.subscribe("one", "subscription { never }").await;
    socket.subscribe("one", "{ hello }").await;
    assert_eq!(socket.closed().await, closed(4409, "Subscriber for one already exists"));
    let mut socket = server.greeted().await;
    let long = "x".repeat(200);
    socket.subscribe(&long, "subscription { never }").await;
    socket.subscribe(&long, "{ hello }").await;
    assert_eq!(socket.closed().await, closed(4409, "Subscriber already exists"));
}

#[tokio::test]
async fn what_was_stopped_says_nothing_more() {
    let server = server().await;
    let mut socket = server.greeted().await;
    for _ in 0..20 {
        socket.subscribe("beats", "subscription { count(to: 1000000) }").await;
        assert_eq!(socket.hear().await["payload"]["data"]["count"], 1);
        socket.say(json!({ "type": "complete", "id": "beats" })).await;
        // What is still on its way belongs to the first; nothing of it may come after the answer to the ping.
        socket.say(json!({ "type": "ping" })).await;
        while socket.hear().await["type"] != "pong" {}
    }
    socket.say(json!({ "type": "complete", "id": "unknown" })).await;
    socket.subscribe("beats", "{ hello }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["hello"], "你好");
}

#[tokio::test]
async fn pings_are_answered() {
    let server = server().await;
    let mut socket = server.socket().await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket.say(json!({ "type": "ping", "payload": { "a": [1] } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong", "payload": { "a": [1] } }));
    socket.say(json!({ "type": "pong" })).await;
    socket.0.send(Message::Ping(b"frame".to_vec().into())).await.unwrap();
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
}

#[tokio::test]
async fn fifty_operations_a_socket() {
    let server = server().await;
    let mut socket = server.greeted().await;
    for at in 0..50 {
        socket.subscribe(&at.to_string(), "subscription { never }").await;
    }
    socket.subscribe("50", "{ hello }").await;
    let error = socket.hear().await;
    assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("50")));
    assert_eq!(error["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
    socket.say(json!({ "type": "complete", "id": "7" })).await;
    socket.subscribe("50", "{ hello }").await;
    assert_eq!(socket.hear().await["type"], "next");
}

#[tokio::test]
async fn only_our_pages_and_those_with_leave_connect() {
    let server = Server::start(site(&[("ALLOWED_ORIGINS", "https://a.example")]).await.0).await;
    let own = format!("http://{}", server.address);
    let with = |origin| [("sec-websocket-protocol", "graphql-transport-ws"), ("origin", origin)];
    for origin in ["https://a.example", "http://localhost:8080", &own] {
        assert!(server.try_socket(&with(origin)).await.is_ok(), "{origin}");
    }
    for origin in ["https://evil.example", "null"] {
        match server.try_socket(&with(origin)).await {
            Err(tungstenite::Error::Http(response)) => assert_eq!(response.status(), 403),
            other => panic!("{origin}: {:?}", other.err()),
        }
    }
}

#[tokio::test]
async fn another_protocol_is_not_spoken() {
    let server = server().await;
    let mut socket = server.try_socket(&[]).await.unwrap();
    assert_eq!(socket.closed().await, closed(4406, "Subprotocol not acceptable"));
    let router = site(&[]).await.0.router();
    assert_eq!(ask(&router, "*/*", "{ hello }").await.status(), 200);
}

#[tokio::test]
async fn a_slow_reader_is_dropped_and_hurts_nobody() {
    let times = Times { reading: Duration::from_millis(200), ..Times::default() };
    let server = Server::start(site(&[]).await.0.times(times)).await;
    let mut slow = server.greeted().await;
    slow.subscribe("1", "subscription { flood }").await;
    let mut other = server.greeted().await;
    other.subscribe("1", "subscription { beats }").await;
    for beat in 0..40 {
        assert_eq!(other.hear().await["payload"]["data"]["beats"], beat);
    }
    // Meanwhile the other was not read at all: the line is cut, without a farewell.
    assert_eq!(slow.closed().await, None);
    other.subscribe("2", "{ hello }").await;
    while other.hear().await["id"] != "2" {}
}

#[tokio::test]
async fn a_client_that_gives_no_sign_of_life_is_dropped() {
    let times = Times { heartbeat: Duration::from_millis(300), ..Times::default() };
    let server = Server::start(site(&[]).await.0.times(times)).await;
    let mut socket = server.greeted().await;
    // Nothing is read, so no ping is answered.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.closed().await, None);
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let (site, steps) = site(&[]).await;
    let mut server = Server::start(site).await;
    let mut socket = server.greeted().await;
    socket.subscribe("1", "subscription { never }").await;
    let mut quiet = server.socket().await;
    server.stop();
    assert_eq!(socket.closed().await, closed(1001, "Going away"));
    assert_eq!(quiet.closed().await, closed(1001, "Going away"));
    drop((socket, quiet));
    server.running.await.unwrap();
    assert_eq!(steps.taken(), 0);
}
