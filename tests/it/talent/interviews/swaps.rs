//! Two students change places: who is asked, who may, and what comes of it.

mod at_once;
mod ended;
mod newcomers;

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    booked,
    moves::{early, is_held_as_booked},
    of_session,
    places::students,
    session, step, taken, text,
};
use crate::{
    statements::statements,
    support::{Answer, Persona, TestApp, fair, on_both},
    talent::{
        market::{self, Market},
        told,
    },
};

/// Somebody who has booked.
struct Place {
    student: Arc<Persona>,
    booking: String,
}

/// A session of as many slots as are asked for, at the most three, of one place each, all of them taken.
async fn full(market: &Market, slots: usize) -> (String, Vec<String>, Vec<Place>) {
    let ends_at = format!("2026-03-04T01:{}:00Z", 20 * slots - 5);
    let (id, slots) = session(&market.recruiter, early(json!({ "endsAt": ends_at }))).await;
    let mut places = Vec::new();
    for ((student, application), slot) in students(market, slots.len()).await.into_iter().zip(&slots) {
        let booking = booked(&student, &application, slot).await;
        places.push(Place { student, booking });
    }
    (id, slots, places)
}

async fn ask(place: &Place, slot: &str) -> Answer {
    let version = booking(&place.student, &place.booking, "version").await["version"].clone();
    let input = json!({ "bookingId": place.booking, "expectedVersion": version, "slotId": slot });
    place.student.does("interviewSwapRequest", input, "id status").await
}

/// Asked: the id of the request.
async fn asked(place: &Place, slot: &str) -> String {
    text(&ask(place, slot).await.result()["id"])
}

/// Takes a step at the version that it has now.
async fn answer(by: &Persona, step: &str, id: &str) -> Answer {
    fair::taken(by, ("interviewSwap", &format!("interviewSwap{step}")), id, json!({})).await
}

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ interviewSwap(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["interviewSwap"].clone()
}

async fn status(by: &Persona, id: &str) -> String {
    text(&read(by, id, "status").await["status"])
}

async fn booking(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ interviewBooking(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["interviewBooking"].clone()
}

/// A booking at another enterprise, in a session at the same times: of a student, in one of its slots.
struct Elsewhere {
    recruiter: Persona,
    position: String,
    slots: Vec<String>,
}

impl Elsewhere {
    async fn new(app: &TestApp, market: &Market) -> Self {
        let recruiter = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let position = market::published(&recruiter, &market.county.officer().await).await;
        let (_, slots) = session(&recruiter, early(json!({}))).await;
        Self { recruiter, position, slots }
    }

    async fn booked(&self, student: &Persona, slot: usize) -> String {
        super::super::give(student, &self.recruiter.organization, &["PROFILE"]).await;
        let made = student.does("applicationSubmit", json!({ "positionId": self.position }), "id").await;
        let application = text(&made.result()["id"]);
        market::step(&self.recruiter, "Shortlist", &application, json!({})).await.result();
        booked(student, &application, &self.slots[slot]).await
    }
}

on_both! {
    /// Asked, accepted: both bookings have changed their slots, everybody concerned is told, and nobody has read who it was.
    async fn changed(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots, places) = full(&market, 3).await;
        let [a, b, c] = &places[..] else { unreachable!() };
        for by in [&market.recruiter, &market.staff, &a.student, &b.student, &c.student] {
            told(by).await;
        }
        let input = json!({ "bookingId": a.booking, "expectedVersion": 1, "slotId": slots[1] });
        let (made, statements) = app.counted(a.student.does("interviewSwapRequest", input, "id status version")).await;
        let swap = text(&made.result()["id"]);
        made.results_in(json!({ "id": swap, "status": "REQUESTED", "version": 1 }));
        assert_eq!(statements, app.either(19, 15));
        assert_eq!(told(&b.student).await, ["INTERVIEW_SWAP_REQUESTED"]);
        for by in [&market.recruiter, &market.staff, &a.student, &c.student] {
            assert_eq!(told(by).await, [""; 0], "{}", by.login);
        }
        let whole = "session { id } organization { name } event { id } booking { id } offered { id } wanted { id } status
            acceptBy openSteps history { nodes { kind action role user { displayName } organization { name } } }";
        let happened = |kind: &str| json!({ "kind": kind, "action": "job.swapInterviews", "role": null, "user": null, "organization": null });
        let seen = |booking: Value, open: &[&str]| json!({ "session": { "id": id }, "organization": { "name": "Alpha" },
            "event": null, "booking": booking, "offered": { "id": slots[0] }, "wanted": { "id": slots[1] }, "status": "REQUESTED",
            "acceptBy": "2026-03-04T01:00:00.000000Z", "openSteps": open, "history": { "nodes": [happened("InterviewSwapRequested")] } });
        assert_eq!(read(&a.student, &swap, whole).await, seen(json!({ "id": a.booking }), &["WITHDRAW"]));
        assert_eq!(read(&b.student, &swap, whole).await, seen(json!(null), &["ACCEPT"]));
        assert_eq!(read(&market.staff, &swap, whole).await, seen(json!({ "id": a.booking }), &[]));
        for by in [&c.student, &market.recruiter] {
            answer(by, "Accept", &swap).await.refused(&["NOT_FOUND"]);
        }
        answer(&a.student, "Accept", &swap).await.refused(&["FORBIDDEN"]);
        answer(&b.student, "Withdraw", &swap).await.refused(&["FORBIDDEN"]);

        let input = json!({ "id": swap, "expectedVersion": 1 });
        let stale = json!({ "id": swap, "expectedVersion": 2 });
        b.student.does("interviewSwapAccept", stale, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        let (made, statements) = app.counted(b.student.does("interviewSwapAccept", input, "status version")).await;
        made.results_in(json!({ "status": "ACCEPTED", "version": 2 }));
        assert_eq!(statements, app.either(36, 30));
        is_held_as_booked(&app).await;
        assert_eq!(taken(&b.student, &id).await, [1, 1, 1]);
        assert_eq!(told(&a.student).await, ["INTERVIEW_SWAPPED"]);
        assert_eq!(told(&market.recruiter).await, ["INTERVIEW_MOVED", "INTERVIEW_MOVED"]);
        for by in [&b.student, &c.student, &market.staff] {
            assert_eq!(told(by).await, [""; 0], "{}", by.login);
        }
        let times = "slot { id } status version beginsAt endsAt lateFrom";
        assert_eq!(booking(&a.student, &a.booking, times).await, json!({ "slot": { "id": slots[1] }, "status": "CONFIRMED", "version": 2,
            "beginsAt": "2026-03-04T01:20:00.000000Z", "endsAt": "2026-03-04T01:35:00.000000Z", "lateFrom": "2026-03-03T01:20:00.000000Z" }));
        assert_eq!(booking(&b.student, &b.booking, times).await, json!({ "slot": { "id": slots[0] }, "status": "CONFIRMED", "version": 2,
            "beginsAt": "2026-03-04T01:00:00.000000Z", "endsAt": "2026-03-04T01:15:00.000000Z", "lateFrom": "2026-03-03T01:00:00.000000Z" }));
        let trail = "history { nodes { kind action user { displayName } } }";
        let own = |kind: &str, action: &str| json!({ "kind": kind, "action": action, "user": { "displayName": "Student of North" } });
        assert_eq!(booking(&a.student, &a.booking, trail).await["history"]["nodes"], json!([
            own("InterviewBooked", "application.bookInterview"), own("InterviewSwapRequested", "interviewBooking.requestSwap"),
            { "kind": "InterviewMoved", "action": "job.swapInterviews", "user": null }]));
        assert_eq!(booking(&b.student, &b.booking, trail).await["history"]["nodes"], json!([
            own("InterviewBooked", "application.bookInterview"), own("InterviewMoved", "interviewSwap.accept")]));
        // The enterprise reads that they moved, not who would rather have another place.
        let kinds = "history { nodes { kind } }";
        for place in [&a.booking, &b.booking] {
            let moved = json!([{ "kind": "InterviewBooked" }, { "kind": "InterviewMoved" }]);
            assert_eq!(booking(&market.recruiter, place, kinds).await["history"]["nodes"], moved);
        }
        let after = "status openSteps booking { id } history { nodes { kind action role user { displayName } organization { name } } }";
        let seen = |booking: Value| json!({ "status": "ACCEPTED", "openSteps": [], "booking": booking,
            "history": { "nodes": [happened("InterviewSwapRequested"), happened("InterviewSwapped")] } });
        assert_eq!(read(&a.student, &swap, after).await, seen(json!({ "id": a.booking })));
        assert_eq!(read(&b.student, &swap, after).await, seen(json!(null)));
        answer(&a.student, "Withdraw", &swap).await.complains(&["ILLEGAL_STEP input.id"]);
    }

    /// Whoever would change places has a confirmed place and asks for one that is somebody's, once: in the same session, at
    /// a time at which nothing else is, and not for what is free.
    async fn who_may_ask(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = Elsewhere::new(&app, &market).await;
        let (id, slots, places) = full(&market, 3).await;
        let [a, b, c] = &places[..] else { unreachable!() };
        let on = |day: &str| json!({ "startsAt": format!("{day}T01:00:00Z"), "endsAt": format!("{day}T01:15:00Z") });
        let (_, later) = session(&market.recruiter, on("2026-03-06")).await;
        let input = json!({ "bookingId": a.booking, "expectedVersion": 1, "slotId": slots[1], "idempotencyKey": "app-1" });
        b.student.does("interviewSwapRequest", input.clone(), "id").await.refused(&["NOT_FOUND"]);
        for by in [&market.staff, &market.recruiter] {
            by.does("interviewSwapRequest", input.clone(), "id").await.refused(&["FORBIDDEN"]);
        }
        let stale = json!({ "bookingId": a.booking, "expectedVersion": 2, "slotId": slots[1] });
        a.student.does("interviewSwapRequest", stale, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        ask(a, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        ask(a, &later[0]).await.complains(&["RULE_VIOLATED"]);
        ask(a, &beta.slots[0]).await.refused(&["NOT_FOUND"]);
        // Elsewhere at the time that is wanted.
        let elsewhere = beta.booked(&a.student, 1).await;
        ask(a, &slots[1]).await.complains(&["SLOT_TAKEN input.slotId"]);
        step(&a.student, "Cancel", &elsewhere, json!({})).await.result();
        let made = a.student.does("interviewSwapRequest", input.clone(), "id").await.result().clone();
        a.student.does("interviewSwapRequest", input, "id").await.results_in(made.clone());
        ask(a, &slots[2]).await.complains(&["DUPLICATE input.bookingId"]);
        answer(&a.student, "Withdraw", made["id"].as_str().unwrap()).await.results_in(json!({ "status": "WITHDRAWN" }));
        // A place that is free is moved to.
        step(&c.student, "Cancel", &c.booking, json!({})).await.result();
        let query = "mutation($input: InterviewSwapRequestInput!) { interviewSwapRequest(input: $input) {
            userErrors { code message path details { alternatives } } } }";
        let input = json!({ "input": { "bookingId": a.booking, "expectedVersion": 1, "slotId": slots[2] } });
        a.student.gql(query, input).await.is(json!({ "interviewSwapRequest": { "userErrors": [{ "code": "RULE_VIOLATED",
            "message": "The slot has a place; move there.", "path": ["input", "slotId"],
            "details": { "alternatives": [slots[2]] } }] } }));
        ask(c, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        // Who is there already changes with nobody; nor does who is to be there when it has begun.
        app.it_is("2026-03-04T00:30:00Z");
        step(&market.recruiter, "CheckIn", &b.booking, json!({})).await.result();
        ask(a, &slots[1]).await.complains(&["RULE_VIOLATED"]);
        ask(b, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-03-04T01:00:00Z");
        ask(a, &slots[1]).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(taken(&a.student, &id).await, [1, 1, 0]);
    }

    /// A session that is closed takes no more requests; one that was made before stands, and can be accepted although it is
    /// late to give a place up: nobody's place is.
    async fn what_was_asked_before_stands(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots, places) = full(&market, 2).await;
        let [a, b] = &places[..] else { unreachable!() };
        app.it_is("2026-03-03T12:00:00Z");
        let swap = asked(a, &slots[1]).await;
        of_session(&market.recruiter, "Close", &id, json!({})).await.result();
        ask(b, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        answer(&b.student, "Accept", &swap).await.results_in(json!({ "status": "ACCEPTED" }));
        assert_eq!(booking(&a.student, &a.booking, "openSteps").await, json!({ "openSteps": ["CANCEL_LATE"] }));
        is_held_as_booked(&app).await;
    }

    /// Nobody is in two places (I6): neither whoever accepts, nor whoever asked and was booked elsewhere since.
    async fn both_must_be_free(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = Elsewhere::new(&app, &market).await;
        let (_, slots, places) = full(&market, 2).await;
        let [a, b] = &places[..] else { unreachable!() };
        let swap = asked(a, &slots[1]).await;
        let theirs = beta.booked(&b.student, 0).await;
        answer(&b.student, "Accept", &swap).await.complains(&["SLOT_TAKEN input.id"]);
        let since = beta.booked(&a.student, 1).await;
        answer(&b.student, "Accept", &swap).await.complains(&["SLOT_TAKEN input.id", "SLOT_TAKEN input.id"]);
        step(&b.student, "Cancel", &theirs, json!({})).await.result();
        let query = "mutation($input: InterviewSwapStepInput!) { interviewSwapAccept(input: $input) { userErrors { code message } } }";
        let input = json!({ "input": { "id": swap, "expectedVersion": 1 } });
        b.student.gql(query, input).await.is(json!({ "interviewSwapAccept": { "userErrors": [{ "code": "SLOT_TAKEN",
            "message": "Whoever asks is booked elsewhere at your time by now." }] } }));
        step(&a.student, "Cancel", &since, json!({})).await.result();
        answer(&b.student, "Accept", &swap).await.results_in(json!({ "status": "ACCEPTED" }));
        is_held_as_booked(&app).await;
    }

    /// Lists say what can be accepted; the enterprise, the organizer and other universities see none; the student takes along
    /// what was asked and accepted, and of nobody else anything.
    async fn who_sees_it(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let there = json!({ "eventId": event, "startsAt": fair::STARTS, "endsAt": "2026-03-10T01:35:00Z", "room": "B1" });
        let (id, slots) = session(&market.recruiter, there).await;
        let mut places = Vec::new();
        for ((student, application), slot) in students(&market, 2).await.into_iter().zip(&slots) {
            let booking = booked(&student, &application, slot).await;
            places.push(Place { student, booking });
        }
        let [a, b] = &places[..] else { unreachable!() };
        let swap = asked(a, &slots[1]).await;
        let list = "query($session: [ID!]!) { interviewSwaps(filter: { sessionId: { in: $session }, status: { in: [REQUESTED] } }) {
            totalCount nodes { id openSteps event { id } } } }";
        let listed = |open: &[&str]| json!({ "interviewSwaps": { "totalCount": 1, "nodes": [
            { "id": swap, "openSteps": open, "event": { "id": event } }] } });
        let input = json!({ "session": [id] });
        a.student.gql(list, input.clone()).await.is(listed(&["WITHDRAW"]));
        // The rows, how many there are, their event, and in two what can be done with them.
        b.student.gql(list, input.clone()).await.is(listed(&["ACCEPT"]));
        let query = "{ interviewSwaps { totalCount nodes { id openSteps event { id } } } }";
        assert_eq!(statements(&app, &b.student.token().await, query).await, 5);
        market.staff.gql(list, input.clone()).await.is(listed(&[]));
        let of_session = "query($id: ID!) { interviewSession(id: $id) { swaps { totalCount nodes { id } } } }";
        let hangs = |count: usize| json!({ "interviewSession": { "swaps": { "totalCount": count,
            "nodes": vec![json!({ "id": swap }); count] } } });
        b.student.gql(of_session, json!({ "id": id })).await.is(hangs(1));
        market.recruiter.gql(of_session, json!({ "id": id })).await.is(hangs(0));
        officer.gql(of_session, json!({ "id": id })).await.is(hangs(0));
        let other = app.university("South").await;
        for by in [&market.recruiter, &officer, &other.staff().await, &other.student().await, &market.student] {
            assert_eq!(read(by, &swap, "id").await, json!(null), "{}", by.login);
        }
        // Once it is nobody's who looks, nobody sees it.
        step(&b.student, "Cancel", &b.booking, json!({})).await.result();
        assert_eq!(read(&b.student, &swap, "id").await, json!(null));

        let (_, _, places) = full(&market, 2).await;
        let [c, d] = &places[..] else { unreachable!() };
        let slot = text(&booking(&d.student, &d.booking, "slot { id }").await["slot"]["id"]);
        let swap = asked(c, &slot).await;
        answer(&d.student, "Accept", &swap).await.result();
        for (place, own, nothing) in [(c, "interviewSwaps", "interviewSwapsAccepted"), (d, "interviewSwapsAccepted", "interviewSwaps")] {
            let export = place.student.gql("mutation { studentDataExport { result { json } } }", json!({})).await;
            let export: Value = serde_json::from_str(&export.text("/studentDataExport/result/json")).unwrap();
            assert_eq!(export[nothing], json!([]));
            let kept = &export[own][0];
            assert_eq!((&kept["id"], &kept["booking"], &kept["status"]), (&json!(swap), &json!(place.booking), &json!("ACCEPTED")));
        }
    }
}
