//! Whoever is not named in an agreement cannot tell that it exists (I17).

use serde_json::{Value, json};

use crate::support::{make, on_both};

/// Every mutation of one agreement, with what it takes besides the id.
fn mutations(version: i64, hash: &str) -> Vec<(&'static str, Value)> {
    let text = json!({ "title": "x", "terms": "x", "endsOn": "2028-12-31", "renewalPolicy": "NONE", "parties": [] });
    let signature = hezuo::platform::id::show("agreement_signature", uuid::Uuid::nil());
    let reasoned = json!({ "expectedVersion": version, "reason": "No." });
    vec![
        ("agreementEdit", json!({ "expectedVersion": version, "text": text })),
        ("agreementSubmit", json!({ "expectedVersion": version })),
        ("agreementApprove", json!({ "expectedHash": hash })),
        ("agreementReturn", reasoned.clone()),
        ("agreementReject", reasoned.clone()),
        ("agreementSign", json!({ "expectedHash": hash, "evidence": "PLATFORM" })),
        ("agreementSignatureConfirm", json!({ "expectedHash": hash, "signatureId": signature })),
        ("agreementWithdrawForRevision", reasoned.clone()),
        ("agreementCancel", reasoned),
        ("agreementRenew", json!({ "expectedVersion": version, "endsOn": "2031-12-31" })),
    ]
}

on_both! {
    /// Every mutation answers an outsider as if there were nothing, at every stage, and changes nothing.
    async fn there_is_nothing_for_outsiders(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await;
        let outsiders = [
            yilong.admin().await, yilong.officer().await, app.enterprise(&sides.yingshan, "Beta").await.admin().await,
            app.university("South").await.admin().await, app.platform().await.admin().await,
        ];
        let agreements = [
            make::draft(&sides.all(), json!({})).await,
            make::submitted(&sides.all(), json!({ "kind": "TALENT" })).await,
            make::approved(&sides.all(), json!({ "kind": "WORKSTATION" })).await,
            make::active(&sides.all(), json!({ "kind": "TRAINING_BASE" })).await,
        ];
        let nothing = hezuo::platform::id::show("agreement", uuid::Uuid::nil());
        for outsider in &outsiders {
            for agreement in &agreements {
                let before = agreement.read("status version contentHash").await;
                let hash = before["contentHash"].as_str().unwrap_or_default();
                for (mutation, mut input) in mutations(before["version"].as_i64().unwrap(), hash) {
                    input["id"] = json!(agreement.id);
                    let hidden = outsider.does(mutation, input.clone(), "id").await;
                    hidden.refused(&["NOT_FOUND"]);
                    input["id"] = json!(nothing);
                    let missing = outsider.does(mutation, input, "id").await;
                    assert_eq!(hidden.body["errors"], missing.body["errors"], "{mutation} tells them apart");
                }
                assert_eq!(agreement.read("status version contentHash").await, before);
            }
        }
    }

    /// A draft is nobody's but the drafting side's: not even of those named in it.
    async fn a_draft_is_hidden_from_the_parties(app: TestApp) {
        let sides = app.sides().await;
        let draft = make::draft(&sides.all(), json!({})).await;
        for party in [&sides.county, &sides.enterprise] {
            for (mutation, mut input) in mutations(1, "") {
                input["id"] = json!(draft.id);
                party.does(mutation, input, "id").await.refused(&["NOT_FOUND"]);
            }
        }
        assert_eq!(draft.version().await, 1);
    }

    /// Nobody at all is told to sign in, whatever they ask for.
    async fn nobody_signs_in_first(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        for (mutation, mut input) in mutations(5, &agreement.hash().await) {
            input["id"] = json!(agreement.id);
            app.does(mutation, input, "id").await.refused(&["UNAUTHENTICATED"]);
        }
        assert_eq!(agreement.read("version status").await, json!({ "version": 5, "status": "AWAITING_SIGNATURE" }));
    }
}
