//! Notifications: told once, to whoever should know, on every server.

use std::time::Duration;

use async_graphql::Request;
use entity::{
    membership::Role,
    notification::{self, NoticeKind},
};
use futures_util::{StreamExt, future::join_all, stream::BoxStream};
use hezuo::{
    auth::{Job, Permit, RecordRef},
    graphql::Caller,
    identity,
    notifications::{Notice, To, notify},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Persona, TestApp, make, on_both};

const UNREAD: &str = "{ viewer { inbox(filter: { unread: true }) { totalCount nodes { id kind readAt } } } }";

fn notice(recipients: To) -> Notice {
    Notice::new(NoticeKind::RenewalDue, RecordRef { kind: "agreement", id: Uuid::from_u128(7) }, recipients)
}

async fn tell(app: &TestApp, notice: &Notice) -> hezuo::error::Result<()> {
    app.db()
        .write(move |tx| async move { notify(&tx.under(Permit::system(Job::Remind, notice.record)), notice).await })
        .await
}

async fn count(app: &TestApp, persona: &Persona) -> usize {
    let rows = notification::Entity::find().filter(notification::Column::UserId.eq(persona.user));
    rows.all(app.db().reader()).await.unwrap().len()
}

/// What somebody hears from now on.
async fn listen(app: &TestApp, persona: &Persona) -> BoxStream<'static, Value> {
    let actor = identity::caller(app.app(), &persona.token().await).await.unwrap().actor;
    let query = "subscription { notificationReceived { kind recordId agreement { title } organization { name } } }";
    let request = Request::new(query).data(Caller { actor: Some(actor), ..Caller::default() });
    let answers = app.api().execute_stream(request);
    answers.map(|answer| serde_json::to_value(answer).unwrap()["data"]["notificationReceived"].clone()).boxed()
}

/// What is heard until it is quiet.
async fn heard(stream: &mut BoxStream<'static, Value>, quiet: Duration) -> Vec<Value> {
    let mut told = Vec::new();
    while let Ok(Some(value)) = tokio::time::timeout(quiet, stream.next()).await {
        told.push(value);
    }
    told
}

on_both! {
    /// I14: a reminder is never sent twice, also when several servers send it at the same time.
    async fn a_reminder_is_never_sent_twice(app: TestApp) {
        let north = app.university("North").await;
        let (first, second) = (north.admin().await, north.admin().await);
        let roles = &[Role::UniversityAdmin];
        let reminder = &notice(To::Members { organizations: vec![north.key], roles }).once("renewal:7:90");
        let replica = app.replica(&[]).await;
        let servers = [&app, &replica];
        let sent = (0..32).map(|turn| tell(servers[turn % 2], reminder));
        assert!(join_all(sent).await.iter().all(Result::is_ok));
        assert_eq!((count(&app, &first).await, count(&app, &second).await), (1, 1));
        let late = north.admin().await;
        tell(&app, reminder).await.unwrap();
        assert_eq!((count(&app, &first).await, count(&app, &late).await), (1, 1));
    }

    /// An inbox is its owner's; what is read is read.
    async fn an_inbox_is_read(app: TestApp) {
        let north = app.university("North").await;
        let (own, other) = (north.admin().await, north.admin().await);
        for _ in 0..3 {
            tell(&app, &notice(To::People(vec![own.user]))).await.unwrap();
            app.passes(chrono::TimeDelta::minutes(1));
        }
        let unread = own.gql(UNREAD, json!({})).await;
        assert_eq!(unread.at("/viewer/inbox/totalCount"), 3);
        assert_eq!(unread.at("/viewer/inbox/nodes/0/kind"), "RENEWAL_DUE");
        other.gql(UNREAD, json!({})).await.is(json!({ "viewer": { "inbox": { "totalCount": 0, "nodes": [] } } }));
        let (newest, oldest) = (unread.text("/viewer/inbox/nodes/0/id"), unread.text("/viewer/inbox/nodes/2/id"));
        assert!(newest > oldest);
        let read = json!({ "ids": [newest] });
        other.does("notificationMarkRead", read.clone(), "marked").await.refused(&["NOT_FOUND"]);
        app.does("notificationMarkRead", read.clone(), "marked").await.refused(&["UNAUTHENTICATED"]);
        let none = json!({ "ids": [] });
        own.does("notificationMarkRead", none, "marked").await.complains(&["INVALID_INPUT input.ids"]);
        let once = json!({ "marked": 1, "unread": 2 });
        own.does("notificationMarkRead", read.clone(), "marked unread").await.results_in(once);
        own.does("notificationMarkRead", read, "marked unread").await.results_in(json!({ "marked": 0, "unread": 2 }));
        let node = "query($id: ID!) { node(id: $id) { id } }";
        other.gql(node, json!({ "id": oldest })).await.is(json!({ "node": null }));
        own.gql(node, json!({ "id": oldest })).await.is(json!({ "node": { "id": oldest } }));
        let until = json!({ "until": "2026-03-02T01:00:00Z" });
        own.does("notificationMarkAllRead", until, "marked unread").await.results_in(json!({ "marked": 1, "unread": 1 }));
    }

    /// A listener hears what this server and another one commit, each once, and nobody else's.
    async fn notifications_are_heard_as_they_come(app: TestApp) {
        let (north, yingshan) = (app.university("North").await.admin().await, app.county("511322").await.admin().await);
        let agreement = make::submitted(&[&north, &yingshan], json!({})).await;
        let record = hezuo::platform::id::read(&agreement.id).map(|(_, id)| RecordRef { kind: "agreement", id }).unwrap();
        let (mut ours, mut theirs) = (listen(&app, &north).await, listen(&app, &yingshan).await);
        let quiet = Duration::from_millis(500);
        assert!(heard(&mut ours, quiet).await.is_empty());
        assert!(heard(&mut theirs, quiet).await.is_empty());
        let organizations = vec![north.organization.key];
        let to = To::Members { organizations, roles: &[Role::UniversityAdmin] };
        let told = Notice { record, ..notice(to) };
        tell(&app, &told).await.unwrap();
        let expected = json!({ "kind": "RENEWAL_DUE", "recordId": agreement.id,
            "agreement": { "title": "Framework agreement" }, "organization": { "name": "North" } });
        assert_eq!(heard(&mut ours, quiet).await, std::slice::from_ref(&expected));
        let replica = app.replica(&[]).await;
        for _ in 0..3 {
            tell(&replica, &told).await.unwrap();
        }
        assert_eq!(heard(&mut ours, Duration::from_secs(4)).await, vec![expected; 3]);
        assert!(heard(&mut theirs, quiet).await.is_empty());
    }
}
