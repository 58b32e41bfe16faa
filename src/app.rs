//! What everything needs: database, clock, keys, files, settings. Built by `main` and by tests; knows no slice.

use std::sync::Arc;

use crate::{
    platform::{
        access::Access, budget::Budgets, db::Db, fetch::Fetch, files::Files, jwks::KeySets, keyring::Keyring,
        latest::Latest, password::Passwords,
    },
    settings::Settings,
};

/// The running program. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    access: Access,
    budgets: Budgets,
    db: Db,
    fetch: Fetch,
    files: Files,
    key_sets: KeySets,
    keyring: Keyring,
    passwords: Passwords,
    settings: Settings,
}

impl App {
    /// Ties the parts together. Where the settings give no secret, [`crate::platform::seal::secret`] has been put there.
    #[must_use]
    pub fn new(db: Db, settings: Settings) -> Self {
        let passwords = Passwords::new(settings.password_memory_kib);
        let files = Files::new(&settings);
        Self(Arc::new(Inner {
            access: Access::default(),
            budgets: Budgets::new(settings.cost_per_minute),
            db,
            fetch: Fetch::new(settings.outbound_networks.clone()),
            files,
            key_sets: KeySets::default(),
            keyring: Keyring::default(),
            passwords,
            settings,
        }))
    }

    /// Who was found behind which token lately; ask it through [`crate::identity::caller`].
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.0.access
    }

    /// What each caller may still ask for.
    #[must_use]
    pub fn budgets(&self) -> &Budgets {
        &self.0.budgets
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Where uploaded files are kept.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// Asks other servers.
    #[must_use]
    pub fn fetch(&self) -> &Fetch {
        &self.0.fetch
    }

    /// The keys of issuers, with which ID tokens are verified.
    #[must_use]
    pub fn key_sets(&self) -> &KeySets {
        &self.0.key_sets
    }

    /// The keys that sign access tokens; read them through [`crate::identity::keys`].
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    /// What happened lately to sessions and memberships; read it through [`crate::identity::still_valid`].
    #[must_use]
    pub fn latest(&self) -> &Latest {
        self.0.db.latest()
    }

    /// Hashes and checks passwords.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// The settings it was started with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
}
