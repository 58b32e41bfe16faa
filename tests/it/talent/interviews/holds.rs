//! What was held and is past goes.

use entity::interview_hold::{self, Column};
use hezuo::{
    auth::{Job, Permit, RecordRef},
    talent::interviews::holds::jobs,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{booked, input, places::students, session, step, taken};
use crate::{
    support::{TestApp, on_both},
    talent::market::Market,
};

async fn clear(app: &TestApp) -> u64 {
    jobs::clear(app.app()).await.unwrap()
}

async fn held(app: &TestApp) -> u64 {
    interview_hold::Entity::find().count(app.db().reader()).await.unwrap()
}

on_both! {
    /// Room, interviewer and student, five minutes by five minutes, a day after: not earlier, and nothing that is to come.
    /// What is booked goes its way without them.
    async fn a_day_later(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let people = students(&market, 1).await;
        let booking = booked(&people[0].0, &people[0].1, &slots[0]).await;
        let later = json!({ "startsAt": "2026-03-04T01:00:00Z", "endsAt": "2026-03-04T02:00:00Z" });
        session(&market.recruiter, later.clone()).await;
        // Of the first an hour and fifteen minutes with their buffer, of the other an hour.
        assert_eq!((held(&app).await, clear(&app).await), (2 * 12 + 4 + 2 * 12, 0));
        app.it_is("2026-03-04T01:04:59Z");
        assert_eq!(clear(&app).await, 0);
        app.it_is("2026-03-04T01:05:00Z");
        assert_eq!((clear(&app).await, clear(&app).await), (3, 0));
        let again = input(&market.recruiter, json!({ "startsAt": "2026-03-04T01:30:00Z", "endsAt": "2026-03-04T01:45:00Z" }));
        market.recruiter.does("interviewSessionCreate", again, "id").await
            .complains(&["SLOT_TAKEN input.room", "SLOT_TAKEN input.interviewerIds.0"]);
        app.it_is("2026-03-04T02:00:00Z");
        assert_eq!((clear(&app).await, held(&app).await), (25, 24));
        step(&market.recruiter, "CheckIn", &booking, json!({})).await.results_in(json!({ "status": "CHECKED_IN" }));
        step(&market.recruiter, "Finish", &booking, json!({})).await.results_in(json!({ "status": "DONE" }));
        assert_eq!(taken(&market.recruiter, &id).await, [1, 0, 0]);
    }

    /// More than one batch, and on two servers at once: each row is deleted, and counted, once.
    async fn in_batches(app: TestApp) {
        let market = Market::new(&app).await;
        session(&market.recruiter, json!({})).await;
        let of = interview_hold::Entity::find().one(app.db().reader()).await.unwrap().unwrap();
        let insert = app.db().write(move |tx| async move {
            // Two hundred who were there for half an hour in January.
            let rows = (0..200).flat_map(|who| (5_900_000..5_900_006).map(move |tick| (who, tick)));
            let rows = rows.map(|(who, tick)| interview_hold::ActiveModel {
                held: Set(format!("somebody {who}")), tick: Set(tick), session_id: Set(of.session_id), booking_id: Set(None), wait_id: Set(None),
            });
            let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "interview_hold", id: of.session_id }));
            write.insert_all(rows.collect()).await
        });
        insert.await.unwrap();
        let past = || interview_hold::Entity::find().filter(Column::Tick.lt(5_900_006)).count(app.db().reader());
        assert_eq!(past().await.unwrap(), 1_200);
        let other = app.replica(&[]).await;
        let (here, there) = tokio::join!(clear(&app), clear(&other));
        assert_eq!((here + there, past().await.unwrap(), held(&app).await), (1_200, 0, 24));
    }
}
