//! A thousand random operations by thirty-two people at once, held against a simple model: no slot beyond its size, no
//! student, interviewer or room in two places at a time (I6), and whoever is refused is refused rightly.

pub(super) mod kept;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{interview_booking, interview_slot};
use futures_util::future::join_all;
use hezuo::platform::id;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use self::kept::{Booking, Dice, LIVE, Model, STUDENTS, Session, Slot, Span, meet};
use super::{person, text};
use crate::{
    support::{Answer, Persona, TestApp, on_both},
    talent::market::{self, Market},
};

const RECRUITERS: usize = 8;
const ROUNDS: usize = 32;
/// What somebody does.
#[derive(Clone, Debug)]
enum Deed {
    Book { slot: usize },
    Step { booking: usize, step: &'static str },
    Create { input: Value, room: String, interviewer: usize, span: Span },
    CallOff { session: usize },
    Nothing,
}

struct World {
    people: Vec<Arc<Persona>>,
    /// Of each student, at each of the two enterprises.
    applications: Vec<[String; 2]>,
    model: Model,
    dice: Dice,
    /// When the earliest new session begins.
    soon: DateTime<Utc>,
    /// What bookings have ever been.
    seen: BTreeSet<String>,
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let market = Market::new(app).await;
        let beta = app.enterprise(&market.county, "Beta").await;
        let other = beta.recruiter().await;
        let positions = [market.position.clone(), market::published(&other, &market.county.officer().await).await];
        let (mut people, mut applications) = (Vec::new(), Vec::new());
        for _ in 0..STUDENTS {
            let student = market.north.student().await;
            market.consents(&student).await;
            super::super::give(&student, &beta, &["PROFILE"]).await;
            let mut own = Vec::new();
            for (position, by) in positions.iter().zip([&market.recruiter, &other]) {
                let made = student.does("applicationSubmit", json!({ "positionId": position }), "id").await;
                let id = text(&made.result()["id"]);
                market::step(by, "Shortlist", &id, json!({})).await.result();
                own.push(id);
            }
            applications.push(own.try_into().unwrap());
            people.push(Arc::new(student));
        }
        for at in 0..RECRUITERS {
            let house = if at % 2 == 0 { &market.recruiter.organization } else { &beta };
            people.push(Arc::new(house.recruiter().await));
        }
        for someone in &people {
            someone.token().await;
        }
        Self {
            people,
            applications,
            model: Model::default(),
            dice: Dice(17),
            soon: "2026-03-03T00:45:00Z".parse().unwrap(),
            seen: BTreeSet::new(),
        }
    }

    fn choose(&mut self, who: usize) -> Deed {
        let roll = self.dice.below(10);
        if who < STUDENTS {
            let live =
                |booking: &&(usize, &Booking)| booking.1.student == who && LIVE.contains(&booking.1.status.as_str());
            let own: Vec<usize> =
                self.model.bookings.iter().enumerate().filter(|booking| live(&booking)).map(|(at, _)| at).collect();
            if roll < 2 && !own.is_empty() {
                return Deed::Step { booking: own[self.dice.below(own.len())], step: "Cancel" };
            }
            let slots = self.model.slots.len();
            return if slots == 0 { Deed::Nothing } else { Deed::Book { slot: self.dice.below(slots) } };
        }
        let of = who % 2;
        if roll < 4 {
            return self.session(who, of);
        }
        let own = |slot: usize| self.model.sessions[self.model.slots[slot].session].of == of;
        // Of those who are expected or there, one of the next four.
        let live = |one: &Booking| own(one.slot) && LIVE.contains(&one.status.as_str());
        let mut here: Vec<usize> =
            (0..self.model.bookings.len()).filter(|at| live(&self.model.bookings[*at])).collect();
        here.sort_by_key(|at| self.model.slots[self.model.bookings[*at].slot].span);
        here.truncate(4);
        if roll < 9 && !here.is_empty() {
            let booking = here[self.dice.below(here.len())];
            let step = match self.model.bookings[booking].status.as_str() {
                "CHECKED_IN" => "Finish",
                _ if roll < 8 => "CheckIn",
                _ => "Miss",
            };
            return Deed::Step { booking, step };
        }
        let sessions = self.model.sessions.iter().enumerate();
        let own: Vec<usize> = sessions.filter(|(_, one)| one.of == of && !one.called_off).map(|(at, _)| at).collect();
        if roll == 9 && own.len() > 4 {
            return Deed::CallOff { session: own[self.dice.below(own.len())] };
        }
        self.session(who, of)
    }

    /// A session of up to an hour, in one of three rooms, by one of the four recruiters.
    fn session(&mut self, who: usize, of: usize) -> Deed {
        let minutes = |count: usize| TimeDelta::minutes(i64::try_from(count).unwrap());
        let starts_at = self.soon + minutes(5 * self.dice.below(40));
        let ends_at = starts_at + minutes(30 + 10 * self.dice.below(4));
        let (interviewer, room) = (STUDENTS + of + 2 * self.dice.below(4), format!("R{}", self.dice.below(3)));
        let input = super::input(
            &self.people[who],
            json!({
                "interviewerIds": [person(&self.people[interviewer])], "room": room, "startsAt": starts_at, "endsAt": ends_at,
                "slotMinutes": 10 + 5 * self.dice.below(2), "bufferMinutes": 5 * self.dice.below(2),
                "groupSize": 1 + self.dice.below(3),
            }),
        );
        Deed::Create { input, room, interviewer, span: (starts_at, ends_at) }
    }

    fn request(&self, who: usize, deed: &Deed) -> Option<(&'static str, Value, &'static str)> {
        let model = &self.model;
        Some(match deed {
            Deed::Nothing => return None,
            Deed::Book { slot } => {
                let of = model.sessions[model.slots[*slot].session].of;
                let input = json!({ "applicationId": self.applications[who][of], "slotId": model.slots[*slot].id });
                ("interviewBookingCreate", input, "id status version")
            }
            Deed::Step { booking, step } => {
                let booking = &model.bookings[*booking];
                let name = match *step {
                    "Cancel" => "interviewBookingCancel",
                    "CheckIn" => "interviewBookingCheckIn",
                    "Finish" => "interviewBookingFinish",
                    _ => "interviewBookingMiss",
                };
                (name, json!({ "id": booking.id, "expectedVersion": booking.version }), "id status version")
            }
            Deed::Create { input, .. } => {
                let read =
                    "id bufferMinutes groupSize startsAt endsAt slots(first: 100) { nodes { id beginsAt endsAt } }";
                ("interviewSessionCreate", input.clone(), read)
            }
            Deed::CallOff { session } => {
                let input = json!({ "id": model.sessions[*session].id, "expectedVersion": 1, "reason": "停电。" });
                ("interviewSessionCancel", input, "id")
            }
        })
    }

    /// Everybody does something, at once.
    async fn round(&mut self) {
        let deeds: Vec<Deed> = (0..self.people.len()).map(|who| self.choose(who)).collect();
        let asked = deeds.iter().enumerate().filter_map(|(who, deed)| {
            let (mutation, input, selection) = self.request(who, deed)?;
            let by = self.people[who].clone();
            Some(tokio::spawn(async move { (who, by.does(mutation, input, selection).await) }))
        });
        let answers: Vec<(usize, Answer)> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
        let before: Vec<usize> = (0..self.model.slots.len()).map(|slot| self.model.held(slot)).collect();
        let spans: Vec<Vec<Span>> = (0..STUDENTS).map(|student| self.model.spans_of(student)).collect();
        let mut refused = Vec::new();
        let mut done: Vec<(usize, Value)> = Vec::new();
        for (who, answer) in &answers {
            let codes = answer.codes();
            assert!(codes.is_empty() || codes == ["NOT_FOUND"], "{:?}: {answer}", deeds[*who]);
            match answer.user_errors().first() {
                Some(error) => refused.push((*who, text(&error["code"]))),
                None if codes.is_empty() => done.push((*who, answer.result().clone())),
                None => {}
            }
        }
        // What a session that was called off ends comes last: what was done to its bookings was done before.
        done.sort_by_key(|(who, _)| matches!(deeds[*who], Deed::CallOff { .. }));
        let called_off: Vec<usize> = done
            .iter()
            .filter_map(|(who, _)| match &deeds[*who] {
                Deed::CallOff { session } => Some(*session),
                _ => None,
            })
            .collect();
        for (who, result) in &done {
            self.apply(*who, &deeds[*who], result);
        }
        self.seen.extend(self.model.bookings.iter().map(|booking| booking.status.clone()));
        self.model.holds();
        for (who, code) in refused {
            match (&deeds[who], code.as_str()) {
                (Deed::Book { slot }, "CAPACITY_FULL") => {
                    let booked = done
                        .iter()
                        .filter(|(who, _)| matches!(deeds[*who], Deed::Book { slot: other } if other == *slot));
                    let size = self.model.sessions[self.model.slots[*slot].session].size;
                    assert!(before[*slot] + booked.count() >= size, "refused while there were places");
                }
                (Deed::Book { slot }, "SLOT_TAKEN") => {
                    let wanted = self.model.slots[*slot].span;
                    assert!(spans[who].iter().any(|span| meet(*span, wanted)), "refused without being elsewhere");
                }
                (Deed::Create { room, interviewer, span, .. }, "SLOT_TAKEN") => {
                    let there = self
                        .model
                        .sessions
                        .iter()
                        .enumerate()
                        .filter(|(at, one)| !one.called_off || called_off.contains(at));
                    let rivals = there
                        .filter(|(_, one)| one.interviewer == *interviewer || (one.room == *room && one.of == who % 2));
                    // A buffer of five minutes at most follows what was asked for.
                    let wanted = (span.0, span.1 + TimeDelta::minutes(5));
                    assert!(rivals.into_iter().any(|(_, one)| meet(one.span, wanted)), "refused without a rival");
                }
                (_, "DUPLICATE" | "RULE_VIOLATED" | "CONFLICT" | "ILLEGAL_STEP") => {}
                (deed, code) => panic!("{deed:?}: {code}"),
            }
        }
    }

    fn apply(&mut self, who: usize, deed: &Deed, result: &Value) {
        let model = &mut self.model;
        let (status, version) = (result["status"].as_str().unwrap_or_default().to_owned(), result["version"].as_i64());
        match deed {
            Deed::Nothing => {}
            Deed::Book { slot } => {
                let (id, version) = (text(&result["id"]), version.unwrap());
                model.bookings.push(Booking { id, student: who, slot: *slot, status, version });
            }
            Deed::Step { booking, .. } => {
                let booking = &mut model.bookings[*booking];
                (booking.status, booking.version) = (status, version.unwrap());
            }
            Deed::Create { room, interviewer, .. } => {
                let moment = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
                let buffer = result["bufferMinutes"].as_i64().unwrap();
                let span = |from: &Value, to: &Value| (moment(from), moment(to) + TimeDelta::minutes(buffer));
                let session = model.sessions.len();
                for slot in result["slots"]["nodes"].as_array().unwrap() {
                    let span = span(&slot["beginsAt"], &slot["endsAt"]);
                    model.slots.push(Slot { id: text(&slot["id"]), session, span });
                }
                model.sessions.push(Session {
                    id: text(&result["id"]),
                    of: who % 2,
                    interviewer: *interviewer,
                    room: room.clone(),
                    span: span(&result["startsAt"], &result["endsAt"]),
                    size: usize::try_from(result["groupSize"].as_i64().unwrap()).unwrap(),
                    called_off: false,
                });
            }
            Deed::CallOff { session } => {
                model.sessions[*session].called_off = true;
                let slots = &model.slots;
                for booking in model.bookings.iter_mut().filter(|one| slots[one.slot].session == *session) {
                    if LIVE.contains(&booking.status.as_str()) {
                        "CANCELLED".clone_into(&mut booking.status);
                        booking.version += 1;
                    }
                }
            }
        }
    }

    /// The database says what the model says.
    async fn agrees(&self, app: &TestApp) {
        let rows = interview_booking::Entity::find().all(app.db().reader()).await.unwrap();
        let kept: BTreeMap<String, String> = rows
            .into_iter()
            .map(|row| {
                let status = serde_json::to_value(sea_orm::ActiveEnum::to_value(&row.status)).unwrap();
                (id::show("interview_booking", row.id), text(&status))
            })
            .collect();
        let known: BTreeMap<String, String> =
            self.model.bookings.iter().map(|one| (one.id.clone(), one.status.clone())).collect();
        assert_eq!(kept, known);
        let rows = interview_slot::Entity::find().all(app.db().reader()).await.unwrap();
        let kept: BTreeMap<String, i32> =
            rows.into_iter().map(|row| (id::show("interview_slot", row.id), row.taken)).collect();
        let slots = self.model.slots.iter().enumerate();
        let known: BTreeMap<String, i32> =
            slots.map(|(at, slot)| (slot.id.clone(), i32::try_from(self.model.held(at)).unwrap())).collect();
        assert_eq!(kept, known);
    }
}

on_both! {
    /// Thirty-two people, a thousand and more operations.
    async fn nothing_is_ever_given_twice(app: TestApp) {
        let mut world = World::new(&app).await;
        app.it_is("2026-03-03T00:30:00Z");
        for _ in 0..ROUNDS {
            world.round().await;
            app.passes(TimeDelta::minutes(5));
            world.soon += TimeDelta::minutes(5);
        }
        world.agrees(&app).await;
        // The story is worth its name: places were given, given up and used.
        for status in ["CONFIRMED", "CHECKED_IN", "DONE", "LATE_CANCELLED", "CANCELLED"] {
            assert!(world.seen.contains(status), "{:?}", world.seen);
        }
    }
}
