//! The code with which a student is checked in: a compact JWS, signed with the platform's keys.
//!
//! It names the registration and the event and nobody by name. A scanner can verify it without asking the server, with
//! the keys at `/.well-known/jwks.json`; its type (`check-in+jwt`) keeps it from being taken for an access token, and an
//! access token from being taken for a code.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{event_registration, recruitment_event};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    identity::keys,
    platform::{
        id::Id,
        keyring::{self, Stamp},
    },
};

/// `typ` of a code.
const KIND: &str = "check-in+jwt";
/// Longer than any code of ours.
const LONGEST: usize = 2_048;
/// A scanner that verifies by itself believes a code until so long after the event.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// The claims of a code. Ids are those that the API shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Claims {
    /// Issuer: this server's public address.
    iss: String,
    /// Audience: whoever checks students in.
    aud: String,
    /// Subject: the registration.
    sub: String,
    /// The event.
    evt: String,
    /// From when it is good, in seconds.
    nbf: i64,
    /// Until when it is good, in seconds.
    exp: i64,
}

/// A student's code.
#[derive(Clone, Debug)]
pub struct Code {
    /// What stands in it.
    pub text: String,
    /// Until when a scanner believes it.
    pub expires_at: DateTime<Utc>,
}

/// What a code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::talent) struct Named {
    pub(in crate::talent) registration: Uuid,
    pub(in crate::talent) event: Uuid,
}

/// A code for the actor's own registration; none for anybody else's, or when no place is held.
///
/// # Errors
/// When the keys or the database fail.
pub async fn of(app: &App, actor: &Actor, registration: Uuid) -> Result<Option<Code>> {
    let Some((row, Some(event))) = store::held(app.db().reader(), actor, registration).await? else { return Ok(None) };
    let expires_at = event.ends_at + GRACE;
    let claims = Claims {
        iss: app.settings().public_url.clone(),
        aud: audience(app),
        sub: Id::<event_registration::Entity>::new(row.id).to_string(),
        evt: Id::<recruitment_event::Entity>::new(event.id).to_string(),
        nbf: row.created_at.timestamp(),
        exp: expires_at.timestamp(),
    };
    let text = keys::ring(app, None).await?.sign(KIND, &claims)?;
    Ok(Some(Code { text, expires_at }))
}

/// What a code names, if it is one of ours. Says nothing about its time: that is the scan's.
///
/// # Errors
/// When the keys cannot be read.
pub(in crate::talent) async fn read(app: &App, code: &str) -> Result<Option<Named>> {
    let Some(kid) = Some(code).filter(|code| code.len() <= LONGEST).and_then(keyring::kid) else { return Ok(None) };
    let ring = keys::ring(app, Some(&kid)).await?;
    let audience = audience(app);
    let stamp = Stamp { kind: KIND, issuer: &app.settings().public_url, audience: &audience };
    let claims = ring.read::<Claims>(code, &stamp);
    Ok(claims.and_then(|claims| {
        Some(Named {
            registration: Id::<event_registration::Entity>::read(&claims.sub)?.key(),
            event: Id::<recruitment_event::Entity>::read(&claims.evt)?.key(),
        })
    }))
}

fn audience(app: &App) -> String {
    format!("{}/check-in", app.settings().public_url)
}
