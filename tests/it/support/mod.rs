//! What the tests are written with.
//!
//! A test tells a story through the API, on both databases:
//!
//! ```ignore
//! on_both! {
//!     /// A draft is the drafting side's alone.
//!     async fn a_draft_is_not_seen_by_the_others(app: TestApp) {
//!         let north = app.university("North").await;
//!         let yingshan = app.county("511322").await;
//!         let draft = make::draft(&north.admin().await, &[&yingshan]).await;
//!         yingshan.officer().await.gql(AGREEMENT, json!({ "id": draft })).await.refused(&["NOT_FOUND"]);
//!     }
//! }
//! ```

mod answer;
mod app;
mod counting;
mod database;
pub(crate) mod fair;
pub(crate) mod generated;
pub(crate) mod hired;
pub(crate) mod make;
pub(crate) mod met;
pub(crate) mod offer;
mod patience;
mod persona;
mod postgres;
pub(crate) mod rows;
pub(crate) mod scratch;
pub(crate) mod sdl;
pub(crate) mod server;
mod sides;
pub(crate) mod source;

pub(crate) use answer::Answer;
pub(crate) use app::{TestApp, on};
pub(crate) use database::{Kind, TestDatabase, required, say};
pub(crate) use patience::at_last;
pub(crate) use persona::{Organization, PASSWORD, Persona, credit_code};
pub(crate) use sides::Sides;

/// Defines a test twice: `name::sqlite` and `name::postgres`, each with a running Hezuo on a fresh database.
macro_rules! on_both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($app:ident: TestApp) $story:block)+) => {
        $(
            $(#[doc = $doc])*
            async fn $name($app: $crate::support::TestApp) $story

            mod $name {
                #[tokio::test(flavor = "multi_thread")]
                async fn sqlite() {
                    $crate::support::on($crate::support::Kind::Sqlite, super::$name).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn postgres() {
                    $crate::support::on($crate::support::Kind::Postgres, super::$name).await;
                }
            }
        )+
    };
}

pub(crate) use on_both;
