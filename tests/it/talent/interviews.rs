//! Sessions of interviews, their slots, and who books them.

mod closing;
mod extending;
mod holds;
mod model;
mod moves;
mod places;
mod queue;
mod sessions;
mod steps;
mod swaps;
mod waits;
mod walk_ins;

use serde_json::{Value, json};

use super::market::{self, Market};
use crate::support::{Answer, Persona, fair, make::put_over};

/// A session tomorrow from nine to ten in China: three slots of fifteen minutes, five minutes between, one student each.
fn input(by: &Persona, changes: Value) -> Value {
    let mut input = json!({
        "place": "园区人才中心", "room": "A12", "interviewerIds": [person(by)],
        "startsAt": "2026-03-03T01:00:00Z", "endsAt": "2026-03-03T02:00:00Z",
        "slotMinutes": 15, "bufferMinutes": 5, "groupSize": 1,
    });
    put_over(&mut input, changes);
    input
}

/// A person's id, as clients write it.
fn person(by: &Persona) -> String {
    hezuo::platform::id::Id::<entity::user::Entity>::new(by.user).to_string()
}

/// A session: its id and those of its slots.
async fn session(by: &Persona, changes: Value) -> (String, Vec<String>) {
    let read = "id slots { nodes { id } }";
    let made = by.does("interviewSessionCreate", input(by, changes), read).await;
    let made = made.result();
    let slots = made["slots"]["nodes"].as_array().unwrap().iter();
    (text(&made["id"]), slots.map(|slot| text(&slot["id"])).collect())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// An application that is shortlisted.
async fn shortlisted(market: &Market, student: &Persona) -> String {
    let id = market.application_of(student).await;
    market::step(&market.recruiter, "Shortlist", &id, json!({})).await.result();
    id
}

async fn book(student: &Persona, application: &str, slot: &str) -> Answer {
    let input = json!({ "applicationId": application, "slotId": slot });
    student.does("interviewBookingCreate", input, "id status").await
}

/// Booked: the booking's id.
async fn booked(student: &Persona, application: &str, slot: &str) -> String {
    text(&book(student, application, slot).await.result()["id"])
}

/// Takes a step at the version that the booking has now.
async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    fair::taken(by, ("interviewBooking", &format!("interviewBooking{step}")), id, more).await
}

async fn of_session(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    fair::taken(by, ("interviewSession", &format!("interviewSession{step}")), id, more).await
}

/// How many places of each slot are taken.
async fn taken(by: &Persona, session: &str) -> Vec<i64> {
    let query = "query($id: ID!) { interviewSession(id: $id) { slots { nodes { taken } } } }";
    let answer = by.gql(query, json!({ "id": session })).await;
    let slots = answer.at("/interviewSession/slots/nodes").as_array().unwrap().clone();
    slots.iter().map(|slot| slot["taken"].as_i64().unwrap()).collect()
}
