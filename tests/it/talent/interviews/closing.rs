//! An event that is closed before its time, and what becomes of its interviews.

use serde_json::{Value, json};

use super::{book, booked, of_session, places::students, session, step, taken, text};
use crate::{
    support::{Persona, fair, make::put_over, on_both},
    talent::{market::Market, told},
};

async fn stands(by: &Persona, session: &str) -> Value {
    let query = "query($id: ID!) { interviewSession(id: $id) { status statusReason openSteps } }";
    by.gql(query, json!({ "id": session })).await.at("/interviewSession").clone()
}

on_both! {
    /// What has not begun is called off and everybody is told; what is held comes to its end and takes nobody more; what is
    /// over, and another event's, is as it was.
    async fn what_has_not_begun_is_called_off(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let at = |from: &str, to: &str| {
            let mut there = json!({ "eventId": event });
            put_over(&mut there, json!({ "startsAt": format!("2026-03-10T{from}:00Z"), "endsAt": format!("2026-03-10T{to}:00Z") }));
            there
        };
        let (over, _) = session(&market.recruiter, at("01:00", "01:35")).await;
        let (held, here) = session(&market.recruiter, at("02:00", "02:35")).await;
        let (later, next) = session(&market.recruiter, at("03:00", "03:15")).await;
        let mut elsewhere = at("04:00", "04:15");
        elsewhere["eventId"] = json!(null);
        let (elsewhere, on_site) = session(&market.recruiter, elsewhere).await;
        let people = students(&market, 6).await;
        let [(first, of_first), (second, of_second), (third, of_third), others @ ..] = &people[..] else { unreachable!() };
        let [(fourth, of_fourth), (fifth, of_fifth), (sixth, of_sixth)] = others else { unreachable!() };
        let (now, soon) = (booked(first, of_first, &here[0]).await, booked(second, of_second, &here[1]).await);
        let gone = booked(third, of_third, &next[0]).await;
        let mut waits = Vec::new();
        for ((student, application), session) in [(fourth, of_fourth), (fifth, of_fifth)].into_iter().zip([&held, &later]) {
            let input = json!({ "applicationId": application, "sessionId": session });
            waits.push(text(&student.does("interviewWaitJoin", input, "id").await.result()["id"]));
        }
        app.it_is("2026-03-10T02:10:00Z");
        hezuo::talent::events::jobs::keep_time(app.app()).await.unwrap();
        step(&market.recruiter, "CheckIn", &now, json!({})).await.result();
        for somebody in [&**first, &**second, &**third, &**fourth, &**fifth, &market.recruiter] {
            told(somebody).await;
        }
        fair::step(&officer, "Close", &event, json!({})).await.results_in(json!({ "status": "CLOSED" }));

        let reason = "The event was closed. 活动已提前结束。";
        let is = |status: &str, reason: Value, steps: Value| json!({ "status": status, "statusReason": reason, "openSteps": steps });
        assert_eq!(stands(&market.recruiter, &later).await, is("CANCELLED", json!(reason), json!([])));
        assert_eq!(stands(&market.recruiter, &held).await, is("CLOSED", json!(null), json!(["CANCEL"])));
        assert_eq!(stands(&market.recruiter, &over).await, is("OPEN", json!(null), json!(["CLOSE"])));
        assert_eq!(stands(&market.recruiter, &elsewhere).await, is("OPEN", json!(null), json!(["EXTEND", "CLOSE", "CANCEL"])));
        assert_eq!((told(third).await, told(fifth).await), (vec!["INTERVIEW_CANCELLED".to_owned()], vec!["INTERVIEW_WAIT_ENDED".to_owned()]));
        assert_eq!((told(&market.recruiter).await, told(fourth).await), (vec!["INTERVIEW_CANCELLED".to_owned()], vec!["INTERVIEW_WAIT_ENDED".to_owned()]));
        assert_eq!((told(first).await, told(second).await), (vec![], vec![]));
        assert_eq!((taken(&market.recruiter, &later).await, taken(&market.recruiter, &held).await), (vec![0], vec![1, 1]));
        let query = "query($wait: ID!, $gone: ID!) { interviewWait(id: $wait) { status } interviewBooking(id: $gone) { status } }";
        let seen = market.recruiter.gql(query, json!({ "wait": waits[1], "gone": gone })).await;
        seen.is(json!({ "interviewWait": { "status": "CLOSED" }, "interviewBooking": { "status": "CANCELLED" } }));

        // Nobody comes to what is held; who is in it is interviewed, or missed.
        step(second, "Cancel", &soon, json!({})).await.result();
        book(sixth, of_sixth, &here[1]).await.complains(&["RULE_VIOLATED"]);
        step(&market.recruiter, "Finish", &now, json!({})).await.results_in(json!({ "status": "DONE" }));
        // Room, interviewers and students are free where it was called off.
        booked(third, of_third, &on_site[0]).await;
        let again = session(&market.recruiter, json!({ "startsAt": "2026-03-10T03:00:00Z", "endsAt": "2026-03-10T03:15:00Z" })).await;
        of_session(&market.recruiter, "Cancel", &again.0, json!({ "reason": "停电。" })).await.result();
    }

    /// At its own time nothing is called off.
    async fn at_its_own_time(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let last = json!({ "eventId": event, "startsAt": "2026-03-10T08:00:00Z", "endsAt": fair::ENDS });
        let (id, slots) = session(&market.recruiter, last).await;
        let people = students(&market, 1).await;
        let booking = booked(&people[0].0, &people[0].1, &slots[2]).await;
        for moment in ["2026-03-10T08:40:00Z", fair::ENDS] {
            app.it_is(moment);
            hezuo::talent::events::jobs::keep_time(app.app()).await.unwrap();
        }
        step(&market.recruiter, "CheckIn", &booking, json!({})).await.results_in(json!({ "status": "CHECKED_IN" }));
        assert_eq!(stands(&market.recruiter, &id).await, json!({ "status": "OPEN", "statusReason": null, "openSteps": ["CLOSE"] }));
    }
}
