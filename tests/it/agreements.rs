//! Agreements, told through the API: from the first draft to the last day, and everything that goes wrong between.

mod counts;
mod input;
mod numbers;
mod outsiders;
mod races;
mod review;
mod rivals;
mod signing;
mod time;
mod trail;
mod way;

use serde_json::{Value, json};

use crate::support::{Answer, Persona, make::Agreement};

/// A step that quotes the version read just now.
async fn step(person: &Persona, mutation: &str, agreement: &Agreement<'_>, selection: &str) -> Answer {
    let input = json!({ "id": agreement.id, "expectedVersion": agreement.version().await });
    person.does(mutation, input, selection).await
}

/// A step with a reason that quotes the version read just now.
async fn reasoned(person: &Persona, mutation: &str, agreement: &Agreement<'_>, reason: &str) -> Answer {
    let version = agreement.version().await;
    let input = json!({ "id": agreement.id, "expectedVersion": version, "reason": reason });
    person.does(mutation, input, "status").await
}

/// Approves what is under review.
async fn approve(person: &Persona, agreement: &Agreement<'_>) -> Answer {
    let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await });
    person.does("agreementApprove", input, "status openSteps").await
}

/// Signs what awaits signatures.
async fn sign(person: &Persona, agreement: &Agreement<'_>) -> Answer {
    let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await, "evidence": "PLATFORM" });
    person.does("agreementSign", input, "status openSteps").await
}

/// What this person reads of it; null for nothing.
async fn seen(person: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ agreement(id: $id) {{ {selection} }} }}");
    person.gql(&query, json!({ "id": id })).await.data()["agreement"].clone()
}

/// The text of `agreementEdit`: what the draft says, with some of it changed.
async fn text(agreement: &Agreement<'_>, changes: Value) -> Value {
    let selection = "title terms startsOn endsOn noticeBy renewalPolicy parties { organization { id } capacity role }";
    let mut text = agreement.read(selection).await;
    for party in text["parties"].as_array_mut().unwrap() {
        let organization = party["organization"]["id"].take();
        party["organizationId"] = organization;
        party.as_object_mut().unwrap().remove("organization");
    }
    for (name, change) in changes.as_object().unwrap() {
        text[name] = change.clone();
    }
    text
}
