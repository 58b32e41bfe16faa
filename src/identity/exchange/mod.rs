//! Single sign-on 单点登录: an ID token that a known issuer signed is exchanged for a session.
//!
//! A token is believed when an active issuer of an organization signed it, for us, and it is in time and was not exchanged
//! before. Whom it signs in is not the token's to say: its subject must be bound to a user, or its verified address
//! allowed for one (see [`super::identities`]). The session acts under memberships of the issuer's organization and the
//! departments below it only, also when it is switched: an issuer speaks for nobody else. Whatever is wrong, the answer
//! is the same; the issuer's history has the reason when the token was really the issuer's.

pub mod claims;
pub mod graphql;
mod provider;
pub mod store;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::{
    issuer::{self, IssuerStatus},
    membership, spent_id_token,
    user::UserStatus,
    user_identity::{self, IdentityStep},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::claims::{IdClaims, Refusal};
use super::{
    identities, issuers,
    limits::{self, Attempt},
    memberships, people,
    sessions::{self, Opening, RefreshToken, Tokens},
    tokens::store::Standing,
};
use crate::{
    app::App,
    auth::{Job, Permit},
    error::{self, Code, Error, Result, Text},
    platform::{
        db::{Tx, Write},
        event::{Event, sha256},
        failure::is_duplicate,
        id::Id,
        input::Checks,
        jwks,
        lifecycle::Stands,
    },
};

/// Longer than any token that is believed.
const LONGEST: usize = 16_384;

/// An ID token to exchange.
#[derive(Clone, Debug, InputObject)]
pub struct SessionExchangeInput {
    /// The ID token that the issuer gave you.
    pub id_token: String,
    /// The nonce with which you asked for it, if you did: the token must have the same.
    pub nonce: Option<String>,
    /// Under which membership to act, where the issuer reaches; without it the one last used, else the oldest.
    pub membership_id: Option<Id<membership::Entity>>,
    /// What this device or program is called in your list of sessions, up to 100 characters.
    pub client: Option<String>,
}

/// A token whose issuer signed it for us and which is in time.
struct Proven {
    issuer: Uuid,
    claims: IdClaims,
    hash: String,
    forgotten_at: DateTime<Utc>,
}

/// Signs a person in by an ID token, from this address (empty where unknown).
///
/// # Errors
/// UNAUTHENTICATED, always with the same words; `RATE_LIMITED` after too many failures.
pub async fn exchange(app: &App, address: &str, input: &SessionExchangeInput) -> Result<Tokens> {
    let mut checks = Checks::new();
    let client = checks.optional_line("client", input.client.as_deref(), sessions::CLIENT).unwrap_or_default();
    checks.finish()?;
    let token = input.id_token.trim();
    let claimed = if token.len() > LONGEST { None } else { jwks::claimed::<IdClaims>(token) };
    let claimed = claimed.filter(IdClaims::is_text);
    let account =
        claimed.as_ref().map_or_else(|| sha256(token.as_bytes()), |claims| format!("{} {}", claims.iss, claims.sub));
    let attempt = Attempt::new(app, address, &format!("issuer {account}"))?;
    let known = match &claimed {
        Some(claims) => store::user_of(app.db().reader(), &claims.iss, &claims.sub).await?,
        None => None,
    };
    limits::check(app, &attempt, known).await?;
    let outcome = match claimed {
        Some(claims) => sign_in(app, (&claims, token), input, (&attempt, &client)).await?,
        None => Err((None, Refusal::Unproven)),
    };
    match outcome {
        Ok(tokens) => Ok(tokens),
        Err((issuer, refusal)) => {
            limits::failed(app, &attempt).await?;
            record(app, issuer, refusal).await?;
            Err(not_accepted())
        }
    }
}

/// Why a token was refused, and whose it was when that is sure.
type Outcome<T> = Result<std::result::Result<T, (Option<Uuid>, Refusal)>>;

async fn sign_in(
    app: &App,
    (claimed, token): (&IdClaims, &str),
    input: &SessionExchangeInput,
    who: (&Attempt, &str),
) -> Outcome<Tokens> {
    let Some((issuer, claims)) = prove(app, claimed, token).await? else { return Ok(Err((None, Refusal::Unproven))) };
    let refused = |refusal| Ok(Err((Some(issuer.id), refusal)));
    if let Err(refusal) = claims.check(app.db().clock().now(), input.nonce.as_deref()) {
        return refused(refusal);
    }
    let (Some(signed), Some(forgotten_at)) = (jwks::signed_part(token), claims.forgotten_at()) else {
        return refused(Refusal::Time);
    };
    let proven = Proven { issuer: issuer.id, claims, hash: sha256(signed.as_bytes()), forgotten_at };
    let refresh = RefreshToken::new()?;
    match open(app, &proven, input.membership_id.map(Id::key), (who, &refresh.hash)).await {
        Ok(Ok(standing)) => Ok(Ok(Tokens::issue(app, standing, Some(refresh)).await?)),
        Ok(Err(refusal)) => refused(refusal),
        // Somebody exchanged the same token at the same moment.
        Err(error) if is_duplicate(&error) => refused(Refusal::Spent),
        Err(error) => Err(error),
    }
}

/// Spends the token and opens the session.
async fn open(
    app: &App,
    proven: &Proven,
    wanted: Option<Uuid>,
    ((attempt, client), token_hash): ((&Attempt, &str), &str),
) -> Result<std::result::Result<Standing, Refusal>> {
    app.db()
        .write(move |tx| async move {
            let (identity, membership) = match find(&tx, proven, wanted).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            bind(&tx, &identity, &proven.claims.sub).await?;
            let (user, session) = (identity.user_id, tx.id());
            let write = tx.under(Permit::system(Job::Sessions, sessions::rules::record(session)));
            let spent = spent_id_token::Model { hash: proven.hash.clone(), expires_at: proven.forgotten_at };
            store::spend(&write, spent).await?;
            limits::succeeded(&write, attempt, user).await?;
            let standing = sessions::open(app, &write, Opening { user, membership, client, token_hash }).await?;
            store::opened(&write, session, identity.id).await?;
            Ok(Ok(standing))
        })
        .await
}

/// The issuer that made a token for us, and what it claims, once the issuer's key has verified it.
async fn prove(app: &App, claimed: &IdClaims, token: &str) -> Result<Option<(issuer::Model, IdClaims)>> {
    let issuers = issuers::store::with_url(app.db().reader(), &claimed.iss).await?;
    let mut meant = issuers.into_iter().filter(|issuer| claimed.is_for(&issuer.client_id));
    let (Some(issuer), None) = (meant.next(), meant.next()) else { return Ok(None) };
    match provider::keys(app, &issuer, token).await {
        Ok(keys) => Ok(keys.verify(token).map(|claims| (issuer, claims))),
        Err(error) => {
            // Whoever runs the server reads what is wrong with the issuer; the caller is told what everybody is told.
            let cause = match &error {
                Error::Internal(cause) => causes(&**cause),
                other => other.to_string(),
            };
            tracing::warn!(issuer.id = %issuer.id, cause, "an issuer's keys cannot be read");
            Ok(None)
        }
    }
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// Whom the token signs in, and under which membership.
async fn find(
    tx: &Tx,
    proven: &Proven,
    wanted: Option<Uuid>,
) -> Result<std::result::Result<(user_identity::Model, Uuid), Refusal>> {
    let issuer = issuers::store::lock(tx, proven.issuer).await?;
    let Some((issuer, organization)) = issuer.filter(|(issuer, _)| issuer.status == IssuerStatus::Active) else {
        return Ok(Err(Refusal::Unproven));
    };
    if store::is_spent(tx, &proven.hash).await? {
        return Ok(Err(Refusal::Spent));
    }
    let bound = identities::store::bound(tx, issuer.id, &proven.claims.sub).await?;
    let identity = match (bound, proven.claims.verified_email()) {
        (Some(bound), _) => Some(bound),
        (None, Some(email)) => identities::store::pending(tx, issuer.id, &email).await?,
        (None, None) => None,
    };
    let Some(identity) = identity else { return Ok(Err(Refusal::Nobody)) };
    let user = people::store::lock(tx, identity.user_id).await?;
    if user.is_none_or(|user| user.status != UserStatus::Active) {
        return Ok(Err(Refusal::Disabled));
    }
    let own = memberships::store::in_force(tx, identity.user_id).await?;
    let reached = store::within(tx, &organization, own).await?;
    let chosen = sessions::choose(tx, identity.user_id, (&reached, wanted)).await?;
    Ok(chosen.map(|membership| (identity, membership)).ok_or(Refusal::Membership))
}

/// Binds the subject at the first token.
async fn bind(tx: &Tx, identity: &user_identity::Model, subject: &str) -> Result<()> {
    if identity.subject.is_some() {
        return Ok(());
    }
    let write = tx.under(Permit::system(Job::Sessions, identities::rules::record(identity.id)));
    let changes = user_identity::ActiveModel { subject: Set(Some(subject.to_owned())), ..Default::default() };
    let event = Event::new("IdentityBound").with("issuer", identity.issuer_id).with("user", identity.user_id);
    write.take(&Stands::of(identity), IdentityStep::Bind, changes, event).await.map(drop)
}

/// What the issuer's admins read in its history. What no issuer signed is only counted: otherwise strangers could make
/// the trail grow as they like.
async fn record(app: &App, issuer: Option<Uuid>, refusal: Refusal) -> Result<()> {
    let Some(issuer) = issuer else { return Ok(()) };
    app.db()
        .write(move |tx| async move {
            let write = tx.under(Permit::system(Job::Sessions, issuers::rules::record(issuer)));
            write.emit(Event::new("SignInRefused").with("reason", refusal.word())).await
        })
        .await
}

/// Those of somebody's memberships that a session can act under: all, unless an issuer opened it.
///
/// # Errors
/// When the database fails.
pub(super) async fn reached(tx: &Tx, session: Uuid, own: Vec<membership::Model>) -> Result<Vec<membership::Model>> {
    match store::reach_of(tx, session).await? {
        Some(organization) => store::within(tx, &organization, own).await,
        None => Ok(own),
    }
}

/// Whoever signed in by an issuer neither joins nor leaves an organization that the issuer does not speak for.
///
/// # Errors
/// `RULE_VIOLATED` when an issuer opened the session that does not reach this organization.
pub(super) async fn must_reach(tx: &Tx, session: Uuid, organization: Uuid) -> Result<()> {
    match store::reach_of(tx, session).await? {
        Some(reach) if !store::is_within(tx, &reach, organization).await? => Err(Error::rule(
            "Sign in with your password to join or leave another organization.",
            "加入或退出其他单位请使用密码登录。",
        )),
        _ => Ok(()),
    }
}

/// Forgets what needs no remembering any more.
///
/// # Errors
/// When the database fails.
pub(super) async fn tidy(write: &Write) -> Result<()> {
    store::forget(write).await
}

/// One answer for whatever is wrong with a token.
fn not_accepted() -> Error {
    let message = Text::new("This sign-in is not accepted.", "单点登录未被接受。");
    Error::Refused(error::Refusal { code: Code::Unauthenticated, message })
}
