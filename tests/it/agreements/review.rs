//! Review: each party speaks once, for the text it read, and for itself alone.

use entity::membership::Role;
use serde_json::json;

use super::{approve, reasoned, seen, step, text};
use crate::support::{make, on_both};

on_both! {
    /// Who has approved has spoken: the answer says what is open instead.
    async fn approving_twice_is_no_step(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        for (party, open) in [(&sides.county, json!([])), (&sides.university, json!(["CANCEL"]))] {
            approve(party, &agreement).await.result();
            let version = agreement.version().await;
            let again = approve(party, &agreement).await;
            again.complains(&["ILLEGAL_STEP input.id"]);
            assert_eq!(again.user_errors()[0]["details"]["openSteps"], open);
            for mutation in ["agreementReturn", "agreementReject"] {
                let late = reasoned(party, mutation, &agreement, "Too late.").await;
                late.complains(&["ILLEGAL_STEP input.id"]);
                assert_eq!(late.user_errors()[0]["details"]["openSteps"], open);
            }
            assert_eq!(agreement.version().await, version);
        }
        // A colleague speaks for the same party: it has spoken.
        approve(&sides.yingshan.admin().await, &agreement).await.complains(&["ILLEGAL_STEP input.id"]);
    }

    /// Approving text that one did not read is a conflict, with the hash of what there is (I4).
    async fn another_hash_is_a_conflict(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        let hash = agreement.hash().await;
        for wrong in ["", "0", &hash[1..], &"0".repeat(64)] {
            let input = json!({ "id": agreement.id, "expectedHash": wrong });
            let answer = sides.county.does("agreementApprove", input, "id").await;
            answer.complains(&["CONFLICT input.expectedHash"]);
            let error = answer.user_errors()[0].clone();
            assert_eq!(error["details"]["currentHash"], json!(hash));
            assert_eq!(error["message"], json!("The text is not the one you saw: read it again and quote its hash."));
        }
        assert_eq!(agreement.read("version reviews { totalCount }").await, json!({ "version": 2, "reviews": { "totalCount": 0 } }));
        // Hexadecimal digits may be written large.
        let input = json!({ "id": agreement.id, "expectedHash": hash.to_uppercase() });
        sides.county.does("agreementApprove", input, "status").await.results_in(json!({ "status": "IN_REVIEW" }));
    }

    /// A step on what has moved on meanwhile is a conflict, with the version to read.
    async fn a_stale_version_is_a_conflict(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::draft(&sides.all(), json!({})).await;
        let conflict = |answer: crate::support::Answer, current: i64| {
            answer.complains(&["CONFLICT input.expectedVersion"]);
            assert_eq!(answer.user_errors()[0]["details"]["currentVersion"], json!(current), "{answer}");
        };
        for stale in [0, 2, -1] {
            let input = json!({ "id": agreement.id, "expectedVersion": stale });
            conflict(sides.university.does("agreementSubmit", input, "id").await, 1);
            let input = json!({ "id": agreement.id, "expectedVersion": stale, "text": text(&agreement, json!({})).await });
            conflict(sides.university.does("agreementEdit", input, "id").await, 1);
        }
        step(&sides.university, "agreementSubmit", &agreement, "id").await.result();
        for mutation in ["agreementReturn", "agreementReject"] {
            let input = json!({ "id": agreement.id, "expectedVersion": 1, "reason": "No." });
            conflict(sides.county.does(mutation, input, "id").await, 2);
        }
        let input = json!({ "id": agreement.id, "expectedVersion": 1, "reason": "No." });
        conflict(sides.university.does("agreementCancel", input, "id").await, 2);
        assert_eq!(agreement.read("status version").await, json!({ "status": "IN_REVIEW", "version": 2 }));
    }

    /// A witness reads and is shown, and neither reviews nor signs.
    async fn a_witness_only_reads(app: TestApp) {
        let sides = app.sides().await;
        let parties = json!([
            { "organizationId": sides.north.id(), "capacity": "甲方", "role": "REQUIRED" },
            { "organizationId": sides.yingshan.id(), "capacity": "乙方", "role": "REQUIRED" },
            { "organizationId": sides.alpha.id(), "capacity": "见证方", "role": "WITNESS" },
        ]);
        let two = [&sides.university, &sides.county];
        let agreement = make::submitted(&two, json!({ "text": { "parties": parties } })).await;
        let witness = &sides.enterprise;
        let shown = json!({ "status": "IN_REVIEW", "openSteps": [], "parties": [
            { "role": "REQUIRED" }, { "role": "REQUIRED" }, { "role": "WITNESS" },
        ]});
        assert_eq!(seen(witness, &agreement.id, "status openSteps parties { role }").await, shown);
        let hash = agreement.hash().await;
        let approval = json!({ "id": agreement.id, "expectedHash": hash });
        witness.does("agreementApprove", approval, "id").await.refused(&["FORBIDDEN"]);
        for mutation in ["agreementReturn", "agreementReject", "agreementCancel", "agreementWithdrawForRevision"] {
            reasoned(witness, mutation, &agreement, "No.").await.refused(&["FORBIDDEN"]);
        }
        assert_eq!(agreement.version().await, 2);
        for party in two {
            approve(party, &agreement).await.result();
        }
        assert_eq!(agreement.read("status").await, json!({ "status": "AWAITING_SIGNATURE" }));
        let signature = json!({ "id": agreement.id, "expectedHash": hash, "evidence": "PLATFORM" });
        witness.does("agreementSign", signature.clone(), "id").await.refused(&["FORBIDDEN"]);
        for party in two {
            party.does("agreementSign", signature.clone(), "id").await.result();
        }
        assert_eq!(seen(witness, &agreement.id, "status").await, json!({ "status": "ACTIVE" }));
    }

    /// Somebody with memberships in two parties speaks for one of them only (I12).
    async fn one_person_speaks_for_one_party(app: TestApp) {
        let sides = app.sides().await;
        let twice = sides.alpha.also(&sides.university, Role::EnterpriseAdmin).await;
        assert_eq!(twice.user, sides.university.user);
        let agreement = make::submitted(&sides.all(), json!({})).await;
        approve(&sides.university, &agreement).await.result();
        let second = approve(&twice, &agreement).await;
        second.complains(&["RULE_VIOLATED"]);
        let words = "You have already spoken for another party; one person speaks for one party only.";
        assert_eq!(second.user_errors()[0]["message"], json!(words));
        assert_eq!(agreement.read("status version").await, json!({ "status": "IN_REVIEW", "version": 3 }));
        // Somebody else of that party can.
        approve(&sides.enterprise, &agreement).await.result();
        approve(&sides.county, &agreement).await.result();
        // The same when signing, even in the other order: who approved for the one may sign for the other, once.
        let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await, "evidence": "PLATFORM" });
        twice.does("agreementSign", input.clone(), "id").await.result();
        sides.university.does("agreementSign", input.clone(), "id").await.complains(&["RULE_VIOLATED"]);
        sides.county.does("agreementSign", input.clone(), "id").await.result();
        sides.north.admin().await.does("agreementSign", input, "status").await.results_in(json!({ "status": "ACTIVE" }));
    }

    /// Refused for good: nothing is open to anybody, and all parties read why.
    async fn rejected_is_the_end(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        app.it_is("2026-03-05");
        reasoned(&sides.enterprise, "agreementReject", &agreement, " 条件未谈妥。 ").await
            .results_in(json!({ "status": "REJECTED" }));
        let after = json!({
            "status": "REJECTED", "statusReason": "条件未谈妥。", "endedAt": "2026-03-05T01:00:00.000000Z", "openSteps": [],
            "reviews": { "nodes": [{ "decision": "REJECTED", "note": "条件未谈妥。", "organization": { "name": "Alpha" } }] },
        });
        let selection = "status statusReason endedAt openSteps reviews { nodes { decision note organization { name } } }";
        for party in sides.all() {
            assert_eq!(seen(party, &agreement.id, selection).await, after);
            approve(party, &agreement).await.complains(&["ILLEGAL_STEP input.id"]);
        }
        reasoned(&sides.university, "agreementCancel", &agreement, "No.").await.complains(&["ILLEGAL_STEP input.id"]);
        step(&sides.university, "agreementSubmit", &agreement, "id").await.complains(&["ILLEGAL_STEP input.id"]);
        // The same parties may try again.
        make::submitted(&sides.all(), json!({})).await;
    }

    /// The drafting side gives it up while nobody has signed for all; nobody else can.
    async fn only_the_drafting_side_cancels(app: TestApp) {
        let sides = app.sides().await;
        let drafted = make::draft(&sides.all(), json!({})).await;
        let submitted = make::submitted(&sides.all(), json!({ "kind": "TALENT" })).await;
        let approved = make::approved(&sides.all(), json!({ "kind": "TRAINING_BASE" })).await;
        let active = make::active(&sides.all(), json!({ "kind": "WORKSTATION" })).await;
        for agreement in [&submitted, &approved, &active] {
            reasoned(&sides.county, "agreementCancel", agreement, "No.").await.refused(&["FORBIDDEN"]);
        }
        for agreement in [&drafted, &submitted, &approved] {
            reasoned(&sides.university, "agreementCancel", agreement, "").await.complains(&["INVALID_INPUT input.reason"]);
            let long = "长".repeat(2_001);
            reasoned(&sides.university, "agreementCancel", agreement, &long).await.complains(&["INVALID_INPUT input.reason"]);
            reasoned(&sides.university, "agreementCancel", agreement, &long[..6_000]).await
                .results_in(json!({ "status": "CANCELLED" }));
            assert_eq!(agreement.read("openSteps").await, json!({ "openSteps": [] }));
        }
        let late = reasoned(&sides.university, "agreementCancel", &active, "No.").await;
        late.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(late.user_errors()[0]["details"]["openSteps"], json!(["SUSPEND", "TERMINATE", "RENEW"]));
        let words = "CANCEL is not possible while the status is ACTIVE; open to you now: SUSPEND, TERMINATE, RENEW.";
        assert_eq!(late.user_errors()[0]["message"], json!(words));
        // A draft that nobody was shown stays the drafting side's alone.
        assert_eq!(seen(&sides.county, &drafted.id, "status").await, json!(null));
        assert_eq!(seen(&sides.county, &submitted.id, "status").await, json!({ "status": "CANCELLED" }));
    }

    /// Only a draft is edited, and only by the side that drafts.
    async fn only_a_draft_is_edited(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::draft(&sides.all(), json!({})).await;
        let edit = async |person: &crate::support::Persona| {
            let version = agreement.version().await;
            let input = json!({ "id": agreement.id, "expectedVersion": version, "text": text(&agreement, json!({})).await });
            person.does("agreementEdit", input, "id").await
        };
        edit(&sides.county).await.refused(&["NOT_FOUND"]);
        edit(&sides.north.staff().await).await.refused(&["FORBIDDEN"]);
        edit(&sides.north.admin().await).await.result();
        step(&sides.university, "agreementSubmit", &agreement, "id").await.result();
        edit(&sides.county).await.refused(&["FORBIDDEN"]);
        let frozen = edit(&sides.university).await;
        frozen.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(frozen.user_errors()[0]["details"]["openSteps"], json!(["APPROVE", "RETURN", "REJECT", "CANCEL"]));
    }
}
