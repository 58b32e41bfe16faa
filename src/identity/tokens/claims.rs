//! What is in an access token, and when it is believed. Pure: the time is given.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{membership, organization, service_account, session, user};
use sea_orm::ActiveEnum as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::Standing;
use crate::{
    error::Result,
    platform::{
        id::{self, Id},
        keyring::{Ring, Stamp},
    },
    settings::Settings,
};

/// `typ` of an access token, RFC 9068.
const KIND: &str = "at+jwt";
/// The client of people who sign in with a password.
const PEOPLE: &str = "hezuo";
/// How far the clocks of two servers may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(10);
/// Longer than any token of ours.
const LONGEST: usize = 4_096;

/// The claims of an access token. Ids are those that the API shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: this server's public address.
    pub iss: String,
    /// Audience: its API.
    pub aud: String,
    /// Subject: the user.
    pub sub: String,
    /// The session.
    pub sid: String,
    /// The token itself.
    pub jti: String,
    /// The program to which it was given.
    pub client_id: String,
    /// The scopes of a service account, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The membership under which it acts.
    pub membership: String,
    /// The organization of that membership.
    pub org: String,
    /// That organization's kind.
    pub side: String,
    /// The role of that membership.
    pub role: String,
    /// The user's session epoch: raised when every token must end.
    pub epoch: i32,
    /// When it was issued, in seconds.
    pub iat: i64,
    /// From when it is good, in seconds.
    pub nbf: i64,
    /// Until when it is good, in seconds.
    pub exp: i64,
}

/// An access token and the moment at which it ends.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token.
    pub text: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Issues a token to whoever stands there.
///
/// # Errors
/// When the key is none.
pub fn issue(ring: &Ring, settings: &Settings, standing: &Standing, now: DateTime<Utc>) -> Result<AccessToken> {
    let seconds = now.timestamp();
    let expires = seconds + i64::from(settings.access_token_minutes) * 60;
    let claims = Claims {
        iss: settings.public_url.clone(),
        aud: audience(settings),
        sub: Id::<user::Entity>::new(standing.user).to_string(),
        sid: Id::<session::Entity>::new(standing.session).to_string(),
        jti: id::new(now).to_string(),
        client_id: standing
            .service
            .map_or_else(|| PEOPLE.to_owned(), |id| Id::<service_account::Entity>::new(id).to_string()),
        scope: standing.scopes.clone(),
        membership: Id::<membership::Entity>::new(standing.membership).to_string(),
        org: Id::<organization::Entity>::new(standing.organization).to_string(),
        side: standing.side.to_value(),
        role: standing.role.to_value(),
        epoch: standing.epoch,
        iat: seconds,
        nbf: seconds,
        exp: expires,
    };
    let expires_at = DateTime::from_timestamp(expires, 0).unwrap_or(now);
    Ok(AccessToken { text: ring.sign(KIND, &claims)?, expires_at })
}

/// The claims of a token that is ours and good at this moment.
#[must_use]
pub fn read(ring: &Ring, settings: &Settings, token: &str, now: DateTime<Utc>) -> Option<Claims> {
    if token.len() > LONGEST {
        return None;
    }
    let audience = audience(settings);
    let stamp = Stamp { kind: KIND, issuer: &settings.public_url, audience: &audience };
    let claims: Claims = ring.read(token, &stamp)?;
    let in_time = claims.nbf <= (now + SKEW).timestamp() && now.timestamp() < claims.exp;
    in_time.then_some(claims)
}

impl Claims {
    /// The session that the token belongs to.
    #[must_use]
    pub fn session(&self) -> Option<Uuid> {
        Id::<session::Entity>::read(&self.sid).map(Id::key)
    }

    /// The moment at which the token ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.exp, 0)
    }

    /// Whether nothing has changed since the token was issued: same person, same membership, same epoch.
    #[must_use]
    pub fn agree_with(&self, standing: &Standing) -> bool {
        self.epoch == standing.epoch
            && Id::<user::Entity>::read(&self.sub).map(Id::key) == Some(standing.user)
            && Id::<membership::Entity>::read(&self.membership).map(Id::key) == Some(standing.membership)
    }
}

fn audience(settings: &Settings) -> String {
    format!("{}/graphql", settings.public_url)
}

#[cfg(test)]
mod tests {
    use entity::{
        membership::{MembershipStatus, Role},
        organization::OrganizationKind,
        user::UserStatus,
    };
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::keyring::{self, Key};

    fn ring(kid: &str) -> Ring {
        let (private, public) = keyring::generate().unwrap();
        Ring::new(vec![Key::new(kid.to_owned(), public).unwrap()], kid.to_owned(), &private)
    }

    fn settings() -> Settings {
        Settings::load(std::iter::empty(), None).unwrap()
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 500_000_000).unwrap()
    }

    fn standing() -> Standing {
        let id = |n| Uuid::from_u128(n);
        Standing {
            session: id(1),
            user: id(2),
            membership: id(3),
            organization: id(4),
            role: Role::Student,
            side: OrganizationKind::University,
            region: None,
            epoch: 7,
            service: None,
            scopes: None,
            expires_at: now(),
            ended_at: None,
            user_status: UserStatus::Active,
            membership_status: MembershipStatus::Active,
        }
    }

    #[test]
    fn what_is_issued_is_believed_until_it_expires() {
        let (ring, settings) = (ring("a"), settings());
        let token = issue(&ring, &settings, &standing(), now()).unwrap();
        let claims = read(&ring, &settings, &token.text, now()).unwrap();
        assert_eq!(claims.session(), Some(Uuid::from_u128(1)));
        assert_eq!(claims.expires_at(), Some(token.expires_at));
        assert!(claims.agree_with(&standing()));
        assert!(!claims.agree_with(&Standing { epoch: 8, ..standing() }));
        assert!(!claims.agree_with(&Standing { membership: Uuid::from_u128(9), ..standing() }));
        let last = token.expires_at - TimeDelta::microseconds(1);
        assert_eq!(read(&ring, &settings, &token.text, last), Some(claims));
        assert_eq!(read(&ring, &settings, &token.text, token.expires_at), None);
        assert_eq!(read(&ring, &settings, &token.text, now() - TimeDelta::minutes(1)), None);
    }

    #[test]
    fn another_key_is_not_believed_even_under_the_same_name() {
        let settings = settings();
        let token = issue(&ring("a"), &settings, &standing(), now()).unwrap();
        assert_eq!(read(&ring("a"), &settings, &token.text, now()), None);
    }

    /// Signed with the right key, but not what we issue.
    #[test]
    fn every_claim_must_be_as_expected() {
        let (ring, settings) = (ring("a"), settings());
        let token = issue(&ring, &settings, &standing(), now()).unwrap();
        let good = serde_json::to_value(read(&ring, &settings, &token.text, now()).unwrap()).unwrap();
        let believed = |kind, claims: &Value| {
            let token = ring.sign(kind, claims).unwrap();
            read(&ring, &settings, &token, now()).is_some()
        };
        assert!(believed("at+jwt", &good));
        assert!(!believed("JWT", &good));
        let long_ago = now().timestamp() - 1;
        let far = now().timestamp() + 3_600;
        for (claim, value) in [
            ("iss", json!("https://elsewhere.example")),
            ("aud", json!("http://localhost:8080")),
            ("aud", json!(["http://localhost:8080"])),
            ("exp", json!(long_ago)),
            ("nbf", json!(far)),
            ("epoch", json!("7")),
            ("sub", Value::Null),
        ] {
            let mut claims = good.clone();
            claims[claim] = value.clone();
            assert!(!believed("at+jwt", &claims), "{claim}: {value}");
        }
        for claim in ["iss", "aud", "sub", "sid", "exp", "nbf", "epoch", "membership"] {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(claim);
            assert!(!believed("at+jwt", &claims), "without {claim}");
        }
    }
}
