//! Registered documents 已登记文档: the operations of our own frontends, known beforehand.
//!
//! Whoever builds a frontend **registers** its documents ([`register`]) before it is rolled out: a folder of `.graphql`
//! files, or the `.json` maps from hash to text that Relay and GraphQL Code Generator write. Each is checked against the
//! limits and the schema, and none is taken unless all can be. From then on clients may name a document by its SHA-256
//! instead of sending it, on every server; with the setting `registered_documents_only` nothing else is run. Nothing is
//! ever removed: an old version of an app may still be on somebody's phone.

pub(super) mod check;
mod files;
mod store;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::{BoxFuture, FutureExt};

use super::persisted::Documents;
use crate::{
    app::App,
    error::Result,
    platform::{db::Db, event::sha256},
};

/// Bytes of texts that a server keeps at hand; with more, it forgets them all and asks the database again.
const MAX_BYTES: usize = 4 << 20;

/// What came of registering a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Documents in the folder.
    pub all: usize,
    /// Those that were not registered before.
    pub new: u64,
}

/// Why a folder was not registered: every problem, each naming its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// Registers all documents of a folder, or none.
///
/// # Errors
/// Every problem, each naming its file and, where it has one, its line.
pub async fn register(db: &Db, folder: &Path) -> Result<Count, Problems> {
    let (documents, mut problems) = files::read(folder);
    problems.extend(check::problems(&documents).await);
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let all = documents.len();
    let texts = documents.into_iter().map(|document| (sha256(document.text.as_bytes()), document.text)).collect();
    let new = store::keep(db, texts).await;
    let new = new.map_err(|error| Problems(vec![format!("The documents could not be kept: {error}")]))?;
    Ok(Count { all, new })
}

/// The registry of this installation, the same on every server.
#[derive(Debug)]
pub struct Registered {
    app: App,
    known: Mutex<HashMap<String, Arc<str>>>,
}

impl Registered {
    /// The registry in the program's database.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, known: Mutex::default() }
    }

    async fn look_up(&self, sha256: &str) -> Result<Option<Arc<str>>> {
        if let Some(text) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(sha256) {
            return Ok(Some(text.clone()));
        }
        let Some(text) = store::find(self.app.db(), sha256).await? else { return Ok(None) };
        let text: Arc<str> = text.into();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.values().map(|text| text.len()).sum::<usize>() + text.len() > MAX_BYTES {
            known.clear();
        }
        known.insert(sha256.to_owned(), text.clone());
        Ok(Some(text))
    }
}

impl Documents for Registered {
    fn find<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, Result<Option<Arc<str>>>> {
        self.look_up(sha256).boxed()
    }

    fn only(&self) -> bool {
        self.app.settings().registered_documents_only
    }
}
