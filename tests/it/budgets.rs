//! What a caller may ask for in a minute: spent before anything is read, coming back all the time, everybody's own.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::on_both;

on_both! {
    async fn a_budget_is_used_up_and_comes_back(app: TestApp) {
        let north = app.university("North").await;
        let (one, other) = (north.admin().await, north.admin().await);
        let (token, theirs) = (one.token().await, other.token().await);
        let strict = app.replica(&[("cost_per_minute", "60")]).await;
        let left = "{ rateLimit { limit cost remaining resetAt } }";
        // Asking costs one, like every request.
        strict.gql_as(&token, left, json!({})).await.is(json!({ "rateLimit": {
            "limit": 60, "cost": 0, "remaining": 59, "resetAt": "2026-03-02T01:00:01.000000Z",
        } }));
        let page = "{ organizations(first: 40) { nodes { id } } }";
        assert_eq!(strict.gql_as(&token, page, json!({})).await.codes(), [""; 0]);
        let refused = strict.gql_as(&token, page, json!({})).await;
        refused.refused(&["RATE_LIMITED"]);
        assert_eq!(refused.body["data"], json!({ "organizations": null }));
        // Somebody else has a budget of their own, and so has whoever is not signed in.
        assert_eq!(strict.gql_as(&theirs, page, json!({})).await.codes(), [""; 0]);
        assert_eq!(strict.gql("{ version }", json!({})).await.codes(), [""; 0]);
        for _ in 0..20 {
            strict.gql_as(&token, "{ version }", json!({})).await;
        }
        // Used up: nothing is executed any more, a mutation neither.
        let update = json!({ "id": north.id(), "expectedVersion": 1, "profile": { "description": "新简介" } });
        let (mutation, variables) = crate::support::TestApp::mutation("organizationUpdate", &update, "id");
        let answer = strict.gql_as(&token, &mutation, variables.clone()).await;
        assert_eq!((answer.codes(), answer.body.get("data")), (vec!["RATE_LIMITED"], None));
        assert_eq!(north.row().await.version, 1);
        app.passes(TimeDelta::seconds(45));
        assert_eq!(strict.gql_as(&token, &mutation, variables).await.codes(), [""; 0]);
        assert_eq!(strict.gql_as(&token, page, json!({})).await.codes(), [""; 0]);
    }
}
