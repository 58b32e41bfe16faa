//! Waiting for a place: who is asked, for how long, and what ends it.

mod anything;
mod at_once;
mod ended;

use hezuo::talent::interviews::waits::jobs;
use serde_json::{Value, json};

use super::{book, booked, places::students, session, shortlisted, step, taken, text};
use crate::{
    support::{Answer, Persona, TestApp, fair, on_both},
    talent::{
        market::{self, Market},
        told,
    },
};

async fn join(student: &Persona, application: &str, session: &str) -> Answer {
    let input = json!({ "applicationId": application, "sessionId": session });
    student.does("interviewWaitJoin", input, "id status position").await
}

/// Joined: the id of the place in the list.
async fn joined(student: &Persona, application: &str, session: &str) -> String {
    text(&join(student, application, session).await.result()["id"])
}

/// Takes a step at the version that it has now.
async fn answer(by: &Persona, step: &str, id: &str) -> Answer {
    fair::taken(by, ("interviewWait", &format!("interviewWait{step}")), id, json!({})).await
}

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ interviewWait(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["interviewWait"].clone()
}

async fn status(by: &Persona, id: &str) -> String {
    text(&read(by, id, "status").await["status"])
}

/// Runs the job: for how many something changed.
async fn keep(app: &TestApp) -> usize {
    jobs::keep(app.app()).await.unwrap()
}

/// One slot from nine to a quarter past, for one.
fn narrow() -> Value {
    json!({ "endsAt": "2026-03-03T01:15:00Z" })
}

on_both! {
    /// What is given up is offered to the first, kept until it is accepted, and booked then; nobody else gets at it.
    async fn offered_to_the_first(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, narrow()).await;
        let people = students(&market, 4).await;
        let [(a, of_a), (b, of_b), (c, of_c), (d, of_d)] = &people[..] else { unreachable!() };
        let booking = booked(a, of_a, &slots[0]).await;
        join(a, of_a, &id).await.complains(&["DUPLICATE input.applicationId"]);
        let first = join(b, of_b, &id).await.result().clone();
        let second = text(&first["id"]);
        assert_eq!(first, json!({ "id": second, "status": "WAITING", "position": 1 }));
        join(b, of_b, &id).await.complains(&["DUPLICATE input.sessionId"]);
        let third = joined(c, of_c, &id).await;
        let list = "{ interviewWaits { totalCount nodes { id position openSteps slot { id } acceptBy } } }";
        let own = c.gql(list, json!({})).await;
        own.is(json!({ "interviewWaits": { "totalCount": 1, "nodes": [
            { "id": third, "position": 2, "openSteps": ["LEAVE"], "slot": null, "acceptBy": null }] } }));
        let query = "query($id: ID!) { interviewSession(id: $id) { waits { nodes { id } } } }";
        let all = market.recruiter.gql(query, json!({ "id": id })).await;
        all.is(json!({ "interviewSession": { "waits": { "nodes": [{ "id": second }, { "id": third }] } } }));
        assert_eq!((told(b).await, keep(&app).await), (vec![], 0));

        step(a, "Cancel", &booking, json!({})).await.result();
        assert_eq!(told(b).await, ["INTERVIEW_PLACE_OFFERED"]);
        let offer = "status position acceptBy openSteps slot { id taken } booking { id } history { nodes { kind action user { displayName } } }";
        let happened = |kind: &str, action: &str, by: Value| json!({ "kind": kind, "action": action, "user": by });
        let (by_b, nobody) = (json!({ "displayName": "Student of North" }), json!(null));
        assert_eq!(read(b, &second, offer).await, json!({
            "status": "OFFERED", "position": null, "acceptBy": "2026-03-02T01:30:00.000000Z", "openSteps": ["ACCEPT", "DECLINE"],
            "slot": { "id": slots[0], "taken": 1 }, "booking": null, "history": { "nodes": [
                happened("InterviewWaitJoined", "application.waitForInterview", by_b),
                happened("InterviewPlaceOffered", "job.keepWaitingLists", nobody)] } }));
        assert_eq!(read(c, &third, "status position").await, json!({ "status": "WAITING", "position": 1 }));
        assert_eq!((told(c).await, keep(&app).await), (vec![], 0));
        book(d, of_d, &slots[0]).await.complains(&["CAPACITY_FULL input.slotId"]);
        answer(c, "Accept", &third).await.complains(&["ILLEGAL_STEP input.id"]);
        answer(b, "Leave", &second).await.complains(&["ILLEGAL_STEP input.id"]);
        answer(c, "Accept", &second).await.refused(&["NOT_FOUND"]);
        answer(&market.recruiter, "Accept", &second).await.refused(&["FORBIDDEN"]);

        told(&market.recruiter).await;
        answer(b, "Accept", &second).await.results_in(json!({ "status": "ACCEPTED" }));
        assert_eq!(told(&market.recruiter).await, ["INTERVIEW_BOOKED"]);
        let booking = read(b, &second, "openSteps booking { id status slot { id taken } }").await;
        let found = text(&booking["booking"]["id"]);
        assert_eq!(booking, json!({ "openSteps": [],
            "booking": { "id": found, "status": "CONFIRMED", "slot": { "id": slots[0], "taken": 1 } } }));
        step(b, "Cancel", &found, json!({})).await.result();
        assert_eq!((status(c, &third).await, taken(c, &id).await), ("OFFERED".to_owned(), vec![1]));
    }

    /// Nobody waits for what can be booked, for somebody else, at another enterprise than that of the application, for an
    /// application that cannot be booked, or for what is over.
    async fn who_may_wait(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let (id, slots) = session(&market.recruiter, narrow()).await;
        let (hidden, _) = session(&beta, narrow()).await;
        let people = students(&market, 2).await;
        let [(a, of_a), (b, of_b)] = &people[..] else { unreachable!() };
        let query = "mutation($input: InterviewWaitJoinInput!) { interviewWaitJoin(input: $input) {
            userErrors { code message path details { alternatives } } } }";
        let input = json!({ "input": { "applicationId": of_b, "sessionId": id } });
        b.gql(query, input).await.is(json!({ "interviewWaitJoin": { "userErrors": [{ "code": "RULE_VIOLATED",
            "message": "The session has places; book one.", "path": ["input", "sessionId"],
            "details": { "alternatives": [slots[0]] } }] } }));
        booked(a, of_a, &slots[0]).await;
        join(a, of_b, &id).await.refused(&["NOT_FOUND"]);
        join(b, of_b, &hidden).await.refused(&["NOT_FOUND"]);
        for somebody in [&market.recruiter, &market.staff] {
            join(somebody, of_b, &id).await.refused(&["FORBIDDEN"]);
        }
        let application = market.application().await;
        join(&market.student, &application, &id).await.complains(&["RULE_VIOLATED"]);
        let machine = json!({ "applicationId": of_b, "sessionId": id, "idempotencyKey": "app-1" });
        let first = b.does("interviewWaitJoin", machine.clone(), "id").await.result().clone();
        b.does("interviewWaitJoin", machine, "id").await.results_in(first.clone());
        answer(b, "Leave", first["id"].as_str().unwrap()).await.results_in(json!({ "status": "LEFT" }));
        app.it_is("2026-03-03T01:00:00Z");
        join(b, of_b, &id).await.complains(&["RULE_VIOLATED"]);
    }

    /// Declined, or not accepted in time: the next one is asked. What is too late is refused, whether or not the job has
    /// run; a place is not kept longer than until the interview begins.
    async fn the_next_one_is_asked(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, narrow()).await;
        let people = students(&market, 5).await;
        let booking = booked(&people[0].0, &people[0].1, &slots[0]).await;
        let mut waits = vec![];
        for (student, application) in &people[1..] {
            waits.push((student, joined(student, application, &id).await));
        }
        step(&people[0].0, "Cancel", &booking, json!({})).await.result();
        answer(waits[0].0, "Decline", &waits[0].1).await.results_in(json!({ "status": "DECLINED" }));
        assert_eq!(read(waits[1].0, &waits[1].1, "status acceptBy").await,
            json!({ "status": "OFFERED", "acceptBy": "2026-03-02T01:30:00.000000Z" }));
        app.it_is("2026-03-02T01:29:59.999999Z");
        assert_eq!(keep(&app).await, 0);
        app.it_is("2026-03-02T01:30:00Z");
        assert_eq!(read(waits[1].0, &waits[1].1, "openSteps").await, json!({ "openSteps": ["DECLINE"] }));
        answer(waits[1].0, "Accept", &waits[1].1).await.complains(&["RULE_VIOLATED"]);
        told(waits[1].0).await;
        assert_eq!(keep(&app).await, 2);
        assert_eq!(status(waits[1].0, &waits[1].1).await, "LAPSED");
        assert_eq!(told(waits[1].0).await, ["INTERVIEW_WAIT_ENDED"]);
        assert_eq!(read(waits[2].0, &waits[2].1, "status acceptBy").await,
            json!({ "status": "OFFERED", "acceptBy": "2026-03-02T02:00:00.000000Z" }));
        assert_eq!((keep(&app).await, taken(&market.recruiter, &id).await), (0, vec![1]));

        // Ten minutes before it begins: kept for ten minutes, and after that for nobody.
        app.it_is("2026-03-03T00:50:00Z");
        assert_eq!(keep(&app).await, 2);
        assert_eq!(read(waits[3].0, &waits[3].1, "status acceptBy").await,
            json!({ "status": "OFFERED", "acceptBy": "2026-03-03T01:00:00.000000Z" }));
        let again = joined(waits[0].0, &people[1].1, &id).await;
        app.it_is("2026-03-03T01:00:00Z");
        assert_eq!(keep(&app).await, 2);
        assert_eq!((status(waits[3].0, &waits[3].1).await, status(waits[0].0, &again).await),
            ("LAPSED".to_owned(), "CLOSED".to_owned()));
        assert_eq!((keep(&app).await, taken(&market.recruiter, &id).await), (0, vec![0]));
    }

    /// Who is elsewhere at that time is passed over and goes on waiting; a place at another time is for the first again,
    /// and one that nobody could take is offered once somebody can.
    async fn who_is_elsewhere_waits_on(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let position = market::published(&beta, &market.county.officer().await).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let (_, there) = session(&beta, narrow()).await;
        let people = students(&market, 5).await;
        let [(b, of_b), (c, of_c), taking @ ..] = &people[..] else { unreachable!() };
        let mut places = Vec::new();
        for ((student, application), slot) in taking.iter().zip(&slots) {
            places.push(booked(student, application, slot).await);
        }
        let waits = [joined(b, of_b, &id).await, joined(c, of_c, &id).await];
        super::super::give(b, &beta.organization, &["PROFILE"]).await;
        let made = b.does("applicationSubmit", json!({ "positionId": position }), "id").await;
        let other = text(&made.result()["id"]);
        market::step(&beta, "Shortlist", &other, json!({})).await.result();
        let elsewhere = booked(b, &other, &there[0]).await;
        step(&taking[0].0, "Cancel", &places[0], json!({})).await.result();
        assert_eq!((status(b, &waits[0]).await, status(c, &waits[1]).await), ("WAITING".to_owned(), "OFFERED".to_owned()));
        answer(c, "Decline", &waits[1]).await.result();
        assert_eq!((status(b, &waits[0]).await, taken(c, &id).await), ("WAITING".to_owned(), vec![0, 1, 1]));
        // A place is free, but not for this one.
        assert_eq!(keep(&app).await, 0);
        step(b, "Cancel", &elsewhere, json!({})).await.result();
        assert_eq!(keep(&app).await, 1);
        let kept = read(b, &waits[0], "status slot { id }").await;
        assert_eq!(kept, json!({ "status": "OFFERED", "slot": { "id": slots[0] } }));
        // The time is kept too.
        book(b, &other, &there[0]).await.complains(&["SLOT_TAKEN input.slotId"]);
        step(&taking[1].0, "Cancel", &places[1], json!({})).await.result();
        assert_eq!(taken(c, &id).await, [1, 0, 1]);
    }

    /// Whose offer lapses is asked in another session at that time by the same run, also where that was looked at first.
    async fn whom_a_lapse_frees_is_asked_elsewhere(app: TestApp) {
        let market = Market::new(&app).await;
        let other = market.recruiter.organization.recruiter().await;
        let there = json!({ "room": "B1", "endsAt": "2026-03-03T01:15:00Z" });
        let sessions = [session(&market.recruiter, narrow()).await, session(&other, there).await];
        let people = students(&market, 4).await;
        let [(a, of_a), (b, of_b), (c, of_c), (d, of_d)] = &people[..] else { unreachable!() };
        let places = [booked(a, of_a, &sessions[0].1[0]).await, booked(b, of_b, &sessions[1].1[0]).await];
        // Both wait in both: the first of one is the second of the other.
        let (mut of_first, mut of_second) = (Vec::new(), Vec::new());
        for ((id, _), [first, second]) in sessions.iter().zip([[(c, of_c), (d, of_d)], [(d, of_d), (c, of_c)]]) {
            of_first.push(joined(first.0, first.1, id).await);
            of_second.push(joined(second.0, second.1, id).await);
        }
        step(a, "Cancel", &places[0], json!({})).await.result();
        step(b, "Cancel", &places[1], json!({})).await.result();
        // Each is asked where first, and kept from the other.
        let standing = async || {
            let first = [status(c, &of_first[0]).await, status(d, &of_first[1]).await];
            let second = [status(d, &of_second[0]).await, status(c, &of_second[1]).await];
            (first, second)
        };
        let both = |status: &str| [status.to_owned(), status.to_owned()];
        assert_eq!(standing().await, (both("OFFERED"), both("WAITING")));
        app.it_is("2026-03-02T01:30:00Z");
        assert_eq!((keep(&app).await, standing().await), (4, (both("LAPSED"), both("OFFERED"))));
        assert_eq!((keep(&app).await, taken(c, &sessions[0].0).await, taken(d, &sessions[1].0).await), (0, vec![1], vec![1]));
    }

    /// The enterprise reads the name while the student consents, the university and the organizer always; nobody else sees
    /// anything. The student takes it along.
    async fn who_sees_it(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, narrow()).await;
        let people = students(&market, 1).await;
        booked(&people[0].0, &people[0].1, &slots[0]).await;
        let other = market.north.student().await;
        super::super::save(&other).await;
        let consent = super::super::give(&other, &market.recruiter.organization, &["PROFILE"]).await;
        let application = shortlisted(&market, &other).await;
        let wait = joined(&other, &application, &id).await;
        let name = json!({ "student": { "displayName": "Student of North" } });
        for by in [&other, &market.staff, &market.recruiter] {
            assert_eq!(read(by, &wait, "student { displayName }").await, name, "{}", by.login);
        }
        super::super::withdraw(&other, &consent).await;
        assert_eq!(read(&market.recruiter, &wait, "position student { displayName }").await,
            json!({ "position": 1, "student": null }));
        assert_eq!(read(&market.staff, &wait, "student { displayName }").await, name);
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        for by in [&*people[0].0, &app.university("South").await.staff().await, &beta] {
            assert_eq!(read(by, &wait, "id").await, json!(null), "{}", by.login);
        }
        let export = other.gql("mutation { studentDataExport { result { json } } }", json!({})).await;
        let export: Value = serde_json::from_str(&export.text("/studentDataExport/result/json")).unwrap();
        assert_eq!((&export["interviewWaits"][0]["id"], &export["interviewWaits"][0]["status"]), (&json!(wait), &json!("WAITING")));
    }
}
