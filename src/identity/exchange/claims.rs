//! What is in an ID token, and when it is believed (OpenID Connect Core 1.0, 3.1.3.7). Pure: the time is given.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Number, Value};

/// How far the issuer's clock and ours may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// How long a subject may be.
const LONGEST: usize = 255;

/// Why a token is not exchanged: a word for the trail, which the caller is never told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No issuer that is known and active made it for us, or its signature is wrong: anybody could have.
    Unproven,
    /// It has expired, or is not good yet.
    Time,
    /// Its nonce is not the one that was asked for.
    Nonce,
    /// It was exchanged before.
    Spent,
    /// Nobody was allowed to be this subject, or this address.
    Nobody,
    /// The user is disabled.
    Disabled,
    /// The user has no membership in force where the issuer reaches, or not the one asked for.
    Membership,
}

impl Refusal {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Time => "time",
            Self::Nonce => "nonce",
            Self::Spent => "spent",
            Self::Nobody => "nobody",
            Self::Disabled => "disabled",
            Self::Membership => "membership",
        }
    }
}

/// The claims of an ID token that are looked at.
#[derive(Clone, Debug, Deserialize)]
pub struct IdClaims {
    /// Issuer.
    pub iss: String,
    /// Subject: what the issuer calls the person, never given to another.
    pub sub: String,
    aud: Audience,
    exp: Number,
    iat: Number,
    nbf: Option<Number>,
    azp: Option<String>,
    nonce: Option<String>,
    email: Option<String>,
    email_verified: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl IdClaims {
    /// Whether the token was made for this client: it is in the audience, and the authorized party when there is one.
    /// A token for several must say which of them asked for it.
    #[must_use]
    pub fn is_for(&self, client_id: &str) -> bool {
        let (named, several) = match &self.aud {
            Audience::One(audience) => (audience == client_id, false),
            Audience::Many(audience) => (audience.iter().any(|one| one == client_id), audience.len() > 1),
        };
        named && self.azp.as_ref().map_or(!several, |party| party == client_id)
    }

    /// Whether the texts can be looked up at all: PostgreSQL's have no zeros.
    #[must_use]
    pub fn is_text(&self) -> bool {
        [Some(&self.iss), Some(&self.sub), self.email.as_ref()].into_iter().flatten().all(|text| !text.contains('\0'))
    }

    /// Whether the token is good at this moment, and an answer to this request.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, now: DateTime<Utc>, nonce: Option<&str>) -> Result<(), Refusal> {
        let (begins, ends) = (moment(&self.iat), self.expires_at());
        let not_before = self.nbf.as_ref().map_or(begins, moment);
        let (Some(begins), Some(not_before), Some(ends)) = (begins, not_before, ends) else {
            return Err(Refusal::Time);
        };
        if begins.max(not_before) > now + SKEW || ends <= now - SKEW {
            return Err(Refusal::Time);
        }
        if nonce.is_some() && nonce != self.nonce.as_deref() {
            return Err(Refusal::Nonce);
        }
        if self.sub.is_empty() || self.sub.len() > LONGEST {
            return Err(Refusal::Nobody);
        }
        Ok(())
    }

    /// The moment at which the token ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        moment(&self.exp)
    }

    /// Until when the token must be remembered as spent.
    #[must_use]
    pub fn forgotten_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at()?.checked_add_signed(SKEW)
    }

    /// The address in its one spelling, if the issuer says that it is the person's.
    #[must_use]
    pub fn verified_email(&self) -> Option<String> {
        let verified = self.email_verified == Some(Value::Bool(true));
        self.email.as_ref().filter(|_| verified).map(|email| email.trim().to_lowercase())
    }
}

/// Seconds since 1970, perhaps with a fraction, which is cut off.
fn moment(seconds: &Number) -> Option<DateTime<Utc>> {
    let text = seconds.to_string();
    let whole = text.split_once('.').map_or(text.as_str(), |(whole, _)| whole);
    DateTime::from_timestamp(whole.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(changes: &Value) -> IdClaims {
        let mut claims = json!({ "iss": "https://sso.example", "sub": "li", "aud": "hezuo", "exp": 1_000, "iat": 400 });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        serde_json::from_value(claims).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn whom_a_token_is_for() {
        for (changes, expected) in [
            (json!({}), true),
            (json!({ "aud": "other" }), false),
            (json!({ "aud": ["hezuo"] }), true),
            (json!({ "aud": [] }), false),
            (json!({ "aud": ["hezuo", "other"] }), false),
            (json!({ "aud": ["hezuo", "other"], "azp": "hezuo" }), true),
            (json!({ "aud": ["hezuo", "other"], "azp": "other" }), false),
            (json!({ "azp": "other" }), false),
            (json!({ "azp": "hezuo" }), true),
        ] {
            assert_eq!(claims(&changes).is_for("hezuo"), expected, "{changes}");
        }
    }

    #[test]
    fn when_a_token_is_good() {
        for (changes, now, good) in [
            (json!({}), 340, true),
            (json!({}), 339, false),
            (json!({}), 1_059, true),
            (json!({}), 1_060, false),
            (json!({ "nbf": 600 }), 540, true),
            (json!({ "nbf": 600 }), 539, false),
            (json!({ "exp": 1_000.9 }), 1_059, true),
            (json!({ "exp": 1e300 }), 500, false),
            (json!({ "exp": u64::MAX }), 500, false),
        ] {
            let expected = if good { Ok(()) } else { Err(Refusal::Time) };
            assert_eq!(claims(&changes).check(at(now), None), expected, "{changes} at {now}");
        }
    }

    #[test]
    fn what_a_token_answers() {
        let answers = |changes: &Value, nonce| claims(changes).check(at(500), nonce);
        assert_eq!(answers(&json!({ "nonce": "a" }), Some("a")), Ok(()));
        assert_eq!(answers(&json!({ "nonce": "a" }), None), Ok(()));
        assert_eq!(answers(&json!({ "nonce": "a" }), Some("b")), Err(Refusal::Nonce));
        assert_eq!(answers(&json!({}), Some("a")), Err(Refusal::Nonce));
        assert_eq!(answers(&json!({ "sub": "" }), None), Err(Refusal::Nobody));
    }

    #[test]
    fn only_a_verified_address_counts() {
        let email = |verified: Value| claims(&json!({ "email": "Li@Example.org", "email_verified": verified }));
        assert_eq!(email(json!(true)).verified_email().as_deref(), Some("li@example.org"));
        for verified in [json!(false), json!("true"), json!(1), Value::Null] {
            assert_eq!(email(verified.clone()).verified_email(), None, "{verified}");
        }
        assert_eq!(claims(&json!({ "email": "li@example.org" })).verified_email(), None);
    }
}
