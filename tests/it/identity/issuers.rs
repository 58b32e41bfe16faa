//! Issuers and identities: who brings them in, who sees them, and what is wrong with them.

use hezuo::platform::id;
use serde_json::{Value, json};

use crate::support::{Persona, on_both};

const URL: &str = "https://sso.county.example/realms/a";
const ISSUER: &str = "query($id: ID!) { issuer(id: $id) { name url clientId status openSteps organization { id } } }";
const IDENTITY: &str = "query($id: ID!) { identity(id: $id) { email status openSteps issuer { id } user { id } } }";

fn issuer(url: &str) -> Value {
    json!({ "name": "统一认证", "url": url, "clientId": "hezuo" })
}

async fn created(admin: &Persona, url: &str) -> String {
    admin.does("issuerCreate", issuer(url), "id").await.result()["id"].as_str().unwrap().to_owned()
}

fn allowed(issuer: &str, person: &Persona, email: &str) -> Value {
    json!({ "issuerId": issuer, "membershipId": id::show("membership", person.membership), "email": email })
}

on_both! {
    /// An organization's admin brings in an issuer, disables it and enables it again; everybody finds the button.
    async fn an_admin_brings_in_an_issuer(app: TestApp) {
        let county = app.county("511322").await;
        let admin = county.admin().await;
        let id = created(&admin, URL).await;
        let seen = json!({ "name": "统一认证", "url": URL, "clientId": "hezuo", "status": "ACTIVE", "openSteps": ["DISABLE"],
            "organization": { "id": county.id() } });
        admin.gql(ISSUER, json!({ "id": id })).await.is(json!({ "issuer": seen }));
        let options = "{ signInOptions { name issuer clientId } }";
        let button = json!({ "name": "统一认证", "issuer": URL, "clientId": "hezuo" });
        app.gql(options, json!({})).await.is(json!({ "signInOptions": [button] }));
        let step = |version: i32| json!({ "id": id, "expectedVersion": version });
        admin.does("issuerDisable", step(7), "id").await.complains(&["CONFLICT input.expectedVersion"]);
        admin.does("issuerEnable", step(1), "id").await.complains(&["ILLEGAL_STEP input.id"]);
        let disabled = json!({ "status": "DISABLED", "openSteps": ["ENABLE"] });
        admin.does("issuerDisable", step(1), "status openSteps").await.results_in(disabled);
        app.gql(options, json!({})).await.is(json!({ "signInOptions": [] }));
        admin.does("issuerEnable", step(2), "status").await.results_in(json!({ "status": "ACTIVE" }));
        let list = "{ issuers(filter: { status: { in: [ACTIVE] } }) { totalCount } }";
        admin.gql(list, json!({})).await.is(json!({ "issuers": { "totalCount": 1 } }));
    }

    /// Who may, and who sees it.
    async fn an_issuer_is_its_organizations(app: TestApp) {
        let sides = app.sides().await;
        let platform = app.platform().await.admin().await;
        let officer = sides.yingshan.officer().await;
        let id = created(&sides.county, URL).await;
        let step = |version: i32| json!({ "id": id, "expectedVersion": version });
        for stranger in [&officer, &sides.university, &sides.enterprise] {
            stranger.gql(ISSUER, json!({ "id": id })).await.is(json!({ "issuer": null }));
            stranger.does("issuerDisable", step(1), "id").await.refused(&["NOT_FOUND"]);
        }
        for (url, admin) in [("https://sso.north.example", &sides.university), ("https://sso.alpha.example", &sides.enterprise)] {
            created(admin, url).await;
        }
        for nobody in [&officer, &platform] {
            nobody.does("issuerCreate", issuer("https://sso.example"), "id").await.refused(&["FORBIDDEN"]);
        }
        app.does("issuerCreate", issuer("https://sso.example"), "id").await.refused(&["UNAUTHENTICATED"]);
        // The platform ends what an organization should not have brought in, and begins nothing.
        platform.does("issuerDisable", step(1), "status").await.results_in(json!({ "status": "DISABLED" }));
        platform.does("issuerEnable", step(2), "id").await.refused(&["FORBIDDEN"]);
        let member = allowed(&id, &officer, "li@county.example");
        platform.does("identityAllow", member, "id").await.refused(&["FORBIDDEN"]);
    }

    /// A token belongs to one issuer, whoever was first; a disabled one holds nobody up.
    async fn an_issuer_is_brought_in_once(app: TestApp) {
        let (north, yingshan) = (app.university("North").await.admin().await, app.county("511322").await.admin().await);
        let first = created(&north, URL).await;
        yingshan.does("issuerCreate", issuer(URL), "id").await.complains(&["DUPLICATE input.url"]);
        let mut other = issuer(URL);
        other["clientId"] = json!("hezuo-2");
        yingshan.does("issuerCreate", other, "id").await.result();
        north.does("issuerDisable", json!({ "id": first, "expectedVersion": 1 }), "id").await.result();
        created(&yingshan, URL).await;
        let enable = json!({ "id": first, "expectedVersion": 2 });
        north.does("issuerEnable", enable, "id").await.complains(&["DUPLICATE input.id"]);
    }

    /// What is wrong is said at once; no address is taken that may not be called.
    async fn what_is_no_issuer(app: TestApp) {
        let admin = app.county("511322").await.admin().await;
        let wrong = json!({ "name": "", "url": "http://sso.county.example", "clientId": "" });
        let problems = ["INVALID_INPUT input.name", "INVALID_INPUT input.url", "INVALID_INPUT input.clientId"];
        admin.does("issuerCreate", wrong, "id").await.complains(&problems);
        for url in [
            "https://127.0.0.1", "https://[::1]", "https://10.1.2.3", "https://169.254.169.254/latest", "https://2130706433",
            "ftp://sso.example", "sso.example", "https://user@sso.example", "https://sso.example/?a=b", "https://sso.example/#a",
        ] {
            let answer = admin.does("issuerCreate", issuer(url), "id").await;
            assert_eq!(answer.problems(), ["INVALID_INPUT input.url"], "{url}");
        }
    }
}

on_both! {
    /// The address is the person's and the admin's business.
    async fn an_identity_is_seen_by_two(app: TestApp) {
        let sides = app.sides().await;
        let (officer, colleague) = (sides.yingshan.officer().await, sides.yingshan.officer().await);
        let platform = app.platform().await.admin().await;
        let issuer = created(&sides.county, URL).await;
        let input = allowed(&issuer, &officer, " Li@County.example ");
        let id = sides.county.does("identityAllow", input, "id").await.result()["id"].as_str().unwrap().to_owned();
        let user = json!({ "id": id::show("user", officer.user) });
        let seen = |issuer: Value| json!({ "identity": { "email": "li@county.example", "status": "PENDING",
            "openSteps": ["REVOKE"], "issuer": issuer, "user": user } });
        sides.county.gql(IDENTITY, json!({ "id": id })).await.is(seen(json!({ "id": issuer })));
        officer.gql(IDENTITY, json!({ "id": id })).await.is(seen(Value::Null));
        for stranger in [&colleague, &platform, &sides.university, &sides.enterprise] {
            stranger.gql(IDENTITY, json!({ "id": id })).await.is(json!({ "identity": null }));
            stranger.gql("{ identities { totalCount } }", json!({})).await.is(json!({ "identities": { "totalCount": 0 } }));
            let step = json!({ "id": id, "expectedVersion": 1 });
            stranger.does("identityRevoke", step, "id").await.refused(&["NOT_FOUND"]);
        }
        let listed = "query($id: ID!) { identities(filter: { issuerId: { in: [$id] } }) { nodes { id } } }";
        let nodes = json!({ "identities": { "nodes": [{ "id": id }] } });
        sides.county.gql(listed, json!({ "id": issuer })).await.is(nodes);
        let step = json!({ "id": id, "expectedVersion": 1 });
        let revoked = json!({ "status": "REVOKED", "openSteps": [] });
        officer.does("identityRevoke", step.clone(), "status openSteps").await.results_in(revoked);
        officer.does("identityRevoke", step, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        let events = "query($id: ID!) { identity(id: $id) { history { nodes { data } } } }";
        let told = officer.gql(events, json!({ "id": id })).await;
        assert!(!told.at("/identity/history/nodes").to_string().contains("county.example"), "{told}");
    }

    /// Who can be allowed, and by whom.
    async fn a_member_is_allowed(app: TestApp) {
        let sides = app.sides().await;
        let officer = sides.yingshan.officer().await;
        let issuer = created(&sides.county, URL).await;
        let allow = async |person: &Persona, input: Value| person.does("identityAllow", input, "id").await;
        let good = allowed(&issuer, &officer, "li@county.example");
        allow(&officer, good.clone()).await.refused(&["NOT_FOUND"]);
        allow(&sides.university, good.clone()).await.refused(&["NOT_FOUND"]);
        allow(&sides.county, allowed(&issuer, &sides.university, "li@county.example")).await.refused(&["NOT_FOUND"]);
        // The admin sees the own membership elsewhere, which this issuer does not speak for.
        let elsewhere = sides.county.also(&sides.north, entity::membership::Role::Professor).await;
        let foreign = allowed(&issuer, &elsewhere, "li@county.example");
        allow(&sides.county, foreign).await.complains(&["INVALID_INPUT input.membershipId"]);
        // A machine's membership would open its whole organization to whoever has the address.
        let machine = sides.yingshan.person(entity::membership::Role::ServiceAccount).await;
        let machine = allowed(&issuer, &machine, "li@county.example");
        allow(&sides.county, machine).await.complains(&["INVALID_INPUT input.membershipId"]);
        for email in ["", "liming", "li@", "@county.example", "li li@county.example"] {
            let answer = allow(&sides.county, allowed(&issuer, &officer, email)).await;
            assert_eq!(answer.problems(), ["INVALID_INPUT input.email"], "{email}");
        }
        allow(&sides.county, good.clone()).await.result();
        allow(&sides.county, good.clone()).await.complains(&["DUPLICATE input.email"]);
        sides.county.does("issuerDisable", json!({ "id": issuer, "expectedVersion": 1 }), "id").await.result();
        let other = allowed(&issuer, &officer, "li2@county.example");
        allow(&sides.county, other).await.complains(&["RULE_VIOLATED input.issuerId"]);
    }
}
