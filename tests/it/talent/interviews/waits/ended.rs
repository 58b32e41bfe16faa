//! What ends the waiting.

use serde_json::json;

use super::{answer, join, joined, keep, narrow, read, status};
use crate::{
    support::{fair, on_both},
    talent::{
        interviews::{book, booked, of_session, places::students, session, step, taken},
        market::{self, Market},
        told,
    },
};

on_both! {
    /// A session that takes no more bookings has no list; what was offered before can be accepted, and is for nobody else.
    async fn with_a_session_that_closes(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({ "endsAt": "2026-03-03T01:35:00Z" })).await;
        let people = students(&market, 5).await;
        let (taking, waiting) = people.split_at(2);
        let mut places = Vec::new();
        for ((student, application), slot) in taking.iter().zip(&slots) {
            places.push(booked(student, application, slot).await);
        }
        let mut waits = Vec::new();
        for (student, application) in waiting {
            waits.push(joined(student, application, &id).await);
        }
        for ((student, _), place) in taking.iter().zip(&places) {
            step(student, "Cancel", place, json!({})).await.result();
        }
        let [b, c, d] = [&waiting[0].0, &waiting[1].0, &waiting[2].0];
        told(d).await;
        of_session(&market.recruiter, "Close", &id, json!({})).await.results_in(json!({ "status": "CLOSED" }));
        assert_eq!((status(d, &waits[2]).await, told(d).await), ("CLOSED".to_owned(), vec!["INTERVIEW_WAIT_ENDED".to_owned()]));
        join(d, &waiting[2].1, &id).await.complains(&["RULE_VIOLATED"]);
        // Whoever waited goes on seeing the session.
        assert_eq!(read(d, &waits[2], "session { status }").await, json!({ "session": { "status": "CLOSED" } }));
        answer(b, "Accept", &waits[0]).await.results_in(json!({ "status": "ACCEPTED" }));
        answer(c, "Decline", &waits[1]).await.results_in(json!({ "status": "DECLINED" }));
        assert_eq!((taken(&market.recruiter, &id).await, keep(&app).await), (vec![1, 0], 0));
    }

    /// A session that is called off ends its list, and lets go of everybody; so does its event.
    async fn with_a_session_that_is_called_off(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let there = json!({ "eventId": event, "startsAt": fair::STARTS, "endsAt": "2026-03-10T01:15:00Z", "room": "B1" });
        let people = students(&market, 3).await;
        let [(a, of_a), (b, of_b), (c, of_c)] = &people[..] else { unreachable!() };
        for ends in ["session", "event"] {
            let (id, slots) = session(&market.recruiter, there.clone()).await;
            let place = booked(a, of_a, &slots[0]).await;
            let waits = [joined(b, of_b, &id).await, joined(c, of_c, &id).await];
            step(a, "Cancel", &place, json!({})).await.result();
            told(b).await;
            let reason = json!({ "reason": "停电。" });
            if ends == "session" {
                of_session(&market.recruiter, "Cancel", &id, reason).await.result();
            } else {
                fair::step(&officer, "Cancel", &event, reason).await.result();
            }
            for (by, wait) in [(b, &waits[0]), (c, &waits[1])] {
                assert_eq!(status(by, wait).await, "CLOSED", "{ends}");
                assert_eq!(told(by).await, ["INTERVIEW_WAIT_ENDED"], "{ends}");
            }
            assert_eq!(taken(b, &id).await, [0], "{ends}");
        }
        // They are free again at that time.
        let on_site = json!({ "startsAt": fair::STARTS, "endsAt": "2026-03-10T01:15:00Z", "groupSize": 2 });
        let (_, slots) = session(&market.recruiter, on_site).await;
        for (by, application) in [(b, of_b), (c, of_c)] {
            booked(by, application, &slots[0]).await;
        }
    }

    /// An application that ends, that was interviewed, or that is booked elsewhere waits no longer; a place that was kept
    /// for it is for the next one.
    async fn with_its_application(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, narrow()).await;
        let later = json!({ "startsAt": "2026-03-03T03:00:00Z", "endsAt": "2026-03-03T03:15:00Z" });
        let (other, elsewhere) = session(&market.recruiter, later).await;
        let people = students(&market, 6).await;
        let [first, second, third, fourth, fifth, sixth] = &people[..] else { unreachable!() };
        let place = booked(&first.0, &first.1, &slots[0]).await;
        let mut waits = Vec::new();
        for (student, application) in &people[1..] {
            waits.push(joined(student, application, &id).await);
        }
        let is = async |at: usize, expected: &str| assert_eq!(status(&people[at].0, &waits[at - 1]).await, expected);
        step(&first.0, "Cancel", &place, json!({})).await.result();
        is(1, "OFFERED").await;
        market::step(&second.0, "Withdraw", &second.1, json!({ "reason": "PERSONAL" })).await.result();
        is(1, "CLOSED").await;
        is(2, "OFFERED").await;
        market::step(&market.recruiter, "Reject", &third.1, json!({ "reason": "SKILLS" })).await.result();
        is(2, "CLOSED").await;
        is(3, "OFFERED").await;
        // Booked elsewhere, while a place was kept here, and waiting there.
        let booking = booked(&sixth.0, &sixth.1, &elsewhere[0]).await;
        is(5, "CLOSED").await;
        let there = joined(&fourth.0, &fourth.1, &other).await;
        step(&sixth.0, "Cancel", &booking, json!({})).await.result();
        assert_eq!(status(&fourth.0, &there).await, "OFFERED");
        answer(&fourth.0, "Accept", &there).await.results_in(json!({ "status": "ACCEPTED" }));
        is(3, "CLOSED").await;
        is(4, "OFFERED").await;
        // The very slot that is offered, by booking it.
        booked(&fifth.0, &fifth.1, &slots[0]).await;
        is(4, "CLOSED").await;
        assert_eq!((taken(&fifth.0, &id).await, taken(&fifth.0, &other).await), (vec![1], vec![1]));
        book(&third.0, &third.1, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        // Interviewed meanwhile.
        let last = joined(&sixth.0, &sixth.1, &id).await;
        for name in ["Invite", "RecordInterview"] {
            market::step(&market.recruiter, name, &sixth.1, json!({})).await.result();
        }
        assert_eq!((status(&sixth.0, &last).await, keep(&app).await), ("CLOSED".to_owned(), 0));
    }
}
