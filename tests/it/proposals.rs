//! Suspending, resuming, terminating and rescinding: what one party proposes all others must agree to.

use std::sync::Arc;

use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::agreements::jobs;
use serde_json::{Value, json};

use crate::support::{Persona, TestApp, make, on_both};

const PROPOSAL: &str =
    "query($id: ID!) { agreementProposal(id: $id) { status openSteps votes { agreed organization { name } } } }";

/// A university, a county and an enterprise, each with its admin.
async fn three(app: &TestApp) -> (Persona, Persona, Persona) {
    let yingshan = app.county("511322").await;
    let alpha = app.enterprise(&yingshan, "Alpha").await.admin().await;
    (app.university("North").await.admin().await, yingshan.admin().await, alpha)
}

fn proposing(agreement: &make::Agreement<'_>, version: i64, step: &str) -> Value {
    json!({ "id": agreement.id, "expectedVersion": version, "step": step, "reason": "洪水期间暂停" })
}

/// The id of a proposal that is made now.
async fn proposed(by: &Persona, agreement: &make::Agreement<'_>, step: &str) -> String {
    let input = proposing(agreement, agreement.version().await, step);
    by.does("agreementPropose", input, "id").await.result()["id"].as_str().unwrap().to_owned()
}

fn yes(proposal: &str) -> Value {
    json!({ "proposalId": proposal, "agree": true })
}

async fn open_steps(of: &Persona, agreement: &make::Agreement<'_>) -> Value {
    let query = "query($id: ID!) { agreement(id: $id) { openSteps } }";
    of.gql(query, json!({ "id": agreement.id })).await.at("/agreement/openSteps").clone()
}

on_both! {
    /// Suspended when the last party agrees, resumed the same way.
    async fn all_parties_suspend_and_resume(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        assert_eq!(open_steps(&yingshan, &agreement).await, json!(["SUSPEND", "TERMINATE", "RENEW"]));
        let before = agreement.version().await;
        let proposal = proposed(&north, &agreement, "SUSPEND").await;
        assert_eq!(agreement.version().await, before + 1);
        assert_eq!(open_steps(&yingshan, &agreement).await, json!(["TERMINATE", "RENEW"]));
        for (who, steps) in [(&north, json!(["WITHDRAW"])), (&yingshan, json!(["AGREE", "DECLINE"]))] {
            let seen = who.gql(PROPOSAL, json!({ "id": proposal })).await;
            assert_eq!(seen.at("/agreementProposal/openSteps"), &steps);
        }
        let agreed = yingshan.does("agreementProposalVote", yes(&proposal), "status openSteps").await;
        agreed.results_in(json!({ "status": "OPEN", "openSteps": [] }));
        assert_eq!(agreement.read("status").await, json!({ "status": "ACTIVE" }));
        let carried = alpha.does("agreementProposalVote", yes(&proposal), "status votes { agreed organization { name } }");
        carried.await.results_in(json!({
            "status": "CARRIED",
            "votes": [
                { "agreed": true, "organization": { "name": "North" } },
                { "agreed": true, "organization": { "name": "County 511322" } },
                { "agreed": true, "organization": { "name": "Alpha" } },
            ],
        }));
        let expected = json!({ "status": "SUSPENDED", "statusReason": "洪水期间暂停", "endedAt": null });
        assert_eq!(agreement.read("status statusReason endedAt").await, expected);
        let again = alpha.does("agreementProposalVote", yes(&proposal), "id").await;
        again.complains(&["ILLEGAL_STEP input.id"]);

        let proposal = proposed(&alpha, &agreement, "RESUME").await;
        for party in [&north, &yingshan] {
            party.does("agreementProposalVote", yes(&proposal), "id").await.result();
        }
        assert_eq!(agreement.read("status").await, json!({ "status": "ACTIVE" }));
        let history = agreement.read("history(last: 8) { nodes { kind } }").await;
        let kinds: Vec<&str> =
            history["history"]["nodes"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, [
            "AgreementProposalMade", "AgreementProposalAgreed", "AgreementProposalAgreed", "AgreementSuspended",
            "AgreementProposalMade", "AgreementProposalAgreed", "AgreementProposalAgreed", "AgreementResumed",
        ]);
    }

    /// One no ends it, its own party takes it back, and there is one at a time.
    async fn declined_and_withdrawn(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let stale = north.does("agreementPropose", proposing(&agreement, 1, "SUSPEND"), "id").await;
        stale.complains(&["CONFLICT input.expectedVersion"]);
        let illegal = north.does("agreementPropose", proposing(&agreement, agreement.version().await, "RESUME"), "id").await;
        illegal.complains(&["ILLEGAL_STEP input.id"]);
        let proposal = proposed(&north, &agreement, "TERMINATE").await;
        let second = proposing(&agreement, agreement.version().await, "SUSPEND");
        let second = yingshan.does("agreementPropose", second, "id").await;
        second.complains(&["DUPLICATE input.id"]);
        assert_eq!(second.user_errors()[0]["details"]["existing"], json!(proposal));
        let no = json!({ "proposalId": proposal, "agree": false, "note": "还有在办事项" });
        let declined = yingshan.does("agreementProposalVote", no, "status votes { agreed note }").await;
        declined.results_in(json!({
            "status": "DECLINED",
            "votes": [{ "agreed": true, "note": null }, { "agreed": false, "note": "还有在办事项" }],
        }));
        alpha.does("agreementProposalVote", yes(&proposal), "id").await.complains(&["ILLEGAL_STEP input.id"]);

        let proposal = proposed(&alpha, &agreement, "SUSPEND").await;
        let withdraw = json!({ "proposalId": proposal });
        north.does("agreementProposalWithdraw", withdraw.clone(), "id").await.refused(&["FORBIDDEN"]);
        alpha.does("agreementProposalVote", yes(&proposal), "id").await.refused(&["FORBIDDEN"]);
        let withdrawn = alpha.does("agreementProposalWithdraw", withdraw, "status openSteps").await;
        withdrawn.results_in(json!({ "status": "WITHDRAWN", "openSteps": [] }));
        assert_eq!(agreement.read("status").await, json!({ "status": "ACTIVE" }));
    }

    /// One person speaks for one party only (I12), and outsiders do not speak at all.
    async fn who_may_answer(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let proposal = proposed(&north, &agreement, "SUSPEND").await;
        let both = north.also(&yingshan.organization, Role::CountyAdmin).await;
        both.does("agreementProposalVote", yes(&proposal), "id").await.complains(&["RULE_VIOLATED"]);
        let officer = yingshan.organization.officer().await;
        officer.does("agreementProposalVote", yes(&proposal), "id").await.refused(&["FORBIDDEN"]);
        assert_eq!(officer.gql(PROPOSAL, json!({ "id": proposal })).await.at("/agreementProposal/status"), "OPEN");
        let stranger = app.county("511321").await.admin().await;
        stranger.does("agreementProposalVote", yes(&proposal), "id").await.refused(&["NOT_FOUND"]);
        stranger.gql(PROPOSAL, json!({ "id": proposal })).await.is(json!({ "agreementProposal": null }));
    }

    /// What was signed is rescinded before it begins, and not from its first day on.
    async fn rescinded_before_it_begins(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let parties = [&north, &yingshan, &alpha];
        let agreement = make::signed(&parties, json!({})).await;
        let proposal = proposed(&yingshan, &agreement, "RESCIND").await;
        for party in [&north, &alpha] {
            party.does("agreementProposalVote", yes(&proposal), "id").await.result();
        }
        let ended = agreement.read("status endedAt").await;
        assert_eq!(ended, json!({ "status": "CANCELLED", "endedAt": "2026-03-02T01:00:00.000000Z" }));

        let agreement = make::signed(&parties, json!({})).await;
        app.it_is("2026-03-31T15:59:59Z");
        let proposal = proposed(&yingshan, &agreement, "RESCIND").await;
        north.does("agreementProposalVote", yes(&proposal), "id").await.result();
        app.it_is("2026-03-31T16:00:00Z");
        alpha.does("agreementProposalVote", yes(&proposal), "id").await.complains(&["RULE_VIOLATED"]);
        // It begins, and the proposal is overtaken.
        assert_eq!(jobs::turn_the_day(app.app()).await.unwrap(), 1);
        assert_eq!(agreement.read("status").await, json!({ "status": "ACTIVE" }));
        let seen = alpha.gql(PROPOSAL, json!({ "id": proposal })).await;
        assert_eq!(seen.at("/agreementProposal/status"), "LAPSED");
        proposed(&alpha, &agreement, "SUSPEND").await;
    }

    /// A party ends it alone only with a document that shows its ground.
    async fn not_alone_without_a_document(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let input = json!({
            "id": agreement.id, "expectedVersion": agreement.version().await, "ground": "BREACH", "reason": "未付经费",
            "documentId": "document_00000000000000000000000000",
        });
        let answer = north.does("agreementTerminate", input.clone(), "id").await;
        assert_eq!(answer.problems(), ["INVALID_INPUT input.documentId"]);
        north.organization.staff().await.does("agreementTerminate", input, "id").await.refused(&["FORBIDDEN"]);
        assert_eq!(agreement.read("status").await, json!({ "status": "ACTIVE" }));
    }

    /// Before it ends, everything that rests on it is told, and nothing of others.
    async fn what_an_end_would_mean(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let special = json!({ "kind": "SPECIAL", "parentId": agreement.id });
        let special = make::submitted(&[&north, &yingshan], special).await;
        let item = json!({
            "agreementId": agreement.id, "title": "共建实训室", "responsibleId": alpha.organization.id(),
            "dueOn": "2026-09-01",
        });
        let item = north.does("cooperationItemCreate", item, "id").await.result()["id"].clone();
        let query = "query($id: ID!) { terminationImpact(id: $id) { id name effect } }";
        let number = special.read("number").await["number"].clone();
        let promised = json!({ "id": item, "name": "共建实训室", "effect": "ENDS" });
        let under = json!({ "id": special.id, "name": number, "effect": "STAYS" });
        let seen = north.gql(query, json!({ "id": agreement.id })).await;
        seen.is(json!({ "terminationImpact": [promised.clone(), under] }));
        alpha.gql(query, json!({ "id": agreement.id })).await.is(json!({ "terminationImpact": [promised] }));
        // It costs what may be told: items, amendments and special agreements.
        assert_eq!(seen.body["extensions"]["cost"]["requested"], 1_500);
        let (small, token) = (app.replica(&[("max_cost", "1499")]).await, alpha.token().await);
        small.gql_as(&token, query, json!({ "id": agreement.id })).await.refused(&["LIMIT_EXCEEDED"]);
        let stranger = app.county("511321").await.admin().await;
        stranger.gql(query, json!({ "id": agreement.id })).await.refused(&["NOT_FOUND"]);
    }

    /// Thirty-two at once: one proposal, one answer of each party, one suspension (I12, I13).
    async fn many_at_once(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let input = proposing(&agreement, agreement.version().await, "SUSPEND");
        let made = join_all((0..32).map(|place| {
            let by = [&north, &yingshan][place % 2];
            by.does("agreementPropose", input.clone(), "id organization { id }")
        }));
        let made = made.await;
        let (done, refused): (Vec<_>, Vec<_>) = made.iter().partition(|answer| answer.user_errors().is_empty());
        assert_eq!((done.len(), refused.len()), (1, 31));
        assert!(refused.iter().all(|answer| answer.problems() == ["CONFLICT input.expectedVersion"]));
        let proposal = done[0].result()["id"].as_str().unwrap().to_owned();
        let other = if done[0].result()["organization"]["id"] == json!(north.organization.id()) { &yingshan } else { &north };
        let admins = join_all((0..16).flat_map(|_| [other, &alpha]).map(|party| party.organization.admin())).await;
        let admins = Arc::new(admins);
        join_all(admins.iter().map(Persona::token)).await;
        let votes = join_all((0..32).map(|place| {
            let (admins, proposal) = (admins.clone(), proposal.clone());
            tokio::spawn(async move { admins[place].does("agreementProposalVote", yes(&proposal), "status").await })
        }));
        let votes: Vec<_> = votes.await.into_iter().map(Result::unwrap).collect();
        let counted = votes.iter().filter(|answer| answer.user_errors().is_empty()).count();
        assert_eq!(counted, 2, "{votes:?}");
        assert_eq!(agreement.read("status").await, json!({ "status": "SUSPENDED" }));
        let history = agreement.read("history(last: 4) { nodes { kind } }").await;
        let kinds = ["AgreementProposalMade", "AgreementProposalAgreed", "AgreementProposalAgreed", "AgreementSuspended"];
        assert_eq!(history["history"]["nodes"], json!(kinds.map(|kind| json!({ "kind": kind }))));
    }
}
