//! The tests' own machinery: databases that are fresh and alike, a clock, counts, answers.

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use entity::region;
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DbBackend, EntityTrait as _, PaginatorTrait as _};
use serde_json::json;

use crate::support::{Kind, TestApp, TestDatabase, on, on_both};

on_both! {
    /// The database is migrated, the schema answers, and the clock stands where every test begins.
    async fn a_test_begins_with_a_running_hezuo(app: TestApp) {
        assert!(Migrator::get_pending_migrations(app.db().writer()).await.unwrap().is_empty());
        let backend = if app.kind() == Kind::Sqlite { DbBackend::Sqlite } else { DbBackend::Postgres };
        assert_eq!(app.db().backend(), backend);
        app.gql("{ version }", json!({})).await.is(json!({ "version": env!("CARGO_PKG_VERSION") }));
        assert_eq!(app.now().to_rfc3339(), "2026-03-02T01:00:00+00:00");
        let live = Request::get("/health/live").body(Body::empty()).unwrap();
        assert_eq!(app.http(live).await.0, 200);
    }

    /// What one test writes, no other test sees; a replica does.
    async fn databases_are_not_shared(app: TestApp) {
        let on_this_kind = async |app: TestApp| {
            app.db().writer().execute_unprepared("DELETE FROM region").await.unwrap();
            let replica = app.replica(&[("session_days", "1")]).await;
            assert_eq!(region::Entity::find().count(replica.db().reader()).await.unwrap(), 0);
            assert_eq!(replica.app().settings().session_days, 1);
            replica.passes(TimeDelta::minutes(5));
            assert_eq!(app.now().to_rfc3339(), "2026-03-02T01:05:00+00:00");
        };
        let regions = region::Entity::find().count(app.db().reader()).await.unwrap();
        on(app.kind(), on_this_kind).await;
        assert_eq!(region::Entity::find().count(app.db().reader()).await.unwrap(), regions);
        assert_eq!(app.now().to_rfc3339(), "2026-03-02T01:00:00+00:00");
        assert_eq!((app.number(), app.number()), (1, 2));
    }

    /// A day begins at nine in the morning in China; a moment is itself.
    async fn the_clock_is_set(app: TestApp) {
        app.it_is("2026-12-31");
        assert_eq!(app.now().to_rfc3339(), "2026-12-31T01:00:00+00:00");
        app.it_is("2026-12-31T16:00:00Z");
        assert_eq!(app.now().to_rfc3339(), "2026-12-31T16:00:00+00:00");
    }

    /// Reads, writes and transactions are counted, for this test alone.
    async fn statements_are_counted(app: TestApp) {
        let two_reads = async {
            region::Entity::find().count(app.db().reader()).await.unwrap();
            region::Entity::find().one(app.db().writer()).await.unwrap();
        };
        assert_eq!(app.counted(two_reads).await, ((), 2));
        let in_a_transaction = app.db().write(|tx| async move { Ok(region::Entity::find().one(&tx).await?) });
        assert_eq!(app.counted(in_a_transaction).await.1, 1);
        // Who is signed in is looked up when the clock says so, whatever is asked: it is no part of a request's number.
        let admin = app.university("North").await.admin().await;
        admin.token().await;
        assert_eq!(app.counted(admin.gql("{ __typename }", json!({}))).await.1, 0);
    }

    /// Codes and pointers of an answer that is an error.
    async fn an_answer_is_looked_at(app: TestApp) {
        let answer = app.gql("{ nothing }", json!({})).await;
        answer.refused(&["INVALID_INPUT"]);
        assert!(std::panic::catch_unwind(|| answer.data()).is_err());
        assert_eq!(app.gql("{ a: version }", json!({})).await.text("/a"), env!("CARGO_PKG_VERSION"));
    }
}

/// A database before its first migration, for the tests of `hezuo migrate`.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_can_be_empty() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(database) = TestDatabase::empty(kind).await else { continue };
        let db = sea_orm::Database::connect(&database.url).await;
        assert!(kind == Kind::Sqlite || region::Entity::find().count(&db.unwrap()).await.is_err());
        database.remove().await;
        assert!(!database.folder.exists());
    }
}
