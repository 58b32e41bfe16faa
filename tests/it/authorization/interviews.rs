//! Interviews of the student at the enterprise, as far as a row of the table needs.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde_json::{Value, json};

use super::ground::Ground;
use crate::support::{Persona, fair};

const RECORD: &str = "id version";
const LISTS: [&str; 5] =
    ["interviewSessions", "interviewSlots", "interviewBookings", "interviewWaits", "interviewSwaps"];

/// A person's id, as clients write it.
fn person(by: &Persona) -> String {
    hezuo::platform::id::Id::<entity::user::Entity>::new(by.user).to_string()
}

fn with(record: &Value, mut more: Value) -> Value {
    more["id"] = record["id"].clone();
    more["expectedVersion"] = record["version"].clone();
    more
}

impl Ground {
    /// A session, a slot or a booking, or who waits for one, would change places or walked in.
    pub(super) async fn interviewed(&mut self, sort: &str) -> Option<Value> {
        if sort == "walk-in" {
            return self.walking_in().await;
        }
        if sort.starts_with("swap") {
            return Box::pin(self.changing(sort)).await;
        }
        if sort == "full session" || sort.ends_with("wait") {
            return self.waiting(sort).await;
        }
        if !["interviews", "slot"].contains(&sort) && !sort.ends_with("booking") {
            return None;
        }
        Box::pin(self.have("shortlisted")).await;
        let session = self.session(if sort == "early booking" { 2 } else { 1 }).await;
        if sort == "interviews" {
            return Some(session);
        }
        let slot = session["slots"]["nodes"][0].clone();
        if sort == "slot" {
            return Some(slot);
        }
        let application = self.applied("shortlisted").await?;
        let input = json!({ "applicationId": application["id"], "slotId": slot["id"] });
        let booked = self.person("st")?.does("interviewBookingCreate", input, RECORD).await;
        let mut booking = booked.result().clone();
        if sort == "early booking" {
            booking["slotId"] = session["slots"]["nodes"][1]["id"].clone();
            return Some(booking);
        }
        if sort != "booking" {
            self.app.it_is(slot["beginsAt"].as_str()?);
        }
        let step = match sort {
            "checked in booking" => Some("interviewBookingCheckIn"),
            "missed booking" => Some("interviewBookingMiss"),
            _ => None,
        };
        if let Some(step) = step {
            booking = self.person("er")?.does(step, with(&booking, json!({})), RECORD).await.result().clone();
        }
        Some(booking)
    }

    /// A session whose only place is taken, with a second application of the student's that waits for it or could; and then
    /// the place is given up, and offered.
    async fn waiting(&mut self, sort: &str) -> Option<Value> {
        let first = self.applied("shortlisted").await?;
        let second = self.applied("shortlisted").await?;
        let session = self.session(1).await;
        let student = self.person("st")?;
        let input = json!({ "applicationId": first["id"], "slotId": session["slots"]["nodes"][0]["id"] });
        let booked = student.does("interviewBookingCreate", input, RECORD).await;
        let input = json!({ "applicationId": second["id"], "sessionId": session["id"] });
        if sort == "full session" {
            return Some(input);
        }
        let joined = student.does("interviewWaitJoin", input, RECORD).await.result().clone();
        if sort == "wait" {
            return Some(joined);
        }
        student.does("interviewBookingCancel", with(booked.result(), json!({})), RECORD).await.result();
        let query = "query($id: ID!) { interviewWait(id: $id) { id version } }";
        Some(student.gql(query, json!({ "id": joined["id"] })).await.at("/interviewWait").clone())
    }

    /// Two slots, in which the student and another one have booked: the student could ask to change places, does, or is
    /// asked.
    async fn changing(&mut self, sort: &str) -> Option<Value> {
        let own = self.applied("shortlisted").await?;
        let session = self.session(2).await;
        let other = self.sides.north.student().await;
        let theirs = self.shortlisted_of(&other).await;
        let slots = &session["slots"]["nodes"];
        let book = async |by: &Persona, application: &Value, slot: usize| {
            let input = json!({ "applicationId": application, "slotId": slots[slot]["id"] });
            let booked = by.does("interviewBookingCreate", input, RECORD).await.result().clone();
            json!({ "bookingId": booked["id"], "expectedVersion": booked["version"], "slotId": slots[1 - slot]["id"] })
        };
        let student = self.person("st")?;
        let asks = book(student, &own["id"], 0).await;
        let asked = book(&other, &theirs, 1).await;
        Some(match sort {
            "swap" => asks,
            "swap asked" => student.does("interviewSwapRequest", asks, RECORD).await.result().clone(),
            _ => other.does("interviewSwapRequest", asked, RECORD).await.result().clone(),
        })
    }

    /// An application of another student's that is shortlisted.
    async fn shortlisted_of(&self, student: &Persona) -> Value {
        let resume = json!({ "content": { "headline": "应届生", "education": [] } });
        student.does("resumeSave", resume, "id").await.result();
        student.does("shareConsentGive", self.consent(), "id").await.result();
        let input = json!({ "positionId": self.position().await });
        let made = student.does("applicationSubmit", input, RECORD).await;
        let recruiter = self.person("er").unwrap();
        let shortlisted = recruiter.does("applicationShortlist", with(made.result(), json!({})), RECORD).await;
        shortlisted.result()["id"].clone()
    }

    /// A student who is at an event and shows the code at the booth of the enterprise, which has a slot there.
    async fn walking_in(&self) -> Option<Value> {
        let recruiter = self.person("er")?;
        let event = self.event(&["Submit", "Publish"]).await["id"].as_str()?.to_owned();
        fair::booth(recruiter, &self.colleague, &event).await;
        let student = self.sides.north.student().await;
        let resume = json!({ "content": { "headline": "应届生", "education": [] } });
        student.does("resumeSave", resume, "id").await.result();
        let code = fair::code(&student, &fair::registered(&student, &event).await).await;
        fair::step(&self.colleague, "OpenCheckIn", &event, json!({})).await.result();
        assert_eq!(fair::scanned(&self.colleague, &event, &code, self.app.now()).await, "CHECKED_IN");
        // Within the event, which begins in a minute; by somebody whom nothing else holds.
        let starts_at = (self.app.now() + TimeDelta::minutes(6)).duration_trunc(TimeDelta::minutes(5)).unwrap();
        let input = json!({
            "eventId": event, "place": "园区", "room": "A1", "interviewerIds": [person(&self.sides.alpha.recruiter().await)],
            "startsAt": starts_at, "endsAt": starts_at + TimeDelta::minutes(5), "slotMinutes": 5, "bufferMinutes": 0,
            "groupSize": 1,
        });
        let made = recruiter.does("interviewSessionCreate", input, "slots { nodes { id } }").await;
        let slot = made.result()["slots"]["nodes"][0]["id"].clone();
        Some(json!({ "slotId": slot, "positionId": self.position().await, "code": code }))
    }

    /// Of so many slots of five minutes, after all that there were before; so that nobody is needed twice.
    async fn session(&self, slots: i32) -> Value {
        let query =
            "{ interviewSessions(last: 1, orderBy: { field: STARTS_AT, direction: ASC }) { nodes { endsAt } } }";
        let recruiter = self.person("er").unwrap();
        let last = recruiter.gql(query, json!({})).await;
        let last = last.data()["interviewSessions"]["nodes"][0]["endsAt"]
            .as_str()
            .map(|at| at.parse::<DateTime<Utc>>().unwrap());
        let soon = self.app.now().duration_trunc(TimeDelta::minutes(5)).unwrap() + TimeDelta::minutes(5);
        let starts_at = last.map_or(soon, |last| last.max(soon));
        let input = json!({
            "place": "园区", "room": "A1", "interviewerIds": [person(recruiter)], "startsAt": starts_at,
            "endsAt": starts_at + TimeDelta::minutes(5) * slots, "slotMinutes": 5, "bufferMinutes": 0, "groupSize": 1,
        });
        let read = "id version slots { nodes { id beginsAt } }";
        let made = recruiter.does("interviewSessionCreate", input, read).await;
        made.result().clone()
    }
}

/// The document and the variables of a query.
pub(super) async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    let sort = match field {
        "interviewSession" => "interviews",
        "interviewSlot" => "slot",
        "interviewBooking" => "booking",
        "interviewWait" => "wait",
        "interviewSwap" => "swap asked",
        "interviewQueue" | "interviewQueueChanged" => {
            let kind = if field == "interviewQueue" { "query" } else { "subscription" };
            let event = ground.have("published event").await["id"].clone();
            return Some((format!("{kind} {{ {field}(eventId: {event}) {{ asOf }} }}"), json!({})));
        }
        list if LISTS.contains(&list) => {
            return Some((format!("{{ {field} {{ totalCount nodes {{ id }} }} }}"), json!({})));
        }
        _ => return None,
    };
    let id = ground.have(sort).await["id"].clone();
    Some((format!("query($id: ID!) {{ {field}(id: $id) {{ id }} }}"), json!({ "id": id })))
}

/// The input of a mutation.
pub(super) async fn input(ground: &mut Ground, field: &str, column: &str) -> Option<Value> {
    let (sort, more) = match field {
        "interviewSessionCreate" => {
            let own = ground.person(column).map(person);
            let starts_at = "2026-10-09T01:00:00Z";
            return Some(json!({
                "place": "园区", "room": column, "interviewerIds": [own.unwrap_or_else(|| person(ground.person("er").unwrap()))],
                "startsAt": starts_at, "endsAt": "2026-10-09T01:05:00Z", "slotMinutes": 5, "bufferMinutes": 0, "groupSize": 1,
            }));
        }
        "interviewBookingCreate" => {
            let slot = ground.have("slot").await["id"].clone();
            let application = ground.have("shortlisted").await["id"].clone();
            return Some(json!({ "slotId": slot, "applicationId": application }));
        }
        "interviewBookingWalkIn" => return Some(ground.have("walk-in").await),
        "interviewWaitJoin" => return Some(ground.have("full session").await),
        "interviewSwapRequest" => return Some(ground.have("swap").await),
        "interviewSwapAccept" => ("swap to accept", json!({})),
        "interviewSwapWithdraw" => ("swap asked", json!({})),
        "interviewWaitLeave" => ("wait", json!({})),
        "interviewWaitAccept" | "interviewWaitDecline" => ("offered wait", json!({})),
        "interviewSessionExtend" => {
            let session = ground.have("interviews").await;
            let begins_at: DateTime<Utc> = session["slots"]["nodes"][0]["beginsAt"].as_str().unwrap().parse().unwrap();
            return Some(with(&session, json!({ "endsAt": begins_at + TimeDelta::minutes(10) })));
        }
        "interviewSessionClose" => ("interviews", json!({})),
        "interviewSessionCancel" => ("interviews", json!({ "reason": "停电。" })),
        "interviewBookingMove" => {
            let booking = ground.have("early booking").await;
            return Some(with(&booking, json!({ "slotId": booking["slotId"] })));
        }
        "interviewBookingCancel" => ("booking", json!({})),
        "interviewBookingCheckIn" | "interviewBookingMiss" => ("begun booking", json!({})),
        "interviewBookingFinish" => ("checked in booking", json!({})),
        "interviewBookingScore" => ("checked in booking", json!({ "scores": [{ "skill": "沟通", "score": 4 }] })),
        "interviewBookingExcuse" => ("missed booking", json!({ "reason": "生病" })),
        _ => return None,
    };
    Some(with(&ground.have(sort).await, more))
}
