//! Which kinds of records files can be attached to. Each slice whose records take files says so once, when the schema
//! is built; documents know none of them by name.

use std::sync::{PoisonError, RwLock};

use sea_orm::{Condition, prelude::async_trait::async_trait};
use uuid::Uuid;

use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::{Db, Tx, Write},
};

/// A kind of record that files can be attached to.
#[async_trait]
pub trait Attach: Send + Sync + std::fmt::Debug {
    /// The TypeID prefix of such records: `agreement`.
    fn kind(&self) -> &'static str;

    /// Asks the record's own rule whether the actor may attach a file to it now.
    ///
    /// # Errors
    /// `NOT_FOUND` when the actor does not see the record, FORBIDDEN when the rule says no.
    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write>;

    /// Whether a document's `record_id` names a record whose files the actor sees. They may be fewer than the records
    /// that the actor sees: a witness reads an agreement, and not its scans.
    fn seen_with(&self, actor: &Actor) -> Condition;

    /// Says that the address of a file is about to be given out, to somebody who sees it. Where every read of such files
    /// is written down: the key of what was written, which the address carries and [`Self::fetched`] is asked with.
    ///
    /// # Errors
    /// `NOT_FOUND` when it may not be given out any more.
    async fn give_out(&self, _: &Db, _: &Actor, _: Uuid) -> Result<Option<Uuid>> {
        Ok(None)
    }

    /// Says that a file is about to be fetched from an address that was given out under this key; whether it still may be.
    ///
    /// # Errors
    /// When the database fails.
    async fn fetched(&self, _: &Db, _: Uuid) -> Result<bool> {
        Ok(true)
    }
}

/// The same for every server in this process: it follows from the program, not from its settings.
static KINDS: RwLock<Vec<&'static dyn Attach>> = RwLock::new(Vec::new());

/// Lets files be attached to a kind of record. Saying it twice is saying it once.
pub fn attachable(kind: &'static dyn Attach) {
    let mut kinds = KINDS.write().unwrap_or_else(PoisonError::into_inner);
    kinds.retain(|known| known.kind() != kind.kind());
    kinds.push(kind);
}

/// Every kind that takes files.
pub(super) fn kinds() -> Vec<&'static dyn Attach> {
    KINDS.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The kind with this TypeID prefix, if such records take files.
pub(super) fn kind(prefix: &str) -> Option<&'static dyn Attach> {
    kinds().into_iter().find(|kind| kind.kind() == prefix)
}

/// Asks the rule of a record that already has documents.
///
/// # Errors
/// As [`Attach::permit`].
pub(super) async fn permit(tx: &Tx, actor: &Actor, (prefix, record): (&str, Uuid)) -> Result<Write> {
    kind(prefix).ok_or_else(Error::not_found)?.permit(tx, actor, record).await
}
