//! The addresses at which files are sent and fetched. Whoever holds one may use it, for a short time.
//!
//! What must stay secret stands behind the `?`, because paths are written into logs.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::{DateTime, TimeDelta, Utc};
use entity::document;
use uuid::Uuid;

use super::Address;
use crate::{
    app::App,
    error::Result,
    platform::{id::Id, seal::Seal},
};

/// How long a link to a file is good.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(5);
/// What the signature's key is for.
const PURPOSE: &str = "documents.links";

/// Where a document's bytes are sent.
pub(super) fn upload(app: &App, document: Uuid, token: &str) -> String {
    format!("{}?token={token}", place(app, document))
}

/// What a link says besides the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// Until when, in seconds.
    pub(super) expires: i64,
    /// What was written down when it was given out, where reading is.
    pub(super) given_out: Option<Uuid>,
}

/// Where a document's bytes are fetched.
pub(super) fn download(app: &App, document: Uuid, given_out: Option<Uuid>) -> Result<Address> {
    let expires_at = app.db().clock().now() + GOOD_FOR;
    let terms = Terms { expires: expires_at.timestamp(), given_out };
    let signature = signature(app, document, terms)?;
    let under = given_out.map(|key| format!("&under={}", key.simple())).unwrap_or_default();
    let url = format!("{}?expires={}{under}&signature={signature}", place(app, document), terms.expires);
    Ok(Address { document, url, expires_at })
}

/// Whether a link was made by this installation, is unchanged and has not expired.
pub(super) fn is_good(app: &App, document: Uuid, (terms, given): (Terms, &str)) -> Result<bool> {
    let ours = signature(app, document, terms)?;
    let genuine = verify_slices_are_equal(ours.as_bytes(), given.as_bytes()).is_ok();
    let until = DateTime::<Utc>::from_timestamp(terms.expires, 0);
    Ok(genuine && until.is_some_and(|until| app.db().clock().now() < until))
}

fn signature(app: &App, document: Uuid, terms: Terms) -> Result<String> {
    let under = terms.given_out.map(|key| format!(" {}", key.simple())).unwrap_or_default();
    Seal::new(&app.settings().secret)?.pseudonym(PURPOSE, &format!("{} {}{under}", name(document), terms.expires))
}

fn place(app: &App, document: Uuid) -> String {
    format!("{}/files/{}", app.settings().public_url.trim_end_matches('/'), name(document))
}

fn name(document: Uuid) -> Id<document::Entity> {
    Id::new(document)
}
