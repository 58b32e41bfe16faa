//! The demo 演示: a day in Yingshan, told by calling the use cases under a scripted clock, so that trail, inbox and
//! history are real.
//!
//! Chongqing University of Technology, Yingshan County and the symposium of 6 May 2025 are from a published report;
//! every person, enterprise, number and text in the demo is invented, and the credit codes are fictional. The story
//! lives in a database of its own and is told anew when it is older than a day or has changed.

mod cast;
mod examples;
mod story;

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use entity::{installation, user};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait, PaginatorTrait};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Job, Permit, RecordRef},
    error::Result,
    http::{GraphiqlConfig, Persona},
    platform::{db::Db, event::sha256},
};

pub use cast::PASSWORD;

const TOLD: &str = "demo.told_at";
const STORY: &str = "demo.story";

/// Whether this database holds the demo.
///
/// # Errors
/// When the database fails.
pub async fn is_demo(db: &Db) -> Result<bool, DbErr> {
    Ok(installation::Entity::find_by_id(STORY.to_owned()).one(db.reader()).await?.is_some())
}

/// Whether nobody is in this database yet.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(db: &Db) -> Result<bool, DbErr> {
    Ok(user::Entity::find().count(db.reader()).await? == 0)
}

/// Whether the demo was told less than a day ago, by this very program.
///
/// # Errors
/// When the database fails.
pub async fn is_fresh(db: &Db) -> Result<bool, DbErr> {
    let value = async |name: &str| {
        let row = installation::Entity::find_by_id(name.to_owned()).one(db.reader()).await?;
        Ok::<_, DbErr>(row.map(|row| row.value).unwrap_or_default())
    };
    let told: Option<DateTime<Utc>> = value(TOLD).await?.parse().ok();
    let young = told.is_some_and(|told| db.clock().now() - told < Duration::days(1));
    Ok(young && value(STORY).await? == edition())
}

/// Tells the story into an empty database whose clock is scripted and stands at now.
///
/// # Errors
/// When a use case refuses: the story is then wrong.
pub async fn tell(app: &App) -> Result<()> {
    let now = app.db().clock().now();
    story::tell(app, now).await?;
    app.db().clock().set(now);
    app.db()
        .write(move |tx| async move {
            let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "installation", id: Uuid::nil() }));
            let rows = [(TOLD, now.to_rfc3339()), (STORY, edition())];
            let rows =
                rows.map(|(name, value)| installation::ActiveModel { name: Set(name.into()), value: Set(value) });
            write.insert_all(rows.into()).await
        })
        .await
}

/// The story's fingerprint: another story, another schema, another edition.
fn edition() -> String {
    let parts = [include_str!("cast.rs"), include_str!("story.rs"), env!("CARGO_PKG_VERSION")];
    let changes: String = Migrator::migrations().iter().map(|change| change.name().to_owned()).collect();
    sha256(format!("{}{changes}", parts.concat()).as_bytes())
}

/// Who can be signed in as, for the terminal.
#[must_use]
pub fn personas_text() -> String {
    let mut text = format!("Sign in as one of these, password {PASSWORD}:\n");
    for person in cast::PERSONAS {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:<22} {} · {}", person.login, person.title, person.name);
    }
    text
}

/// What GraphiQL offers: personas in two clicks and worked examples, one tab each.
///
/// # Errors
/// When the story's records cannot be read.
pub async fn graphiql(app: &App) -> Result<GraphiqlConfig> {
    let personas = cast::PERSONAS.iter().map(|person| Persona {
        login: person.login.to_owned(),
        name: person.name.to_owned(),
        role: sea_orm::ActiveEnum::to_value(&person.role),
        organization: person.organization.name().to_owned(),
    });
    Ok(GraphiqlConfig {
        personas: personas.collect(),
        password: Some(PASSWORD.to_owned()),
        tabs: examples::tabs(app).await?,
    })
}
