//! Places are never given twice, and nobody is in two interviews at once: by concurrency.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{book, booked, session, shortlisted, step, taken};
use crate::{
    support::{Answer, Persona, fair, on_both},
    talent::market::{self, Market},
};

/// Students who consent and whose applications are shortlisted.
pub(super) async fn students(market: &Market, count: usize) -> Vec<(Arc<Persona>, String)> {
    let one = async || {
        let student = market.north.student().await;
        market.consents(&student).await;
        let application = shortlisted(market, &student).await;
        (Arc::new(student), application)
    };
    let mut students = Vec::new();
    for _ in 0..count {
        students.push(one().await);
    }
    students
}

async fn at_once(students: &[(Arc<Persona>, String)], slot: &str) -> Vec<Answer> {
    let answers = join_all(students.iter().map(|(student, application)| {
        let (student, application, slot) = (student.clone(), application.clone(), slot.to_owned());
        tokio::spawn(async move { book(&student, &application, &slot).await })
    }));
    answers.await.into_iter().map(Result::unwrap).collect()
}

on_both! {
    /// Fifty students at once, twelve places: twelve are confirmed, thirty-eight are told why and where there are others;
    /// a place that is given up is free again.
    async fn twelve_places_for_fifty(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({ "groupSize": 12 })).await;
        let students = students(&market, 50).await;
        let answers = at_once(&students, &slots[0]).await;
        let (some, none): (Vec<_>, Vec<_>) =
            answers.iter().zip(&students).partition(|(answer, _)| answer.user_errors().is_empty());
        assert_eq!((some.len(), none.len()), (12, 38));
        for (answer, _) in &some {
            assert_eq!(answer.result()["status"], json!("CONFIRMED"));
        }
        for (answer, _) in &none {
            answer.complains(&["CAPACITY_FULL input.slotId"]);
            let error = answer.user_errors()[0];
            assert_eq!(error["message"], "All 12 places of this slot are taken; of the enterprise's other slots, 2 are named.");
        }
        assert_eq!(taken(&market.recruiter, &id).await, [12, 0, 0]);
        let (student, application) = none[0].1;
        let input = json!({ "applicationId": application, "slotId": slots[0] });
        let query = "mutation($input: InterviewBookingCreateInput!) { interviewBookingCreate(input: $input) {
            result { id } userErrors { code details { alternatives } } } }";
        let expected = json!({ "interviewBookingCreate": { "result": null, "userErrors": [
            { "code": "CAPACITY_FULL", "details": { "alternatives": [slots[1], slots[2]] } }] } });
        student.gql(query, json!({ "input": input })).await.is(expected);
        let (gone, booking) = (&some[0].1.0, some[0].0.result()["id"].as_str().unwrap());
        step(gone, "Cancel", booking, json!({})).await.result();
        booked(student, application, &slots[0]).await;
        assert_eq!(taken(&market.recruiter, &id).await, [12, 0, 0]);
    }

    /// One student, two enterprises, one time: one interview, however fast both are asked for; the buffer counts.
    async fn nobody_in_two_interviews(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let position = market::published(&beta, &market.county.officer().await).await;
        let (_, here) = session(&market.recruiter, json!({})).await;
        let (_, there) = session(&beta, json!({ "startsAt": "2026-03-03T01:15:00Z", "endsAt": "2026-03-03T02:20:00Z" })).await;
        let mut pairs = Vec::new();
        for (student, first) in students(&market, 3).await {
            super::super::give(&student, &beta.organization, &["PROFILE"]).await;
            let input = json!({ "positionId": position });
            let second = student.does("applicationSubmit", input, "id").await.result()["id"].as_str().unwrap().to_owned();
            market::step(&beta, "Shortlist", &second, json!({})).await.result();
            pairs.push((student, first, second));
        }
        for (at, (student, first, second)) in pairs.iter().enumerate() {
            // 01:00 to 01:15 and the buffer until 01:20; 01:15 to 01:30.
            let both = tokio::join!(book(student, first, &here[at]), book(student, second, &there[at]));
            let refused: Vec<&Answer> = [&both.0, &both.1].into_iter().filter(|answer| !answer.user_errors().is_empty()).collect();
            assert_eq!(refused.len(), 1, "{both:?}");
            let problems = refused[0].problems();
            assert!(problems == ["SLOT_TAKEN input.slotId"] || problems == ["SLOT_TAKEN input"], "{problems:?}");
        }
    }

    /// Recruiters at once, one room and one interviewer: one session.
    async fn one_room_for_one_session(app: TestApp) {
        let market = Market::new(&app).await;
        let by = Arc::new(market.recruiter);
        by.token().await;
        let answers = join_all((0..8).map(|_| {
            let by = by.clone();
            tokio::spawn(async move { by.does("interviewSessionCreate", super::input(&by, json!({})), "id").await })
        })).await;
        let mut refused = 0;
        for answer in answers.into_iter().map(Result::unwrap).filter(|answer| !answer.user_errors().is_empty()) {
            answer.complains(&["SLOT_TAKEN input.room", "SLOT_TAKEN input.interviewerIds.0"]);
            refused += 1;
        }
        assert_eq!(refused, 7);
    }

    /// Other slots that are named are such as can be booked: not those of an event that has ended before its time.
    async fn other_slots_can_be_booked(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let at_event = json!({ "eventId": event, "startsAt": "2026-03-10T08:00:00Z", "endsAt": "2026-03-10T08:15:00Z" });
        let (_, at_event) = session(&market.recruiter, at_event).await;
        let on_site = |day: &str| json!({ "startsAt": format!("{day}T01:00:00Z"), "endsAt": format!("{day}T01:15:00Z") });
        let (_, first) = session(&market.recruiter, on_site("2026-03-11")).await;
        let (_, second) = session(&market.recruiter, on_site("2026-03-12")).await;
        let students = students(&market, 2).await;
        booked(&students[0].0, &students[0].1, &first[0]).await;
        let (student, application) = &students[1];
        let query = "mutation($input: InterviewBookingCreateInput!) { interviewBookingCreate(input: $input) {
            userErrors { details { alternatives } } } }";
        let named = async || {
            let input = json!({ "applicationId": application, "slotId": first[0] });
            let answer = student.gql(query, json!({ "input": input })).await;
            answer.at("/interviewBookingCreate/userErrors/0/details/alternatives").clone()
        };
        assert_eq!(named().await, json!([at_event[0], second[0]]));
        app.it_is("2026-03-10T02:00:00Z");
        for step in ["OpenCheckIn", "Start", "Close"] {
            fair::step(&officer, step, &event, json!({})).await.result();
        }
        assert_eq!(named().await, json!([second[0]]));
    }

    /// The same request under the same key gives the same place.
    async fn repeated_by_a_machine(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let application = shortlisted(&market, &market.student).await;
        let input = |slot: &str| json!({ "applicationId": application, "slotId": slot, "idempotencyKey": "app-1" });
        let student = &market.student;
        student.token().await;
        let answers = join_all((0..8).map(|_| student.does("interviewBookingCreate", input(&slots[0]), "id"))).await;
        let ids: Vec<&Value> = answers.iter().map(Answer::result).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        student.does("interviewBookingCreate", input(&slots[1]), "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
        assert_eq!(taken(&market.recruiter, &id).await, [1, 0, 0]);
    }

    /// Nobody books what is over, for somebody else, at another enterprise than that of the application, or unseen.
    async fn what_cannot_be_booked(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let (_, slots) = session(&market.recruiter, json!({})).await;
        let (_, hidden) = session(&beta, json!({})).await;
        let application = shortlisted(&market, &market.student).await;
        let other = market.north.student().await;
        book(&other, &application, &slots[0]).await.refused(&["NOT_FOUND"]);
        for somebody in [&market.recruiter, &market.staff] {
            book(somebody, &application, &slots[0]).await.refused(&["FORBIDDEN"]);
        }
        book(&market.student, &application, &hidden[0]).await.refused(&["NOT_FOUND"]);
        app.it_is("2026-03-03T01:15:00Z");
        book(&market.student, &application, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        // Whoever walks in.
        app.it_is("2026-03-03T01:21:00Z");
        booked(&market.student, &application, &slots[1]).await;
    }
}
