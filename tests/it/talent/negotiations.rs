//! The talk about the details: held, come to an end, and watched over by the county.

use hezuo::talent::negotiations::notices;
use serde_json::{Value, json};

use super::market::{self, Market};
use crate::support::{Answer, Persona, on_both};

/// Scheduled until 5 March: the ids of the application and of the negotiation.
async fn scheduled(market: &Market) -> (String, String) {
    let id = market.intention().await;
    let input = json!({ "dueOn": "2026-03-05", "topic": "薪酬与住宿", "place": "园区服务中心" });
    market::step(&market.recruiter, "OpenNegotiation", &id, input)
        .await
        .results_in(json!({ "status": "IN_NEGOTIATION" }));
    let negotiation = last(&market.recruiter, &id).await;
    (id, negotiation)
}

/// The newest negotiation of the application.
async fn last(by: &Persona, application: &str) -> String {
    let query = "query($id: ID!) { application(id: $id) { negotiations(last: 1) { nodes { id } } } }";
    by.gql(query, json!({ "id": application })).await.text("/application/negotiations/nodes/0/id")
}

/// Takes a step at the version that the negotiation has now.
async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    let mut input = more;
    let seen = by.gql("query($id: ID!) { negotiation(id: $id) { version } }", json!({ "id": id })).await;
    input["expectedVersion"] = seen.body["data"]["negotiation"]["version"].as_i64().unwrap_or(1).into();
    input["id"] = json!(id);
    by.does(&format!("negotiation{step}"), input, "status").await
}

on_both! {
    /// Held, continued, held again, agreed; only then is there an offer.
    async fn until_they_agree(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, first) = scheduled(&market).await;
        market::step(&market.recruiter, "Offer", &id, market::offer()).await.complains(&["RULE_VIOLATED"]);
        let outcome = || json!({ "outcome": "住宿已谈妥" });
        step(&market.recruiter, "Agree", &first, outcome()).await.complains(&["ILLEGAL_STEP input.id"]);
        let tomorrow = json!({ "heldOn": "2026-03-03" });
        step(&market.recruiter, "Hold", &first, tomorrow).await.complains(&["INVALID_INPUT input.heldOn"]);
        step(&market.recruiter, "Hold", &first, json!({})).await.results_in(json!({ "status": "HELD" }));
        let past = json!({ "outcome": "再议薪酬", "dueOn": "2026-03-01" });
        step(&market.recruiter, "Continue", &first, past).await.complains(&["INVALID_INPUT input.dueOn"]);
        let again = json!({ "outcome": "再议薪酬", "dueOn": "2026-03-09" });
        step(&market.recruiter, "Continue", &first, again).await.results_in(json!({ "status": "CONTINUED" }));
        let second = last(&market.recruiter, &id).await;
        step(&market.recruiter, "Hold", &second, json!({})).await.result();
        market::step(&market.recruiter, "Offer", &id, market::offer()).await.complains(&["RULE_VIOLATED"]);
        step(&market.recruiter, "Agree", &second, outcome()).await.results_in(json!({ "status": "AGREED" }));
        let query = "query($id: ID!) { application(id: $id) { negotiations { nodes {
            round dueOn topic place status heldOn outcome openSteps version } } } }";
        market.student.gql(query, json!({ "id": id })).await.is(json!({ "application": { "negotiations": { "nodes": [
            { "round": 1, "dueOn": "2026-03-05", "topic": "薪酬与住宿", "place": "园区服务中心", "status": "CONTINUED",
              "heldOn": "2026-03-02", "outcome": "再议薪酬", "openSteps": [], "version": 3 },
            { "round": 2, "dueOn": "2026-03-09", "topic": "薪酬与住宿", "place": "园区服务中心", "status": "AGREED",
              "heldOn": "2026-03-02", "outcome": "住宿已谈妥", "openSteps": [], "version": 3 },
        ] } } }));
        market::step(&market.recruiter, "Offer", &id, market::offer()).await.results_in(json!({ "status": "OFFERED" }));
    }

    /// One side alone has nothing to negotiate; the student is no recruiter; every field that is wrong is told.
    async fn opening_one(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.interviewed().await;
        market::step(&market.student, "DeclareIntention", &id, json!({ "engagement": "EMPLOYMENT" })).await.result();
        let input = || json!({ "dueOn": "2026-03-05", "topic": "薪酬" });
        market::step(&market.recruiter, "OpenNegotiation", &id, input()).await.complains(&["RULE_VIOLATED"]);
        market::step(&market.recruiter, "ConfirmIntention", &id, json!({})).await.result();
        market::step(&market.student, "OpenNegotiation", &id, input()).await.refused(&["FORBIDDEN"]);
        let bad = json!({ "dueOn": "2026-03-01", "topic": " ", "place": "x".repeat(201) });
        market::step(&market.recruiter, "OpenNegotiation", &id, bad).await.complains(&[
            "INVALID_INPUT input.dueOn", "INVALID_INPUT input.topic", "INVALID_INPUT input.place",
        ]);
        let none = json!({ "application": { "negotiations": { "totalCount": 0 } } });
        let query = "query($id: ID!) { application(id: $id) { negotiations { totalCount } } }";
        market.recruiter.gql(query, json!({ "id": id })).await.is(none);
    }

    /// What ends the application ends its negotiation.
    async fn it_ends_with_its_application(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, negotiation) = scheduled(&market).await;
        let reason = json!({ "reason": "OTHER_OFFER" });
        market::step(&market.student, "Withdraw", &id, reason).await.results_in(json!({ "status": "WITHDRAWN" }));
        let query = "query($id: ID!) { negotiation(id: $id) { status openSteps history { nodes { kind } } } }";
        market.recruiter.gql(query, json!({ "id": negotiation })).await.is(json!({ "negotiation": {
            "status": "CANCELLED", "openSteps": [],
            "history": { "nodes": [{ "kind": "NegotiationScheduled" }, { "kind": "NegotiationCancelled" }] },
        } }));
        step(&market.recruiter, "Hold", &negotiation, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
    }

    /// What was not held in time is told to the county's officers once, and seen by them without names; by no other
    /// county, and not before.
    async fn overdue(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, other) = (market.county.officer().await, app.county("511324").await.officer().await);
        let (_, negotiation) = scheduled(&market).await;
        let seen = "{ overdueNegotiations { totalCount nodes { id organization { name } position { title } round dueOn } } }";
        let nothing = json!({ "overdueNegotiations": { "totalCount": 0, "nodes": [] } });
        // The fifth of March ends at midnight in Shanghai (I16).
        app.it_is("2026-03-05T15:59:59Z");
        assert_eq!(notices::alert(app.app()).await.unwrap(), 0);
        officer.gql(seen, json!({})).await.is(nothing.clone());
        app.it_is("2026-03-05T16:00:00Z");
        assert_eq!(notices::alert(app.app()).await.unwrap(), 1);
        assert_eq!(notices::alert(app.app()).await.unwrap(), 0);
        officer.gql(seen, json!({})).await.is(json!({ "overdueNegotiations": { "totalCount": 1, "nodes": [{
            "id": negotiation, "organization": { "name": "Alpha" }, "position": { "title": "质量管理工程师" },
            "round": 1, "dueOn": "2026-03-05",
        }] } }));
        for nobody in [&other, &market.staff, &market.student, &market.county.auditor().await] {
            nobody.gql(seen, json!({})).await.is(nothing.clone());
        }
        let whole = "query($id: ID!) { negotiation(id: $id) { topic application { student { displayName } } } }";
        officer.gql(whole, json!({ "id": negotiation })).await.is(json!({ "negotiation": null }));
        for (person, count) in [(&officer, 1), (&market.recruiter, 1), (&other, 0), (&market.student, 0)] {
            let told = super::told(person).await.iter().filter(|kind| *kind == "NEGOTIATION_OVERDUE").count();
            assert_eq!(told, count, "{}", person.login);
        }
        step(&market.recruiter, "Hold", &negotiation, json!({})).await.result();
        officer.gql(seen, json!({})).await.is(nothing);
    }
}
