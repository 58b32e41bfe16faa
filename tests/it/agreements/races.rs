//! Thirty-two at once: whatever order they come in, the database lets through what the rules allow and nothing else.

use entity::{agreement_signature, membership::Role};
use futures_util::future::join_all;
use hezuo::platform::trail::verify;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::{approve, sign, step};
use crate::support::{Answer, Persona, TestApp, make, on_both};

/// How many ask at the same time.
const MANY: usize = 32;

/// Sends requests at the same time, each in a task of its own.
async fn at_once(app: &TestApp, requests: Vec<(&Persona, &'static str, Value)>) -> Vec<Answer> {
    let mut running = Vec::new();
    for (person, mutation, input) in requests {
        let (app, token) = (app.clone(), person.token().await);
        running.push(async move {
            let (query, variables) = TestApp::mutation(mutation, &input, "id");
            app.gql_as(&token, &query, variables).await
        });
    }
    join_all(running.into_iter().map(tokio::spawn)).await.into_iter().map(Result::unwrap).collect()
}

/// How many of these went through; all others must have been told one of these.
#[track_caller]
fn through(answers: &[Answer], otherwise: &[&str]) -> usize {
    let mut count = 0;
    for answer in answers {
        let told: Vec<String> = answer.codes().into_iter().map(str::to_owned).chain(answer.problems()).collect();
        match told.as_slice() {
            [] => count += 1,
            [told] => assert!(otherwise.contains(&told.as_str()), "{answer}"),
            _ => panic!("{answer}"),
        }
    }
    count
}

fn signing(agreement: &make::Agreement<'_>, hash: &str) -> Value {
    json!({ "id": agreement.id, "expectedHash": hash, "evidence": "PLATFORM" })
}

on_both! {
    /// Every party signs again and again: each counts once, and the last one makes it active, once (I2, I13).
    async fn each_party_signs_once(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        let (hash, version) = (agreement.hash().await, agreement.version().await);
        let requests = (0..MANY).map(|turn| (sides.all()[turn % 3], "agreementSign", signing(&agreement, &hash)));
        let answers = at_once(&app, requests.collect()).await;
        assert_eq!(through(&answers, &["ILLEGAL_STEP input.id"]), 3);
        let now = agreement.read("status version signatures { totalCount nodes { contentHash } }").await;
        let signature = json!({ "contentHash": hash });
        let signatures = json!({ "totalCount": 3, "nodes": [signature, signature, signature] });
        // Three signatures, and the beginning at once.
        assert_eq!(now, json!({ "status": "ACTIVE", "version": version + 4, "signatures": signatures }));
        assert_eq!(verify(app.db()).await.unwrap(), []);
    }

    /// The last signature against taking the text back: one of them wins, and nothing is half signed (I2, I3).
    async fn signed_or_taken_back(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        for party in [&sides.university, &sides.county] {
            sign(party, &agreement).await.result();
        }
        let hash = agreement.hash().await;
        let take_back = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "reason": "补充条款。" });
        let requests = (0..MANY).map(|turn| match turn % 2 {
            0 => (&sides.enterprise, "agreementSign", signing(&agreement, &hash)),
            _ => (&sides.county, "agreementWithdrawForRevision", take_back.clone()),
        });
        let answers = at_once(&app, requests.collect()).await;
        // Once it is taken back, it is the drafting side's alone.
        let late = ["NOT_FOUND", "ILLEGAL_STEP input.id", "CONFLICT input.expectedVersion", "CONFLICT input.expectedHash"];
        assert_eq!(through(&answers, &late), 1);
        let signatures = agreement_signature::Entity::find().all(app.db().reader()).await.unwrap();
        let counting = signatures.iter().filter(|signature| signature.voided_at.is_none()).count();
        let status = agreement.read("status").await["status"].clone();
        assert!([(json!("ACTIVE"), 3), (json!("DRAFT"), 0)].contains(&(status.clone(), counting)), "{status} {counting}");
    }

    /// Half of them quote the text before its revision: nobody signs what they did not read (I4).
    async fn nobody_signs_an_earlier_text(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        let old = agreement.hash().await;
        super::reasoned(&sides.university, "agreementWithdrawForRevision", &agreement, "改一个逗号。").await.result();
        let text = super::text(&agreement, json!({ "terms": "The parties, help each other." })).await;
        let edit = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "text": text });
        sides.university.does("agreementEdit", edit, "id").await.result();
        step(&sides.university, "agreementSubmit", &agreement, "id").await.result();
        for party in sides.all() {
            approve(party, &agreement).await.result();
        }
        let new = agreement.hash().await;
        assert_ne!(old, new);
        let requests = (0..MANY).map(|turn| {
            (sides.all()[turn % 3], "agreementSign", signing(&agreement, if turn % 2 == 0 { &old } else { &new }))
        });
        let answers = at_once(&app, requests.collect()).await;
        let of = |turn: usize| answers.iter().skip(turn).step_by(2).cloned().collect::<Vec<_>>();
        assert_eq!(through(&of(0), &["CONFLICT input.expectedHash", "ILLEGAL_STEP input.id"]), 0);
        assert_eq!(through(&of(1), &["ILLEGAL_STEP input.id"]), 3);
        assert_eq!(agreement.read("status contentHash").await, json!({ "status": "ACTIVE", "contentHash": new }));
    }

    /// What was signed stays as it was, whatever all parties try at once (I3).
    async fn what_is_signed_stays(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::signed(&sides.all(), json!({})).await;
        let selection = "status version title terms contentHash versions { nodes { number contentHash content } }";
        let before = agreement.read(selection).await;
        let text = super::text(&agreement, json!({ "terms": "Something else." })).await;
        let (id, version) = (&agreement.id, agreement.version().await);
        let requests = (0..MANY).map(|turn| {
            let reason = json!({ "id": id, "expectedVersion": version, "reason": "改。" });
            match turn % 3 {
                0 => (&sides.university, "agreementEdit", json!({ "id": id, "expectedVersion": version, "text": text })),
                1 => (&sides.county, "agreementWithdrawForRevision", reason),
                _ => (&sides.university, "agreementCancel", reason),
            }
        });
        let answers = at_once(&app, requests.collect()).await;
        assert_eq!(through(&answers, &["ILLEGAL_STEP input.id"]), 0);
        assert_eq!(agreement.read(selection).await, before);
    }

    /// Thirty-two drafts of one kind between the same parties: one is on its way, the others are told its number (I5).
    async fn one_of_a_kind(app: TestApp) {
        let sides = app.sides().await;
        let mut drafts = Vec::new();
        for _ in 0..MANY {
            drafts.push(make::draft(&sides.all(), json!({})).await);
        }
        let requests = drafts.iter().map(|draft| {
            (&sides.university, "agreementSubmit", json!({ "id": draft.id, "expectedVersion": 1 }))
        });
        let answers = at_once(&app, requests.collect()).await;
        assert_eq!(through(&answers, &["DUPLICATE input.id"]), 1);
        let counts = "{ live: agreements(filter: { status: { in: [IN_REVIEW] } }) { totalCount nodes { number } } }";
        let live = sides.county.gql(counts, json!({})).await;
        assert_eq!(live.at("/live/totalCount"), 1);
        let told = answers.iter().filter(|answer| !answer.user_errors().is_empty());
        for answer in told {
            assert_eq!(&answer.user_errors()[0]["details"]["existing"], live.at("/live/nodes/0/number"));
        }
    }

    /// One person with two memberships, thirty-two approvals at once: he speaks for one party (I12).
    async fn one_person_one_voice(app: TestApp) {
        let sides = app.sides().await;
        let twice = sides.alpha.also(&sides.university, Role::EnterpriseAdmin).await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await });
        let requests = (0..MANY).map(|turn| {
            (if turn % 2 == 0 { &sides.university } else { &twice }, "agreementApprove", input.clone())
        });
        let answers = at_once(&app, requests.collect()).await;
        assert_eq!(through(&answers, &["RULE_VIOLATED", "ILLEGAL_STEP input.id"]), 1);
        let after = agreement.read("status reviews { totalCount }").await;
        assert_eq!(after, json!({ "status": "IN_REVIEW", "reviews": { "totalCount": 1 } }));
    }
}
