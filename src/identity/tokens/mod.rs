//! Access tokens 访问令牌: short-lived proof of who is calling, checked on every request.
//!
//! A token alone is not enough. One indexed statement asks whether its session, person and membership still are what
//! they were when it was issued; the answer is remembered for as long as the event log tells nothing of them. So signing
//! out, disabling a user, ending a membership or changing a password ends access with the next request on this server,
//! and within half a second on every other. Open sockets ask the same memory every second.

pub mod claims;
pub mod store;

use chrono::{DateTime, Utc};
use entity::{event, membership, user::UserStatus};

use self::{
    claims::{AccessToken, Claims},
    store::Standing,
};
use super::{keys, memberships, memberships::rules::admin_of, people, sessions};
use crate::{
    app::App,
    auth::{Actor, Badge, Scopes, SignedIn},
    error::{Code, Error, Problem, Result, Text},
    platform::{access::Found, id::Id, keyring},
};

/// The one place that makes an actor: whoever stands there.
fn signed_in(standing: Standing, expires_at: DateTime<Utc>) -> SignedIn {
    let actor = Actor::new(Badge {
        user: standing.user,
        membership: standing.membership,
        organization: standing.organization,
        role: if standing.service.is_some() { admin_of(standing.side) } else { standing.role },
        side: standing.side,
        region: standing.region.unwrap_or_default(),
        session: standing.session,
        scopes: standing.scopes.as_deref().map(Scopes::read),
    });
    SignedIn { actor, expires_at }
}

/// Who a bearer token belongs to.
///
/// # Errors
/// UNAUTHENTICATED when the token is not good (any more).
pub async fn caller(app: &App, bearer: &str) -> Result<SignedIn> {
    let kid = keyring::kid(bearer).ok_or_else(Error::unauthenticated)?;
    let ring = keys::ring(app, None).await?;
    if let Some(known) = app.access().find(app.db(), &ring, bearer).await? {
        return Ok(known);
    }
    let ring = keys::ring(app, Some(&kid)).await?;
    let stamp = app.latest().begin(app.db()).await?;
    let now = app.db().clock().now();
    let claims = claims::read(&ring, app.settings(), bearer, now).ok_or_else(Error::unauthenticated)?;
    let (standing, expires_at) = find(app, &claims, now).await?.ok_or_else(Error::unauthenticated)?;
    let (until, mut rests_on) = (standing.expires_at, standing.records());
    rests_on.extend(standing.service);
    let signed_in = signed_in(standing, expires_at);
    app.access().keep(bearer, Found { signed_in: signed_in.clone(), until, rests_on, stamp, ring });
    Ok(signed_in)
}

async fn find(app: &App, claims: &Claims, now: DateTime<Utc>) -> Result<Option<(Standing, DateTime<Utc>)>> {
    let (Some(session), Some(expires_at)) = (claims.session(), claims.expires_at()) else { return Ok(None) };
    let standing = store::standing(app.db().aside(), session).await?;
    let standing = standing.filter(|standing| standing.is_good(now) && claims.agree_with(standing));
    Ok(standing.map(|standing| (standing, expires_at)))
}

/// Whoever signs in with this login, as they would read right after it: under this membership, else the one that a session
/// would begin with. For `hezuo explain`, which whoever holds the database runs: no password is asked, nothing is written
/// and no session begins, so that every permit refuses this actor.
///
/// # Errors
/// `INVALID_INPUT` when nobody can sign in so.
pub async fn reading_as(app: &App, login: &str, membership: Option<&str>) -> Result<Actor> {
    let wanted = membership.map(|text| Id::<membership::Entity>::read(text).ok_or_else(not_a_membership));
    let (wanted, login) = (wanted.transpose()?.map(Id::key), &people::rules::fold_login(login));
    let standing = app.db().write(move |tx| async move {
        let user = people::store::with_login(&tx, login).await?;
        let user = user.filter(|user| user.status == UserStatus::Active).ok_or_else(nobody)?;
        let own = memberships::store::in_force(&tx, user.id).await?;
        let chosen = sessions::choose(&tx, user.id, (&own, wanted)).await?;
        let membership = own.into_iter().find(|own| Some(own.id) == chosen).ok_or_else(not_a_membership)?;
        store::without_session(&tx, user, membership).await
    });
    let standing = standing.await?;
    let expires_at = standing.expires_at;
    Ok(signed_in(standing, expires_at).actor)
}

fn nobody() -> Error {
    let message = Text::new("Nobody can sign in with this login.", "没有可用此登录名登录的用户。");
    Problem::new(Code::InvalidInput, message).at(["login"]).into()
}

fn not_a_membership() -> Error {
    let message = Text::new("That is not a membership in force of this person.", "这不是该用户的有效成员身份。");
    Problem::new(Code::InvalidInput, message).at(["membership"]).into()
}

/// Whether somebody who was signed in still is: for open sockets to ask every second. However many ask, the log is read
/// at most every 400 milliseconds.
pub async fn still_valid(app: &App, signed_in: &SignedIn) -> bool {
    if app.db().clock().now() >= signed_in.expires_at {
        return false;
    }
    let ids = [signed_in.actor.session(), signed_in.actor.membership()];
    match app.latest().of(app.db(), &ids).await {
        Ok(Some(events)) => !events.iter().any(|event| ends_access(event, signed_in)),
        Ok(None) => false,
        Err(error) => {
            tracing::error!(?error, "the event log cannot be read, so that a socket is closed");
            false
        }
    }
}

fn ends_access(event: &event::Model, signed_in: &SignedIn) -> bool {
    match event.kind.as_str() {
        sessions::ENDED | sessions::REPLAYED | memberships::ENDED | memberships::MOVED => true,
        sessions::SWITCHED => !event.data.contains(&signed_in.actor.membership().to_string()),
        _ => false,
    }
}

/// Issues an access token to whoever stands there, and says who that is.
///
/// # Errors
/// When the signing keys cannot be read.
pub(super) async fn issue(app: &App, standing: Standing) -> Result<(AccessToken, SignedIn)> {
    let ring = keys::ring(app, None).await?;
    let token = claims::issue(&ring, app.settings(), &standing, app.db().clock().now())?;
    let signed_in = signed_in(standing, token.expires_at);
    Ok((token, signed_in))
}
