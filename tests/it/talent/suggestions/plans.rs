//! How both databases find the positions that are compared, among thousands.

use entity::job_position::{self, PositionStatus};
use hezuo::{
    auth::{Job, Permit, RecordRef},
    talent::suggestions::store::candidates,
};
use sea_orm::{ConnectionTrait as _, IntoActiveModel as _, QueryTrait as _};

use super::Ground;
use crate::support::{Kind, TestApp, on_both, rows};

/// Of three thousand positions nine in ten are over, and half of the others are past their last day.
async fn thousands(app: &TestApp, ground: &Ground) {
    let author = ground.alpha.actor().await;
    let position = |number: u32| job_position::Model {
        apply_by: format!("2026-{:02}-{:02}", 1 + number / 10 % 4, 1 + number % 28).parse().unwrap(),
        ..rows::position(
            &author,
            if number.is_multiple_of(10) { PositionStatus::Published } else { PositionStatus::Expired },
        )
    };
    let all: Vec<_> = (0..3_000).map(|number| position(number).into_active_model()).collect();
    let insert = app.db().write(|tx| {
        let all = all.clone();
        async move {
            let record = RecordRef { kind: "position", id: tx.id() };
            let write = tx.under(Permit::system(Job::Bootstrap, record));
            for some in all.chunks(300) {
                write.insert_all(some.to_vec()).await?;
            }
            Ok(())
        }
    });
    insert.await.unwrap();
    // PostgreSQL counts its rows by itself, in time.
    if app.kind() == Kind::Postgres {
        app.db().writer().execute_unprepared("ANALYZE").await.unwrap();
    }
}

/// What the database says of the statement.
async fn explained(app: &TestApp, ground: &Ground) -> String {
    let (db, student) = (app.db().reader(), ground.student.actor().await);
    let today = hezuo::platform::clock::day(app.now());
    let mut statement = candidates(&student, (None, today)).build(db.get_database_backend());
    let (explain, at) = if app.kind() == Kind::Sqlite { ("EXPLAIN QUERY PLAN", 3) } else { ("EXPLAIN (COSTS OFF)", 0) };
    statement.sql = format!("{explain} {}", statement.sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(at).unwrap() + "\n").collect()
}

on_both! {
    /// By the index of status and last day, from today on: what is over is not read. SQLite reads in its order; PostgreSQL
    /// sorts some hundreds sooner than it walks.
    async fn open_ones_are_read_along_their_index(app: TestApp) {
        let ground = Ground::new(&app).await;
        thousands(&app, &ground).await;
        let plan = explained(&app, &ground).await;
        assert!(plan.contains("ix_job_position_status_apply_by_id"), "{plan}");
        let scanned = if app.kind() == Kind::Sqlite { "SCAN job_position" } else { "Seq Scan on job_position" };
        assert!(!plan.contains(scanned), "{plan}");
        let bounds = ["(status=? AND apply_by>?)", "((status = 'PUBLISHED'::text) AND (apply_by >= '2026-03-02'::date))"];
        assert!(bounds.iter().any(|bounds| plan.contains(bounds)), "{plan}");
        assert!(!plan.contains("USE TEMP B-TREE"), "{plan}");
    }
}
