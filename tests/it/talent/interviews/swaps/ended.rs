//! What ends a request that nobody accepted.

use hezuo::talent::interviews::swaps::jobs;
use serde_json::{Value, json};

use super::{Place, answer, ask, asked, booking, full, read, status};
use crate::{
    support::{TestApp, on_both},
    talent::{
        interviews::{
            booked,
            moves::{early, is_held_as_booked},
            of_session,
            places::students,
            session, step, text,
        },
        market::{self, Market},
        told,
    },
};

/// Runs the job: how many lapsed.
async fn lapse(app: &TestApp) -> usize {
    jobs::lapse(app.app()).await.unwrap()
}

/// What became of it, as the student reads it, who asked; and what the student was told.
async fn came_of(place: &Place, swap: &str) -> (String, Vec<String>) {
    (status(&place.student, swap).await, told(&place.student).await)
}

fn ended(status: &str, told: &[&str]) -> (String, Vec<String>) {
    (status.to_owned(), told.iter().map(|kind| (*kind).to_owned()).collect())
}

const TOLD: &[&str] = &["INTERVIEW_SWAP_ENDED"];

on_both! {
    /// When the first of the two slots begins, whichever it is, it is too late: whether or not the job has run.
    async fn with_time(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots, places) = full(&market, 3).await;
        let [a, b, c] = &places[..] else { unreachable!() };
        let (early, late) = (asked(c, &slots[0]).await, asked(b, &slots[2]).await);
        for place in &places {
            told(&place.student).await;
        }
        assert_eq!(read(&c.student, &early, "acceptBy").await, json!({ "acceptBy": "2026-03-04T01:00:00.000000Z" }));
        assert_eq!(read(&b.student, &late, "acceptBy").await, json!({ "acceptBy": "2026-03-04T01:20:00.000000Z" }));
        app.it_is("2026-03-04T00:59:59.999999Z");
        assert_eq!((lapse(&app).await, read(&a.student, &early, "openSteps").await), (0, json!({ "openSteps": ["ACCEPT"] })));
        app.it_is("2026-03-04T01:00:00Z");
        assert_eq!(read(&a.student, &early, "openSteps").await, json!({ "openSteps": [] }));
        answer(&a.student, "Accept", &early).await.complains(&["RULE_VIOLATED"]);
        assert_eq!((lapse(&app).await, lapse(&app).await), (1, 0));
        assert_eq!(came_of(c, &early).await, ended("LAPSED", TOLD));
        assert_eq!(came_of(b, &late).await, ended("REQUESTED", &[]));
        app.it_is("2026-03-04T01:20:00Z");
        assert_eq!(lapse(&app).await, 1);
        assert_eq!(came_of(b, &late).await, ended("LAPSED", TOLD));
        assert_eq!(told(&a.student).await, [""; 0]);
        is_held_as_booked(&app).await;
    }

    /// With the place that is given: cancelled, moved, checked in, or gone with its application. Of the own doing the
    /// student is not told.
    async fn with_the_place_that_is_given(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, early(json!({ "groupSize": 3 }))).await;
        let people = students(&market, 8).await;
        let mut places = Vec::new();
        for (at, (student, application)) in people.iter().enumerate() {
            // Three in the first slot, three in the second, two in the last.
            let booking = booked(student, application, &slots[at / 3]).await;
            places.push(Place { student: student.clone(), booking });
        }
        let mut swaps = Vec::new();
        for place in &places[..3] {
            swaps.push(asked(place, &slots[1]).await);
        }
        for place in &places {
            told(&place.student).await;
        }
        step(&places[0].student, "Cancel", &places[0].booking, json!({})).await.result();
        step(&places[1].student, "Move", &places[1].booking, json!({ "slotId": slots[2] })).await.result();
        market::step(&market.recruiter, "Reject", &people[2].1, json!({ "reason": "SKILLS" })).await.result();
        assert_eq!(came_of(&places[0], &swaps[0]).await, ended("CLOSED", &[]));
        assert_eq!(came_of(&places[1], &swaps[1]).await, ended("CLOSED", &[]));
        assert_eq!(came_of(&places[2], &swaps[2]).await, ended("CLOSED", &["INTERVIEW_SWAP_ENDED", "APPLICATION_CLOSED"]));
        let history = read(&places[0].student, &swaps[0], "history { nodes { kind action user { displayName } } }").await;
        assert_eq!(history["history"]["nodes"][1], json!({ "kind": "InterviewSwapClosed", "action": "job.swapInterviews", "user": null }));
        assert_eq!(read(&places[3].student, &swaps[0], "id").await, json!(null));
        // Where the other one is, whoever has moved asks again; and is checked in.
        let again = asked(&places[1], &slots[1]).await;
        app.it_is("2026-03-04T00:45:00Z");
        step(&market.recruiter, "CheckIn", &places[1].booking, json!({})).await.result();
        assert_eq!(came_of(&places[1], &again).await, ended("CLOSED", TOLD));
    }

    /// With the last one who could accept: whoever asks is told, and does not read who it was.
    async fn with_the_last_who_could_accept(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, early(json!({ "groupSize": 2 }))).await;
        let mut places = Vec::new();
        for (at, (student, application)) in students(&market, 3).await.into_iter().enumerate() {
            let booking = booked(&student, &application, &slots[usize::from(at > 0)]).await;
            places.push(Place { student, booking });
        }
        let [a, b, c] = &places[..] else { unreachable!() };
        let swap = asked(a, &slots[1]).await;
        step(&b.student, "Move", &b.booking, json!({ "slotId": slots[2] })).await.result();
        assert_eq!(came_of(a, &swap).await, ended("REQUESTED", &[]));
        step(&c.student, "Cancel", &c.booking, json!({})).await.result();
        assert_eq!(came_of(a, &swap).await, ended("CLOSED", TOLD));
        let history = read(&a.student, &swap, "history { nodes { kind user { displayName } organization { name } } }").await;
        assert_eq!(history["history"]["nodes"][1], json!({ "kind": "InterviewSwapClosed", "user": null, "organization": null }));
        ask(a, &slots[1]).await.complains(&["RULE_VIOLATED input.slotId"]);
        assert_eq!(lapse(&app).await, 0);
    }

    /// With the session.
    async fn with_the_session(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots, places) = full(&market, 2).await;
        let swap = asked(&places[0], &slots[1]).await;
        told(&places[0].student).await;
        of_session(&market.recruiter, "Cancel", &id, json!({ "reason": "停电。" })).await.result();
        assert_eq!(came_of(&places[0], &swap).await, ended("CLOSED", &["INTERVIEW_CANCELLED", "INTERVIEW_SWAP_ENDED"]));
        is_held_as_booked(&app).await;
    }

    /// Taken back by whoever asked, who may ask again; the trail of the own booking says so.
    async fn taken_back(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots, places) = full(&market, 2).await;
        let [a, b] = &places[..] else { unreachable!() };
        let swap = asked(a, &slots[1]).await;
        answer(&a.student, "Withdraw", &swap).await.results_in(json!({ "status": "WITHDRAWN" }));
        assert_eq!(read(&b.student, &swap, "id").await, json!(null));
        answer(&b.student, "Accept", &swap).await.complains(&["CONFLICT input.expectedVersion"]);
        let trail = booking(&a.student, &a.booking, "history { nodes { kind action data } }").await;
        let said = &trail["history"]["nodes"][2];
        assert_eq!((&said["kind"], &said["action"]), (&json!("InterviewSwapWithdrawn"), &json!("interviewSwap.withdraw")));
        let data: Value = serde_json::from_str(&text(&said["data"])).unwrap();
        assert_eq!(data.as_object().unwrap().keys().collect::<Vec<_>>(), ["swap"]);
        let again = asked(a, &slots[1]).await;
        answer(&b.student, "Accept", &again).await.results_in(json!({ "status": "ACCEPTED" }));
    }
}
