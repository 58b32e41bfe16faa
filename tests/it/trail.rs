//! The trail, recomputed: whole after a story, and telling what was done to it.

use entity::{event, event_checkpoint, event_head};
use futures_util::future::join_all;
use hezuo::{
    auth::{Job, Permit, RecordRef},
    platform::{
        checkpoint::checkpoint,
        event::{Cursor, Event, after},
        failure::is_duplicate,
        id,
        trail::{Finding, verify},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement, sea_query::Query,
};
use serde_json::json;

use crate::support::{Kind, TestApp, make, on, on_both};

/// An agreement in force, and its events.
async fn story(app: &TestApp) -> (String, Vec<event::Model>) {
    let (north, yingshan) = (app.university("North").await.admin().await, app.county("511322").await.admin().await);
    let name = make::active(&[&north, &yingshan], json!({})).await.id;
    let (_, key) = id::read(&name).unwrap();
    let rows = event::Entity::find().filter(event::Column::RecordId.eq(key)).order_by_asc(event::Column::Link);
    let rows = rows.all(app.db().reader()).await.unwrap();
    assert!(rows.len() > 5, "{rows:?}");
    (name, rows)
}

/// PostgreSQL shows the log only behind the oldest transaction of the whole cluster, other tests' included.
async fn settle(app: &TestApp) {
    let events = event::Entity::find().all(app.db().reader()).await.unwrap().len();
    while after(app.db().reader(), Cursor::default(), 10_000).await.unwrap().len() < events {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn remove_events(app: &TestApp, of: &event::Model, from: i32) {
    let events = Query::delete()
        .from_table(event::Entity)
        .and_where(event::Column::RecordId.eq(of.record_id))
        .and_where(event::Column::Link.gte(from))
        .take();
    app.db().writer().execute(&events).await.unwrap();
}

on_both! {
    /// A chain that has begun does not begin again, and what it holds stays.
    async fn a_chain_begins_once(app: TestApp) {
        let (_, rows) = story(&app).await;
        let record = RecordRef { kind: "agreement", id: rows[0].record_id };
        let again = app.db().write(move |tx| async move {
            tx.under(Permit::system(Job::Bootstrap, record)).emit_first(record, Event::new("AgreementDrafted")).await
        });
        assert!(is_duplicate(&again.await.unwrap_err()));
        assert_eq!(verify(app.db()).await.unwrap(), []);
    }

    /// Everything that the API wrote holds together, and one checkpoint seals it, however many servers try.
    async fn a_story_leaves_a_whole_trail(app: TestApp) {
        story(&app).await;
        assert_eq!(verify(app.db()).await.unwrap(), []);
        let replica = app.replica(&[]).await;
        settle(&app).await;
        let sealed = join_all((0..16).map(|turn| checkpoint(if turn % 2 == 0 { app.db() } else { replica.db() }))).await;
        assert_eq!(sealed.into_iter().filter_map(Result::unwrap).count(), 1);
        story(&app).await;
        settle(&app).await;
        checkpoint(app.db()).await.unwrap().unwrap();
        assert_eq!(verify(app.db()).await.unwrap(), []);
        assert_eq!(event_checkpoint::Entity::find().all(app.db().reader()).await.unwrap().len(), 2);
    }

    /// An altered row is named, and so is a chain without its end.
    async fn what_was_done_to_a_chain_is_told(app: TestApp) {
        let (record, rows) = story(&app).await;
        let altered = Query::update()
            .table(event::Entity)
            .value(event::Column::Action, "agreement.reject")
            .and_where(event::Column::Id.eq(rows[2].id))
            .take();
        app.db().writer().execute(&altered).await.unwrap();
        let length = i32::try_from(rows.len()).unwrap();
        remove_events(&app, &rows[0], length).await;
        let altered = Finding::Altered { event: rows[2].id, record: record.clone(), link: 3 };
        let cut = Finding::Cut { record: record.clone(), kept: length - 1, length };
        assert_eq!(verify(app.db()).await.unwrap(), [altered, cut]);
        remove_events(&app, &rows[0], 1).await;
        assert_eq!(verify(app.db()).await.unwrap(), [Finding::Gone { record, length }]);
    }

    /// Whoever removes a chain with its head is shown by the checkpoint.
    async fn a_checkpoint_remembers_what_is_gone(app: TestApp) {
        let (_, rows) = story(&app).await;
        settle(&app).await;
        let sealed = checkpoint(app.db()).await.unwrap().unwrap();
        remove_events(&app, &rows[0], 1).await;
        let record = event_head::Column::RecordId.eq(rows[0].record_id);
        let head = Query::delete().from_table(event_head::Entity).and_where(record).take();
        app.db().writer().execute(&head).await.unwrap();
        let found = sealed.events - i64::try_from(rows.len()).unwrap();
        let expected = Finding::Checkpoint { id: sealed.id, at: sealed.at, events: sealed.events, found };
        assert_eq!(verify(app.db()).await.unwrap(), [expected]);
    }
}

/// Whoever follows the log reads what is new, however long it is.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_is_read_alone() {
    on(Kind::Postgres, async |app: TestApp| {
        story(&app).await;
        settle(&app).await;
        let before = "INSERT INTO event (id, position, ordinal, at, kind, record_kind, record_id, link, action, data,
                previous_hash, hash)
            SELECT gen_random_uuid(), -n, 0, now(), 'Told', 'organization', gen_random_uuid(), 1, 'job.bootstrap', '{}', '', ''
            FROM generate_series(1, 5000) n";
        for sql in [before, "ANALYZE event"] {
            app.db().writer().execute_unprepared(sql).await.unwrap();
        }
        let read = app.db().write(|tx| async move {
            let new = after(&tx, Cursor { position: 0, ordinal: 0 }, 3).await?;
            let counted = "SELECT (seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables WHERE relname = 'event'";
            let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, counted)).await?;
            Ok((new.len(), row.unwrap().try_get_by_index::<i64>(0)?))
        });
        let (new, read) = read.await.unwrap();
        assert!(new == 3 && read < 10, "{read} read for {new}");
    })
    .await;
}
