//! The demo 演示: a day in Yingshan, told by calling the use cases under a scripted clock, so that trail, inbox and
//! history are real.
//!
//! Chongqing University of Technology, Yingshan County and the symposium of 6 May 2025 are from a published report;
//! every person, enterprise, number and text in the demo is invented, and the credit codes are fictional. The story
//! lives in a database of its own and is told anew when it is older than a day or has changed.

mod applied;
mod cast;
mod crowd;
mod examples;
mod fair;
mod graduates;
mod offers;
mod resumes;
mod rolls;
pub mod store;
mod story;
mod works;

use std::fmt::Write as _;

use chrono::Duration;
use migration::{Migrator, MigratorTrait};

use crate::{
    app::App,
    error::Result,
    http::{GraphiqlConfig, Persona},
    platform::{db::Db, event::sha256},
    talent,
};

pub use cast::PASSWORD;
pub use store::is_empty;

/// Whether this database holds the demo.
///
/// # Errors
/// When the database fails.
pub async fn is_demo(db: &Db) -> Result<bool> {
    Ok(store::told(db).await?.is_some())
}

/// Whether the demo was told less than a day ago, by this very program.
///
/// # Errors
/// When the database fails.
pub async fn is_fresh(db: &Db) -> Result<bool> {
    let told = store::told(db).await?;
    Ok(told.is_some_and(|told| db.clock().now() - told.at < Duration::days(1) && told.edition == edition()))
}

/// Tells the story into an empty database whose clock is scripted and stands at now.
///
/// # Errors
/// When a use case refuses: the story is then wrong.
pub async fn tell(app: &App) -> Result<()> {
    let now = app.db().clock().now();
    // The story comes before the schema is built, and sends a file too.
    talent::attach_files();
    story::tell(app, now).await?;
    app.db().clock().set(now);
    store::mark_told(app.db(), &store::Told { at: now, edition: edition() }).await
}

/// The story's fingerprint: another story, another schema, another edition.
fn edition() -> String {
    let parts = [
        include_str!("cast.rs"),
        include_str!("story.rs"),
        include_str!("works.rs"),
        include_str!("fair.rs"),
        include_str!("resumes.rs"),
        include_str!("applied.rs"),
        include_str!("offers.rs"),
        include_str!("crowd.rs"),
        include_str!("graduates.rs"),
        include_str!("rolls.rs"),
        env!("CARGO_PKG_VERSION"),
    ];
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
