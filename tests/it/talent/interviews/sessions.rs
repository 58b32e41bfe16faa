//! Laying sessions out, closing and cancelling them.

use hezuo::talent::interviews::{bookings::jobs::note_missed, sessions::jobs::close_over};
use serde_json::{Value, json};

use super::{book, booked, input, of_session, person, session, shortlisted, taken};
use crate::{
    support::{fair, on_both},
    talent::market::Market,
};

on_both! {
    /// Cut into slots with buffers; what is left over at the end is nobody's.
    async fn laid_out(app: TestApp) {
        let market = Market::new(&app).await;
        let read = "place room startsAt endsAt slotMinutes bufferMinutes groupSize status openSteps version event { id }
            organization { name } interviewers { person { displayName } } slots { nodes { beginsAt endsAt size taken } }
            history { nodes { kind } }";
        let late = json!({ "endsAt": "2026-03-03T02:09:00Z", "groupSize": 4 });
        let made = market.recruiter.does("interviewSessionCreate", input(&market.recruiter, late), read).await;
        let slot = |from: &str, to: &str| json!({
            "beginsAt": format!("2026-03-03T{from}:00.000000Z"), "endsAt": format!("2026-03-03T{to}:00.000000Z"), "size": 4, "taken": 0 });
        made.results_in(json!({
            "place": "园区人才中心", "room": "A12", "startsAt": "2026-03-03T01:00:00.000000Z",
            "endsAt": "2026-03-03T01:55:00.000000Z", "slotMinutes": 15, "bufferMinutes": 5, "groupSize": 4,
            "status": "OPEN", "openSteps": ["EXTEND", "CLOSE", "CANCEL"], "version": 1, "event": null,
            "organization": { "name": "Alpha" }, "interviewers": [{ "person": { "displayName": "EnterpriseRecruiter of Alpha" } }],
            "slots": { "nodes": [slot("01:00", "01:15"), slot("01:20", "01:35"), slot("01:40", "01:55")] },
            "history": { "nodes": [{ "kind": "InterviewSessionCreated" }] },
        }));
    }

    /// Everything that is wrong is told at once; only recruiters of a verified enterprise.
    async fn what_is_wrong(app: TestApp) {
        let market = Market::new(&app).await;
        let bad = json!({
            "place": " ", "room": "x".repeat(201), "interviewerIds": [person(&market.student), person(&market.student)],
            "startsAt": "2026-03-03T01:01:00Z", "endsAt": "2026-03-03T00:00:00Z", "slotMinutes": 7, "bufferMinutes": -5,
            "groupSize": 0,
        });
        let answer = market.recruiter.does("interviewSessionCreate", bad, "id").await;
        answer.complains(&[
            "INVALID_INPUT input.place", "INVALID_INPUT input.room", "INVALID_INPUT input.startsAt",
            "INVALID_INPUT input.slotMinutes", "INVALID_INPUT input.bufferMinutes", "INVALID_INPUT input.endsAt",
            "INVALID_INPUT input.groupSize", "INVALID_INPUT input.interviewerIds",
            "INVALID_INPUT input.interviewerIds.0", "INVALID_INPUT input.interviewerIds.1",
        ]);
        let days = json!({ "endsAt": "2026-03-04T02:00:00Z" });
        let long = input(&market.recruiter, days);
        market.recruiter.does("interviewSessionCreate", long, "id").await.complains(&["INVALID_INPUT input.endsAt"]);
        for nobody in [&market.student, &market.staff, &market.county.officer().await] {
            let input = input(&market.recruiter, json!({}));
            nobody.does("interviewSessionCreate", input, "id").await.refused(&["FORBIDDEN"]);
        }
        let suspend = json!({ "id": market.recruiter.organization.id(), "expectedVersion": 1, "reason": "核查。" });
        market.county.officer().await.does("organizationSuspend", suspend, "id").await.result();
        let input = input(&market.recruiter, json!({}));
        market.recruiter.does("interviewSessionCreate", input, "id").await.complains(&["RULE_VIOLATED"]);
    }

    /// At an event only with a confirmed booth, while the event is to be held, and within it.
    async fn at_an_event(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        let there = |from: &str, to: &str| json!({ "eventId": event, "startsAt": from, "endsAt": to });
        let whole = || there(fair::STARTS, "2026-03-10T02:00:00Z");
        let create = async |changes| {
            market.recruiter.does("interviewSessionCreate", input(&market.recruiter, changes), "status").await
        };
        create(whole()).await.complains(&["INVALID_INPUT input.eventId"]);
        fair::booth(&market.recruiter, &officer, &event).await;
        create(there("2026-03-10T00:55:00Z", fair::ENDS)).await.complains(&["INVALID_INPUT input.startsAt"]);
        create(there(fair::STARTS, "2026-03-10T09:05:00Z")).await.complains(&["INVALID_INPUT input.startsAt"]);
        create(whole()).await.results_in(json!({ "status": "OPEN" }));
        fair::step(&officer, "Cancel", &event, json!({ "reason": "暴雨。" })).await.result();
        create(there("2026-03-10T03:00:00Z", "2026-03-10T04:00:00Z")).await.complains(&["INVALID_INPUT input.eventId"]);
    }

    /// A room, by any spelling, and an interviewer are in one place at a time, buffers included; elsewhere and after it is
    /// free, and what was called off holds nobody.
    async fn nobody_and_no_room_twice(app: TestApp) {
        let market = Market::new(&app).await;
        let other = market.recruiter.organization.recruiter().await;
        let (first, _) = session(&market.recruiter, json!({})).await;
        let create = async |by, changes| market.recruiter.does("interviewSessionCreate", input(by, changes), "status").await;
        create(&market.recruiter, json!({})).await
            .complains(&["SLOT_TAKEN input.room", "SLOT_TAKEN input.interviewerIds.0"]);
        create(&other, json!({ "room": "ａ12 " })).await.complains(&["SLOT_TAKEN input.room"]);
        // The last slot ends at 01:55, its buffer at 02:00.
        let next = |from: &str| json!({ "room": "B1", "startsAt": from, "endsAt": "2026-03-03T03:00:00Z" });
        create(&market.recruiter, next("2026-03-03T01:55:00Z")).await.complains(&["SLOT_TAKEN input.interviewerIds.0"]);
        create(&market.recruiter, next("2026-03-03T02:00:00Z")).await.results_in(json!({ "status": "OPEN" }));
        // Another enterprise has a room of that name too.
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        session(&beta, json!({})).await;
        of_session(&market.recruiter, "Cancel", &first, json!({ "reason": "停电。" })).await
            .results_in(json!({ "status": "CANCELLED" }));
        create(&market.recruiter, json!({})).await.results_in(json!({ "status": "OPEN" }));
    }

    /// Closed: what is booked stands. Called off: everybody is told, and free again.
    async fn closed_and_called_off(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let application = shortlisted(&market, &market.student).await;
        let booking = booked(&market.student, &application, &slots[0]).await;
        let other = market.north.student().await;
        market.consents(&other).await;
        let second = shortlisted(&market, &other).await;
        of_session(&market.student, "Close", &id, json!({})).await.refused(&["FORBIDDEN"]);
        of_session(&market.recruiter, "Close", &id, json!({})).await.results_in(json!({ "status": "CLOSED" }));
        of_session(&market.recruiter, "Close", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        book(&other, &second, &slots[1]).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(taken(&market.student, &id).await, [1, 0, 0]);
        super::super::told(&market.student).await;
        of_session(&market.recruiter, "Cancel", &id, json!({ "reason": " " })).await
            .complains(&["INVALID_INPUT input.reason"]);
        of_session(&market.recruiter, "Cancel", &id, json!({ "reason": "停电。" })).await
            .results_in(json!({ "status": "CANCELLED" }));
        let query = "query($id: ID!) { interviewBooking(id: $id) { status openSteps history { nodes { kind } }
            session { status statusReason } } }";
        market.student.gql(query, json!({ "id": booking })).await.is(json!({ "interviewBooking": {
            "status": "CANCELLED", "openSteps": [],
            "history": { "nodes": [{ "kind": "InterviewBooked" }, { "kind": "InterviewCalledOff" }] },
            "session": { "status": "CANCELLED", "statusReason": "停电。" },
        } }));
        assert_eq!(super::super::told(&market.student).await, ["INTERVIEW_CANCELLED"]);
        assert_eq!(taken(&market.student, &id).await, [0, 0, 0]);
        let (_, slots) = session(&market.recruiter, json!({})).await;
        booked(&market.student, &application, &slots[0]).await;
    }

    /// What is over took place: neither the enterprise nor an event that is called off ends it.
    async fn not_called_off_afterwards(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let there = json!({ "eventId": event, "startsAt": fair::STARTS, "endsAt": "2026-03-10T02:00:00Z" });
        let (id, _) = session(&market.recruiter, there).await;
        let query = "query($id: ID!) { interviewSession(id: $id) { status openSteps } }";
        let is = async |status: &str, steps: Value| {
            let expected = json!({ "interviewSession": { "status": status, "openSteps": steps } });
            market.recruiter.gql(query, json!({ "id": id })).await.is(expected);
        };
        app.it_is("2026-03-10T01:54:59Z");
        is("OPEN", json!(["EXTEND", "CLOSE", "CANCEL"])).await;
        app.it_is("2026-03-10T01:55:00Z");
        is("OPEN", json!(["CLOSE"])).await;
        let reason = json!({ "reason": "停电。" });
        of_session(&market.recruiter, "Cancel", &id, reason.clone()).await.complains(&["RULE_VIOLATED"]);
        fair::step(&officer, "Cancel", &event, reason).await.results_in(json!({ "status": "CANCELLED" }));
        is("OPEN", json!(["CLOSE"])).await;
    }

    /// What is over is closed by itself, once, whichever server does it; what was extended goes on until then, and what is
    /// booked stands.
    async fn closed_by_itself(app: TestApp) {
        let market = Market::new(&app).await;
        let replica = app.replica(&[]).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let application = shortlisted(&market, &market.student).await;
        let booking = booked(&market.student, &application, &slots[0]).await;
        of_session(&market.recruiter, "Extend", &id, json!({ "endsAt": "2026-03-03T02:15:00Z" })).await.result();
        for moment in ["2026-03-03T01:55:00Z", "2026-03-03T02:14:59Z"] {
            app.it_is(moment);
            assert_eq!(close_over(app.app()).await.unwrap(), 0, "{moment}");
        }
        app.it_is("2026-03-03T02:15:00Z");
        let (here, there) = tokio::join!(close_over(app.app()), close_over(replica.app()));
        assert_eq!(here.unwrap() + there.unwrap(), 1);
        let query = "query($id: ID!, $booking: ID!) { interviewBooking(id: $booking) { status }
            interviewSession(id: $id) { status openSteps version history { nodes { kind } } } }";
        let kinds = ["InterviewSessionCreated", "InterviewSessionExtended", "InterviewSessionClosed"];
        let history: Vec<Value> = kinds.iter().map(|kind| json!({ "kind": kind })).collect();
        market.recruiter.gql(query, json!({ "id": id, "booking": booking })).await.is(json!({
            "interviewBooking": { "status": "CONFIRMED" },
            "interviewSession": { "status": "CLOSED", "openSteps": [], "version": 3, "history": { "nodes": history } } }));
    }

    /// A suspended enterprise interviews nobody more; who has booked comes.
    async fn nobody_books_while_suspended(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let other = market.north.student().await;
        market.consents(&other).await;
        let (one, two) = (shortlisted(&market, &market.student).await, shortlisted(&market, &other).await);
        let booking = booked(&market.student, &one, &slots[0]).await;
        let suspend = json!({ "id": market.recruiter.organization.id(), "expectedVersion": 1, "reason": "年检。" });
        market.county.officer().await.does("organizationSuspend", suspend, "id").await.result();
        book(&other, &two, &slots[1]).await.complains(&["RULE_VIOLATED"]);
        let join = json!({ "applicationId": two, "sessionId": id });
        other.does("interviewWaitJoin", join, "id").await.complains(&["RULE_VIOLATED"]);
        assert_eq!(taken(&market.student, &id).await, [1, 0, 0]);
        let query = "query($id: ID!) { interviewBooking(id: $id) { status } }";
        market.student.gql(query, json!({ "id": booking })).await.is(json!({ "interviewBooking": { "status": "CONFIRMED" } }));
    }

    /// An event that is called off, and a booth that is given up, take their sessions and bookings along; nobody is noted
    /// as missing.
    async fn with_the_event(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let application = shortlisted(&market, &market.student).await;
        for gives_up in [true, false] {
            let event = fair::published(&officer, &reviewer, json!({})).await;
            let booth = fair::booth(&market.recruiter, &officer, &event).await;
            let there = json!({ "eventId": event, "startsAt": fair::STARTS, "endsAt": "2026-03-10T02:00:00Z" });
            let (id, slots) = session(&market.recruiter, there).await;
            let booking = booked(&market.student, &application, &slots[0]).await;
            let (by, names, record) = if gives_up {
                (&market.recruiter, ("eventExhibitor", "eventExhibitorWithdraw"), &booth)
            } else {
                (&officer, ("recruitmentEvent", "recruitmentEventCancel"), &event)
            };
            fair::taken(by, names, record, json!({ "reason": "暴雨。" })).await.result();
            let query = "query($id: ID!) { interviewBooking(id: $id) { status session { id status } } }";
            market.student.gql(query, json!({ "id": booking })).await.is(json!({ "interviewBooking": {
                "status": "CANCELLED", "session": { "id": id, "status": "CANCELLED" } } }));
        }
        // Moved by an hour: what still lies in it stays, the rest is called off.
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let early = json!({ "eventId": event, "startsAt": fair::STARTS, "endsAt": "2026-03-10T02:00:00Z" });
        let later = json!({ "eventId": event, "startsAt": "2026-03-10T03:00:00Z", "endsAt": "2026-03-10T04:00:00Z" });
        let (early, slots) = session(&market.recruiter, early).await;
        let (later, _) = session(&market.recruiter, later).await;
        let booking = booked(&market.student, &application, &slots[0]).await;
        let moved = json!({ "place": "园区人才中心", "startsAt": "2026-03-10T02:00:00Z", "endsAt": fair::ENDS,
            "registrationClosesAt": fair::CLOSES, "reason": "场地调整。" });
        fair::step(&officer, "Move", &event, moved).await.result();
        let query = "query($early: ID!, $later: ID!, $id: ID!) { early: interviewSession(id: $early) { status statusReason }
            later: interviewSession(id: $later) { status } interviewBooking(id: $id) { status } }";
        market.recruiter.gql(query, json!({ "early": early, "later": later, "id": booking })).await.is(json!({
            "early": { "status": "CANCELLED", "statusReason": "The event was moved. 活动已改期。" },
            "later": { "status": "OPEN" }, "interviewBooking": { "status": "CANCELLED" } }));
        app.it_is("2026-03-12T00:00:00Z");
        assert_eq!(note_missed(app.app()).await.unwrap(), 0);
    }
}
