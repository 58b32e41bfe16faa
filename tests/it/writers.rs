//! Sixty-four who write at once: nobody is turned away, nothing is lost. `benches/writers.rs` does it by the clock.

use std::sync::Arc;

use entity::{agreement, event};
use futures_util::future::join_all;
use hezuo::platform::trail::verify;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use crate::support::{make, on_both};

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
