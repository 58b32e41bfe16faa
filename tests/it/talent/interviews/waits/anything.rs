//! Whatever twelve students do at once, for two sessions at one time with four places each: what is held is what was booked
//! or offered, and never more than there is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::TimeDelta;
use entity::{
    event, interview_booking, interview_hold, interview_slot,
    interview_swap::{self, InterviewSwapStatus as Swapping},
    interview_wait::{self, InterviewWaitStatus as Status},
};
use futures_util::future::join_all;
use sea_orm::{ActiveEnum as _, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::keep;
use crate::{
    support::{Persona, TestApp, on_both},
    talent::{
        interviews::{model::kept::Dice, moves::early, places::students, session, text},
        market::{self, Market},
    },
};

const ROUNDS: usize = 60;
/// Ticks of a slot of fifteen minutes and its buffer of five.
const TICKS: i64 = 4;

/// What a student has to do with one of the sessions.
struct Side {
    application: String,
    session: String,
    slots: Vec<String>,
}

async fn world(app: &TestApp) -> Vec<(Arc<Persona>, [Side; 2])> {
    let market = Market::new(app).await;
    let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
    let position = market::published(&beta, &market.county.officer().await).await;
    let two = early(json!({ "endsAt": "2026-03-04T01:35:00Z", "groupSize": 2 }));
    let (here, there) = (session(&market.recruiter, two.clone()).await, session(&beta, two).await);
    let mut world = Vec::new();
    for (student, first) in students(&market, 12).await {
        super::super::super::give(&student, &beta.organization, &["PROFILE"]).await;
        let made = student.does("applicationSubmit", json!({ "positionId": position }), "id").await;
        let second = text(&made.result()["id"]);
        market::step(&beta, "Shortlist", &second, json!({})).await.result();
        let side = |application: String, (session, slots): &(String, Vec<String>)| Side {
            application,
            session: session.clone(),
            slots: slots.clone(),
        };
        world.push((student, [side(first, &here), side(second, &there)]));
    }
    world
}

/// What the student does next, having looked: the mutation and its input.
async fn choose(student: &Persona, sides: &[Side; 2], dice: &mut Dice) -> (&'static str, Value) {
    let query = "{ interviewBookings(filter: { status: { in: [CONFIRMED] } }) { nodes { id version slot { id } session { id } } }
        interviewWaits(filter: { status: { in: [WAITING, OFFERED] } }) { nodes { id version status } }
        interviewSwaps(filter: { status: { in: [REQUESTED] } }) { nodes { id version openSteps } } }";
    let seen = student.gql(query, json!({})).await;
    let nodes = |of: &str| seen.at(&format!("/{of}/nodes")).as_array().unwrap().clone();
    let (bookings, waits) = (nodes("interviewBookings"), nodes("interviewWaits"));
    let swaps = nodes("interviewSwaps");
    let can = |step: &str| swaps.iter().find(|swap| swap["openSteps"] == json!([step])).cloned();
    let of = |status: &str| waits.iter().find(|wait| wait["status"] == status).cloned();
    let at = |record: Value| json!({ "id": record["id"], "expectedVersion": record["version"] });
    let (roll, side) = (dice.below(12), &sides[dice.below(2)]);
    match (can("ACCEPT"), can("WITHDRAW")) {
        (Some(swap), _) if dice.below(3) == 0 => return ("interviewSwapAccept", at(swap)),
        (_, Some(swap)) if dice.below(6) == 0 => return ("interviewSwapWithdraw", at(swap)),
        _ => {}
    }
    match (of("OFFERED"), of("WAITING")) {
        (Some(offer), _) if roll < 3 => return ("interviewWaitAccept", at(offer)),
        (Some(offer), _) if roll < 5 => return ("interviewWaitDecline", at(offer)),
        (_, Some(wait)) if roll == 5 => return ("interviewWaitLeave", at(wait)),
        _ if roll > 8 && !bookings.is_empty() => {
            return ("interviewBookingCancel", at(bookings[dice.below(bookings.len())].clone()));
        }
        _ if roll > 2 && !bookings.is_empty() => {
            let booking = &bookings[dice.below(bookings.len())];
            let mut input = at(booking.clone());
            input["slotId"] = other_slot(sides, booking);
            if dice.below(2) == 0 {
                return ("interviewBookingMove", input);
            }
            input["bookingId"] = input["id"].take();
            input.as_object_mut().unwrap().remove("id");
            return ("interviewSwapRequest", input);
        }
        _ => {}
    }
    if dice.below(3) == 0 {
        let slot = &side.slots[dice.below(2)];
        return ("interviewBookingCreate", json!({ "applicationId": side.application, "slotId": slot }));
    }
    ("interviewWaitJoin", json!({ "applicationId": side.application, "sessionId": side.session }))
}

/// The slot of its session in which it is not.
fn other_slot(sides: &[Side; 2], booking: &Value) -> Value {
    let side = sides.iter().find(|side| booking["session"]["id"] == json!(side.session)).unwrap();
    json!(side.slots.iter().find(|slot| booking["slot"]["id"] != json!(slot)).unwrap())
}

/// What may never be otherwise. `tended`: the job has run since anybody did anything.
async fn holds(app: &TestApp, tended: bool) {
    let db = app.db().reader();
    let confirmed = interview_booking::Column::Status.eq(interview_booking::InterviewBookingStatus::Confirmed);
    let bookings = interview_booking::Entity::find().filter(confirmed).all(db).await.unwrap();
    let waits = interview_wait::Entity::find().all(db).await.unwrap();
    let slots = interview_slot::Entity::find().all(db).await.unwrap();
    let held = interview_hold::Entity::find().all(db).await.unwrap();
    let kept: Vec<_> = waits.iter().filter(|wait| wait.status == Status::Offered).collect();
    for slot in &slots {
        let booked = bookings.iter().filter(|booking| booking.slot_id == slot.id).count();
        let offered = kept.iter().filter(|wait| wait.slot_id == Some(slot.id)).count();
        assert_eq!(usize::try_from(slot.taken).unwrap(), booked + offered);
        assert!(slot.taken <= slot.size);
    }
    let mut under: BTreeMap<Uuid, BTreeSet<i64>> = BTreeMap::new();
    for hold in &held {
        if let Some(id) = hold.booking_id.or(hold.wait_id) {
            under.entry(id).or_default().insert(hold.tick);
        }
    }
    let ticks = |id: Uuid| {
        let slot = slots.iter().find(|slot| slot.id == id).unwrap();
        (0..TICKS).map(|at| slot.begins_at.timestamp() / 300 + at).collect()
    };
    let booked = bookings.iter().map(|row| (row.id, ticks(row.slot_id)));
    let offered = kept.iter().map(|row| (row.id, ticks(row.slot_id.unwrap())));
    assert_eq!(under, booked.chain(offered).collect());
    let waiting = |status: &Status| matches!(status, Status::Waiting | Status::Offered);
    let mut lists = BTreeSet::new();
    for wait in waits.iter().filter(|wait| waiting(&wait.status)) {
        assert!(lists.insert((wait.application_id, wait.session_id)), "twice in one list");
        assert!(bookings.iter().all(|row| row.application_id != wait.application_id), "booked, and waits");
    }
    let offered = event::Entity::find().filter(event::Column::Kind.eq("InterviewPlaceOffered")).all(db).await.unwrap();
    let offered: Vec<Uuid> = offered.into_iter().map(|row| row.record_id).collect();
    let asked: BTreeSet<Uuid> = waits.iter().filter(|wait| wait.slot_id.is_some()).map(|wait| wait.id).collect();
    assert_eq!((offered.len(), offered.into_iter().collect()), (asked.len(), asked));
    changed_places(db, &bookings).await;
    if !tended {
        return;
    }
    for wait in waits.iter().filter(|wait| wait.status == Status::Waiting) {
        for slot in slots.iter().filter(|slot| slot.session_id == wait.session_id && slot.taken < slot.size) {
            let first = slot.begins_at.timestamp() / 300;
            let busy = |hold: &interview_hold::Model| {
                hold.held == wait.student_id.to_string() && (first..first + 4).contains(&hold.tick)
            };
            assert!(held.iter().any(busy), "waits beside a free place");
        }
    }
}

/// Who asks to change places has a place, and somebody else has one where it is wanted; each request that was accepted
/// moved two bookings.
async fn changed_places(db: &DatabaseConnection, bookings: &[interview_booking::Model]) {
    let swaps = interview_swap::Entity::find().all(db).await.unwrap();
    let mut asking = BTreeSet::new();
    for swap in swaps.iter().filter(|swap| swap.status == Swapping::Requested) {
        assert!(asking.insert(swap.booking_id), "two requests for one booking");
        let mut given = bookings.iter().filter(|row| row.id == swap.booking_id && row.slot_id == swap.offered_id);
        let mut wanted =
            bookings.iter().filter(|row| row.student_id != swap.student_id && row.slot_id == swap.wanted_id);
        assert!(given.next().is_some() && wanted.next().is_some(), "a request that nobody can accept");
    }
    let accepted = swaps.iter().filter(|swap| swap.status == Swapping::Accepted).count();
    let moved = event::Entity::find().filter(event::Column::Kind.eq("InterviewMoved")).all(db).await.unwrap();
    let by = |action: &str| moved.iter().filter(|row| row.action == action).count();
    assert_eq!((by("job.swapInterviews"), by("interviewSwap.accept")), (accepted, accepted));
}

on_both! {
    /// Seven hundred operations, the job among them: places are booked, moved, exchanged, given up, waited
    /// for, offered and answered.
    async fn what_is_held_is_what_was_booked_or_offered(app: TestApp) {
        let world = world(&app).await;
        let mut dice = Dice(21);
        for round in 0..ROUNDS {
            let mut deeds = Vec::new();
            for (student, sides) in &world {
                deeds.push((student.clone(), choose(student, sides, &mut dice).await));
            }
            let tending = (round % 4 == 1).then(|| { let app = app.clone(); tokio::spawn(async move { keep(&app).await }) });
            let answers = join_all(deeds.into_iter().map(|(student, (mutation, input))| {
                tokio::spawn(async move { (mutation, student.does(mutation, input, "id").await) })
            }));
            for (mutation, answer) in answers.await.into_iter().map(Result::unwrap) {
                // What could be accepted a moment ago is nothing to whoever has another place by now.
                if mutation != "interviewSwapAccept" || answer.codes() != ["NOT_FOUND"] {
                    assert_eq!(answer.codes(), [""; 0], "{answer}");
                }
                for error in answer.user_errors() {
                    let code = error["code"].as_str().unwrap();
                    let known = ["CAPACITY_FULL", "SLOT_TAKEN", "DUPLICATE", "RULE_VIOLATED", "CONFLICT", "ILLEGAL_STEP"];
                    assert!(known.contains(&code), "{answer}");
                }
            }
            if let Some(tending) = tending {
                tending.await.unwrap();
            }
            holds(&app, false).await;
            if round % 4 == 3 {
                keep(&app).await;
                holds(&app, true).await;
            }
            app.passes(TimeDelta::minutes(12));
        }
        // The story is worth its name.
        let moved = event::Entity::find().filter(event::Column::Kind.eq("InterviewMoved")).all(app.db().reader()).await.unwrap();
        let swaps = interview_swap::Entity::find().all(app.db().reader()).await.unwrap();
        assert!(!moved.is_empty() && swaps.iter().any(|swap| swap.status == Swapping::Closed), "{moved:?} {swaps:?}");
        let waits = interview_wait::Entity::find().all(app.db().reader()).await.unwrap();
        let came: BTreeSet<String> = waits.iter().map(|wait| wait.status.to_value()).collect();
        for status in ["ACCEPTED", "DECLINED", "LAPSED", "LEFT", "CLOSED"] {
            assert!(came.contains(status), "{came:?}");
        }
    }
}
