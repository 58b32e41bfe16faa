//! Who was found to be behind which access token: remembered, so that a request costs neither a signature check nor a
//! statement.
//!
//! What is remembered is believed only while the signing keys are the same that were read then (they are read again
//! every minute), and while nothing happened to any record on which it rests: known at once where this
//! process did it, within half a second where another server did (see [`super::latest`]). Writes ask the database once more, in
//! their own transaction.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{db::Db, generations::Generations, keyring::Ring, latest::Stamp};
use crate::{auth::SignedIn, error::Result};

/// Bytes of tokens in each of two generations; a token has about half a kilobyte.
const MAX_BYTES: usize = 1 << 20;

/// Somebody who was found behind a token.
#[derive(Debug)]
pub struct Found {
    /// Who, and until when the token is good.
    pub signed_in: SignedIn,
    /// Until when the session is good.
    pub until: DateTime<Utc>,
    /// The records on which that rests: session, person, membership, organization, service account.
    pub rests_on: Vec<Uuid>,
    /// How far the log was known before they were read.
    pub stamp: Stamp,
    /// The keys of which one had signed the token.
    pub ring: Arc<Ring>,
}

/// Tokens that were good lately.
pub struct Access(Generations<Arc<Found>>);

impl Default for Access {
    fn default() -> Self {
        Self(Generations::new(MAX_BYTES))
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Access")
    }
}

impl Access {
    /// Whoever was found behind this token, if that is still so.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn find(&self, db: &Db, ring: &Arc<Ring>, token: &str) -> Result<Option<SignedIn>> {
        let Some(found) = self.0.find(token) else { return Ok(None) };
        let now = db.clock().now();
        let in_time = now < found.signed_in.expires_at && now < found.until && Arc::ptr_eq(&found.ring, ring);
        if in_time && db.latest().unchanged(db, &found.rests_on, found.stamp).await? {
            return Ok(Some(found.signed_in.clone()));
        }
        self.0.forget(token);
        Ok(None)
    }

    /// Remembers who was found.
    pub fn keep(&self, token: &str, found: Found) {
        self.0.keep(token, Arc::new(found));
    }
}
