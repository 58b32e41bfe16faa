//! Identity.

use crate::{app::App, auth::Actor, error::Result};

/// Who a bearer token belongs to.
///
/// # Errors
/// UNAUTHENTICATED when the token is not good (any more).
pub async fn caller(app: &App, bearer: &str) -> Result<Actor> {
    let _ = (app, bearer);
    Err(crate::error::Error::unauthenticated())
}
