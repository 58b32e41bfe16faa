//! Agreements at every stage, made through the API by the people of their parties.
//!
//! ```ignore
//! let (north, yingshan) = (app.university("North").await.admin().await, app.county("511322").await.admin().await);
//! let agreement = make::active(&[&north, &yingshan], json!({})).await;
//! ```
//!
//! The first persona drafts, all of them sign; one of them acts for a county. `changes` are put over what
//! `agreementDraft` gets: `json!({ "kind": "TALENT", "text": { "startsOn": "2026-09-01" } })`.

use entity::organization::OrganizationKind;
use serde_json::{Value, json};

use super::Persona;

/// What the parties are called, in the order of the cover.
const CAPACITIES: [&str; 5] = ["甲方", "乙方", "丙方", "丁方", "戊方"];

/// An agreement and the people who act for its parties.
#[derive(Debug)]
pub(crate) struct Agreement<'a> {
    /// Its id, as clients write it.
    pub(crate) id: String,
    parties: Vec<&'a Persona>,
}

/// A draft of the first one's organization.
pub(crate) async fn draft<'a>(parties: &[&'a Persona], changes: Value) -> Agreement<'a> {
    let county = parties.iter().find(|party| party.organization.kind == OrganizationKind::County);
    let named = parties.iter().zip(CAPACITIES).map(|(party, capacity)| {
        json!({ "organizationId": party.organization.id(), "capacity": capacity, "role": "REQUIRED" })
    });
    let mut input = json!({
        "kind": "FRAMEWORK",
        "countyId": county.expect("an agreement has a county").organization.id(),
        "text": {
            "title": "Framework agreement",
            "terms": "The parties help each other.",
            "endsOn": "2028-12-31",
            "renewalPolicy": "NEGOTIATE",
            "parties": named.collect::<Vec<_>>(),
        },
    });
    put_over(&mut input, changes);
    let id = parties[0].does("agreementDraft", input, "id").await.result()["id"].as_str().unwrap().to_owned();
    Agreement { id, parties: parties.to_vec() }
}

/// Under review, with all parties.
pub(crate) async fn submitted<'a>(parties: &[&'a Persona], changes: Value) -> Agreement<'a> {
    let agreement = draft(parties, changes).await;
    let input = json!({ "id": agreement.id, "expectedVersion": 1 });
    parties[0].does("agreementSubmit", input, "status").await.results_in(json!({ "status": "IN_REVIEW" }));
    agreement
}

/// Approved by all, signed by nobody.
pub(crate) async fn approved<'a>(parties: &[&'a Persona], changes: Value) -> Agreement<'a> {
    let agreement = submitted(parties, changes).await;
    let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await });
    agreement.all("agreementApprove", &input, "AWAITING_SIGNATURE").await;
    agreement
}

/// Signed by all, beginning on 1 April 2026.
pub(crate) async fn signed<'a>(parties: &[&'a Persona], changes: Value) -> Agreement<'a> {
    let mut input = json!({ "text": { "startsOn": "2026-04-01" } });
    put_over(&mut input, changes);
    let agreement = approved(parties, input).await;
    agreement.sign("SIGNED").await;
    agreement
}

/// In force from the day of the last signature on.
pub(crate) async fn active<'a>(parties: &[&'a Persona], changes: Value) -> Agreement<'a> {
    let agreement = approved(parties, changes).await;
    agreement.sign("ACTIVE").await;
    agreement
}

impl Agreement<'_> {
    /// What its drafting party reads of it: `"status version"`.
    pub(crate) async fn read(&self, selection: &str) -> Value {
        let query = format!("query($id: ID!) {{ agreement(id: $id) {{ {selection} }} }}");
        let answer = self.parties[0].gql(&query, json!({ "id": self.id })).await;
        answer.data()["agreement"].clone()
    }

    /// Its version now.
    pub(crate) async fn version(&self) -> i64 {
        self.read("version").await["version"].as_i64().unwrap()
    }

    /// The hash of the text under review or signed.
    pub(crate) async fn hash(&self) -> String {
        self.read("contentHash").await["contentHash"].as_str().unwrap().to_owned()
    }

    /// Signs for all.
    async fn sign(&self, status: &str) {
        let input = json!({ "id": self.id, "expectedHash": self.hash().await, "evidence": "PLATFORM" });
        self.all("agreementSign", &input, status).await;
    }

    /// Takes a step for each party; with the last one the agreement has this status.
    async fn all(&self, step: &str, input: &Value, status: &str) {
        for party in &self.parties {
            party.does(step, input.clone(), "id").await.result();
        }
        assert_eq!(self.read("status").await, json!({ "status": status }));
    }
}

/// Members of objects are put over; everything else is replaced.
pub(crate) fn put_over(value: &mut Value, changes: Value) {
    match (value, changes) {
        (Value::Object(value), Value::Object(changes)) => {
            for (name, change) in changes {
                put_over(value.entry(name).or_insert(Value::Null), change);
            }
        }
        (value, changes) => *value = changes,
    }
}
