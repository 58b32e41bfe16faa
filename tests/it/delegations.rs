//! Delegations: somebody decides in an admin's stead, says so, and counts as one person with the admin.

use axum::{body::Body, http::Request};
use entity::membership::Role;
use hezuo::platform::id;
use serde_json::{Value, json};

use crate::support::{Answer, Persona, TestApp, make, on_both};

/// From the day on which every test begins, for a month.
fn input(deputy: &Persona, scope: &str) -> Value {
    json!({
        "membershipId": id::show("membership", deputy.membership), "scope": scope, "startsOn": "2026-03-02", "endsOn": "2026-03-31",
    })
}

async fn grant(by: &Persona, deputy: &Persona, scope: &str) -> String {
    by.does("delegationGrant", input(deputy, scope), "id").await.result()["id"].as_str().unwrap().to_owned()
}

async fn decide(by: &Persona, mutation: &str, agreement: &make::Agreement<'_>) -> Answer {
    let mut input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await });
    if mutation == "agreementSign" {
        input["evidence"] = json!("PLATFORM");
    }
    by.does(mutation, input, "id").await
}

/// A file of the agreement, sent and confirmed.
async fn document(app: &TestApp, by: &Persona, agreement: &make::Agreement<'_>) -> Value {
    let input = json!({ "recordId": agreement.id, "name": "scan.pdf" });
    let upload = by.does("documentUploadCreate", input, "url document { id }").await;
    let url = upload.result()["url"].as_str().unwrap().to_owned();
    let path = url.split_once("hezuo.test").unwrap().1;
    let put = Request::put(path).body(Body::from("%PDF-1.7\n%%EOF\n")).unwrap();
    assert_eq!(app.http(put).await.0, 200);
    let document = upload.result()["document"]["id"].clone();
    by.does("documentConfirm", json!({ "id": document }), "id").await.result();
    document
}

on_both! {
    /// The deputy reviews and signs under the own name, and everything says on behalf of whom.
    async fn a_deputy_decides_in_somebodys_stead(app: TestApp) {
        let sides = app.sides().await;
        let (deputy, other) = (sides.north.staff().await, sides.north.staff().await);
        grant(&sides.university, &deputy, "REVIEW_AGREEMENTS").await;
        grant(&sides.university, &deputy, "SIGN_AGREEMENTS").await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        let steps = "query($id: ID!) { agreement(id: $id) { openSteps } }";
        let open = async |person: &Persona| person.gql(steps, json!({ "id": agreement.id })).await.at("/agreement/openSteps").clone();
        assert_eq!((open(&deputy).await, open(&other).await), (json!(["APPROVE", "RETURN", "REJECT"]), json!([])));
        decide(&other, "agreementApprove", &agreement).await.refused(&["FORBIDDEN"]);
        decide(&deputy, "agreementApprove", &agreement).await.result();
        decide(&sides.university, "agreementApprove", &agreement).await.complains(&["ILLEGAL_STEP input.id"]);
        for party in [&sides.county, &sides.enterprise] {
            decide(party, "agreementApprove", &agreement).await.result();
        }
        assert_eq!(open(&deputy).await, json!(["SIGN"]));
        decide(&deputy, "agreementSign", &agreement).await.result();
        let people = |by: &str, name: &str| json!({
            by: { "displayName": "UniversityStaff of North" }, name: { "displayName": "UniversityAdmin of North" },
        });
        let read = agreement.read("reviews { nodes { reviewer { displayName } onBehalfOf { displayName } } }
            signatures { nodes { signer { displayName } onBehalfOf { displayName } } }").await;
        assert_eq!(read["reviews"]["nodes"][0], people("reviewer", "onBehalfOf"));
        assert_eq!(read["reviews"]["nodes"][1]["onBehalfOf"], Value::Null);
        assert_eq!(read["signatures"]["nodes"], json!([people("signer", "onBehalfOf")]));
        let history = agreement.read("history(last: 1) { nodes { kind data } }").await;
        let told = history["history"]["nodes"][0].clone();
        let data: Value = serde_json::from_str(told["data"].as_str().unwrap()).unwrap();
        assert_eq!((&told["kind"], &data["onBehalfOf"]), (&json!("AgreementSigned"), &json!(sides.university.user.to_string())));
    }

    /// On its days, on what it says, until it is taken back, and as long as the admin has the right that was lent.
    async fn it_holds_in_its_time(app: TestApp) {
        let sides = app.sides().await;
        let (deputy, colleague) = (sides.north.staff().await, sides.north.admin().await);
        let agreement = make::submitted(&sides.all(), json!({})).await;
        let try_it = async |expected: &str| {
            let query = "query($id: ID!) { agreement(id: $id) { openSteps } }";
            let open = deputy.gql(query, json!({ "id": agreement.id })).await;
            assert_eq!(open.at("/agreement/openSteps") != &json!([]), expected == "open", "{expected}");
            if expected == "FORBIDDEN" {
                decide(&deputy, "agreementApprove", &agreement).await.refused(&["FORBIDDEN"]);
            }
        };
        grant(&sides.university, &deputy, "SIGN_AGREEMENTS").await;
        try_it("FORBIDDEN").await;
        let mut later = input(&deputy, "REVIEW_AGREEMENTS");
        (later["startsOn"], later["endsOn"]) = (json!("2026-03-10"), json!("2026-03-11"));
        sides.university.does("delegationGrant", later, "id").await.result();
        for (moment, expected) in [
            ("2026-03-09T15:59:59Z", "FORBIDDEN"), ("2026-03-09T16:00:00Z", "open"),
            ("2026-03-11T15:59:59Z", "open"), ("2026-03-11T16:00:00Z", "FORBIDDEN"),
        ] {
            app.it_is(moment);
            try_it(expected).await;
        }
        let given = grant(&sides.university, &deputy, "REVIEW_AGREEMENTS").await;
        try_it("open").await;
        // Another admin may take it back, the deputy may not.
        let revoke = json!({ "id": given, "expectedVersion": 1 });
        deputy.does("delegationRevoke", revoke.clone(), "id").await.refused(&["FORBIDDEN"]);
        colleague.does("delegationRevoke", revoke.clone(), "status openSteps").await
            .results_in(json!({ "status": "REVOKED", "openSteps": [] }));
        colleague.does("delegationRevoke", revoke, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        try_it("FORBIDDEN").await;
        grant(&sides.university, &deputy, "REVIEW_AGREEMENTS").await;
        try_it("open").await;
        let end = json!({ "id": id::show("membership", sides.university.membership), "expectedVersion": 1 });
        colleague.does("membershipEnd", end, "status").await.results_in(json!({ "status": "ENDED" }));
        let query = "query($id: ID!) { agreement(id: $id) { openSteps } }";
        let open = deputy.gql(query, json!({ "id": agreement.id })).await;
        assert_eq!(open.at("/agreement/openSteps"), &json!([]));
    }

    /// Whoever spoke for another party does not speak for this one through a deputy, and nobody confirms what was signed
    /// in the own stead.
    async fn the_two_are_one_person(app: TestApp) {
        let sides = app.sides().await;
        let deputy = sides.north.staff().await;
        for scope in ["REVIEW_AGREEMENTS", "SIGN_AGREEMENTS"] {
            grant(&sides.university, &deputy, scope).await;
        }
        let both = sides.university.also(&sides.yingshan, Role::CountyAdmin).await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        decide(&both, "agreementApprove", &agreement).await.result();
        decide(&deputy, "agreementApprove", &agreement).await.complains(&["RULE_VIOLATED"]);

        let agreement = make::approved(&sides.all(), json!({ "kind": "TALENT" })).await;
        let scan = document(&app, &sides.university, &agreement).await;
        let sign = json!({ "id": agreement.id, "expectedHash": agreement.hash().await, "evidence": "SEAL_SCAN", "documentId": scan });
        let signed = deputy.does("agreementSign", sign, "signatures { nodes { id } }").await;
        let confirm = json!({
            "id": agreement.id, "expectedHash": agreement.hash().await,
            "signatureId": signed.result()["signatures"]["nodes"][0]["id"],
        });
        let by = async |person: &Persona| person.does("agreementSignatureConfirm", confirm.clone(), "status").await;
        by(&deputy).await.refused(&["FORBIDDEN"]);
        by(&sides.university).await.complains(&["RULE_VIOLATED"]);
        by(&sides.north.admin().await).await.results_in(json!({ "status": "AWAITING_SIGNATURE" }));
        // And the other way round: through whoever spoke for another party already.
        let agreement = make::submitted(&sides.all(), json!({ "kind": "SPECIAL" })).await;
        decide(&deputy, "agreementApprove", &agreement).await.result();
        decide(&both, "agreementApprove", &agreement).await.complains(&["RULE_VIOLATED"]);
    }

    /// Everything that is wrong at once; another organization's members are not there.
    async fn what_a_delegation_must_look_like(app: TestApp) {
        let sides = app.sides().await;
        let (staff, auditor) = (sides.north.staff().await, sides.north.auditor().await);
        let mut wrong = input(&sides.university, "SIGN_AGREEMENTS");
        (wrong["startsOn"], wrong["endsOn"]) = (json!("2026-03-01"), json!("2026-02-28"));
        let refused = sides.university.does("delegationGrant", wrong, "id").await;
        let membership = "INVALID_INPUT input.membershipId";
        refused.complains(&[membership, membership, "INVALID_INPUT input.endsOn", "INVALID_INPUT input.endsOn"]);
        for person in [&auditor, &sides.north.student().await, &sides.north.admin().await] {
            let refused = sides.university.does("delegationGrant", input(person, "SIGN_AGREEMENTS"), "id").await;
            refused.complains(&[membership]);
        }
        let mut long = input(&staff, "SIGN_AGREEMENTS");
        long["endsOn"] = json!("2027-03-03");
        sides.university.does("delegationGrant", long.clone(), "id").await.complains(&["INVALID_INPUT input.endsOn"]);
        long["endsOn"] = json!("2027-03-02");
        sides.university.does("delegationGrant", long, "endsOn").await.results_in(json!({ "endsOn": "2027-03-02" }));
        sides.county.does("delegationGrant", input(&staff, "SIGN_AGREEMENTS"), "id").await.refused(&["NOT_FOUND"]);
        auditor.does("delegationGrant", input(&auditor, "SIGN_AGREEMENTS"), "id").await.refused(&["FORBIDDEN"]);
    }

    /// The two and the organization's admins; nobody else.
    async fn who_sees_it(app: TestApp) {
        let sides = app.sides().await;
        let deputy = sides.north.staff().await;
        let given = grant(&sides.university, &deputy, "SIGN_AGREEMENTS").await;
        let query = "query($id: ID!) { delegation(id: $id) { id } node(id: $id) { id } delegations { totalCount } }";
        let seen = json!({ "delegation": { "id": given }, "node": { "id": given }, "delegations": { "totalCount": 1 } });
        let unseen = json!({ "delegation": null, "node": null, "delegations": { "totalCount": 0 } });
        for person in [&sides.university, &deputy, &sides.north.admin().await] {
            person.gql(query, json!({ "id": given })).await.is(seen.clone());
        }
        let platform = app.platform().await.admin().await;
        for person in [&sides.county, &sides.north.staff().await, &sides.north.auditor().await, &platform] {
            person.gql(query, json!({ "id": given })).await.is(unseen.clone());
        }
    }
}
