//! Asking an issuer for its keys: its discovery document (OpenID Connect Discovery 1.0) says where they are.

use std::sync::Arc;

use entity::issuer;
use serde_json::Value;

use crate::{
    app::App,
    error::{Error, Result},
    platform::jwks::KeySet,
};

/// The keys of an issuer with which this token may be verified.
///
/// # Errors
/// When the issuer does not answer as it must.
pub(super) async fn keys(app: &App, issuer: &issuer::Model, token: &str) -> Result<Arc<KeySet>> {
    let now = app.db().clock().now();
    app.key_sets().get(&issuer.url, (token, now), async || ask(app, &issuer.url).await).await
}

async fn ask(app: &App, issuer: &str) -> Result<KeySet> {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let discovery = app.fetch().json(&address).await?;
    if discovery["issuer"].as_str() != Some(issuer) {
        return Err(Error::internal("a discovery document of another issuer"));
    }
    let keys = discovery.get("jwks_uri").and_then(Value::as_str);
    let keys = keys.ok_or_else(|| Error::internal("a discovery document without jwks_uri"))?;
    Ok(KeySet::read(&app.fetch().json(keys).await?))
}
