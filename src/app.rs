//! What everything needs: database, clock, settings. Built by `main` and by tests; knows no slice.

use std::sync::Arc;

use crate::{platform::db::Db, settings::Settings};

/// The running program. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    settings: Settings,
}

impl App {
    /// Ties the parts together.
    #[must_use]
    pub fn new(db: Db, settings: Settings) -> Self {
        Self(Arc::new(Inner { db, settings }))
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The settings it was started with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
}
