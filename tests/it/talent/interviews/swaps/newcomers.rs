//! Whoever comes into the wanted slot later is asked too.

use serde_json::json;

use super::{Place, answer, asked, full};
use crate::{
    support::{fair, on_both},
    talent::{
        interviews::{booked, moves::early, places::students, session, step, taken, text},
        market::Market,
        told,
    },
};

const ASKED: &[&str] = &["INTERVIEW_SWAP_REQUESTED"];

on_both! {
    /// Booked, moved there, or come to a place from the waiting list: told as those who were there, once, and not again
    /// after having been away; whoever asks and whoever is in another slot is not.
    async fn told_once(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, early(json!({ "groupSize": 2 }))).await;
        let people = students(&market, 6).await;
        let mut places = Vec::new();
        // One in the first slot, two in the second, one in the last.
        for ((student, application), slot) in people.iter().zip([0, 1, 1, 2]) {
            let booking = booked(student, application, &slots[slot]).await;
            places.push(Place { student: student.clone(), booking });
        }
        let [a, b, c, fourth] = &places[..] else { unreachable!() };
        let swap = asked(a, &slots[1]).await;
        for place in [b, c] {
            assert_eq!(told(&place.student).await, ASKED);
        }
        step(&b.student, "Cancel", &b.booking, json!({})).await.result();
        step(&fourth.student, "Move", &fourth.booking, json!({ "slotId": slots[1] })).await.result();
        assert_eq!(told(&fourth.student).await, ASKED);
        step(&fourth.student, "Move", &fourth.booking, json!({ "slotId": slots[2] })).await.result();
        let (fifth, of_fifth) = &people[4];
        let booking = booked(fifth, of_fifth, &slots[1]).await;
        assert_eq!(told(fifth).await, ASKED);
        // Away and back again.
        step(fifth, "Move", &booking, json!({ "slotId": slots[2] })).await.result();
        step(&fourth.student, "Move", &fourth.booking, json!({ "slotId": slots[1] })).await.result();
        assert_eq!((told(fifth).await, told(&fourth.student).await), (vec![], vec![]));
        // From the waiting list, once the session is full.
        let (sixth, of_sixth) = &people[5];
        booked(&b.student, &people[1].1, &slots[0]).await;
        let filled = students(&market, 1).await;
        booked(&filled[0].0, &filled[0].1, &slots[2]).await;
        let wait = sixth.does("interviewWaitJoin", json!({ "applicationId": of_sixth, "sessionId": id }), "id").await;
        let wait = text(&wait.result()["id"]);
        step(&c.student, "Cancel", &c.booking, json!({})).await.result();
        assert_eq!(told(sixth).await, ["INTERVIEW_PLACE_OFFERED"]);
        fair::taken(sixth, ("interviewWait", "interviewWaitAccept"), &wait, json!({})).await.results_in(json!({ "status": "ACCEPTED" }));
        assert_eq!(told(sixth).await, ASKED);
        for somebody in [&a.student, &b.student, &filled[0].0] {
            assert_eq!(told(somebody).await, [""; 0]);
        }
        answer(sixth, "Accept", &swap).await.results_in(json!({ "status": "ACCEPTED" }));
        assert_eq!(taken(sixth, &id).await, [2, 2, 2]);
    }

    /// Who comes to the slot by changing places is asked by those who want it; of the own request nobody is told.
    async fn by_changing_places(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots, places) = full(&market, 3).await;
        let [a, b, c] = &places[..] else { unreachable!() };
        let (of_a, of_c) = (asked(a, &slots[1]).await, asked(c, &slots[0]).await);
        assert_eq!((told(&a.student).await, told(&b.student).await), (vec![ASKED[0].to_owned()], vec![ASKED[0].to_owned()]));
        answer(&b.student, "Accept", &of_a).await.results_in(json!({ "status": "ACCEPTED" }));
        assert_eq!(told(&a.student).await, ["INTERVIEW_SWAPPED"]);
        assert_eq!((told(&b.student).await, told(&c.student).await), (vec![ASKED[0].to_owned()], vec![]));
        answer(&b.student, "Accept", &of_c).await.results_in(json!({ "status": "ACCEPTED" }));
    }

    /// Nobody is told of what cannot be accepted: taken back, or too late although the job has not run.
    async fn not_of_what_is_over(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, early(json!({ "groupSize": 2 }))).await;
        let people = students(&market, 5).await;
        let mut places = Vec::new();
        for ((student, application), slot) in people.iter().zip([0, 1, 1]) {
            let booking = booked(student, application, &slots[slot]).await;
            places.push(Place { student: student.clone(), booking });
        }
        let [a, b, c] = &places[..] else { unreachable!() };
        let swap = asked(a, &slots[1]).await;
        answer(&a.student, "Withdraw", &swap).await.results_in(json!({ "status": "WITHDRAWN" }));
        step(&c.student, "Cancel", &c.booking, json!({})).await.result();
        let (fourth, of_fourth) = &people[3];
        booked(fourth, of_fourth, &slots[1]).await;
        assert_eq!(told(fourth).await, [""; 0]);
        asked(a, &slots[1]).await;
        assert_eq!(told(fourth).await, ASKED);
        // The first of the two slots has begun, the wanted one has not.
        app.it_is("2026-03-04T01:00:00Z");
        step(&b.student, "Cancel", &b.booking, json!({})).await.result();
        let (fifth, of_fifth) = &people[4];
        booked(fifth, of_fifth, &slots[1]).await;
        assert_eq!(told(fifth).await, [""; 0]);
    }
}
