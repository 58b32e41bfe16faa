//! Documents registered beforehand, which clients may name by their SHA-256 instead of sending them.
//!
//! The wire form is Apollo's: `extensions: {persistedQuery: {version: 1, sha256Hash: "…"}}`, with or without `query`.
//! Unlike Apollo's automatic form nobody can register a document by sending it: that is the operator's business.

use std::{fmt, sync::Arc};

use futures_util::future::{self, BoxFuture, FutureExt};

use crate::error::Result;

/// A registry of documents.
pub trait Documents: fmt::Debug + Send + Sync + 'static {
    /// The document with this SHA-256 (64 lower-case hexadecimal digits), if it is registered.
    fn find<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, Result<Option<Arc<str>>>>;

    /// Whether nothing but registered documents is run.
    fn only(&self) -> bool {
        false
    }
}

/// The registry of a server on which nothing is registered and everything may be asked.
#[derive(Clone, Copy, Debug)]
pub struct NoDocuments;

impl Documents for NoDocuments {
    fn find<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Arc<str>>>> {
        future::ready(Ok(None)).boxed()
    }
}
