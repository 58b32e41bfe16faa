//! A log restored from a dump into another cluster of PostgreSQL, whose transaction ids are others.

use std::time::Duration;

use entity::{event, installation};
use futures_util::future::join_all;
use hezuo::platform::{
    event::{Cursor, after, end},
    migrate::migrate,
    trail::verify,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, ExprTrait as _, QueryOrder as _,
    sea_query::{Expr, Query},
};
use serde_json::json;

use crate::support::{Kind, Sides, TestApp, make, on};

const MANY: usize = 32;

/// All events, in the order in which readers must find them.
async fn events(app: &TestApp) -> Vec<event::Model> {
    let rows = event::Entity::find().order_by_asc(event::Column::Position).order_by_asc(event::Column::Ordinal);
    rows.all(app.db().reader()).await.unwrap()
}

/// Where a reader stands that has read everything.
async fn read_to_the_end(app: &TestApp) -> Cursor {
    let last = events(app).await.pop().map(|row| Cursor { position: row.position, ordinal: row.ordinal }).unwrap();
    while end(app.db().reader()).await.unwrap() != last {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    last
}

/// Thirty-two write at once while somebody reads on from where he was: he misses none and sees none twice.
async fn a_reader_goes_on(app: &TestApp, sides: &Sides, from: Cursor) {
    let before = events(app).await.len();
    let parties = [&sides.university, &sides.county];
    let writers = join_all((0..MANY).map(|_| make::draft(&parties, json!({}))));
    let reader = async {
        let (mut cursor, mut read) = (from, Vec::new());
        while read.len() < MANY {
            let page = after(app.db().reader(), cursor, 7).await.unwrap();
            cursor = page.last().map_or(cursor, |row| Cursor { position: row.position, ordinal: row.ordinal });
            read.extend(page.into_iter().map(|row| row.id));
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        assert_eq!(after(app.db().reader(), cursor, 7).await.unwrap().len(), 0);
        read
    };
    let (_, read) = tokio::time::timeout(Duration::from_mins(1), async { tokio::join!(writers, reader) })
        .await
        .expect("the reader finds what is written");
    let all: Vec<_> = events(app).await.into_iter().map(|row| row.id).collect();
    assert_eq!(read, all[before..]);
    assert_eq!(verify(app.db()).await.unwrap(), []);
}

async fn base(app: &TestApp) -> Option<i64> {
    let row = installation::Entity::find_by_id("event_base").one(app.db().reader()).await.unwrap();
    row.map(|row| row.value.parse().unwrap())
}

/// A log that is far ahead of the cluster's transaction ids goes on behind its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_ahead_goes_on_behind_its_end() {
    on(Kind::Postgres, |app| async move {
        let sides = app.sides().await;
        make::draft(&sides.all(), json!({})).await;
        let ahead = Query::update()
            .table(event::Entity)
            .value(event::Column::Position, Expr::col(event::Column::Position).add(5_000_000_000_000_i64))
            .take();
        app.db().writer().execute(&ahead).await.unwrap();
        let last = events(&app).await.pop().unwrap();
        migrate(app.db()).await.unwrap();
        // The next multiple of 2^40 above five billions of thousands.
        assert_eq!(base(&app).await, Some(5 << 40));
        let from = read_to_the_end(&app).await;
        assert_eq!(from.position, last.position);
        a_reader_goes_on(&app, &sides, from).await;
        // Nothing more to do: the second start leaves it alone, and so do all that start together.
        for outcome in join_all((0..4).map(|_| migrate(app.db()))).await {
            outcome.unwrap();
        }
        assert_eq!(base(&app).await, Some(5 << 40));
    })
    .await;
}

/// In another cluster positions begin anew above all that were handed out, also those after the dump.
#[tokio::test(flavor = "multi_thread")]
async fn another_cluster_begins_a_new_era() {
    on(Kind::Postgres, |app| async move {
        let sides = app.sides().await;
        make::draft(&sides.all(), json!({})).await;
        migrate(app.db()).await.unwrap();
        assert_eq!(base(&app).await, None);
        let elsewhere = Query::update()
            .table(installation::Entity)
            .value(installation::Column::Value, "another")
            .and_where(installation::Column::Name.eq("event_cluster"))
            .take();
        assert_eq!(app.db().writer().execute(&elsewhere).await.unwrap().rows_affected(), 1);
        let from = read_to_the_end(&app).await;
        migrate(app.db()).await.unwrap();
        assert_eq!(base(&app).await, Some(1 << 40));
        assert_eq!(end(app.db().reader()).await.unwrap(), from);
        // He read events that came after the dump and are gone: he misses nothing of what is new.
        let later = Cursor { position: from.position + 1_000_000, ordinal: 0 };
        a_reader_goes_on(&app, &sides, later).await;
    })
    .await;
}
