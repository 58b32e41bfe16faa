//! Identity.

use chrono::{DateTime, Utc};

use crate::{app::App, auth::Actor, error::Result};

/// Somebody who showed a good token, and until when it is good.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
}

/// Who a bearer token belongs to.
///
/// # Errors
/// UNAUTHENTICATED when the token is not good (any more).
pub async fn caller(app: &App, bearer: &str) -> Result<SignedIn> {
    let _ = (app, bearer);
    Err(crate::error::Error::unauthenticated())
}

/// Whether somebody who signed in earlier still is: asked every second for each open socket, so it costs no statement.
#[must_use]
pub fn still_valid(app: &App, signed_in: &SignedIn) -> bool {
    app.db().clock().now() < signed_in.expires_at
}

/// The public keys with which anybody can check our tokens: a JSON Web Key Set.
///
/// # Errors
/// When the keys cannot be read.
pub async fn jwks(app: &App) -> Result<serde_json::Value> {
    let _ = app;
    Ok(serde_json::json!({ "keys": [] }))
}
