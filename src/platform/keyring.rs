//! Signed tokens (JWT): a ring of Ed25519 keys, as this process last read them, that signs and is believed.
//!
//! One key signs. The next one is published before it signs, the previous one is believed until the last token it
//! signed has run out. Other servers may change the ring at any time, so it is read again every minute, and at once,
//! but not more than once a second, when a token names a key that is not known here.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::error::{Error, Result};

const MAX_AGE: Duration = Duration::from_mins(1);
const MIN_AGE: Duration = Duration::from_secs(1);

/// A key that is believed.
#[derive(Debug)]
pub struct Key {
    /// What tokens call it.
    pub kid: String,
    /// 32 bytes in base64url.
    pub public: String,
    verifies: DecodingKey,
}

impl Key {
    /// A key by its public half.
    ///
    /// # Errors
    /// When that is no base64url.
    pub fn new(kid: String, public: String) -> Result<Self> {
        let verifies = DecodingKey::from_ed_components(&public).map_err(Error::internal)?;
        Ok(Self { kid, public, verifies })
    }
}

/// The keys that are believed, and the one that signs.
#[derive(Debug)]
pub struct Ring {
    keys: Vec<Key>,
    signer: String,
    signs: EncodingKey,
}

/// Where a token comes from, whom it is for and of what type it is: all three must be as expected.
#[derive(Clone, Debug)]
pub struct Stamp<'a> {
    /// `typ` in the header: `at+jwt`.
    pub kind: &'static str,
    /// `iss`.
    pub issuer: &'a str,
    /// `aud`.
    pub audience: &'a str,
}

impl Ring {
    /// A ring of keys, of which `signer` signs with the private key `pkcs8`.
    #[must_use]
    pub fn new(keys: Vec<Key>, signer: String, pkcs8: &[u8]) -> Self {
        Self { keys, signer, signs: EncodingKey::from_ed_der(pkcs8) }
    }

    /// The keys for everybody, as RFC 7517 says: `/.well-known/jwks.json`.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let keys = self.keys.iter().map(|key| {
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": key.public })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    /// Signs claims.
    ///
    /// # Errors
    /// When they are no JSON object or the key is none.
    pub fn sign(&self, kind: &'static str, claims: &impl Serialize) -> Result<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(kind.to_owned());
        header.kid = Some(self.signer.clone());
        encode(&header, claims, &self.signs).map_err(Error::internal)
    }

    /// Whether the ring has this key.
    #[must_use]
    pub fn knows(&self, kid: &str) -> bool {
        self.find(kid).is_some()
    }

    /// The claims of a token that one of the keys signed and that bears the stamp. Says nothing about its time.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self, token: &str, stamp: &Stamp<'_>) -> Option<T> {
        let header = decode_header(token).ok()?;
        // Whoever must understand more than we do (`crit`) shall not believe it.
        if header.typ.as_deref() != Some(stamp.kind) || header.crit.is_some() {
            return None;
        }
        let key = self.find(header.kid.as_deref()?)?;
        let mut expected = Validation::new(Algorithm::EdDSA);
        expected.set_issuer(&[stamp.issuer]);
        expected.set_audience(&[stamp.audience]);
        expected.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Time is the caller's part: it comes from the program's clock.
        expected.validate_exp = false;
        decode(token, &key.verifies, &expected).ok().map(|token| token.claims)
    }

    fn find(&self, kid: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.kid == kid)
    }
}

/// The key that a token says it was signed with.
#[must_use]
pub fn kid(token: &str) -> Option<String> {
    decode_header(token).ok()?.kid
}

/// A new pair of keys: the private one as PKCS #8, the public one in base64url.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn generate() -> Result<(Vec<u8>, String)> {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    let pair = Ed25519KeyPair::generate().map_err(|_| Error::internal("no key could be made"))?;
    let private = pair.to_pkcs8().map_err(|_| Error::internal("no key could be made"))?;
    Ok((private.as_ref().to_vec(), URL_SAFE_NO_PAD.encode(pair.public_key().as_ref())))
}

/// The ring as this process last read it.
#[derive(Debug, Default)]
pub struct Keyring {
    last: RwLock<Option<(Instant, Arc<Ring>)>>,
    reading: tokio::sync::Mutex<()>,
}

impl Keyring {
    /// The ring, read again when it is older than a minute, or when `missing` names a key that it does not have.
    ///
    /// # Errors
    /// Whatever `read` returns.
    pub async fn get(&self, missing: Option<&str>, read: impl AsyncFnOnce() -> Result<Ring>) -> Result<Arc<Ring>> {
        if let Some(ring) = self.fresh(missing) {
            return Ok(ring);
        }
        let _turn = self.reading.lock().await;
        if let Some(ring) = self.fresh(missing) {
            return Ok(ring);
        }
        let ring = Arc::new(read().await?);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), ring.clone()));
        Ok(ring)
    }

    /// Forgets the ring, because this process has just changed it.
    pub fn forget(&self) {
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn fresh(&self, missing: Option<&str>) -> Option<Arc<Ring>> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        let (at, ring) = last.as_ref()?;
        let enough = if missing.is_none_or(|kid| ring.knows(kid)) { MAX_AGE } else { MIN_AGE };
        (at.elapsed() < enough).then(|| ring.clone())
    }
}
