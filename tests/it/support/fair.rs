//! Recruitment events at every stage, made through the API by their people.
//!
//! ```ignore
//! let event = fair::published(&officer, &reviewer, json!({ "text": { "capacity": 10 } })).await;
//! ```
//!
//! The event is on 10 March 2026 from nine to five in China; students register from 2 March on until the evening before.
//! `changes` are put over what `recruitmentEventCreate` gets.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Answer, Persona, make};

/// When the event begins and ends, and until when students register.
pub(crate) const STARTS: &str = "2026-03-10T01:00:00Z";
pub(crate) const ENDS: &str = "2026-03-10T09:00:00Z";
pub(crate) const CLOSES: &str = "2026-03-09T12:00:00Z";

/// What a draft is made of.
pub(crate) fn input(changes: Value) -> Value {
    let mut input = json!({
        "kind": "PARK_GROUP_INTERVIEW",
        "text": {
            "title": "园区群面", "description": "研发、质量与财务岗位。", "place": "园区人才中心",
            "startsAt": STARTS, "endsAt": ENDS,
            "registrationOpensAt": "2026-03-02T00:00:00Z", "registrationClosesAt": CLOSES,
            "capacity": 70, "booths": 12,
        },
    });
    make::put_over(&mut input, changes);
    input
}

/// A draft of somebody's organization: its id.
pub(crate) async fn draft(by: &Persona, changes: Value) -> String {
    let made = by.does("recruitmentEventCreate", input(changes), "id").await;
    made.result()["id"].as_str().unwrap().to_owned()
}

/// Sent to be reviewed.
pub(crate) async fn submitted(by: &Persona, changes: Value) -> String {
    let id = draft(by, changes).await;
    step(by, "Submit", &id, json!({})).await.results_in(json!({ "status": "SUBMITTED" }));
    id
}

/// Announced by somebody else.
pub(crate) async fn published(by: &Persona, reviewer: &Persona, changes: Value) -> String {
    let id = submitted(by, changes).await;
    step(reviewer, "Publish", &id, json!({})).await.results_in(json!({ "status": "PUBLISHED" }));
    id
}

/// Takes a step at the version that the event has now.
pub(crate) async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    taken(by, ("recruitmentEvent", &format!("recruitmentEvent{step}")), id, more).await
}

/// Takes a step of an exhibitor, a registration or an event at the version that it has now.
pub(crate) async fn taken(by: &Persona, (field, mutation): (&str, &str), id: &str, more: Value) -> Answer {
    let mut input = more;
    let query = format!("query($id: ID!) {{ {field}(id: $id) {{ version }} }}");
    let seen = by.gql(&query, json!({ "id": id })).await;
    input["expectedVersion"] = seen.body["data"][field]["version"].as_i64().unwrap_or(1).into();
    input["id"] = json!(id);
    by.does(mutation, input, "status").await
}

/// Registers a student: the registration's id.
pub(crate) async fn registered(student: &Persona, event: &str) -> String {
    let made = student.does("registrationCreate", json!({ "eventId": event }), "id").await;
    made.result()["id"].as_str().unwrap().to_owned()
}

/// What the desk scans.
pub(crate) async fn code(student: &Persona, registration: &str) -> String {
    let query = "query($id: ID!) { registrationCode(id: $id) { code } }";
    student.gql(query, json!({ "id": registration })).await.text("/registrationCode/code")
}

/// Scanned at the door by the organizer: what came of it.
pub(crate) async fn scanned(organizer: &Persona, event: &str, code: &str, at: DateTime<Utc>) -> String {
    let scan = json!({ "clientId": "1", "code": code, "scannedAt": at });
    let input = json!({ "eventId": event, "scans": [scan] });
    let answer = organizer.does("registrationCheckIn", input, "scans { outcome }").await;
    answer.result()["scans"][0]["outcome"].as_str().unwrap().to_owned()
}

/// A booth that was asked for and given: its id.
pub(crate) async fn booth(by: &Persona, organizer: &Persona, event: &str) -> String {
    let asked = by.does("eventExhibitorRequest", json!({ "eventId": event }), "id").await;
    let id = asked.result()["id"].as_str().unwrap().to_owned();
    let names = ("eventExhibitor", "eventExhibitorConfirm");
    taken(organizer, names, &id, json!({})).await.results_in(json!({ "status": "CONFIRMED" }));
    id
}
