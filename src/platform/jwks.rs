//! Other people's signed tokens: their published keys (JWKS, RFC 7517), and what is believed because of them.
//!
//! A key decides which algorithm it verifies: RS256, ES256 or EdDSA; what a token says of itself must agree. Keys are
//! read again every ten minutes, and when a token names one that is not known, but never more than twice a minute: whoever
//! invents keys does not make this server ask for them each time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

const MAX_AGE: TimeDelta = TimeDelta::minutes(10);
const PACE: TimeDelta = TimeDelta::seconds(30);

/// What an issuer verifies its tokens with.
#[derive(Debug, Default)]
pub struct KeySet(Vec<Key>);

#[derive(Debug)]
struct Key {
    kid: Option<String>,
    algorithm: Algorithm,
    verifies: DecodingKey,
}

impl KeySet {
    /// The keys of a JWKS document that are understood; others are passed over.
    #[must_use]
    pub fn read(document: &Value) -> Self {
        let keys = document["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self(keys.iter().filter_map(|key| Key::read(key.clone())).collect())
    }

    /// The claims of a token that one of the keys signed. Says nothing about what they claim.
    #[must_use]
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let header = decode_header(token).ok()?;
        // An access token, a logout token or whatever else has a type of its own is no ID token.
        let plain = header.typ.as_ref().is_none_or(|kind| kind.eq_ignore_ascii_case("JWT"));
        // Whoever must understand more than we do (`crit`) shall not believe it.
        if !plain || header.crit.is_some() {
            return None;
        }
        let key = self.find(&header)?;
        let mut expected = Validation::new(key.algorithm);
        expected.set_required_spec_claims::<&str>(&[]);
        // Time, issuer and audience are the caller's part: time comes from the program's clock.
        expected.validate_exp = false;
        expected.validate_aud = false;
        decode(token, &key.verifies, &expected).ok().map(|token| token.claims)
    }

    /// Whether the key that a token names is there.
    fn knows(&self, token: &str) -> bool {
        decode_header(token).is_ok_and(|header| self.find(&header).is_some())
    }

    /// The only key of that name for that algorithm; without a name the only one for that algorithm.
    fn find(&self, header: &Header) -> Option<&Key> {
        let fits = |key: &&Key| key.algorithm == header.alg && (header.kid.is_none() || key.kid == header.kid);
        let mut keys = self.0.iter().filter(fits);
        keys.next().filter(|_| keys.next().is_none())
    }
}

impl Key {
    fn read(document: Value) -> Option<Self> {
        let key: Jwk = serde_json::from_value(document).ok()?;
        let algorithm = match &key.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => Algorithm::ES256,
            AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
            _ => return None,
        };
        let named = match key.common.key_algorithm {
            None => true,
            Some(KeyAlgorithm::RS256) => algorithm == Algorithm::RS256,
            Some(KeyAlgorithm::ES256) => algorithm == Algorithm::ES256,
            Some(KeyAlgorithm::EdDSA) => algorithm == Algorithm::EdDSA,
            Some(_) => false,
        };
        let signs = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
        let verifies = DecodingKey::from_jwk(&key).ok().filter(|_| named && signs)?;
        Some(Self { kid: key.common.key_id, algorithm, verifies })
    }
}

/// What a token claims, whoever made it: to find out whom to ask.
#[must_use]
pub fn claimed<T: DeserializeOwned>(token: &str) -> Option<T> {
    let (_, claims) = signed_part(token)?.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// What of a token is signed: all but the signature, which can be written in several ways.
#[must_use]
pub fn signed_part(token: &str) -> Option<&str> {
    token.rsplit_once('.').map(|(signed, _)| signed).filter(|signed| signed.matches('.').count() == 1)
}

/// The keys of several issuers, as this process last read them.
#[derive(Debug, Default)]
pub struct KeySets(Mutex<HashMap<String, Arc<Known>>>);

#[derive(Debug, Default)]
struct Known {
    last: RwLock<Last>,
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Last {
    tried_at: Option<DateTime<Utc>>,
    read: Option<(DateTime<Utc>, Arc<KeySet>)>,
}

impl KeySets {
    /// The keys of an issuer for this token, read again when they are old or do not have the token's key.
    ///
    /// # Errors
    /// Whatever `read` returns; when they could not be read a moment ago.
    pub async fn get(
        &self,
        issuer: &str,
        (token, now): (&str, DateTime<Utc>),
        read: impl AsyncFnOnce() -> Result<KeySet>,
    ) -> Result<Arc<KeySet>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(issuer.to_owned()).or_default().clone();
        if let Some(keys) = known.fresh(now).filter(|keys| keys.knows(token)) {
            return Ok(keys);
        }
        // Whoever asks at this moment may learn the key that is missing: what is not known yet is not refused yet.
        let _turn = known.reading.lock().await;
        if let Some(answer) = known.answer(token, now) {
            return answer;
        }
        known.last.write().unwrap_or_else(PoisonError::into_inner).tried_at = Some(now);
        let keys = Arc::new(read().await?);
        known.last.write().unwrap_or_else(PoisonError::into_inner).read = Some((now, keys.clone()));
        Ok(keys)
    }
}

impl Known {
    fn fresh(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        last.read.as_ref().filter(|(read_at, _)| now - *read_at < MAX_AGE).map(|(_, keys)| keys.clone())
    }

    /// What can be said without asking; nothing when it is time to ask.
    fn answer(&self, token: &str, now: DateTime<Utc>) -> Option<Result<Arc<KeySet>>> {
        let tried_at = self.last.read().unwrap_or_else(PoisonError::into_inner).tried_at;
        let asked = tried_at.is_some_and(|tried_at| now - tried_at < PACE);
        match self.fresh(now) {
            Some(keys) if asked || keys.knows(token) => Some(Ok(keys)),
            None if asked => Some(Err(Error::internal("the keys could not be read a moment ago"))),
            _ => None,
        }
    }
}
