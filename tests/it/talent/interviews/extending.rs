//! Sessions that last longer: more slots, for whoever waits first.

use std::time::Duration;

use entity::{interview_hold, interview_session};
use futures_util::future::join_all;
use hezuo::platform::id::Id;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{booked, input, of_session, places::students, session, taken, text};
use crate::{
    support::{Answer, Persona, TestApp, fair, on_both},
    talent::{market::Market, told},
};

/// One slot from nine to a quarter past, for one.
fn narrow() -> Value {
    json!({ "endsAt": "2026-03-03T01:15:00Z" })
}

async fn until(by: &Persona, id: &str, ends_at: &str) -> Answer {
    of_session(by, "Extend", id, json!({ "endsAt": ends_at })).await
}

async fn after(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// Somebody else has the session for so long: who wants it meanwhile waits, and gets it in the order of coming.
async fn held_for(app: &TestApp, session: Uuid, millis: u64) {
    let held = app.db().write(|tx| async move {
        interview_session::Entity::find_by_id(session).lock_exclusive().one(&tx).await?;
        after(millis).await;
        Ok(())
    });
    held.await.unwrap();
}

on_both! {
    /// As many slots as fit in, after the buffer of the last one; room and interviewers are held, places offered.
    async fn offered_to_whoever_waits(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, narrow()).await;
        let people = students(&market, 2).await;
        let [(a, of_a), (b, of_b)] = &people[..] else { unreachable!() };
        booked(a, of_a, &slots[0]).await;
        let wait = json!({ "applicationId": of_b, "sessionId": id });
        let wait = text(&b.does("interviewWaitJoin", wait, "id").await.result()["id"]);
        told(b).await;
        let input_of = json!({ "id": id, "expectedVersion": 1, "endsAt": "2026-03-03T02:14:00Z" });
        let read = "endsAt version status openSteps slots { nodes { beginsAt endsAt size taken } } history { nodes { kind } }";
        let at = |time: &str| format!("2026-03-03T{time}:00.000000Z");
        let slot = |from: &str, to: &str, taken| json!({ "beginsAt": at(from), "endsAt": at(to), "size": 1, "taken": taken });
        market.recruiter.does("interviewSessionExtend", input_of, read).await.results_in(json!({
            "endsAt": at("01:55"), "version": 2, "status": "OPEN", "openSteps": ["EXTEND", "CLOSE", "CANCEL"],
            "slots": { "nodes": [slot("01:00", "01:15", 1), slot("01:20", "01:35", 1), slot("01:40", "01:55", 0)] },
            "history": { "nodes": [{ "kind": "InterviewSessionCreated" }, { "kind": "InterviewSessionExtended" }] },
        }));
        assert_eq!(told(b).await, ["INTERVIEW_PLACE_OFFERED"]);
        let query = "query($id: ID!) { interviewWait(id: $id) { status slot { beginsAt } } }";
        b.gql(query, json!({ "id": wait })).await
            .is(json!({ "interviewWait": { "status": "OFFERED", "slot": { "beginsAt": at("01:20") } } }));
        // Held until the buffer of what is now the last slot is over.
        let create = async |from: &str| {
            let later = json!({ "startsAt": from, "endsAt": "2026-03-03T03:00:00Z" });
            market.recruiter.does("interviewSessionCreate", input(&market.recruiter, later), "status").await
        };
        create("2026-03-03T01:55:00Z").await.complains(&["SLOT_TAKEN input.room", "SLOT_TAKEN input.interviewerIds.0"]);
        create("2026-03-03T02:00:00Z").await.results_in(json!({ "status": "OPEN" }));
        until(&market.recruiter, &id, "2026-03-03T02:20:00Z").await
            .complains(&["SLOT_TAKEN input.endsAt", "SLOT_TAKEN input.endsAt"]);
        assert_eq!(taken(&market.recruiter, &id).await, [1, 1, 0]);
    }

    /// One slot more at least, twelve hours and the event at most; only while it is open, and only by who lays it out.
    async fn what_is_wrong(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, _) = session(&market.recruiter, narrow()).await;
        for wrong in ["2026-03-03T01:34:59Z", "2026-03-03T13:00:01Z"] {
            until(&market.recruiter, &id, wrong).await.complains(&["INVALID_INPUT input.endsAt"]);
        }
        let stale = json!({ "id": id, "expectedVersion": 2, "endsAt": "2026-03-03T01:35:00Z" });
        market.recruiter.does("interviewSessionExtend", stale, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let there = json!({ "eventId": event, "startsAt": "2026-03-10T08:00:00Z", "endsAt": "2026-03-10T08:15:00Z" });
        let (at_event, _) = session(&market.recruiter, there).await;
        until(&market.student, &at_event, "2026-03-10T08:35:00Z").await.refused(&["FORBIDDEN"]);
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let input = json!({ "id": at_event, "expectedVersion": 1, "endsAt": "2026-03-10T08:35:00Z" });
        beta.does("interviewSessionExtend", input, "id").await.refused(&["NOT_FOUND"]);
        until(&market.recruiter, &at_event, "2026-03-10T09:00:01Z").await.complains(&["INVALID_INPUT input.endsAt"]);
        let suspend = json!({ "id": market.recruiter.organization.id(), "expectedVersion": 1, "reason": "核查。" });
        officer.does("organizationSuspend", suspend, "version").await.result();
        until(&market.recruiter, &id, "2026-03-03T01:35:00Z").await.complains(&["RULE_VIOLATED"]);
        let reinstate = json!({ "id": market.recruiter.organization.id(), "expectedVersion": 2 });
        officer.does("organizationReinstate", reinstate, "id").await.result();
        until(&market.recruiter, &at_event, fair::ENDS).await.results_in(json!({ "status": "OPEN" }));
        assert_eq!(taken(&market.recruiter, &at_event).await, [0, 0, 0]);
        of_session(&market.recruiter, "Close", &at_event, json!({})).await.result();
        until(&market.recruiter, &at_event, fair::ENDS).await.complains(&["ILLEGAL_STEP input.id"]);
        app.it_is("2026-03-03T01:15:00Z");
        until(&market.recruiter, &id, "2026-03-03T01:35:00Z").await.complains(&["RULE_VIOLATED"]);
        assert_eq!(taken(&market.recruiter, &id).await, [0]);
    }

    /// Its event is moved to an earlier end at that moment: whoever is first, a session that is not called off lies within
    /// the event, and one that is called off holds nothing.
    async fn while_its_event_is_moved(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        for by in [&market.recruiter, &officer] {
            by.token().await;
        }
        let (mut extended, mut refused) = (0, 0);
        for round in 0..10 {
            let at = |time: &str| format!("2026-03-{}T{time}:00Z", 10 + round);
            let text = json!({ "startsAt": at("01:00"), "endsAt": at("09:00"), "registrationClosesAt": fair::CLOSES });
            let event = fair::published(&officer, &reviewer, json!({ "text": text })).await;
            fair::booth(&market.recruiter, &officer, &event).await;
            let there = json!({ "eventId": event, "startsAt": at("01:00"), "endsAt": at("01:35") });
            let (id, _) = session(&market.recruiter, there).await;
            let moved = json!({ "place": "园区人才中心", "startsAt": at("01:00"), "endsAt": at("02:00"),
                "registrationClosesAt": fair::CLOSES, "reason": "场地调整。" });
            let key = Id::<interview_session::Entity>::read(&id).unwrap().key();
            let extending = async || until(&market.recruiter, &id, &at("03:15")).await;
            let moving = async || fair::step(&officer, "Move", &event, moved.clone()).await;
            let (longer, elsewhere) = match round {
                0 => {
                    let longer = extending().await;
                    (longer, moving().await)
                }
                1 => {
                    let elsewhere = moving().await;
                    (extending().await, elsewhere)
                }
                // Both wait for the session, either behind the other.
                2 | 3 => {
                    let (longer, elsewhere, ()) = tokio::join!(
                        async { after(if round == 2 { 150 } else { 300 }).await; extending().await },
                        async { after(if round == 3 { 150 } else { 300 }).await; moving().await },
                        held_for(&app, key, 450),
                    );
                    (longer, elsewhere)
                }
                _ => tokio::join!(extending(), moving()),
            };
            elsewhere.result();
            let query = "query($id: ID!) { interviewSession(id: $id) { status endsAt } }";
            let stands = market.recruiter.gql(query, json!({ "id": id })).await;
            let held = interview_hold::Entity::find().filter(interview_hold::Column::SessionId.eq(key));
            let held = held.count(app.db().reader()).await.unwrap();
            let within = |time: &str| format!("2026-03-{}T{time}:00.000000Z", 10 + round);
            if longer.user_errors().is_empty() {
                extended += 1;
                stands.is(json!({ "interviewSession": { "status": "CANCELLED", "endsAt": within("03:15") } }));
                assert_eq!(held, 0);
            } else {
                refused += 1;
                longer.complains(&["INVALID_INPUT input.endsAt"]);
                stands.is(json!({ "interviewSession": { "status": "OPEN", "endsAt": within("01:35") } }));
                assert_eq!(held, 2 * 8);
            }
        }
        assert!(extended > 0 && refused > 0, "{extended} {refused}");
    }

    /// Asked eight times at once: once longer, no slot twice.
    async fn at_once(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, _) = session(&market.recruiter, narrow()).await;
        let input = json!({ "id": id, "expectedVersion": 1, "endsAt": "2026-03-03T01:35:00Z" });
        let all = (0..8).map(|_| market.recruiter.does("interviewSessionExtend", input.clone(), "version"));
        let done = join_all(all).await.into_iter().filter(|answer| answer.user_errors().is_empty()).count();
        assert_eq!((done, taken(&market.recruiter, &id).await), (1, vec![0, 0]));
    }
}
