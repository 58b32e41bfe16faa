//! The tests' own machinery: databases that are fresh, and alike.

use serde_json::json;

use crate::support::{TestApp, on_both};

on_both! {
    /// Two tests at the same time do not see each other, and the clock stands still.
    async fn every_test_has_its_own_database(app: TestApp) {
        app.gql("{ version }", json!({})).await.is(json!({ "version": "0.1.0" }));
        assert_eq!(app.now().to_rfc3339(), "2026-03-02T01:00:00+00:00");
    }
}
