//! The same booking in another slot of its session.

use std::collections::{BTreeMap, BTreeSet};

use entity::{interview_booking, interview_hold, interview_slot};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{book, booked, of_session, places::students, session, step, taken, text};
use crate::{
    support::{Answer, Persona, TestApp, fair, make::put_over, on_both},
    talent::{
        market::{self, Market},
        told,
    },
};

/// Two days on, so that nothing is late yet.
pub(super) fn early(changes: Value) -> Value {
    let mut input = json!({ "startsAt": "2026-03-04T01:00:00Z", "endsAt": "2026-03-04T02:00:00Z" });
    put_over(&mut input, changes);
    input
}

async fn to(by: &Persona, booking: &str, slot: &str) -> Answer {
    step(by, "Move", booking, json!({ "slotId": slot })).await
}

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ interviewBooking(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["interviewBooking"].clone()
}

/// What is counted and held is what is booked: each place of each slot, each student at each tick of the own slot.
pub(super) async fn is_held_as_booked(app: &TestApp) {
    let db = app.db().reader();
    let confirmed = interview_booking::Column::Status.eq(interview_booking::InterviewBookingStatus::Confirmed);
    let bookings = interview_booking::Entity::find().filter(confirmed).all(db).await.unwrap();
    for slot in interview_slot::Entity::find().all(db).await.unwrap() {
        let here: Vec<_> = bookings.iter().filter(|booking| booking.slot_id == slot.id).collect();
        assert_eq!((usize::try_from(slot.taken).unwrap(), slot.taken <= slot.size), (here.len(), true));
        assert!(here.iter().all(|row| (row.begins_at, row.ends_at) == (slot.begins_at, slot.ends_at)));
        // Late from a day before on.
        assert!(here.iter().all(|row| row.begins_at - row.late_from == chrono::TimeDelta::days(1)));
    }
    let mut held: BTreeMap<(Uuid, String), BTreeSet<i64>> = BTreeMap::new();
    let holds = interview_hold::Entity::find().filter(interview_hold::Column::BookingId.is_not_null());
    for hold in holds.all(db).await.unwrap() {
        held.entry((hold.booking_id.unwrap(), hold.held)).or_default().insert(hold.tick);
    }
    // Slots of fifteen minutes, and five between.
    let ticks = |row: &interview_booking::Model| (0..4).map(|at| row.begins_at.timestamp() / 300 + at).collect();
    let expected = bookings.iter().map(|row| ((row.id, row.student_id.to_string()), ticks(row)));
    assert_eq!(held, expected.collect());
}

on_both! {
    /// The same booking, at another time: the place and the student there are held, the other place and time are free. The
    /// enterprise is told, and the history says from where to where.
    async fn moved(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let position = market::published(&beta, &market.county.officer().await).await;
        let (id, slots) = session(&market.recruiter, early(json!({}))).await;
        let (_, there) = session(&beta, early(json!({}))).await;
        let people = students(&market, 1).await;
        let (student, application) = &people[0];
        super::super::give(student, &beta.organization, &["PROFILE"]).await;
        let made = student.does("applicationSubmit", json!({ "positionId": position }), "id").await;
        let other = text(&made.result()["id"]);
        market::step(&beta, "Shortlist", &other, json!({})).await.result();
        let booking = booked(student, application, &slots[0]).await;
        book(student, &other, &there[0]).await.complains(&["SLOT_TAKEN input.slotId"]);
        told(&market.recruiter).await;

        let input = json!({ "id": booking, "expectedVersion": 1, "slotId": slots[2] });
        let moved = "id status version beginsAt endsAt lateFrom openSteps slot { id }";
        let (answer, statements) = app.counted(student.does("interviewBookingMove", input.clone(), moved)).await;
        answer.results_in(json!({ "id": booking, "status": "CONFIRMED", "version": 2,
            "beginsAt": "2026-03-04T01:40:00.000000Z", "endsAt": "2026-03-04T01:55:00.000000Z",
            "lateFrom": "2026-03-03T01:40:00.000000Z", "openSteps": ["MOVE", "CANCEL"], "slot": { "id": slots[2] } }));
        assert_eq!(statements, app.either(25, 23));
        student.does("interviewBookingMove", input, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        assert_eq!(taken(student, &id).await, [0, 0, 1]);
        assert_eq!(told(&market.recruiter).await, ["INTERVIEW_MOVED"]);
        let history = read(&market.recruiter, &booking, "history { nodes { kind action data } }").await;
        assert_eq!(history["history"]["nodes"][1]["kind"], json!("InterviewMoved"));
        assert_eq!(history["history"]["nodes"][1]["action"], json!("interviewBooking.move"));
        let data: Value = serde_json::from_str(history["history"]["nodes"][1]["data"].as_str().unwrap()).unwrap();
        let key = |id: &str| hezuo::platform::id::Id::<interview_slot::Entity>::read(id).unwrap().key().to_string();
        assert_eq!((&data["left"], &data["slot"]), (&json!(key(&slots[0])), &json!(key(&slots[2]))));
        is_held_as_booked(&app).await;
        book(student, &other, &there[2]).await.complains(&["SLOT_TAKEN input.slotId"]);
        let elsewhere = booked(student, &other, &there[0]).await;
        to(student, &booking, &slots[0]).await.complains(&["SLOT_TAKEN input.slotId"]);
        step(student, "Cancel", &elsewhere, json!({})).await.result();
        to(student, &booking, &slots[0]).await.results_in(json!({ "status": "CONFIRMED" }));
        assert_eq!(taken(student, &id).await, [1, 0, 0]);
        is_held_as_booked(&app).await;
    }

    /// Not to a full slot, to which others are named; not to another session, to the same slot or one that has begun; not
    /// once giving it up is late; not by anybody else; not without a place that is held, or in a session that is closed.
    async fn refused(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let (id, slots) = session(&market.recruiter, early(json!({}))).await;
        let (_, later) = session(&market.recruiter, json!({ "startsAt": "2026-03-06T01:00:00Z", "endsAt": "2026-03-06T01:15:00Z" })).await;
        let (_, hidden) = session(&beta, early(json!({}))).await;
        let people = students(&market, 2).await;
        let [(a, of_a), (b, of_b)] = &people[..] else { unreachable!() };
        let (first, second) = (booked(a, of_a, &slots[0]).await, booked(b, of_b, &slots[1]).await);
        let query = "mutation($input: InterviewBookingMoveInput!) { interviewBookingMove(input: $input) {
            userErrors { code path details { alternatives } } } }";
        let input = json!({ "input": { "id": first, "expectedVersion": 1, "slotId": slots[1] } });
        a.gql(query, input).await.is(json!({ "interviewBookingMove": { "userErrors": [{ "code": "CAPACITY_FULL",
            "path": ["input", "slotId"], "details": { "alternatives": [slots[2], later[0]] } }] } }));
        to(a, &first, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        to(a, &first, &later[0]).await.complains(&["RULE_VIOLATED"]);
        to(a, &first, &hidden[0]).await.refused(&["NOT_FOUND"]);
        to(a, &second, &slots[2]).await.refused(&["NOT_FOUND"]);
        for by in [&market.recruiter, &market.staff] {
            to(by, &first, &slots[2]).await.refused(&["FORBIDDEN"]);
        }
        app.it_is("2026-03-03T01:00:00Z");
        assert_eq!(read(a, &first, "openSteps").await, json!({ "openSteps": ["CANCEL_LATE"] }));
        to(a, &first, &slots[2]).await.complains(&["RULE_VIOLATED"]);
        // The other's is later: it can still be moved, but not in a session that is closed.
        assert_eq!(read(b, &second, "openSteps").await, json!({ "openSteps": ["MOVE", "CANCEL"] }));
        of_session(&market.recruiter, "Close", &id, json!({})).await.result();
        assert_eq!(read(b, &second, "openSteps").await, json!({ "openSteps": ["CANCEL"] }));
        to(b, &second, &slots[2]).await.complains(&["RULE_VIOLATED"]);
        step(b, "Cancel", &second, json!({})).await.result();
        to(b, &second, &slots[2]).await.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(taken(a, &id).await, [1, 0, 0]);
    }

    /// Nor at an event that has ended before its time, which takes its interviews along: there is no button for it either.
    async fn not_at_an_event_that_is_over(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({ "text": { "endsAt": "2026-03-12T09:00:00Z" } })).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let there = json!({ "eventId": event, "startsAt": "2026-03-12T01:00:00Z", "endsAt": "2026-03-12T02:00:00Z" });
        let (id, slots) = session(&market.recruiter, there).await;
        let (student, application) = &students(&market, 1).await[0];
        let booking = booked(student, application, &slots[0]).await;
        app.it_is("2026-03-10T02:00:00Z");
        for step in ["OpenCheckIn", "Start"] {
            fair::step(&officer, step, &event, json!({})).await.result();
        }
        to(student, &booking, &slots[1]).await.results_in(json!({ "status": "CONFIRMED" }));
        assert_eq!(read(student, &booking, "openSteps").await, json!({ "openSteps": ["MOVE", "CANCEL"] }));
        fair::step(&officer, "Close", &event, json!({})).await.result();
        let (seen, statements) = app.counted(read(student, &booking, "openSteps")).await;
        assert_eq!((seen, statements), (json!({ "openSteps": [] }), 4));
        to(student, &booking, &slots[2]).await.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(taken(student, &id).await, [0, 0, 0]);
    }

    /// The place that is left is offered to whoever waits.
    async fn what_is_left_is_offered(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let position = market::published(&beta, &market.county.officer().await).await;
        let (id, slots) = session(&market.recruiter, early(json!({ "endsAt": "2026-03-04T01:35:00Z" }))).await;
        let (_, there) = session(&beta, early(json!({}))).await;
        let people = students(&market, 3).await;
        let [(a, of_a), (b, of_b), (c, of_c)] = &people[..] else { unreachable!() };
        let (moving, gone) = (booked(a, of_a, &slots[0]).await, booked(b, of_b, &slots[1]).await);
        super::super::give(c, &beta.organization, &["PROFILE"]).await;
        let made = c.does("applicationSubmit", json!({ "positionId": position }), "id").await;
        let other = text(&made.result()["id"]);
        market::step(&beta, "Shortlist", &other, json!({})).await.result();
        booked(c, &other, &there[1]).await;
        let input = json!({ "applicationId": of_c, "sessionId": id });
        let wait = text(&c.does("interviewWaitJoin", input, "id").await.result()["id"]);
        // Whoever waits is elsewhere at that time.
        step(b, "Cancel", &gone, json!({})).await.result();
        assert_eq!((taken(a, &id).await, told(c).await), (vec![1, 0], vec![]));
        to(a, &moving, &slots[1]).await.results_in(json!({ "status": "CONFIRMED" }));
        assert_eq!((taken(a, &id).await, told(c).await), (vec![1, 1], vec!["INTERVIEW_PLACE_OFFERED".to_owned()]));
        let answer = fair::taken(c, ("interviewWait", "interviewWaitAccept"), &wait, json!({})).await;
        answer.results_in(json!({ "status": "ACCEPTED" }));
        is_held_as_booked(&app).await;
    }

    /// Twenty-four move at once to a slot with nine places left: nine are there, fifteen are where they were and are told
    /// why.
    async fn nine_places_for_twenty_four(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, early(json!({ "groupSize": 24 }))).await;
        let people = students(&market, 39).await;
        let mut moving = Vec::new();
        for (at, (student, application)) in people.iter().enumerate() {
            let booking = booked(student, application, &slots[usize::from(at >= 24)]).await;
            if at < 24 {
                moving.push((student.clone(), booking));
            }
        }
        assert_eq!(taken(&market.recruiter, &id).await, [24, 15, 0]);
        let answers = join_all(moving.into_iter().map(|(student, booking)| {
            let slot = slots[1].clone();
            tokio::spawn(async move { to(&student, &booking, &slot).await })
        })).await;
        let mut there = 0;
        for answer in answers.into_iter().map(Result::unwrap) {
            if answer.user_errors().is_empty() {
                there += 1;
            } else {
                answer.complains(&["CAPACITY_FULL input.slotId"]);
            }
        }
        assert_eq!((there, taken(&market.recruiter, &id).await), (9, vec![15, 24, 0]));
        is_held_as_booked(&app).await;
    }
}
