//! Employment is recorded by the university, with evidence; and asked after by both who know.

use hezuo::talent::employment::notices;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::market::{self, Market};
use crate::support::{Answer, Persona, on_both};

/// Accepted: the application.
async fn accepted(market: &Market, engagement: &str) -> String {
    let id = market.intention_of(engagement).await;
    let mut offer = market::offer();
    offer["engagement"] = json!(engagement);
    market::step(&market.recruiter, "Offer", &id, offer).await.result();
    market::step(&market.student, "Accept", &id, json!({})).await.result();
    id
}

/// At work since the first of March: the checks, after 3, 6 and 12 months.
async fn onboarded(market: &Market) -> Vec<String> {
    let id = accepted(market, "EMPLOYMENT").await;
    let document = market.staff.attaches(&id, "就业协议书.pdf").await;
    let signing = json!({ "evidence": "EMPLOYMENT_AGREEMENT", "documentId": document, "signedOn": "2026-03-01" });
    market::step(&market.staff, "RecordSigning", &id, signing).await.results_in(json!({ "status": "SIGNED" }));
    let first_day = json!({ "onboardedOn": "2026-03-01" });
    market::step(&market.staff, "RecordOnboarding", &id, first_day).await.results_in(json!({ "status": "ONBOARDED" }));
    let query = "{ retentionChecks { nodes { id } } }";
    let checks = market.student.gql(query, json!({})).await;
    checks
        .at("/retentionChecks/nodes")
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn says(by: &Persona, check: &str, (step, note): (&str, Option<&str>)) -> Answer {
    let query = "query($id: ID!) { node(id: $id) { ... on RetentionCheck { version } } }";
    let seen = by.gql(query, json!({ "id": check })).await;
    let version = seen.body["data"]["node"]["version"].as_i64().unwrap_or(1);
    let input = json!({ "id": check, "expectedVersion": version, "note": note });
    by.does(&format!("retentionCheck{step}"), input, "status").await
}

on_both! {
    /// The contract with its evidence, the first day, and three checks to come.
    async fn recorded(app: TestApp) {
        let market = Market::new(&app).await;
        let checks = onboarded(&market).await;
        assert_eq!(checks.len(), 3);
        let query = "{ employmentRecords { totalCount nodes {
            student { displayName } university { name } organization { name } evidence document { name } signedOn onboardedOn
            recordedBy { displayName } version application { status }
            retentionChecks { months dueOn status employerSays graduateSays openSteps }
            history { nodes { kind } } } } }";
        let check = |months: i32, due_on: &str| json!({ "months": months, "dueOn": due_on, "status": "OPEN",
            "employerSays": null, "graduateSays": null, "openSteps": [] });
        market.student.gql(query, json!({})).await.is(json!({ "employmentRecords": { "totalCount": 1, "nodes": [{
            "student": { "displayName": "Student of North" }, "university": { "name": "North" },
            "organization": { "name": "Alpha" }, "evidence": "EMPLOYMENT_AGREEMENT",
            "document": { "name": "就业协议书.pdf" }, "signedOn": "2026-03-01", "onboardedOn": "2026-03-01",
            "recordedBy": { "displayName": "UniversityStaff of North" }, "version": 2,
            "application": { "status": "ONBOARDED" },
            "retentionChecks": [check(3, "2026-06-01"), check(6, "2026-09-01"), check(12, "2027-03-01")],
            "history": { "nodes": [{ "kind": "EmploymentRecorded" }, { "kind": "OnboardingRecorded" }] },
        }] } }));
        let count = "{ employmentRecords { totalCount } retentionChecks { totalCount } }";
        let seen = |records: i32, checks: i32| json!({ "employmentRecords": { "totalCount": records }, "retentionChecks": { "totalCount": checks } });
        for person in [&market.student, &market.staff, &market.recruiter] {
            person.gql(count, json!({})).await.is(seen(1, 3));
        }
        // Nobody is asked before the day.
        let steps = "{ retentionChecks(orderBy: { field: DUE_ON, direction: ASC }) { nodes { dueOn openSteps } } }";
        let open = |steps: &[&str]| json!({ "retentionChecks": { "nodes": [
            { "dueOn": "2026-06-01", "openSteps": steps }, { "dueOn": "2026-09-01", "openSteps": [] },
            { "dueOn": "2027-03-01", "openSteps": [] },
        ] } });
        market.student.gql(steps, json!({})).await.is(open(&[]));
        app.it_is("2026-06-01");
        market.student.gql(steps, json!({})).await.is(open(&["CONFIRM_RETAINED", "CONFIRM_LEFT"]));
        let outside = [market.county.officer().await, market.north.student().await, market.north.auditor().await];
        for person in &outside {
            person.gql(count, json!({})).await.is(seen(0, 0));
            says(person, &checks[0], ("ConfirmLeft", None)).await.refused(&["NOT_FOUND"]);
        }
    }

    /// An internship is never recorded as employment (I10).
    async fn an_internship_is_no_employment(app: TestApp) {
        let market = Market::new(&app).await;
        let id = accepted(&market, "INTERNSHIP").await;
        let document = market.staff.attaches(&id, "就业协议书.pdf").await;
        let signing = json!({ "evidence": "LABOUR_CONTRACT", "documentId": document, "signedOn": "2026-03-01" });
        market::step(&market.staff, "RecordSigning", &id, signing).await.complains(&["RULE_VIOLATED"]);
        let open = "query($id: ID!) { application(id: $id) { status openSteps } }";
        market.staff.gql(open, json!({ "id": id })).await.is(json!({ "application": { "status": "ACCEPTED", "openSteps": [] } }));
        // Nor does the database take it for one.
        let forged = "UPDATE application SET status = 'SIGNED'";
        assert!(app.db().writer().execute_unprepared(forged).await.is_err());
    }

    /// Without evidence nothing is recorded, and by nobody but the university's staff.
    async fn with_evidence_or_not_at_all(app: TestApp) {
        let market = Market::new(&app).await;
        let id = accepted(&market, "EMPLOYMENT").await;
        let signing = |document: &Value, day: &str| json!({ "evidence": "LABOUR_CONTRACT", "documentId": document, "signedOn": day });
        let foreign = json!("document_01h455vb4pex5vsknk084sn02q");
        let answer = market::step(&market.staff, "RecordSigning", &id, signing(&foreign, "2026-03-01")).await;
        answer.complains(&["INVALID_INPUT input.documentId"]);
        let document = market.staff.attaches(&id, "就业协议书.pdf").await;
        let answer = market::step(&market.staff, "RecordSigning", &id, signing(&document, "2026-03-03")).await;
        answer.complains(&["INVALID_INPUT input.signedOn"]);
        for person in [&market.recruiter, &market.student] {
            market::step(person, "RecordSigning", &id, signing(&document, "2026-03-01")).await.refused(&["FORBIDDEN"]);
        }
        market::step(&market.staff, "RecordSigning", &id, signing(&document, "2026-03-01")).await.result();
        let early = json!({ "onboardedOn": "2026-02-28" });
        market::step(&market.staff, "RecordOnboarding", &id, early).await.complains(&["INVALID_INPUT input.onboardedOn"]);
        let late = json!({ "onboardedOn": "2026-03-03" });
        market::step(&market.staff, "RecordOnboarding", &id, late).await.complains(&["INVALID_INPUT input.onboardedOn"]);
    }

    /// Both who know say the same: so it is. Each speaks once, and not before the day.
    async fn both_say_so(app: TestApp) {
        let market = Market::new(&app).await;
        let checks = onboarded(&market).await;
        says(&market.student, &checks[0], ("ConfirmRetained", None)).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-05-31T16:00:00Z");
        assert_eq!(notices::ask(app.app()).await.unwrap(), 1);
        says(&market.student, &checks[0], ("ConfirmRetained", None)).await.results_in(json!({ "status": "OPEN" }));
        says(&market.student, &checks[0], ("ConfirmLeft", None)).await.complains(&["ILLEGAL_STEP input.id"]);
        says(&market.staff, &checks[0], ("ConfirmRetained", Some("电话"))).await.complains(&["ILLEGAL_STEP input.id"]);
        says(&market.recruiter, &checks[0], ("ConfirmRetained", None)).await.results_in(json!({ "status": "RETAINED" }));
        assert!(super::told(&market.student).await.contains(&"RETENTION_CHECK_DUE".to_owned()));
        assert_eq!(notices::ask(app.app()).await.unwrap(), 0);
        assert_eq!(super::told(&market.student).await, [""; 0]);
    }

    /// A first day that is recorded late: whoever could have been asked before is asked now, once.
    async fn recorded_late(app: TestApp) {
        let market = Market::new(&app).await;
        let id = accepted(&market, "EMPLOYMENT").await;
        let document = market.staff.attaches(&id, "就业协议书.pdf").await;
        let signing = json!({ "evidence": "EMPLOYMENT_AGREEMENT", "documentId": document, "signedOn": "2026-03-01" });
        market::step(&market.staff, "RecordSigning", &id, signing).await.result();
        app.it_is("2026-06-20T01:00:00Z");
        let first_day = json!({ "onboardedOn": "2026-03-01" });
        market::step(&market.staff, "RecordOnboarding", &id, first_day).await.result();
        for person in [&market.student, &market.recruiter] {
            super::told(person).await;
        }
        for told in [&["RETENTION_CHECK_DUE"] as &[&str], &[]] {
            assert_eq!(notices::ask(app.app()).await.unwrap(), 1);
            for person in [&market.student, &market.recruiter] {
                assert_eq!(super::told(person).await, told, "{}", person.login);
            }
        }
        // A week later they have been asked.
        app.it_is("2026-06-27T01:00:01Z");
        assert_eq!(notices::ask(app.app()).await.unwrap(), 0);
    }

    /// They say different things: the university finds out and says how it knows.
    async fn they_differ(app: TestApp) {
        let market = Market::new(&app).await;
        let checks = onboarded(&market).await;
        app.it_is("2026-09-01T00:00:00Z");
        says(&market.recruiter, &checks[1], ("ConfirmRetained", None)).await.results_in(json!({ "status": "OPEN" }));
        says(&market.student, &checks[1], ("ConfirmLeft", None)).await.results_in(json!({ "status": "DISPUTED" }));
        says(&market.recruiter, &checks[1], ("ConfirmLeft", None)).await.complains(&["ILLEGAL_STEP input.id"]);
        assert!(super::told(&market.staff).await.contains(&"RETENTION_DISPUTED".to_owned()));
        says(&market.staff, &checks[1], ("ConfirmLeft", None)).await.complains(&["INVALID_INPUT input.note"]);
        says(&market.staff, &checks[1], ("ConfirmLeft", Some("社保已停缴"))).await.results_in(json!({ "status": "LEFT" }));
    }
}
