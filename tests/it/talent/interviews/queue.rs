//! The queue on the hall's screen: numbers, no names, told as they change.

use async_graphql::Request;
use futures_util::{StreamExt as _, stream::BoxStream};
use hezuo::graphql::Caller;
use serde_json::{Value, json};

use super::{booked, session, shortlisted, step};
use crate::{
    support::{Persona, TestApp, fair, on_both},
    talent::market::Market,
};

const LINES: &str = "lines { organizationName place room expected waiting done missed free }";

/// What a screen is told.
async fn watched(app: &TestApp, by: &Persona, event: &str) -> BoxStream<'static, Value> {
    let query = format!("subscription {{ interviewQueueChanged(eventId: \"{event}\") {{ {LINES} }} }}");
    let caller = Caller { actor: Some(by.actor().await), ..Caller::default() };
    let answers = app.api().execute_stream(Request::new(query).data(caller));
    answers
        .map(|answer| serde_json::to_value(answer).unwrap()["data"]["interviewQueueChanged"]["lines"].clone())
        .boxed()
}

fn line(numbers: [i32; 5]) -> Value {
    let [expected, waiting, done, missed, free] = numbers;
    json!({ "organizationName": "Alpha", "place": "园区人才中心", "room": "A12", "expected": expected, "waiting": waiting,
        "done": done, "missed": missed, "free": free })
}

on_both! {
    /// Booked, there, done, missed: the screen is told each, and sees no session that its reader does not see.
    async fn on_the_screen(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        let draft = fair::draft(&officer, json!({})).await;
        fair::booth(&market.recruiter, &officer, &event).await;
        let there = json!({ "eventId": event, "startsAt": fair::STARTS, "endsAt": "2026-03-10T02:00:00Z", "groupSize": 2 });
        let (id, slots) = session(&market.recruiter, there).await;
        let other = market.north.student().await;
        market.consents(&other).await;
        let (one, two) = (shortlisted(&market, &market.student).await, shortlisted(&market, &other).await);
        let mut screen = watched(&app, &officer, &event).await;
        let mut told = async || screen.next().await.unwrap();
        assert_eq!(told().await, json!([line([0, 0, 0, 0, 6])]));
        let first = booked(&market.student, &one, &slots[0]).await;
        assert_eq!(told().await, json!([line([1, 0, 0, 0, 5])]));
        let second = booked(&other, &two, &slots[0]).await;
        assert_eq!(told().await, json!([line([2, 0, 0, 0, 4])]));
        app.it_is(fair::STARTS);
        step(&market.recruiter, "CheckIn", &first, json!({})).await.result();
        assert_eq!(told().await, json!([line([1, 1, 0, 0, 4])]));
        step(&market.recruiter, "Finish", &first, json!({})).await.result();
        assert_eq!(told().await, json!([line([1, 0, 1, 0, 4])]));
        step(&market.recruiter, "Miss", &second, json!({})).await.result();
        assert_eq!(told().await, json!([line([0, 0, 1, 1, 4])]));
        // Closed: nothing is left to book, and only who is in it still sees it.
        super::of_session(&market.recruiter, "Close", &id, json!({})).await.result();
        assert_eq!(told().await, json!([line([0, 0, 1, 1, 0])]));
        let query = format!("query($id: ID!) {{ interviewQueue(eventId: $id) {{ {LINES} }} }}");
        let stranger = app.university("South").await.student().await;
        for (by, lines) in [(&market.student, json!([line([0, 0, 1, 1, 0])])), (&stranger, json!([]))] {
            by.gql(&query, json!({ "id": event })).await.is(json!({ "interviewQueue": { "lines": lines } }));
        }
        stranger.gql(&query, json!({ "id": draft })).await.refused(&["NOT_FOUND"]);
        // It costs the rooms that may be shown, and does not run where that is too much.
        let answer = officer.gql(&query, json!({ "id": event })).await;
        assert_eq!(answer.body["extensions"]["cost"]["requested"], 500);
        let small = app.replica(&[("max_cost", "499")]).await;
        small.gql_as(&officer.token().await, &query, json!({ "id": event })).await.refused(&["LIMIT_EXCEEDED"]);
    }
}
