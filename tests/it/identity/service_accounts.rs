//! IT systems that act for an organization: by a secret of their own, within their scopes, until they are revoked.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use entity::{service_account::Scope, session};
use hezuo::auth::scope;
use sea_orm::{EntityTrait as _, Iterable as _, PaginatorTrait as _};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Persona, TestApp, make, on_both, sdl};

const FORM: &str = "application/x-www-form-urlencoded";

/// A new account of the person's organization: its id, secret and version.
async fn created(admin: &Persona, scopes: &[&str]) -> (String, String) {
    let input = json!({ "name": "县政务数据平台", "scopes": scopes });
    let made = admin.does("serviceAccountCreate", input, "secret serviceAccount { id }").await.result().clone();
    (made["serviceAccount"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

async fn ask(app: &TestApp, request: axum::http::request::Builder, form: String) -> (u16, Value) {
    let (status, body) = app.http(request.body(Body::from(form)).unwrap()).await;
    (status, serde_json::from_slice(&body).unwrap())
}

async fn form(app: &TestApp, form: String) -> (u16, Value) {
    ask(app, Request::post("/oauth/token").header(header::CONTENT_TYPE, FORM), form).await
}

/// A token for this id and secret.
async fn token(app: &TestApp, (id, secret): &(String, String)) -> (u16, Value) {
    form(app, format!("grant_type=client_credentials&client_id={id}&client_secret={secret}")).await
}

async fn granted(app: &TestApp, account: &(String, String)) -> String {
    let (status, body) = token(app, account).await;
    assert_eq!(status, 200, "{body}");
    body["access_token"].as_str().unwrap().to_owned()
}

/// What a scope opens is in the schema, and nothing that commits an organization is opened by any.
#[test]
fn scopes_open_what_there_is() {
    let roots: BTreeSet<&str> = sdl::ROOTS.into_iter().flat_map(sdl::fields).map(|field| field.name.as_str()).collect();
    for one in Scope::iter() {
        for field in scope::fields(one) {
            assert!(roots.contains(field), "{one:?}: there is no {field}");
            for commits in ["Approve", "Sign", "Confirm", "Vote", "Reject", "Return", "Accept", "Terminate", "Propose"]
            {
                assert!(!field.ends_with(commits) || *field == "documentConfirm", "{one:?} opens {field}");
            }
        }
        for view in scope::views(one) {
            assert!(sdl::types().contains_key(*view), "{one:?}: there is no {view}");
        }
    }
}

on_both! {
    /// It sees what its organization's admin sees, cut to its scopes: nested and by `node` too.
    async fn it_sees_what_its_scopes_show(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({})).await;
        let account = created(&sides.county, &["AGREEMENTS_READ"]).await;
        let token = granted(&app, &account).await;
        let query = "{ agreements { nodes { number parties { capacity organization { name } } history { totalCount } } } }";
        let party = |capacity: &str| json!({ "capacity": capacity, "organization": null });
        app.gql_as(&token, query, json!({})).await.is(json!({ "agreements": { "nodes": [{
            "number": "XY-511322-2026-0001", "parties": [party("甲方"), party("乙方"), party("丙方")],
            "history": { "totalCount": 0 },
        }] } }));
        let node = "query($id: ID!) { node(id: $id) { id } }";
        app.gql_as(&token, node, json!({ "id": agreement.id })).await.is(json!({ "node": { "id": agreement.id } }));
        app.gql_as(&token, node, json!({ "id": sides.alpha.id() })).await.is(json!({ "node": null }));
        for closed in ["{ organizations { totalCount } }", "{ users { totalCount } }", "{ serviceAccounts { totalCount } }"] {
            assert_eq!(app.gql_as(&token, closed, json!({})).await.codes(), ["FORBIDDEN"], "{closed}");
        }
        let viewer = "{ viewer { user { login } membership { role } memberships { totalCount } inbox { totalCount } } }";
        app.gql_as(&token, viewer, json!({})).await.is(json!({ "viewer": {
            "user": null, "membership": null, "memberships": { "totalCount": 0 }, "inbox": { "totalCount": 0 },
        } }));
        let all = created(&sides.county, &["AGREEMENTS_READ", "ORGANIZATIONS_READ", "TRAIL_READ"]).await;
        let answer = app.gql_as(&granted(&app, &all).await, query, json!({})).await;
        assert_eq!(answer.at("/agreements/nodes/0/parties/0/organization/name"), "North");
        assert_eq!(answer.at("/agreements/nodes/0/history/totalCount"), &agreement.read("history { totalCount }").await["history"]["totalCount"]);
        // Another organization's account sees that organization's.
        let stranger = app.county("511324").await.admin().await;
        let account = created(&stranger, &["AGREEMENTS_READ"]).await;
        let counted = app.gql_as(&granted(&app, &account).await, "{ agreements { totalCount } }", json!({})).await;
        counted.is(json!({ "agreements": { "totalCount": 0 } }));
    }

    /// It reports what machines may report, under its own name in the trail; it commits its organization to nothing.
    async fn it_does_what_its_scopes_open(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({})).await;
        let account = created(&sides.county, &["AGREEMENTS_READ", "AGREEMENTS_WRITE"]).await;
        let token = granted(&app, &account).await;
        let input = json!({ "agreementId": agreement.id, "title": "接收实习生", "responsibleId": sides.alpha.id(),
            "dueOn": "2026-06-30", "idempotencyKey": "a-1" });
        let (query, variables) = TestApp::mutation("cooperationItemCreate", &input, "id");
        let item = app.gql_as(&token, &query, variables).await.result()["id"].clone();
        let history = "query($id: ID!) { cooperationItem(id: $id) { history { nodes { kind role } } } }";
        let told = sides.county.gql(history, json!({ "id": item })).await;
        let expected = json!({ "kind": "CooperationItemCreated", "role": "SERVICE_ACCOUNT" });
        assert_eq!(told.at("/cooperationItem/history/nodes/0"), &expected);
        let waiting = make::submitted(&sides.all(), json!({ "kind": "TALENT" })).await;
        for (mutation, input) in [
            ("agreementApprove", json!({ "id": waiting.id, "expectedHash": waiting.hash().await })),
            ("agreementSign", json!({ "id": waiting.id, "expectedHash": waiting.hash().await, "evidence": "PLATFORM" })),
            ("sessionSwitch", json!({ "membershipId": hezuo::platform::id::show("membership", sides.county.membership) })),
            ("serviceAccountCreate", json!({ "name": "x", "scopes": ["TRAIL_READ"] })),
            ("passwordChange", json!({ "currentPassword": PASSWORD, "newPassword": PASSWORD })),
        ] {
            let (query, variables) = TestApp::mutation(mutation, &input, "__typename");
            assert_eq!(app.gql_as(&token, &query, variables).await.codes(), ["FORBIDDEN"], "{mutation}");
        }
        assert_eq!(waiting.read("status reviews { totalCount }").await, json!({ "status": "IN_REVIEW", "reviews": { "totalCount": 0 } }));
    }

    /// The token endpoint speaks as RFC 6749 says.
    async fn tokens_are_asked_for_as_the_standard_says(app: TestApp) {
        let county = app.county("511322").await.admin().await;
        let account = created(&county, &["TRAIL_READ", "AGREEMENTS_READ"]).await;
        let (status, body) = token(&app, &account).await;
        assert_eq!((status, &body["token_type"], &body["expires_in"]), (200, &json!("Bearer"), &json!(600)));
        assert_eq!(body["scope"], "AGREEMENTS_READ TRAIL_READ");
        let basic = |secret: &str| {
            let credentials = BASE64_STANDARD.encode(format!("{}:{secret}", account.0));
            Request::post("/oauth/token").header(header::CONTENT_TYPE, FORM).header(header::AUTHORIZATION, format!("Basic {credentials}"))
        };
        let grant = "grant_type=client_credentials".to_owned();
        assert_eq!(ask(&app, basic(&account.1), grant.clone()).await.0, 200);
        let (id, secret) = &account;
        let sessions = session::Entity::find().count(app.db().reader()).await.unwrap();
        for (sent, expected) in [
            (format!("grant_type=password&client_id={id}&client_secret={secret}"), (400, "unsupported_grant_type")),
            (format!("grant_type=client_credentials&client_id={id}"), (400, "invalid_request")),
            (format!("{grant}&client_id={id}&client_secret={secret}&scope=AGREEMENTS_WRITE"), (400, "invalid_scope")),
            (format!("{grant}&client_id={id}&client_secret=wrong"), (401, "invalid_client")),
            (format!("{grant}&client_id=service_account_00000000000000000000000000&client_secret={secret}"), (401, "invalid_client")),
            (format!("{grant}&client_id=nobody&client_secret={secret}"), (401, "invalid_client")),
        ] {
            let (status, body) = form(&app, sent.clone()).await;
            assert_eq!((status, body["error"].as_str().unwrap()), expected, "{sent}");
        }
        // What is refused leaves no session.
        assert_eq!(session::Entity::find().count(app.db().reader()).await.unwrap(), sessions);
        assert_eq!(ask(&app, basic("wrong"), grant.clone()).await.1["error"], "invalid_client");
        let json = Request::post("/oauth/token").header(header::CONTENT_TYPE, "application/json");
        assert_eq!(ask(&app, json, "{}".to_owned()).await.1["error"], "invalid_request");
        // Guessing is limited, and the right secret is then refused as well.
        for _ in 0..10 {
            form(&app, format!("{grant}&client_id={id}&client_secret=wrong")).await;
        }
        let (status, body) = token(&app, &account).await;
        assert_eq!((status, &body["error"]), (429, &json!("temporarily_unavailable")));
    }

    /// Two secrets overlap for a day; revoking ends everything at once; nobody signs in as it.
    async fn secrets_rotate_and_end(app: TestApp) {
        let county = app.county("511322").await.admin().await;
        let account = created(&county, &["AGREEMENTS_READ"]).await;
        let rotate = json!({ "id": account.0, "expectedVersion": 1 });
        let stranger = app.county("511324").await.admin().await;
        stranger.does("serviceAccountRotateSecret", rotate.clone(), "secret").await.refused(&["NOT_FOUND"]);
        county.organization.officer().await.does("serviceAccountRotateSecret", rotate.clone(), "secret").await.refused(&["NOT_FOUND"]);
        let rotated = county.does("serviceAccountRotateSecret", rotate.clone(), "secret").await.result()["secret"].clone();
        county.does("serviceAccountRotateSecret", rotate, "secret").await.complains(&["CONFLICT input.expectedVersion"]);
        let new = (account.0.clone(), rotated.as_str().unwrap().to_owned());
        assert_eq!((token(&app, &account).await.0, token(&app, &new).await.0), (200, 200));
        app.passes(chrono::TimeDelta::days(1));
        assert_eq!((token(&app, &account).await.0, token(&app, &new).await.0), (401, 200));
        let held = granted(&app, &new).await;
        let query = "{ agreements { totalCount } }";
        assert_eq!(app.gql_as(&held, query, json!({})).await.codes(), [""; 0]);
        let revoke = json!({ "id": account.0, "expectedVersion": 2 });
        county.does("serviceAccountRevoke", revoke.clone(), "status openSteps").await.results_in(json!({ "status": "REVOKED", "openSteps": [] }));
        county.does("serviceAccountRevoke", json!({ "id": account.0, "expectedVersion": 3 }), "id").await.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(app.gql_as(&held, query, json!({})).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(token(&app, &new).await.0, 401);
        let users = county.gql("{ users(filter: { search: \"service-\" }) { nodes { login } } }", json!({})).await;
        let login = users.at("/users/nodes/0/login");
        app.does("sessionCreate", json!({ "login": login, "password": PASSWORD }), "accessToken").await.refused(&["UNAUTHENTICATED"]);
        county.does("serviceAccountCreate", json!({ "name": "", "scopes": [] }), "secret").await
            .complains(&["INVALID_INPUT input.name", "INVALID_INPUT input.scopes"]);
    }
}
