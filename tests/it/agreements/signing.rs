//! Signing: the very same hash, by verified parties, and void as soon as a comma changes.

use serde_json::{Value, json};

use super::{approve, reasoned, seen, sign, step, text};
use crate::support::{TestApp, make, on_both};

on_both! {
    /// One comma changed: a new hash, and the signatures under the old text are void.
    async fn one_comma_voids_the_signatures(app: TestApp) {
        let sides = app.sides().await;
        let terms = json!({ "text": { "terms": "甲方负责场地乙方负责人员。" } });
        let agreement = make::approved(&sides.all(), terms).await;
        let before = agreement.hash().await;
        sign(&sides.university, &agreement).await.result();
        sign(&sides.county, &agreement).await.result();

        app.it_is("2026-03-03");
        let withdrawn = reasoned(&sides.enterprise, "agreementWithdrawForRevision", &agreement, "少一个逗号。").await;
        withdrawn.is(json!({ "agreementWithdrawForRevision": { "result": null, "userErrors": [] } }));
        assert_eq!(agreement.read("status statusReason contentHash openSteps").await, json!({
            "status": "DRAFT", "statusReason": "少一个逗号。", "contentHash": null, "openSteps": ["SUBMIT", "CANCEL"],
        }));
        let void = json!({ "contentHash": before, "voidedAt": "2026-03-03T01:00:00.000000Z", "version": { "number": 1 } });
        let signatures = "signatures { nodes { contentHash voidedAt version { number } } }";
        assert_eq!(agreement.read(signatures).await["signatures"]["nodes"], json!([void, void]));

        let version = agreement.version().await;
        let changed = text(&agreement, json!({ "terms": "甲方负责场地，乙方负责人员。" })).await;
        let input = json!({ "id": agreement.id, "expectedVersion": version, "text": changed });
        sides.university.does("agreementEdit", input, "id").await.result();
        step(&sides.university, "agreementSubmit", &agreement, "id").await.result();
        let after = agreement.hash().await;
        assert_ne!(after, before);

        // All begins anew: the approvals went with the old text too.
        for party in sides.all() {
            approve(party, &agreement).await.result();
        }
        let old = json!({ "id": agreement.id, "expectedHash": before, "evidence": "PLATFORM" });
        let conflict = sides.university.does("agreementSign", old, "id").await;
        conflict.complains(&["CONFLICT input.expectedHash"]);
        assert_eq!(conflict.user_errors()[0]["details"]["currentHash"], json!(after));
        sign(&sides.enterprise, &agreement).await.results_in(json!({
            "status": "AWAITING_SIGNATURE", "openSteps": ["WITHDRAW_FOR_REVISION"],
        }));
        sign(&sides.university, &agreement).await.result();
        sign(&sides.county, &agreement).await.result();
        assert_eq!(agreement.read("status signatures { totalCount }").await, json!({
            "status": "ACTIVE", "signatures": { "totalCount": 5 },
        }));
    }

    /// The same text sent again is another version: nobody's signature is taken over.
    async fn the_same_text_again_is_signed_again(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        let hash = agreement.hash().await;
        sign(&sides.county, &agreement).await.result();
        reasoned(&sides.university, "agreementWithdrawForRevision", &agreement, "再议。").await.result();
        step(&sides.university, "agreementSubmit", &agreement, "id").await.result();
        assert_eq!(agreement.hash().await, hash);
        for party in sides.all() {
            approve(party, &agreement).await.result();
        }
        for (party, status) in sides.all().into_iter().zip(["AWAITING_SIGNATURE", "AWAITING_SIGNATURE", "ACTIVE"]) {
            let signed = sign(party, &agreement).await;
            assert_eq!(signed.result()["status"], json!(status));
        }
    }

    /// A party signs once, whoever of its admins does it.
    async fn a_party_signs_once(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        sign(&sides.county, &agreement).await.result();
        for again in [&sides.county, &sides.yingshan.admin().await] {
            let second = sign(again, &agreement).await;
            second.complains(&["ILLEGAL_STEP input.id"]);
            assert_eq!(second.user_errors()[0]["details"]["openSteps"], json!(["WITHDRAW_FOR_REVISION"]));
        }
        assert_eq!(agreement.read("signatures { totalCount }").await, json!({ "signatures": { "totalCount": 1 } }));
    }

    /// Only admins sign: staff, officers, recruiters and auditors read.
    async fn only_admins_sign(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        let readers = [
            sides.north.staff().await, sides.north.professor().await, sides.north.student().await,
            sides.north.auditor().await, sides.yingshan.officer().await, sides.yingshan.auditor().await,
            sides.alpha.recruiter().await,
        ];
        for reader in &readers {
            let read = json!({ "status": "AWAITING_SIGNATURE", "openSteps": [] });
            assert_eq!(seen(reader, &agreement.id, "status openSteps").await, read, "{}", reader.login);
            sign(reader, &agreement).await.refused(&["FORBIDDEN"]);
        }
        assert_eq!(agreement.read("version signatures { totalCount }").await, json!({
            "version": 5, "signatures": { "totalCount": 0 },
        }));
    }

    /// Only verified organizations sign: while one party is suspended nobody does.
    async fn an_unverified_party_stops_all(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        let officer = sides.yingshan.officer().await;
        let suspend = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "reason": "许可证年检。" });
        officer.does("organizationSuspend", suspend, "status").await.results_in(json!({ "status": "SUSPENDED" }));
        for party in sides.all() {
            let refused = sign(party, &agreement).await;
            refused.complains(&["RULE_VIOLATED"]);
            let words = "A party is not a verified organization; only verified ones sign.";
            assert_eq!(refused.user_errors()[0]["message"], json!(words));
        }
        let reinstate = json!({ "id": sides.alpha.id(), "expectedVersion": 2 });
        officer.does("organizationReinstate", reinstate, "status").await.results_in(json!({ "status": "VERIFIED" }));
        for party in sides.all() {
            sign(party, &agreement).await.result();
        }
        assert_eq!(agreement.read("status").await, json!({ "status": "ACTIVE" }));
    }

    /// A scan is evidence only with its file, and it must be a file of this agreement.
    async fn a_scan_needs_its_file(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        for evidence in ["WET_INK_SCAN", "SEAL_SCAN"] {
            let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await, "evidence": evidence });
            let refused = sides.county.does("agreementSign", input, "id").await;
            refused.complains(&["INVALID_INPUT input.documentId"]);
            let words = "documentId is missing: a scan is evidence only with its file.";
            assert_eq!(refused.user_errors()[0]["message"], json!(words));
            let document = hezuo::platform::id::show("document", sides.north.key);
            let input = json!({
                "id": agreement.id, "expectedHash": agreement.hash().await, "evidence": evidence, "documentId": document,
            });
            sides.county.does("agreementSign", input, "id").await.complains(&["INVALID_INPUT input.documentId"]);
        }
        assert_eq!(agreement.read("signatures { totalCount }").await, json!({ "signatures": { "totalCount": 0 } }));
    }

    /// Nothing is signed before all have approved, and nothing after all have signed.
    async fn signing_has_its_time(app: TestApp) {
        let sides = app.sides().await;
        let submitted = make::submitted(&sides.all(), json!({})).await;
        let early = sign(&sides.county, &submitted).await;
        early.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(early.user_errors()[0]["details"]["openSteps"], json!(["APPROVE", "RETURN", "REJECT"]));
        let signed = make::signed(&sides.all(), json!({ "kind": "TALENT" })).await;
        assert_eq!(signed.read("status startsOn activatedAt openSteps").await, json!({
            "status": "SIGNED", "startsOn": "2026-04-01", "activatedAt": null, "openSteps": ["RESCIND"],
        }));
        sign(&sides.county, &signed).await.complains(&["ILLEGAL_STEP input.id"]);
        let withdraw = reasoned(&sides.county, "agreementWithdrawForRevision", &signed, "Too late.").await;
        withdraw.complains(&["ILLEGAL_STEP input.id"]);
    }

    /// What has ended before it began is neither sent out nor signed.
    async fn what_is_over_is_not_signed(app: TestApp) {
        let sides = app.sides().await;
        let ends: Value = json!({ "text": { "endsOn": "2026-03-10" } });
        let drafted = make::draft(&sides.all(), ends.clone()).await;
        let approved = make::approved(&sides.all(), ends).await;
        sign(&sides.county, &approved).await.result();
        app.it_is("2026-03-10T15:59:59Z");
        sign(&sides.university, &approved).await.result();
        app.it_is("2026-03-10T16:00:00Z");
        over(sign(&sides.enterprise, &approved).await);
        over(step(&sides.university, "agreementSubmit", &drafted, "id").await);
        assert_eq!(drafted.read("openSteps").await, json!({ "openSteps": ["CANCEL"] }));
        assert_eq!(turned(&app).await, 1);
        assert_eq!(approved.read("status endedAt startsOn").await, json!({
            "status": "CANCELLED", "endedAt": "2026-03-10T16:00:00.000000Z", "startsOn": null,
        }));
        let version = drafted.version().await;
        let later = json!({ "id": drafted.id, "expectedVersion": version, "text": text(&drafted, json!({ "endsOn": "2026-03-11" })).await });
        sides.university.does("agreementEdit", later, "id").await.result();
        step(&sides.university, "agreementSubmit", &drafted, "status").await.results_in(json!({ "status": "IN_REVIEW" }));
    }
}

#[track_caller]
fn over(answer: crate::support::Answer) {
    answer.complains(&["RULE_VIOLATED"]);
    let words = "Its last day (2026-03-10) has passed; give it a later one.";
    assert_eq!(answer.user_errors()[0]["message"], json!(words));
}

async fn turned(app: &TestApp) -> usize {
    hezuo::agreements::jobs::turn_the_day(app.app()).await.unwrap()
}
