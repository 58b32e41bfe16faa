//! Everybody at once: one request is one exchange.

use entity::{
    event,
    interview_swap::{self, InterviewSwapStatus},
};
use futures_util::future::join_all;
use hezuo::{
    auth::{Job, Permit, RecordRef},
    platform::failure::is_duplicate,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use serde_json::json;

use super::{Place, asked, booking, full, read, status};
use crate::{
    support::{Answer, TestApp, on_both},
    talent::{
        interviews::{
            booked,
            moves::{early, is_held_as_booked},
            places::students,
            session, step, taken,
        },
        market::Market,
        told,
    },
};

/// How many bookings were moved, by their histories.
async fn moved(app: &TestApp) -> usize {
    let moved = event::Entity::find().filter(event::Column::Kind.eq("InterviewMoved"));
    moved.all(app.db().reader()).await.unwrap().len()
}

/// All of these accept at the version that was read, at once.
async fn all(accepting: &[(&Place, &str)]) -> Vec<Answer> {
    for (place, _) in accepting {
        place.student.token().await;
    }
    let answers = accepting.iter().map(|(place, swap)| {
        let (student, input) = (place.student.clone(), json!({ "id": swap, "expectedVersion": 1 }));
        tokio::spawn(async move { student.does("interviewSwapAccept", input, "status").await })
    });
    join_all(answers).await.into_iter().map(Result::unwrap).collect()
}

/// Written past all rules: whether the database takes it.
async fn inserted(app: &TestApp, row: &interview_swap::Model, status: InterviewSwapStatus) -> Result<(), bool> {
    let insert = app.db().write(|tx| async move {
        let again = interview_swap::Model { id: tx.id(), status, ..row.clone() };
        let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "interview_swap", id: again.id }));
        write.insert(again.into_active_model()).await.map(drop)
    });
    insert.await.map_err(|error| is_duplicate(&error))
}

on_both! {
    /// Not only the rule: the database holds that one request at a time is open for a booking, whatever else there was.
    async fn one_is_open_for_a_booking(app: TestApp) {
        use InterviewSwapStatus::{Closed, Lapsed, Requested, Withdrawn};
        let market = Market::new(&app).await;
        let (_, slots, places) = full(&market, 2).await;
        asked(&places[0], &slots[1]).await;
        let row = interview_swap::Entity::find().one(app.db().reader()).await.unwrap().unwrap();
        let mut taken = Vec::new();
        for status in [Requested, Withdrawn, Withdrawn, Lapsed, Closed, Requested] {
            taken.push(inserted(&app, &row, status).await);
        }
        assert_eq!(taken, [Err(true), Ok(()), Ok(()), Ok(()), Ok(()), Err(true)]);
    }

    /// Thirty accept one request: one does, twenty-nine are told that somebody was faster; the two have changed places and
    /// nobody else has.
    async fn thirty_for_one(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, early(json!({ "groupSize": 30 }))).await;
        let mut places = Vec::new();
        for (at, (student, application)) in students(&market, 31).await.into_iter().enumerate() {
            let booking = booked(&student, &application, &slots[usize::from(at > 0)]).await;
            places.push(Place { student, booking });
        }
        let swap = asked(&places[0], &slots[1]).await;
        for place in &places[1..] {
            assert_eq!(told(&place.student).await, ["INTERVIEW_SWAP_REQUESTED"]);
        }
        let accepting: Vec<_> = places[1..].iter().map(|place| (place, swap.as_str())).collect();
        let answers = all(&accepting).await;
        let mut winners = Vec::new();
        for (answer, (place, _)) in answers.iter().zip(&accepting) {
            if answer.user_errors().is_empty() {
                answer.results_in(json!({ "status": "ACCEPTED" }));
                winners.push(*place);
            } else {
                answer.complains(&["CONFLICT input.expectedVersion"]);
            }
        }
        assert_eq!((winners.len(), moved(&app).await, taken(&market.recruiter, &id).await), (1, 2, vec![1, 30, 0]));
        for (place, slot) in [(&places[0], &slots[1]), (winners[0], &slots[0])] {
            assert_eq!(booking(&place.student, &place.booking, "slot { id }").await, json!({ "slot": { "id": slot } }));
        }
        is_held_as_booked(&app).await;
        for place in &places[1..] {
            let seen = read(&place.student, &swap, "status").await;
            let expected = if place.booking == winners[0].booking { json!({ "status": "ACCEPTED" }) } else { json!(null) };
            assert_eq!((seen, told(&place.student).await), (expected, vec![]));
        }
    }

    /// Asked eight times at once for two slots with one booking: one request, and whoever has a place there is told once.
    async fn one_request_for_a_booking(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots, places) = full(&market, 3).await;
        let place = &places[0];
        place.student.token().await;
        let answers = join_all((0..8).map(|at| {
            let (student, slot) = (place.student.clone(), &slots[1 + at % 2]);
            let input = json!({ "bookingId": place.booking, "expectedVersion": 1, "slotId": slot });
            tokio::spawn(async move { student.does("interviewSwapRequest", input, "id").await })
        })).await;
        let refused: Vec<Answer> = answers.into_iter().map(Result::unwrap).filter(|answer| !answer.user_errors().is_empty()).collect();
        assert_eq!(refused.len(), 7);
        for answer in refused {
            answer.complains(&["DUPLICATE input.bookingId"]);
        }
        let told = [told(&places[1].student).await.len(), told(&places[2].student).await.len()];
        assert!(told == [1, 0] || told == [0, 1], "{told:?}");
    }

    /// Two ask for each other's place and accept each other's request at the same time: they change places once, and the
    /// other request is closed.
    async fn crossed(app: TestApp) {
        let market = Market::new(&app).await;
        for _ in 0..4 {
            let (id, slots, places) = full(&market, 2).await;
            let [a, b] = &places[..] else { unreachable!() };
            let (by_a, by_b) = (asked(a, &slots[1]).await, asked(b, &slots[0]).await);
            let before = moved(&app).await;
            let answers = all(&[(b, &by_a), (a, &by_b)]).await;
            let done: Vec<bool> = answers.iter().map(|answer| answer.codes().is_empty()).collect();
            assert!(done == [true, false] || done == [false, true], "{answers:?}");
            answers[usize::from(done[0])].refused(&["NOT_FOUND"]);
            let statuses = (status(&a.student, &by_a).await, status(&b.student, &by_b).await);
            let [accepted, closed] = ["ACCEPTED", "CLOSED"].map(str::to_owned);
            assert_eq!(statuses, if done[0] { (accepted, closed) } else { (closed, accepted) });
            assert_eq!((moved(&app).await - before, taken(&a.student, &id).await), (2, vec![1, 1]));
            assert_eq!(booking(&a.student, &a.booking, "slot { id }").await, json!({ "slot": { "id": slots[1] } }));
            is_held_as_booked(&app).await;
            for place in &places {
                step(&place.student, "Cancel", &place.booking, json!({})).await.result();
            }
            let query = "{ interviewSessions(filter: { status: { in: [OPEN] } }) { nodes { id version } } }";
            let open = market.recruiter.gql(query, json!({})).await.at("/interviewSessions/nodes/0").clone();
            let input = json!({ "id": open["id"], "expectedVersion": open["version"], "reason": "停电。" });
            market.recruiter.does("interviewSessionCancel", input, "id").await.result();
        }
    }

    /// Whoever accepts at the moment at which the other gives the place up, or takes the request back, has changed places
    /// before it, or not at all.
    async fn accepted_while_it_ends(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, early(json!({ "groupSize": 8 }))).await;
        let mut places = Vec::new();
        for (at, (student, application)) in students(&market, 16).await.into_iter().enumerate() {
            let booking = booked(&student, &application, &slots[at / 8]).await;
            places.push(Place { student, booking });
        }
        let mut swaps = Vec::new();
        for place in &places[..8] {
            swaps.push(asked(place, &slots[1]).await);
        }
        for place in &places {
            place.student.token().await;
        }
        let deeds = (0..8).flat_map(|at| {
            let (asking, accepting, swap) = (&places[at], &places[8 + at], swaps[at].clone());
            let end = match at % 3 {
                0 => ("interviewSwapWithdraw", json!({ "id": swap, "expectedVersion": 1 })),
                1 => ("interviewBookingCancel", json!({ "id": asking.booking, "expectedVersion": 1 })),
                _ => ("interviewBookingMove", json!({ "id": asking.booking, "expectedVersion": 1, "slotId": slots[2] })),
            };
            let accept = ("interviewSwapAccept", json!({ "id": swap, "expectedVersion": 1 }));
            [(accepting.student.clone(), accept), (asking.student.clone(), end)]
        });
        let answers = join_all(deeds.map(|(student, (mutation, input))| {
            tokio::spawn(async move { student.does(mutation, input, "id").await })
        })).await;
        let answers: Vec<Answer> = answers.into_iter().map(Result::unwrap).collect();
        is_held_as_booked(&app).await;
        for pair in answers.chunks(2) {
            let done = pair.iter().filter(|answer| answer.codes().is_empty() && answer.user_errors().is_empty());
            assert_eq!(done.count(), 1, "{pair:?}");
        }
        let left = interview_swap::Entity::find().all(app.db().reader()).await.unwrap();
        assert!(left.iter().all(|swap| swap.status != interview_swap::InterviewSwapStatus::Requested));
    }
}
