//! The tests' own cast: organizations, the people who act for them, and agreements at every stage.

use chrono::TimeDelta;
use entity::membership::Role;
use serde_json::json;

use crate::support::{make, on_both};

const AGREEMENT: &str = "query($id: ID!) { agreement(id: $id) { status number version } }";

on_both! {
    /// Everybody can be there, and signs in.
    async fn everybody_signs_in(app: TestApp) {
        let north = app.university("North").await;
        let yingshan = app.county("511322").await;
        let alpha = app.enterprise(&yingshan, "Alpha").await;
        let platform = app.platform().await;
        assert_eq!(app.platform().await.key, platform.key);
        let people = [
            north.admin().await, north.staff().await, north.professor().await, north.student().await,
            north.auditor().await, yingshan.admin().await, yingshan.officer().await, alpha.admin().await,
            alpha.recruiter().await, platform.admin().await, north.person(Role::ServiceAccount).await,
        ];
        for person in &people {
            assert_eq!(person.gql("{ version }", json!({})).await.status, 200, "{}", person.login);
            let seen = person.gql("query($id: ID!) { organization(id: $id) { name status } }", json!({ "id": alpha.id() }));
            seen.await.is(json!({ "organization": { "name": "Alpha", "status": "VERIFIED" } }));
        }
    }

    /// A persona's token is renewed when the clock was moved.
    async fn a_persona_stays_signed_in(app: TestApp) {
        let officer = app.county("511322").await.officer().await;
        let first = officer.token().await;
        assert_eq!(officer.token().await, first);
        app.passes(TimeDelta::days(100));
        assert_ne!(officer.token().await, first);
        officer.gql("{ version }", json!({})).await.data();
    }

    /// The codes that the cast uses are valid.
    async fn credit_codes_are_valid(app: TestApp) {
        let yingshan = app.county("511322").await;
        let organizations = [app.university("North").await, app.enterprise(&yingshan, "Alpha").await, yingshan];
        for organization in organizations {
            let query = "query($code: String!) { validateCreditCode(code: $code) { valid } }";
            let answer = app.gql(query, json!({ "code": organization.credit_code })).await;
            answer.is(json!({ "validateCreditCode": { "valid": true } }));
        }
    }

    /// Agreements can be made at every stage.
    async fn agreements_are_made(app: TestApp) {
        let north = app.university("North").await.admin().await;
        let yingshan = app.county("511322").await;
        let alpha = app.enterprise(&yingshan, "Alpha").await.admin().await;
        let yingshan = yingshan.admin().await;
        let sides = [&north, &yingshan, &alpha];
        let kinds = ["FRAMEWORK", "TALENT", "TRAINING_BASE", "WORKSTATION"];
        let kind = |place: usize| json!({ "kind": kinds[place] });
        let draft = make::draft(&sides, kind(0)).await;
        draft.read("status").await.as_object().unwrap();
        yingshan.gql(AGREEMENT, json!({ "id": draft.id })).await.is(json!({ "agreement": null }));
        let made = [
            (make::submitted(&sides, kind(0)).await, "IN_REVIEW"),
            (make::approved(&sides, kind(1)).await, "AWAITING_SIGNATURE"),
            (make::signed(&sides, kind(2)).await, "SIGNED"),
            (make::active(&sides, kind(3)).await, "ACTIVE"),
        ];
        for (agreement, status) in &made {
            assert_eq!(agreement.read("status").await, json!({ "status": status }));
            assert_eq!(alpha.gql(AGREEMENT, json!({ "id": agreement.id })).await.text("/agreement/status"), *status);
        }
        assert_eq!(draft.version().await, 1);
        let problems = ["CONFLICT input.expectedVersion"];
        north.does("agreementSubmit", json!({ "id": draft.id, "expectedVersion": 7 }), "id").await.complains(&problems);
    }
}
