//! The whole way, step by step, with everything the three sides read on it.

use serde_json::json;

use super::{approve, reasoned, seen, sign, step, text};
use crate::support::{make, on_both};

const STANDS: &str = "status version openSteps";

on_both! {
    /// Drafted, sent back, edited, sent again, approved by three, signed by three: in force.
    async fn from_the_first_draft_to_force(app: TestApp) {
        let sides = app.sides().await;
        let (university, county, enterprise) = (&sides.university, &sides.county, &sides.enterprise);
        let agreement = make::draft(&sides.all(), json!({})).await;
        let id = &agreement.id;

        let drafted = "number kind title terms status version startsOn endsOn noticeBy renewalPolicy contentHash \
            submittedAt signedAt activatedAt endedAt createdAt updatedAt county { name } draftedBy { name } \
            parties { capacity role position organization { name } } currentVersion { number } openSteps";
        assert_eq!(agreement.read(drafted).await, json!({
            "number": "XY-511322-2026-0001", "kind": "FRAMEWORK", "title": "Framework agreement",
            "terms": "The parties help each other.", "status": "DRAFT", "version": 1, "startsOn": null,
            "endsOn": "2028-12-31", "noticeBy": null, "renewalPolicy": "NEGOTIATE", "contentHash": null,
            "submittedAt": null, "signedAt": null, "activatedAt": null, "endedAt": null,
            "createdAt": "2026-03-02T01:00:00.000000Z", "updatedAt": "2026-03-02T01:00:00.000000Z",
            "county": { "name": "County 511322" }, "draftedBy": { "name": "North" },
            "parties": [
                { "capacity": "甲方", "role": "REQUIRED", "position": 0, "organization": { "name": "North" } },
                { "capacity": "乙方", "role": "REQUIRED", "position": 1, "organization": { "name": "County 511322" } },
                { "capacity": "丙方", "role": "REQUIRED", "position": 2, "organization": { "name": "Alpha" } },
            ],
            "currentVersion": null, "openSteps": ["SUBMIT", "CANCEL"],
        }));
        assert_eq!(seen(county, id, STANDS).await, json!(null));

        // The first submission freezes the text and shows it to all.
        app.it_is("2026-03-03");
        let submitted = step(university, "agreementSubmit", &agreement, STANDS).await;
        let steps = ["APPROVE", "RETURN", "REJECT"];
        submitted.results_in(json!({ "status": "IN_REVIEW", "version": 2, "openSteps": [steps[0], steps[1], steps[2], "CANCEL"] }));
        assert_eq!(seen(county, id, STANDS).await, json!({ "status": "IN_REVIEW", "version": 2, "openSteps": steps }));
        assert_eq!(agreement.read("submittedAt").await, json!({ "submittedAt": "2026-03-03T01:00:00.000000Z" }));
        let first_hash = agreement.hash().await;

        // The county wants it revised: it is the drafting side's again, and the county sees it no more.
        approve(university, &agreement).await.results_in(json!({ "status": "IN_REVIEW", "openSteps": ["CANCEL"] }));
        let returned = reasoned(county, "agreementReturn", &agreement, "第二条请写明面积。").await;
        returned.is(json!({ "agreementReturn": { "result": null, "userErrors": [] } }));
        assert_eq!(seen(county, id, STANDS).await, json!(null));
        let after = agreement.read("status version statusReason contentHash currentVersion { number } openSteps").await;
        assert_eq!(after, json!({
            "status": "DRAFT", "version": 4, "statusReason": "第二条请写明面积。", "contentHash": null,
            "currentVersion": null, "openSteps": ["SUBMIT", "CANCEL"],
        }));

        // Edited and sent again: another version, another hash, and nobody has approved it yet.
        let changes = json!({ "title": " 三方合作框架协议 ", "terms": "第一条 互助。\n第二条 面积一百平方米。", "noticeBy": "2028-09-30" });
        let input = json!({ "id": id, "expectedVersion": 4, "text": text(&agreement, changes).await });
        let edited = university.does("agreementEdit", input, "title terms noticeBy version status").await;
        edited.results_in(json!({
            "title": "三方合作框架协议", "terms": "第一条 互助。\n第二条 面积一百平方米。", "noticeBy": "2028-09-30",
            "version": 5, "status": "DRAFT",
        }));
        step(university, "agreementSubmit", &agreement, "version statusReason").await
            .results_in(json!({ "version": 6, "statusReason": null }));
        assert_ne!(agreement.hash().await, first_hash);
        let versions = agreement.read("versions { totalCount nodes { number contentHash submittedBy { displayName } } }").await;
        let by = json!({ "displayName": "UniversityAdmin of North" });
        assert_eq!(versions["versions"], json!({ "totalCount": 2, "nodes": [
            { "number": 1, "contentHash": first_hash, "submittedBy": by },
            { "number": 2, "contentHash": agreement.hash().await, "submittedBy": by },
        ]}));

        // Three approvals; the last one moves it on.
        approve(enterprise, &agreement).await.results_in(json!({ "status": "IN_REVIEW", "openSteps": [] }));
        approve(county, &agreement).await.results_in(json!({ "status": "IN_REVIEW", "openSteps": [] }));
        approve(university, &agreement).await.results_in(json!({
            "status": "AWAITING_SIGNATURE", "openSteps": ["SIGN", "WITHDRAW_FOR_REVISION", "CANCEL"],
        }));

        // Three signatures; the last one, after midnight in Shanghai, brings it into force from that day.
        app.it_is("2026-03-04T15:59:58Z");
        sign(county, &agreement).await.results_in(json!({
            "status": "AWAITING_SIGNATURE", "openSteps": ["WITHDRAW_FOR_REVISION"],
        }));
        app.it_is("2026-03-04T15:59:59Z");
        sign(university, &agreement).await.results_in(json!({
            "status": "AWAITING_SIGNATURE", "openSteps": ["WITHDRAW_FOR_REVISION", "CANCEL"],
        }));
        app.it_is("2026-03-04T16:00:00Z");
        sign(enterprise, &agreement).await.results_in(json!({
            "status": "ACTIVE", "openSteps": ["SUSPEND", "TERMINATE", "RENEW"],
        }));
        assert_eq!(agreement.read("startsOn signedAt activatedAt endedAt version").await, json!({
            "startsOn": "2026-03-05", "signedAt": "2026-03-04T16:00:00.000000Z",
            "activatedAt": "2026-03-04T16:00:00.000000Z", "endedAt": null, "version": 13,
        }));
        let signatures = "signatures { nodes { organization { name } signer { displayName } evidence signedAt voidedAt } }";
        let signature = |who: &str, role: &str, at: &str| json!({
            "organization": { "name": who }, "signer": { "displayName": format!("{role} of {who}") },
            "evidence": "PLATFORM", "signedAt": at, "voidedAt": null,
        });
        assert_eq!(agreement.read(signatures).await["signatures"]["nodes"], json!([
            signature("County 511322", "CountyAdmin", "2026-03-04T15:59:58.000000Z"),
            signature("North", "UniversityAdmin", "2026-03-04T15:59:59.000000Z"),
            signature("Alpha", "EnterpriseAdmin", "2026-03-04T16:00:00.000000Z"),
        ]));
    }

    /// Whoever is a side may draft, not only the university.
    async fn each_side_may_draft(app: TestApp) {
        let sides = app.sides().await;
        let (university, county, enterprise) = (&sides.university, &sides.county, &sides.enterprise);
        for parties in [[county, university], [enterprise, county]] {
            let agreement = make::active(&parties, json!({})).await;
            let name = &parties[0].organization.name;
            assert_eq!(agreement.read("draftedBy { name }").await, json!({ "draftedBy": { "name": name } }));
        }
    }

    /// The frozen text holds everything that is signed, in one spelling.
    async fn what_is_signed_is_canonical(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::submitted(&sides.all(), json!({ "text": { "title": "e\u{301}tude" } })).await;
        let version = agreement.read("currentVersion { content contentHash }").await["currentVersion"].clone();
        let [north, yingshan, alpha] = [&sides.north, &sides.yingshan, &sides.alpha].map(|party| party.key);
        let content = format!(
            r#"{{"county":"{yingshan}","endsOn":"2028-12-31","kind":"FRAMEWORK","noticeBy":null,"number":"XY-511322-2026-0001","parent":null,"parties":[{{"capacity":"甲方","organization":"{north}","role":"REQUIRED"}},{{"capacity":"乙方","organization":"{yingshan}","role":"REQUIRED"}},{{"capacity":"丙方","organization":"{alpha}","role":"REQUIRED"}}],"predecessor":null,"renewalPolicy":"NEGOTIATE","startsOn":null,"terms":"The parties help each other.","title":"étude"}}"#
        );
        assert_eq!(version["content"], json!(content));
        assert_eq!(version["contentHash"], json!(hezuo::platform::event::sha256(content.as_bytes())));
        assert_eq!(agreement.read("contentHash").await["contentHash"], version["contentHash"]);
    }
}
