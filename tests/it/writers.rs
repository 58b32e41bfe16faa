//! Sixty-four who write at once: nobody is turned away, nothing is lost. `benches/writers.rs` does it by the clock.

use std::{sync::Arc, time::Duration};

use entity::{agreement, event};
use futures_util::{future::join_all, poll};
use hezuo::platform::trail::verify;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    Statement,
};
use serde_json::json;

use crate::support::{Kind, TestApp, at_last, make, on, on_both};

const WRITERS: usize = 64;
const WRITES: usize = 20;
/// Each writes for one of these.
const UNIVERSITIES: usize = 8;

on_both! {
    /// Sixty-four write twenty times each: every write succeeds, and each is there once with its event.
    async fn all_writes_of_many_succeed(app: TestApp) {
        let county = Arc::new(app.county("511322").await.admin().await);
        let mut universities = Vec::new();
        for number in 0..UNIVERSITIES {
            universities.push(app.university(&format!("North {number}")).await);
        }
        let mut writers = Vec::new();
        for number in 0..WRITERS {
            let (admin, county) = (universities[number % UNIVERSITIES].admin().await, county.clone());
            admin.token().await;
            writers.push(async move {
                for _ in 0..WRITES {
                    make::draft(&[&admin, &county], json!({})).await;
                }
            });
        }
        for writer in join_all(writers.into_iter().map(tokio::spawn)).await {
            writer.unwrap();
        }
        let expected = u64::try_from(WRITERS * WRITES).unwrap();
        let drafted = event::Entity::find().filter(event::Column::Kind.eq("AgreementDrafted"));
        assert_eq!(agreement::Entity::find().count(app.db().reader()).await.unwrap(), expected);
        assert_eq!(drafted.count(app.db().reader()).await.unwrap(), expected);
        assert_eq!(verify(app.db()).await.unwrap(), []);
    }
}

/// A write begins as the program says, and not as its PostgreSQL is set to begin transactions.
#[tokio::test(flavor = "multi_thread")]
async fn writes_begin_as_the_program_says() {
    on(Kind::Postgres, async |app: TestApp| {
        let ask = |sql: &str| Statement::from_string(DbBackend::Postgres, sql);
        let name = app.db().reader().query_one_raw(ask("SELECT current_database()")).await.unwrap().unwrap();
        let name: String = name.try_get_by_index(0).unwrap();
        for setting in ["default_transaction_isolation TO 'serializable'", "default_transaction_read_only TO 'on'"] {
            app.db().writer().execute_unprepared(&format!("ALTER DATABASE \"{name}\" SET {setting}")).await.unwrap();
        }
        let replica = app.replica(&[]).await;
        for (setting, expected) in [("transaction_isolation", "read committed"), ("transaction_read_only", "off")] {
            let shown = replica.db().write(move |tx| async move {
                let row = tx.query_one_raw(ask(&format!("SHOW {setting}"))).await?;
                Ok(row.unwrap().try_get_by_index::<String>(0)?)
            });
            assert_eq!(shown.await.unwrap(), expected, "{setting}");
        }
    })
    .await;
}

/// What a use case asks is planned once on each connection, for whatever values.
#[tokio::test(flavor = "multi_thread")]
async fn writes_ask_by_plans_that_are_kept() {
    on(Kind::Postgres, async |app: TestApp| {
        let (admin, county) = (app.university("North").await.admin().await, app.county("511322").await.admin().await);
        for _ in 0..8 {
            make::draft(&[&admin, &county], json!({})).await;
        }
        let plans = "SELECT SUM(generic_plans)::bigint, SUM(custom_plans)::bigint FROM pg_prepared_statements";
        let row = app.db().steady().query_one_raw(Statement::from_string(DbBackend::Postgres, plans)).await.unwrap();
        let (kept, for_values): (i64, i64) = row.unwrap().try_get_many_by_index().unwrap();
        assert!(kept > 8 && for_values == 0, "{kept} kept, {for_values} for their values");
    })
    .await;
}

/// Whoever goes away, at whatever moment of a write, leaves no transaction open on a connection that others get.
#[tokio::test(flavor = "multi_thread")]
async fn writes_that_are_given_up_leave_nothing_open() {
    on(Kind::Postgres, async |app: TestApp| {
        let open = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name = 'hezuo' AND state LIKE 'idle in transaction%'";
        for polled in 1..=12 {
            let mut write = Box::pin(app.db().write(|tx| async move {
                agreement::Entity::find().count(&tx).await?;
                Ok(())
            }));
            for _ in 0..polled {
                if poll!(&mut write).is_ready() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            drop(write);
            tokio::time::sleep(Duration::from_millis(20)).await;
            let closed = at_last(async || {
                let open = Statement::from_string(DbBackend::Postgres, open);
                let row = app.db().reader().query_one_raw(open).await.unwrap().unwrap();
                row.try_get_by_index::<i64>(0).unwrap() == 0
            });
            assert!(closed.await, "a transaction is still open, {polled}");
        }
    })
    .await;
}
