//! Students who walk in: booked by the code that they show, where they are.

use std::sync::Arc;

use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::talent::events;
use serde_json::{Value, json};

use super::{booked, places::students, session, shortlisted, step, taken, text};
use crate::{
    support::{Answer, Persona, TestApp, fair, on_both},
    talent::{
        market::{self, Market},
        told,
    },
};

/// The event has begun; the enterprise has a booth there and a session at nine, with three slots.
struct Hall {
    market: Market,
    officer: Persona,
    event: String,
    session: String,
    slots: Vec<String>,
}

impl Hall {
    async fn new(app: &TestApp, changes: Value) -> Self {
        let market = Market::new(app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let mut there = json!({ "eventId": event, "startsAt": fair::STARTS, "endsAt": "2026-03-10T02:00:00Z" });
        crate::support::make::put_over(&mut there, changes);
        let (session, slots) = session(&market.recruiter, there).await;
        Self { market, officer, event, session, slots }
    }

    /// Registered: the code.
    async fn registered(&self, student: &Persona) -> String {
        fair::code(student, &fair::registered(student, &self.event).await).await
    }

    /// Check-in opens an hour before.
    async fn opens(&self, app: &TestApp) {
        app.it_is("2026-03-10T00:30:00Z");
        events::jobs::keep_time(app.app()).await.unwrap();
    }

    async fn scanned(&self, app: &TestApp, code: &str) {
        assert_eq!(fair::scanned(&self.officer, &self.event, code, app.now()).await, "CHECKED_IN");
    }

    async fn walk_in(&self, by: &Persona, code: &str, slot: &str) -> Answer {
        let input = json!({ "slotId": slot, "positionId": self.market.position, "code": code });
        by.does("interviewBookingWalkIn", input, "id status application { id status }").await
    }
}

/// A student with a résumé that nobody reads.
async fn student(market: &Market) -> Persona {
    let student = market.north.student().await;
    super::super::save(&student).await;
    student
}

async fn kinds(by: &Persona, application: &str) -> Value {
    let query = "query($id: ID!) { application(id: $id) { history { nodes { kind role } } } }";
    by.gql(query, json!({ "id": application })).await.at("/application/history/nodes").clone()
}

on_both! {
    /// From the booth to the interview: the application is made and invited, nothing is read until the student says so.
    async fn from_the_booth_to_the_interview(app: TestApp) {
        let hall = Hall::new(&app, json!({})).await;
        let recruiter = &hall.market.recruiter;
        let colleague = recruiter.organization.recruiter().await;
        let student = student(&hall.market).await;
        let code = hall.registered(&student).await;
        hall.opens(&app).await;
        hall.walk_in(recruiter, &code, &hall.slots[0]).await.complains(&["RULE_VIOLATED"]);
        hall.scanned(&app, &code).await;
        // The slot has begun and is not over.
        app.it_is("2026-03-10T01:05:00Z");
        let made = hall.walk_in(recruiter, &code, &hall.slots[0]).await;
        let (booking, application) = (text(&made.result()["id"]), text(&made.result()["application"]["id"]));
        assert_eq!(made.result(), &json!({ "id": booking, "status": "CONFIRMED", "application": { "id": application, "status": "INVITED" } }));
        assert_eq!(taken(recruiter, &hall.session).await, [1, 0, 0]);
        assert_eq!(told(&student).await, ["INTERVIEW_INVITED", "INTERVIEW_BOOKED"]);
        assert_eq!(told(&colleague).await, ["INTERVIEW_BOOKED"]);
        let happened = |kind: &str| json!({ "kind": kind, "role": "ENTERPRISE_RECRUITER" });
        assert_eq!(kinds(&student, &application).await,
            json!([happened("ApplicationSubmitted"), happened("ApplicationShortlisted"), happened("ApplicationInvited")]));
        let read = "query($id: ID!) { application(id: $id) { status resume { current { content { headline } } } event { id } } }";
        let seen = recruiter.gql(read, json!({ "id": application })).await;
        assert_eq!(seen.codes(), ["CONSENT_REQUIRED"]);
        assert_eq!(seen.body["data"], json!({ "application": { "status": "INVITED", "resume": null, "event": { "id": hall.event } } }));
        assert_eq!(super::super::log(&student).await, Vec::<Value>::new());
        // Booked already, by whomever it is tried again.
        hall.walk_in(&colleague, &code, &hall.slots[1]).await.complains(&["DUPLICATE input.positionId"]);
        step(recruiter, "CheckIn", &booking, json!({})).await.result();
        step(recruiter, "Finish", &booking, json!({})).await.result();
        super::super::give(&student, &recruiter.organization, &["PROFILE"]).await;
        let seen = recruiter.gql(read, json!({ "id": application })).await;
        assert_eq!(seen.at("/application/status"), "INTERVIEWED");
        assert_eq!(seen.at("/application/resume/current/content/headline"), "质量管理工程应届生");
    }

    /// Nobody is booked who is not there, by what is no code, into what is not there, or for what takes nobody; nothing
    /// is left of the attempt.
    async fn who_is_not_booked(app: TestApp) {
        let hall = Hall::new(&app, json!({})).await;
        let (market, recruiter) = (&hall.market, &hall.market.recruiter);
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let reviewer = market.county.officer().await;
        let other = fair::published(&hall.officer, &reviewer, json!({})).await;
        let student = student(market).await;
        let (code, nobody) = (hall.registered(&student).await, market.north.student().await);
        let of_nobody = hall.registered(&nobody).await;
        let elsewhere = fair::code(&student, &fair::registered(&student, &other).await).await;
        let on_site = json!({ "room": "B1", "startsAt": "2026-03-10T03:00:00Z", "endsAt": "2026-03-10T03:15:00Z" });
        let (_, on_site) = session(recruiter, on_site).await;
        hall.opens(&app).await;
        for code in [&code, &of_nobody] {
            hall.scanned(&app, code).await;
        }
        let slot = &hall.slots[0];
        let token = student.token().await;
        for code in ["", "x", token.as_str(), &format!("{code}x")] {
            hall.walk_in(recruiter, code, slot).await.complains(&["INVALID_INPUT input.code"]);
        }
        hall.walk_in(recruiter, &elsewhere, slot).await.complains(&["RULE_VIOLATED"]);
        hall.walk_in(recruiter, &code, &on_site[0]).await.complains(&["RULE_VIOLATED"]);
        hall.walk_in(recruiter, &of_nobody, slot).await.complains(&["RULE_VIOLATED"]);
        for by in [&beta, &student, &hall.officer] {
            hall.walk_in(by, &code, slot).await.refused(&["FORBIDDEN"]);
        }
        // Nobody decides about the own application (I12).
        let own = student.also(&recruiter.organization, Role::EnterpriseRecruiter).await;
        hall.walk_in(&own, &code, slot).await.refused(&["FORBIDDEN"]);
        // Scanned at the other event too, the code still names another place.
        assert_eq!(fair::scanned(&hall.officer, &other, &elsewhere, app.now()).await, "CHECKED_IN");
        hall.walk_in(recruiter, &elsewhere, slot).await.complains(&["RULE_VIOLATED"]);
        let of_beta = market::published(&beta, &reviewer).await;
        let input = json!({ "slotId": slot, "positionId": of_beta, "code": code });
        recruiter.does("interviewBookingWalkIn", input.clone(), "id").await.refused(&["FORBIDDEN"]);
        beta.does("interviewBookingWalkIn", input, "id").await.refused(&["NOT_FOUND"]);
        let query = "query($id: ID!) { position(id: $id) { version } }";
        let version = recruiter.gql(query, json!({ "id": market.position })).await.at("/position/version").clone();
        let input = json!({ "id": market.position, "expectedVersion": version });
        recruiter.does("positionFill", input, "id").await.result();
        hall.walk_in(recruiter, &code, slot).await.complains(&["RULE_VIOLATED input.positionId"]);
        let query = "{ applications { totalCount } interviewBookings { totalCount } }";
        for by in [recruiter, &beta] {
            by.gql(query, json!({})).await.is(json!({ "applications": { "totalCount": 0 }, "interviewBookings": { "totalCount": 0 } }));
        }
    }

    /// Whoever has applied is interviewed for that application; what the student took back, and what is over, stays so.
    async fn whoever_has_applied_already(app: TestApp) {
        let hall = Hall::new(&app, json!({})).await;
        let (market, recruiter) = (&hall.market, &hall.market.recruiter);
        let mut people = Vec::new();
        for _ in 0..4 {
            let student = market.north.student().await;
            market.consents(&student).await;
            let code = hall.registered(&student).await;
            people.push((student, code));
        }
        let [(applied, of_applied), (waits, of_waits), (gone, of_gone), (refused, of_refused)] = &people[..] else {
            unreachable!()
        };
        let first = market.application_of(applied).await;
        let withdrawn = market.application_of(gone).await;
        market::step(gone, "Withdraw", &withdrawn, json!({ "reason": "PERSONAL" })).await.result();
        let rejected = market.application_of(refused).await;
        market::step(recruiter, "Reject", &rejected, json!({ "reason": "SKILLS" })).await.result();
        let second = shortlisted(market, waits).await;
        hall.opens(&app).await;
        for (_, code) in &people {
            hall.scanned(&app, code).await;
        }
        let made = hall.walk_in(recruiter, of_applied, &hall.slots[0]).await;
        assert_eq!(made.result()["application"], json!({ "id": first, "status": "INVITED" }));
        for code in [of_gone, of_refused] {
            hall.walk_in(recruiter, code, &hall.slots[1]).await.complains(&["RULE_VIOLATED"]);
        }
        // Booked by the student, given up, and walked in.
        let booking = booked(waits, &second, &hall.slots[1]).await;
        hall.walk_in(recruiter, of_waits, &hall.slots[1]).await.complains(&["DUPLICATE input.positionId"]);
        step(waits, "Cancel", &booking, json!({})).await.result();
        let made = hall.walk_in(recruiter, of_waits, &hall.slots[1]).await;
        assert_eq!(made.result()["application"], json!({ "id": second, "status": "INVITED" }));
    }

    /// Two recruiters with one code make one application and one booking; twelve students for five places, five.
    async fn everybody_at_once(app: TestApp) {
        let hall = Arc::new(Hall::new(&app, json!({ "groupSize": 5, "endsAt": "2026-03-10T01:15:00Z" })).await);
        let mut codes = Vec::new();
        for _ in 0..12 {
            codes.push(hall.registered(&student(&hall.market).await).await);
        }
        hall.opens(&app).await;
        for code in &codes {
            hall.scanned(&app, code).await;
        }
        let colleague = Arc::new(hall.market.recruiter.organization.recruiter().await);
        colleague.token().await;
        hall.market.recruiter.token().await;
        let asked = |code: &String, by: usize| {
            let (hall, colleague, code) = (hall.clone(), colleague.clone(), code.clone());
            tokio::spawn(async move {
                let by = if by == 0 { &hall.market.recruiter } else { &*colleague };
                hall.walk_in(by, &code, &hall.slots[0]).await
            })
        };
        let both: Vec<Answer> =
            join_all((0..2).map(|by| asked(&codes[0], by))).await.into_iter().map(Result::unwrap).collect();
        let refused: Vec<&Answer> = both.iter().filter(|answer| !answer.user_errors().is_empty()).collect();
        assert_eq!(refused.len(), 1, "{both:?}");
        refused[0].complains(&["DUPLICATE input.positionId"]);
        let rest = join_all(codes[1..].iter().enumerate().map(|(at, code)| asked(code, at % 2))).await;
        let mut full = 0;
        for answer in rest.into_iter().map(Result::unwrap).filter(|answer| !answer.user_errors().is_empty()) {
            answer.complains(&["CAPACITY_FULL input.slotId"]);
            full += 1;
        }
        assert_eq!((full, taken(&colleague, &hall.session).await), (7, vec![5]));
        let query = "{ applications { totalCount } interviewBookings { totalCount } }";
        colleague.gql(query, json!({})).await.is(json!({ "applications": { "totalCount": 5 }, "interviewBookings": { "totalCount": 5 } }));
    }

    /// A student who is elsewhere at that time is not booked; the same request under the same key gives the same place.
    async fn once_and_in_one_place(app: TestApp) {
        let hall = Hall::new(&app, json!({})).await;
        let beta = app.enterprise(&hall.market.county, "Beta").await.recruiter().await;
        let position = market::published(&beta, &hall.market.county.officer().await).await;
        let there = json!({ "startsAt": fair::STARTS, "endsAt": "2026-03-10T01:15:00Z" });
        let (_, of_beta) = session(&beta, there).await;
        let student = student(&hall.market).await;
        super::super::give(&student, &beta.organization, &["PROFILE"]).await;
        let made = student.does("applicationSubmit", json!({ "positionId": position }), "id").await;
        let other = text(&made.result()["id"]);
        market::step(&beta, "Shortlist", &other, json!({})).await.result();
        booked(&student, &other, &of_beta[0]).await;
        let code = hall.registered(&student).await;
        hall.opens(&app).await;
        hall.scanned(&app, &code).await;
        let recruiter = &hall.market.recruiter;
        hall.walk_in(recruiter, &code, &hall.slots[0]).await.complains(&["SLOT_TAKEN input.slotId"]);
        let input = |slot: &str| json!({
            "slotId": slot, "positionId": hall.market.position, "code": code, "idempotencyKey": "booth-1" });
        let first = recruiter.does("interviewBookingWalkIn", input(&hall.slots[1]), "id").await.result().clone();
        recruiter.does("interviewBookingWalkIn", input(&hall.slots[1]), "id").await.results_in(first);
        recruiter.does("interviewBookingWalkIn", input(&hall.slots[2]), "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
    }

    /// Who walks into a slot that somebody asks to have is asked as those who were there, once.
    async fn told_who_would_change_places(app: TestApp) {
        let hall = Hall::new(&app, json!({ "groupSize": 2 })).await;
        let people = students(&hall.market, 3).await;
        let mut bookings = Vec::new();
        for ((student, application), slot) in people.iter().zip([1, 2, 2]) {
            bookings.push(booked(student, application, &hall.slots[slot]).await);
        }
        let wish = json!({ "bookingId": bookings[0], "expectedVersion": 1, "slotId": hall.slots[2] });
        people[0].0.does("interviewSwapRequest", wish, "id").await.result();
        step(&people[2].0, "Cancel", &bookings[2], json!({})).await.result();
        let walker = student(&hall.market).await;
        let code = hall.registered(&walker).await;
        hall.opens(&app).await;
        hall.scanned(&app, &code).await;
        told(&walker).await;
        hall.walk_in(&hall.market.recruiter, &code, &hall.slots[2]).await.result();
        assert_eq!(told(&walker).await, ["INTERVIEW_INVITED", "INTERVIEW_SWAP_REQUESTED", "INTERVIEW_BOOKED"]);
    }
}
