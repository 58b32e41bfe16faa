//! What a token opens, and how it closes.

use chrono::TimeDelta;
use entity::membership::Role;
use futures_util::SinkExt;
use hezuo::{
    app::App,
    http::Site,
    identity::{
        self, NewPerson,
        sessions::{self, SessionCreateInput, Tokens},
    },
    platform::clock::Clock,
};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{
    net::{Server, Socket},
    site::{GRAPHQL, get, site_at},
};

const PASSWORD: &str = "correct horse battery";

/// A server by a clock that stands still, and somebody who signed in on it.
async fn signed_in() -> (Site, App, Tokens) {
    let settings = [("SECRET", "0123456789abcdefghijklmnopqrstuvwxyz"), ("PASSWORD_MEMORY_KIB", "8")];
    let clock = Clock::scripted("2026-11-22T08:00:00Z".parse().unwrap());
    let (site, _, app) = site_at(&settings, clock).await;
    let organization = identity::found_platform(&app, "Platform", "12511322DEMW0003XX").await.unwrap();
    let person = NewPerson {
        organization,
        role: Role::PlatformAdmin,
        login: "root".to_owned(),
        display_name: "Root".to_owned(),
        password: PASSWORD.to_owned(),
    };
    identity::set_up_person(&app, &person).await.unwrap();
    let input = SessionCreateInput {
        login: "root".to_owned(),
        password: PASSWORD.to_owned(),
        membership_id: None,
        client: None,
    };
    let tokens = sessions::create(&app, "192.0.2.1", &input).await.unwrap();
    (site, app, tokens)
}

fn header(tokens: &Tokens) -> String {
    format!("Bearer {}", tokens.access_token)
}

fn later(app: &App, minutes: i64) {
    let clock = app.db().clock();
    clock.set(clock.now() + TimeDelta::minutes(minutes));
}

async fn greeted(server: &Server, tokens: &Tokens) -> Socket {
    let mut socket = server.socket().await;
    socket.say(json!({ "type": "connection_init", "payload": { "authorization": header(tokens) } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
    socket.subscribe("1", "{ signedIn }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["signedIn"], true);
    assert_eq!(socket.hear().await["type"], "complete");
    socket
}

#[tokio::test]
async fn a_token_is_good_for_ten_minutes() {
    let (site, app, tokens) = signed_in().await;
    let router = site.router();
    let token = header(&tokens);
    let ask = async || get(&router, "{ signedIn }", &[("authorization", &token), ("accept", GRAPHQL)]).await;
    assert_eq!(ask().await.json()["data"]["signedIn"], true);
    later(&app, 11);
    assert_eq!(ask().await.refusal(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_socket_ends_with_its_token() {
    let (site, app, tokens) = signed_in().await;
    let server = Server::start(site).await;
    let mut socket = greeted(&server, &tokens).await;
    let mut nobody = server.greeted().await;
    socket.subscribe("2", "subscription { never }").await;
    later(&app, 11);
    assert_eq!(socket.closed().await, Some((4403, "Forbidden".to_owned())));
    nobody.subscribe("1", "{ hello }").await;
    assert_eq!(nobody.hear().await["payload"]["data"]["hello"], "你好");
}

#[tokio::test]
async fn a_socket_ends_with_its_session() {
    let (site, app, tokens) = signed_in().await;
    let server = Server::start(site).await;
    let mut socket = greeted(&server, &tokens).await;
    socket.subscribe("2", "subscription { beats }").await;
    assert_eq!(socket.hear().await["type"], "next");
    sessions::end(&app, &tokens.signed_in.actor).await.unwrap();
    assert_eq!(socket.closed().await, Some((4403, "Forbidden".to_owned())));
}

#[tokio::test]
async fn a_socket_may_bring_its_token_in_the_request() {
    let (site, _, tokens) = signed_in().await;
    let server = Server::start(site).await;
    let token = header(&tokens);
    let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", &*token)];
    let mut socket = server.try_socket(&headers).await.unwrap();
    socket.0.send(Message::text(r#"{"type":"connection_init"}"#)).await.unwrap();
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket.subscribe("1", "{ signedIn }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["signedIn"], true);
}

#[tokio::test]
async fn events_end_with_their_token() {
    let (site, app, tokens) = signed_in().await;
    let router = site.router();
    let token = header(&tokens);
    let headers = [("authorization", &*token), ("accept", "text/event-stream")];
    let reading = get(&router, "subscription { never }", &headers);
    let (answer, ()) = tokio::join!(reading, async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        later(&app, 11);
    });
    assert!(answer.body.starts_with("event: next\ndata: {\"errors\":["), "{}", answer.body);
    assert!(answer.body.contains("\"UNAUTHENTICATED\""), "{}", answer.body);
    assert!(answer.body.ends_with("event: complete\ndata:\n\n"), "{}", answer.body);
}
