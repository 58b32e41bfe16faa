//! Changing an agreement in force: everybody signs the same text, and what was signed before never changes.

use std::sync::Arc;

use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::{agreements::jobs, platform::event::sha256};
use serde_json::{Value, json};

use crate::support::{Answer, Persona, TestApp, make, on_both};

/// A university, a county and an enterprise, each with its admin.
async fn three(app: &TestApp) -> (Persona, Persona, Persona) {
    let yingshan = app.county("511322").await;
    let alpha = app.enterprise(&yingshan, "Alpha").await.admin().await;
    (app.university("North").await.admin().await, yingshan.admin().await, alpha)
}

fn text(ends_on: &str) -> Value {
    json!({
        "title": "Framework agreement", "terms": "The parties help each other.\nThey meet every month.",
        "endsOn": ends_on, "renewalPolicy": "NEGOTIATE", "reason": "建立例会制度",
    })
}

async fn draft(by: &Persona, agreement: &make::Agreement<'_>, text: Value) -> Answer {
    let input = json!({ "agreementId": agreement.id, "expectedHash": agreement.hash().await, "text": text });
    by.does("amendmentDraft", input, "id number status version").await
}

fn id(answer: &Answer) -> String {
    answer.result()["id"].as_str().unwrap().to_owned()
}

async fn submitted(by: &Persona, agreement: &make::Agreement<'_>, text: Value) -> (String, String) {
    let id = id(&draft(by, agreement, text).await);
    let submit = by.does("amendmentSubmit", json!({ "id": id, "expectedVersion": 1 }), "contentHash").await;
    (id, submit.result()["contentHash"].as_str().unwrap().to_owned())
}

fn signing(id: &str, hash: &str) -> Value {
    json!({ "id": id, "expectedHash": hash, "evidence": "PLATFORM" })
}

/// Approved by all, signed by nobody.
async fn approved(parties: &[&Persona], agreement: &make::Agreement<'_>, text: Value) -> (String, String) {
    let (id, hash) = submitted(parties[0], agreement, text).await;
    for party in parties {
        party.does("amendmentApprove", json!({ "id": id, "expectedHash": hash }), "id").await.result();
    }
    (id, hash)
}

const VERSIONS: &str = "currentVersion { number contentHash } versions { nodes { number content contentHash } }";

on_both! {
    /// Drafted, compared, approved and signed by all; then the agreement reads so, and the old text stays as it was.
    async fn signed_by_all(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let parties = [&north, &yingshan, &alpha];
        let agreement = make::active(&parties, json!({})).await;
        let before = agreement.read(VERSIONS).await;
        let drafted = draft(&yingshan, &agreement, text("2029-12-31")).await;
        drafted.results_in(json!({ "id": id(&drafted), "number": 1, "status": "DRAFT", "version": 1 }));
        let id = id(&drafted);
        let query = "query($id: ID!) { amendment(id: $id) { status openSteps
            diff { field before after lines { kind beforeLine afterLine text } } } }";
        north.gql(query, json!({ "id": id })).await.is(json!({ "amendment": null }));
        let diff = json!([
            {
                "field": "TERMS", "before": "The parties help each other.",
                "after": "The parties help each other.\nThey meet every month.",
                "lines": [
                    { "kind": "KEPT", "beforeLine": 1, "afterLine": 1, "text": "The parties help each other." },
                    { "kind": "ADDED", "beforeLine": null, "afterLine": 2, "text": "They meet every month." },
                ],
            },
            { "field": "ENDS_ON", "before": "2028-12-31", "after": "2029-12-31", "lines": [] },
        ]);
        yingshan.gql(query, json!({ "id": id })).await.is(json!({ "amendment": {
            "status": "DRAFT", "openSteps": ["SUBMIT", "WITHDRAW"], "diff": diff,
        } }));
        let submit = yingshan.does("amendmentSubmit", json!({ "id": id, "expectedVersion": 1 }), "contentHash content").await;
        let (hash, content) = (submit.result()["contentHash"].clone(), submit.result()["content"].clone());
        assert_eq!(json!(sha256(content.as_str().unwrap().as_bytes())), hash);
        let hash = hash.as_str().unwrap();
        north.gql(query, json!({ "id": id })).await.is(json!({ "amendment": {
            "status": "IN_REVIEW", "openSteps": ["APPROVE", "REJECT"], "diff": diff,
        } }));
        let wrong = json!({ "id": id, "expectedHash": agreement.hash().await });
        north.does("amendmentApprove", wrong, "id").await.complains(&["CONFLICT input.expectedHash"]);
        for (party, status) in parties.into_iter().zip(["IN_REVIEW", "IN_REVIEW", "AWAITING_SIGNATURE"]) {
            let approval = party.does("amendmentApprove", json!({ "id": id, "expectedHash": hash }), "status").await;
            approval.results_in(json!({ "status": status }));
        }
        app.it_is("2026-05-06");
        for (party, status) in parties.into_iter().zip(["AWAITING_SIGNATURE", "AWAITING_SIGNATURE", "EFFECTIVE"]) {
            assert_eq!(agreement.read("endsOn").await, json!({ "endsOn": "2028-12-31" }));
            party.does("amendmentSign", signing(&id, hash), "status").await.results_in(json!({ "status": status }));
        }
        let read = agreement.read("status title terms endsOn contentHash executionRate { due }").await;
        assert_eq!(read, json!({
            "status": "ACTIVE", "title": "Framework agreement", "endsOn": "2029-12-31", "contentHash": hash,
            "terms": "The parties help each other.\nThey meet every month.", "executionRate": { "due": 0 },
        }));
        let after = agreement.read(VERSIONS).await;
        assert_eq!(after["currentVersion"], json!({ "number": 2, "contentHash": hash }));
        // What was signed never changes (I3).
        assert_eq!(after["versions"]["nodes"][0], before["versions"]["nodes"][0]);
        assert_eq!(after["versions"]["nodes"][1], json!({ "number": 2, "content": content, "contentHash": hash }));
        // Every party's signature is under the current text (I2).
        let signatures = agreement.read("signatures { nodes { contentHash organization { name } signedAt } }").await;
        let new: Vec<&Value> = signatures["signatures"]["nodes"].as_array().unwrap().iter()
            .filter(|signature| signature["contentHash"] == json!(hash)).collect();
        let names = ["North", "County 511322", "Alpha"];
        assert_eq!(json!(new), json!(names.map(|name| json!({
            "contentHash": hash, "organization": { "name": name }, "signedAt": "2026-05-06T01:00:00.000000Z",
        }))));
        let last = agreement.read("history(last: 1) { nodes { kind } }").await;
        assert_eq!(last["history"]["nodes"], json!([{ "kind": "AgreementAmended" }]));
    }

    /// Made against one text: when another amendment was signed first, it conflicts, and a draft is made anew.
    async fn one_after_the_other(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let parties = [&north, &yingshan, &alpha];
        let agreement = make::active(&parties, json!({})).await;
        let other = id(&draft(&alpha, &agreement, text("2027-12-31")).await);
        let (late, late_hash) = submitted(&yingshan, &agreement, text("2028-06-30")).await;
        let old_hash = agreement.hash().await;
        let (first, hash) = approved(&parties, &agreement, text("2029-12-31")).await;
        for party in parties {
            party.does("amendmentSign", signing(&first, &hash), "id").await.result();
        }
        let submit = alpha.does("amendmentSubmit", json!({ "id": other, "expectedVersion": 1 }), "id").await;
        submit.complains(&["CONFLICT input.id"]);
        assert_eq!(submit.user_errors()[0]["details"]["currentHash"], json!(hash));
        let approve = json!({ "id": late, "expectedHash": late_hash });
        north.does("amendmentApprove", approve, "id").await.complains(&["CONFLICT input.id"]);
        let withdraw = json!({ "id": late, "expectedVersion": 2, "reason": "已被取代" });
        yingshan.does("amendmentWithdraw", withdraw, "status").await.results_in(json!({ "status": "WITHDRAWN" }));
        let edit = |hash: &str| json!({ "id": other, "expectedVersion": 1, "expectedHash": hash, "text": text("2027-12-31") });
        alpha.does("amendmentEdit", edit(&old_hash), "id").await.complains(&["CONFLICT input.expectedHash"]);
        let edited = alpha.does("amendmentEdit", edit(&hash), "baseHash diff { field before after }").await;
        edited.results_in(json!({
            "baseHash": hash, "diff": [{ "field": "ENDS_ON", "before": "2029-12-31", "after": "2027-12-31" }],
        }));
        alpha.does("amendmentSubmit", json!({ "id": other, "expectedVersion": 2 }), "status").await
            .results_in(json!({ "status": "IN_REVIEW" }));
        let reject = json!({ "id": other, "expectedVersion": 3, "reason": "期限太短" });
        north.does("amendmentReject", reject, "status statusReason").await
            .results_in(json!({ "status": "REJECTED", "statusReason": "期限太短" }));
    }

    /// Who may, and what an amendment must look like.
    async fn rules(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let parties = [&north, &yingshan, &alpha];
        let agreement = make::active(&parties, json!({})).await;
        let same = json!({
            "title": "Framework agreement", "terms": "The parties help each other.", "endsOn": "2028-12-31",
            "renewalPolicy": "NEGOTIATE", "reason": "无",
        });
        draft(&north, &agreement, same).await.complains(&["INVALID_INPUT input.text"]);
        let mut wrong = text("2026-01-01");
        wrong["title"] = json!("");
        wrong["noticeBy"] = json!("2026-02-01");
        draft(&north, &agreement, wrong).await.complains(&[
            "INVALID_INPUT input.text.title", "INVALID_INPUT input.text.endsOn", "INVALID_INPUT input.text.endsOn",
            "INVALID_INPUT input.text.noticeBy",
        ]);
        draft(&north.organization.staff().await, &agreement, text("2029-12-31")).await.refused(&["FORBIDDEN"]);
        let signed = make::signed(&parties, json!({ "kind": "TALENT" })).await;
        draft(&north, &signed, text("2029-12-31")).await.complains(&["RULE_VIOLATED"]);
        let (id, hash) = submitted(&north, &agreement, text("2029-12-31")).await;
        let approve = || json!({ "id": id, "expectedHash": hash });
        north.does("amendmentApprove", approve(), "id").await.result();
        north.does("amendmentApprove", approve(), "id").await.complains(&["ILLEGAL_STEP input.id"]);
        let both = north.also(&yingshan.organization, Role::CountyAdmin).await;
        both.does("amendmentApprove", approve(), "id").await.complains(&["RULE_VIOLATED"]);
        let withdraw = json!({ "id": id, "expectedVersion": 3, "reason": "暂缓" });
        yingshan.does("amendmentWithdraw", withdraw, "id").await.refused(&["FORBIDDEN"]);
        let sign = yingshan.does("amendmentSign", signing(&id, &hash), "id").await;
        sign.complains(&["ILLEGAL_STEP input.id"]);
        app.county("511321").await.admin().await.does("amendmentApprove", approve(), "id").await.refused(&["NOT_FOUND"]);
    }

    /// A longer agreement may not meet another of its kind (I5), whichever comes first.
    async fn not_into_another_agreement(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let parties = [&north, &yingshan];
        let agreement = make::active(&parties, json!({ "text": { "endsOn": "2026-12-31" } })).await;
        let next = json!({ "text": { "startsOn": "2027-01-01", "endsOn": "2027-12-31" } });
        let (amendment, hash) = approved(&parties, &agreement, text("2027-01-01")).await;
        let next = make::submitted(&parties, next).await;
        north.does("amendmentSign", signing(&amendment, &hash), "status").await.result();
        let last = yingshan.does("amendmentSign", signing(&amendment, &hash), "status").await;
        last.complains(&["DUPLICATE input.id"]);
        assert_eq!(last.user_errors()[0]["details"]["existing"], next.read("number").await["number"]);
        let drafted = id(&draft(&north, &agreement, text("2027-06-30")).await);
        let submit = north.does("amendmentSubmit", json!({ "id": drafted, "expectedVersion": 1 }), "id").await;
        submit.complains(&["DUPLICATE input.id"]);
        drop(alpha);
    }

    /// Sixteen who sign the extension and sixteen who submit what it would meet: one of the two, never both (I2, I5, I13).
    async fn many_at_once(app: TestApp) {
        let (north, yingshan, _) = three(&app).await;
        let parties = [&north, &yingshan];
        let agreement = make::active(&parties, json!({ "text": { "endsOn": "2026-12-31" } })).await;
        let next = json!({ "text": { "startsOn": "2027-01-01", "endsOn": "2027-12-31" } });
        let next = make::draft(&parties, next).await;
        let (amendment, hash) = approved(&parties, &agreement, text("2027-06-30")).await;
        north.does("amendmentSign", signing(&amendment, &hash), "status").await.result();
        let admins = Arc::new(join_all((0..16).map(|_| yingshan.organization.admin())).await);
        join_all(admins.iter().map(Persona::token)).await;
        let (next_id, north) = (next.id.clone(), &north);
        let submits = join_all((0..16).map(|_| {
            north.does("agreementSubmit", json!({ "id": next_id, "expectedVersion": 1 }), "status")
        }));
        let signs = join_all((0..16).map(|place| {
            let (admins, amendment, hash) = (admins.clone(), amendment.clone(), hash.clone());
            tokio::spawn(async move { admins[place].does("amendmentSign", signing(&amendment, &hash), "status").await })
        }));
        let (submits, signs) = tokio::join!(submits, signs);
        let signs: Vec<_> = signs.into_iter().map(Result::unwrap).collect();
        let done = |answers: &[Answer]| answers.iter().filter(|answer| answer.user_errors().is_empty()).count();
        assert!(submits.iter().chain(&signs).all(|answer| answer.codes().is_empty()), "{submits:?} {signs:?}");
        assert_eq!(done(&submits) + done(&signs), 1, "{submits:?} {signs:?}");
        let extended = agreement.read("endsOn").await == json!({ "endsOn": "2027-06-30" });
        assert_eq!(extended, done(&signs) == 1);
        let expected = if extended { "DRAFT" } else { "IN_REVIEW" };
        assert_eq!(next.read("status").await, json!({ "status": expected }));
        let versions = agreement.read("versions { totalCount } signatures { totalCount } currentVersion { contentHash } contentHash").await;
        let count = if extended { 2 } else { 1 };
        assert_eq!(versions["versions"]["totalCount"], count);
        assert_eq!(versions["signatures"]["totalCount"], 2 * count);
        assert_eq!(versions["currentVersion"]["contentHash"], versions["contentHash"]);
    }

    /// What is on its way when the agreement ends is withdrawn.
    async fn withdrawn_with_the_agreement(app: TestApp) {
        let (north, yingshan, _) = three(&app).await;
        let parties = [&north, &yingshan];
        let agreement = make::active(&parties, json!({ "text": { "endsOn": "2026-12-31" } })).await;
        let (id, hash) = approved(&parties, &agreement, text("2027-06-30")).await;
        app.it_is("2027-01-01");
        assert_eq!(jobs::turn_the_day(app.app()).await.unwrap(), 1);
        north.does("amendmentSign", signing(&id, &hash), "id").await.complains(&["RULE_VIOLATED"]);
        assert_eq!(jobs::clear_what_ended(app.app()).await.unwrap(), 1);
        let query = "query($id: ID!) { amendment(id: $id) { status openSteps } }";
        yingshan.gql(query, json!({ "id": id })).await.is(json!({ "amendment": { "status": "WITHDRAWN", "openSteps": [] } }));
    }

    /// Nobody signs what would have the agreement end in the past, not even as the first of the parties.
    async fn not_signed_once_over(app: TestApp) {
        let (north, yingshan, _) = three(&app).await;
        let parties = [&north, &yingshan];
        let agreement = make::active(&parties, json!({})).await;
        let (id, hash) = approved(&parties, &agreement, text("2026-06-30")).await;
        let query = "query($id: ID!) { amendment(id: $id) { openSteps } }";
        let shown = async |steps: &[&str]| {
            yingshan.gql(query, json!({ "id": id })).await.is(json!({ "amendment": { "openSteps": steps } }));
        };
        app.it_is("2026-06-30");
        shown(&["REJECT", "SIGN"]).await;
        app.it_is("2026-07-01");
        shown(&["REJECT"]).await;
        yingshan.does("amendmentSign", signing(&id, &hash), "id").await.complains(&["RULE_VIOLATED"]);
    }
}
