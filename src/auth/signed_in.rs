//! Somebody who proved who they are, for as long as the proof is good.

use chrono::{DateTime, Utc};

use super::Actor;

/// Somebody whose access token is good.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// When the token ends, and with it every open socket.
    pub expires_at: DateTime<Utc>,
}
