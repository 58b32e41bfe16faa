//! Recruitment events of the university, held for the county: in every state that a row of the table needs.

use chrono::{SecondsFormat, TimeDelta};
use hezuo::talent::{events, registrations};
use serde_json::{Value, json};

use super::ground::Ground;
use crate::support::{Persona, fair};

const RECORD: &str = "id version";

impl Ground {
    /// An event, a booth or a registration of this sort.
    pub(super) async fn at_an_event(&mut self, sort: &str) -> Option<Value> {
        Some(match sort {
            "drafted event" => self.event(&[]).await,
            "submitted event" => self.event(&["Submit"]).await,
            "published event" => self.event(&["Submit", "Publish"]).await,
            "opened event" => self.event(&["Submit", "Publish", "OpenCheckIn"]).await,
            "running event" => self.event(&["Submit", "Publish", "OpenCheckIn", "Start"]).await,
            "closed event" => self.event(&["Submit", "Publish", "OpenCheckIn", "Start", "Close"]).await,
            "told event" => {
                let mut input = step(&self.event(&["Submit", "Publish", "OpenCheckIn", "Start", "Close"]).await);
                input["article"] = json!("报道。");
                self.colleague.does("recruitmentEventArticleWrite", input, RECORD).await.result().clone()
            }
            "asked booth" => {
                let event = self.event(&["Submit", "Publish"]).await;
                let recruiter = self.sides.alpha.recruiter().await;
                let asked = recruiter.does("eventExhibitorRequest", json!({ "eventId": event["id"] }), RECORD).await;
                asked.result().clone()
            }
            "offered booth" => {
                let event = self.event(&["Submit", "Publish"]).await;
                let offer = json!({ "eventId": event["id"], "organizationId": self.sides.alpha.id() });
                self.colleague.does("eventExhibitorInvite", offer, RECORD).await.result().clone()
            }
            "place" => {
                let event = self.event(&["Submit", "Publish"]).await;
                place(self.person("st").unwrap(), &event).await
            }
            "missed place" => self.missed().await,
            _ => return None,
        })
    }

    /// Of the university, held for the county, beginning in a minute; these steps were taken.
    pub(super) async fn event(&self, steps: &[&str]) -> Value {
        let at = |minutes| {
            let moment = self.app.now() + TimeDelta::minutes(minutes);
            json!(moment.to_rfc3339_opts(SecondsFormat::Micros, true))
        };
        let changes = json!({ "regionCode": "511322", "text": { "startsAt": at(1), "endsAt": at(30),
            "registrationOpensAt": at(-1), "registrationClosesAt": at(20) } });
        let made = self.colleague.does("recruitmentEventCreate", fair::input(changes), RECORD).await;
        let mut event = made.result().clone();
        for taken in steps {
            if *taken == "Close" {
                self.app.passes(TimeDelta::minutes(1));
            }
            let by = if *taken == "Publish" { &self.registrar } else { &self.colleague };
            let done = by.does(&format!("recruitmentEvent{taken}"), step(&event), RECORD).await;
            event = done.result().clone();
        }
        event
    }

    /// Another student's, each time: who stays away too often is not let in again.
    async fn missed(&self) -> Value {
        let event = self.event(&["Submit", "Publish"]).await;
        let place = place(&self.sides.north.student().await, &event).await;
        self.app.passes(TimeDelta::hours(1));
        events::jobs::keep_time(self.app.app()).await.unwrap();
        self.app.passes(TimeDelta::hours(24));
        registrations::jobs::note_absences(self.app.app()).await.unwrap();
        json!({ "id": place["id"], "version": 2 })
    }
}

async fn place(student: &Persona, event: &Value) -> Value {
    let made = student.does("registrationCreate", json!({ "eventId": event["id"] }), RECORD).await;
    made.result().clone()
}

fn step(record: &Value) -> Value {
    json!({ "id": record["id"], "expectedVersion": record["version"] })
}

fn reasoned(record: &Value) -> Value {
    json!({ "id": record["id"], "expectedVersion": record["version"], "reason": "理由。" })
}

/// The document and the variables of a query about events.
pub(super) async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    let sort = match field {
        "recruitmentEvent" => "submitted event",
        "eventExhibitor" => "asked booth",
        "registration" | "registrationCode" => "place",
        "recruitmentEvents" | "eventExhibitors" | "registrations" => {
            return Some((format!("{{ {field} {{ totalCount nodes {{ id }} }} }}"), json!({})));
        }
        _ => return None,
    };
    let selection = if field == "registrationCode" { "expiresAt" } else { "id" };
    let id = ground.have(sort).await["id"].clone();
    Some((format!("query($id: ID!) {{ {field}(id: $id) {{ {selection} }} }}"), json!({ "id": id })))
}

/// The input of a mutation about events.
pub(super) async fn input(ground: &mut Ground, field: &str) -> Option<Value> {
    let event_id = |event: &Value| json!({ "eventId": event["id"] });
    Some(match field {
        "recruitmentEventCreate" => fair::input(json!({})),
        "recruitmentEventEdit" => {
            let mut input = step(&ground.have("drafted event").await);
            input["text"] = fair::input(json!({}))["text"].take();
            input
        }
        "recruitmentEventSubmit" => step(&ground.have("drafted event").await),
        "recruitmentEventReturn" => reasoned(&ground.have("submitted event").await),
        "recruitmentEventPublish" => step(&ground.have("submitted event").await),
        "recruitmentEventMove" => {
            let mut input = reasoned(&ground.have("published event").await);
            input["place"] = json!("体育馆");
            input["startsAt"] = json!("2027-03-10T01:00:00Z");
            input["endsAt"] = json!("2027-03-10T09:00:00Z");
            input["registrationClosesAt"] = json!("2027-03-09T01:00:00Z");
            input
        }
        "recruitmentEventOpenCheckIn" => step(&ground.have("published event").await),
        "recruitmentEventStart" => step(&ground.have("opened event").await),
        "recruitmentEventClose" => {
            let input = step(&ground.have("running event").await);
            ground.app.passes(TimeDelta::minutes(1));
            input
        }
        "recruitmentEventReport" => step(&ground.have("closed event").await),
        "recruitmentEventCancel" => reasoned(&ground.have("published event").await),
        "recruitmentEventArticleWrite" => {
            let mut input = step(&ground.have("closed event").await);
            input["article"] = json!("报道。");
            input
        }
        "recruitmentEventArticlePublish" => step(&ground.have("told event").await),
        "eventExhibitorRequest" | "registrationCreate" => event_id(&ground.have("published event").await),
        "eventExhibitorInvite" => {
            let mut input = event_id(&ground.have("published event").await);
            input["organizationId"] = json!(ground.sides.alpha.id());
            input
        }
        "eventExhibitorConfirm" => step(&ground.have("asked booth").await),
        "eventExhibitorAccept" => step(&ground.have("offered booth").await),
        "eventExhibitorDecline" | "eventExhibitorWithdraw" => reasoned(&ground.have("asked booth").await),
        "registrationCancel" => step(&ground.have("place").await),
        "registrationCheckIn" => {
            let mut input = event_id(&ground.have("running event").await);
            input["scans"] = json!([{ "clientId": "1", "code": "x", "scannedAt": "2026-03-02T01:00:00Z" }]);
            input
        }
        "registrationExcuse" => reasoned(&ground.have("missed place").await),
        _ => return None,
    })
}
