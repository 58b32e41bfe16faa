//! Requests that a machine repeats because it does not know whether they arrived: made once, under the sender's own key.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Persona, TestApp, make, on_both};

/// Thirty-two times the same request, each in a task of its own.
async fn repeated(app: &TestApp, person: &Persona, (mutation, input): (&str, &Value)) -> Vec<Answer> {
    let (token, (query, variables)) = (person.token().await, TestApp::mutation(mutation, input, "id"));
    let sent = (0..32).map(|_| {
        let (app, token, query, variables) = (app.clone(), token.clone(), query.clone(), variables.clone());
        tokio::spawn(async move { app.gql_as(&token, &query, variables).await })
    });
    join_all(sent).await.into_iter().map(Result::unwrap).collect()
}

/// All are given the record that one of them made; another request under the key is refused, another key is another.
async fn is_made_once(app: &TestApp, person: &Persona, (mutation, mut input): (&str, Value), change: fn(&mut Value)) {
    input["idempotencyKey"] = json!("county-it-0001");
    let answers = repeated(app, person, (mutation, &input)).await;
    let first = answers[0].result().clone();
    assert!(answers.iter().all(|answer| *answer.result() == first), "{mutation}: {answers:?}");
    change(&mut input);
    person.does(mutation, input.clone(), "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
    input["idempotencyKey"] = json!("county-it-0002");
    assert_ne!(*person.does(mutation, input, "id").await.result(), first, "{mutation}");
}

on_both! {
    async fn an_agreement_is_drafted_once(app: TestApp) {
        let sides = app.sides().await;
        let party = |id: String, capacity: &str| json!({ "organizationId": id, "capacity": capacity, "role": "REQUIRED" });
        let input = json!({ "kind": "FRAMEWORK", "countyId": sides.yingshan.id(), "text": {
            "title": "框架协议", "terms": "互助。", "endsOn": "2028-12-31", "renewalPolicy": "NONE",
            "parties": [party(sides.north.id(), "甲方"), party(sides.yingshan.id(), "乙方")],
        } });
        let change = |input: &mut Value| input["text"]["title"] = json!("另一协议");
        is_made_once(&app, &sides.university, ("agreementDraft", input), change).await;
        let counted = sides.university.gql("{ agreements { totalCount } }", json!({})).await;
        counted.is(json!({ "agreements": { "totalCount": 2 } }));
    }

    async fn an_amendment_is_drafted_once(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({})).await;
        let input = json!({ "agreementId": agreement.id, "expectedHash": agreement.hash().await, "text": {
            "title": "Framework agreement", "terms": "Every month.", "endsOn": "2029-12-31", "renewalPolicy": "NONE",
            "reason": "顺延一年",
        } });
        let change = |input: &mut Value| input["text"]["reason"] = json!("另一理由");
        is_made_once(&app, &sides.county, ("amendmentDraft", input), change).await;
        let counted = sides.county.gql("query($id: ID!) { agreement(id: $id) { amendments { totalCount } } }",
            json!({ "id": agreement.id })).await;
        counted.is(json!({ "agreement": { "amendments": { "totalCount": 2 } } }));
    }

    async fn an_organization_is_registered_once(app: TestApp) {
        let yingshan = app.county("511322").await;
        let officer = yingshan.officer().await;
        let input = json!({
            "parentId": yingshan.id(), "kind": "ENTERPRISE", "name": "营山新企业有限公司",
            "creditCode": "91511322MADEMT002D", "regionCode": "511322",
        });
        let change = |input: &mut Value| {
            input["name"] = json!("营山另一企业有限公司");
            input["creditCode"] = json!("91511322MADEMT0108");
        };
        is_made_once(&app, &officer, ("organizationRegister", input), change).await;
        let enterprises = "{ organizations(filter: { kind: { in: [ENTERPRISE] } }) { totalCount } }";
        officer.gql(enterprises, json!({})).await.is(json!({ "organizations": { "totalCount": 2 } }));
    }
}
