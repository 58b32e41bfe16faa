//! A county with a provider of its own, whose ID tokens its people sign in with.

use entity::session;
use hezuo::platform::id;
use jsonwebtoken::Algorithm;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::provider::{CLIENT, OUTBOUND, Pair, Provider};
use crate::support::{Answer, Organization, Persona, TestApp};

/// A county whose officer may sign in by the county's provider.
pub(super) struct Town {
    pub(super) app: TestApp,
    pub(super) county: Organization,
    pub(super) admin: Persona,
    pub(super) officer: Persona,
    pub(super) provider: Provider,
    pub(super) issuer: String,
    pub(super) identity: String,
}

pub(super) const EMAIL: &str = "li@county.example";

impl Town {
    pub(super) async fn new(app: &TestApp) -> Self {
        Self::with(app, Pair::new("a", Algorithm::EdDSA)).await
    }

    pub(super) async fn with(app: &TestApp, pair: Pair) -> Self {
        let app = app.replica(&[OUTBOUND]).await;
        let county = app.county("511322").await;
        let (admin, officer) = (county.admin().await, county.officer().await);
        let provider = Provider::start(&app, pair).await;
        let input = json!({ "name": "营山统一认证", "url": provider.url, "clientId": CLIENT });
        let issuer = admin.does("issuerCreate", input, "id").await.result()["id"].as_str().unwrap().to_owned();
        let mut town = Self { app, county, admin, officer, provider, issuer, identity: String::new() };
        town.identity = town.allow(&town.officer, "Li@County.example").await;
        town
    }

    pub(super) async fn allow(&self, person: &Persona, email: &str) -> String {
        let membership = id::show("membership", person.membership);
        let input = json!({ "issuerId": self.issuer, "membershipId": membership, "email": email });
        self.admin.does("identityAllow", input, "id").await.result()["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn exchange(&self, token: &str) -> Answer {
        self.exchange_with(token, json!({})).await
    }

    pub(super) async fn exchange_with(&self, token: &str, more: Value) -> Answer {
        let mut input = more;
        input["idToken"] = json!(token);
        self.app
            .does("sessionExchange", input, "accessToken refreshToken viewer { user { id } membership { id role } }")
            .await
    }

    /// A good token of the officer.
    pub(super) fn token(&self) -> String {
        self.provider.token_of("li-0001", EMAIL)
    }

    /// Somebody's access token.
    pub(super) async fn sign_in(&self, token: &str) -> String {
        self.exchange(token).await.result()["accessToken"].as_str().unwrap().to_owned()
    }

    /// How often the officer has signed in.
    pub(super) async fn sessions(&self) -> usize {
        let own = session::Entity::find().filter(session::Column::UserId.eq(self.officer.user));
        own.all(self.app.db().reader()).await.unwrap().len()
    }

    /// Why the issuer's tokens were refused so far.
    pub(super) async fn reasons(&self) -> Vec<Value> {
        let query = "query($id: ID!) { issuer(id: $id) { history(first: 100) { nodes { kind data } } } }";
        let answer = self.admin.gql(query, json!({ "id": self.issuer })).await;
        let nodes = answer.at("/issuer/history/nodes").as_array().unwrap();
        let refused = nodes.iter().filter(|event| event["kind"] == "SignInRefused");
        refused.map(|event| serde_json::from_str(event["data"].as_str().unwrap()).unwrap()).collect()
    }

    pub(super) async fn status(&self) -> Value {
        let query = "query($id: ID!) { identity(id: $id) { status } }";
        self.officer.gql(query, json!({ "id": self.identity })).await.at("/identity/status").clone()
    }
}

#[track_caller]
pub(super) fn refused(answer: &Answer) {
    answer.refused(&["UNAUTHENTICATED"]);
    assert_eq!(answer.body["errors"][0]["message"], "This sign-in is not accepted.", "{answer}");
}
