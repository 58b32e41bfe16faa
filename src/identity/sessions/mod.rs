//! Sessions 会话: a person signs in once on each device, and acts under one membership at a time.
//!
//! Signing in gives an access token, good for minutes, and a refresh token, good for one use within weeks, that is
//! exchanged for another pair. A session is the family of its refresh tokens: whoever uses a spent one again ends the
//! whole family, because one of two holders must have stolen it. Signing out, or revoking a session from another one,
//! ends access with the next request.

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    membership,
    session::{self, SessionEnd},
    user::UserStatus,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::{Action, wrong_credentials};
use super::{
    exchange,
    limits::{self, Attempt},
    memberships, people,
    tokens::{self, store::Standing},
};
use crate::{
    app::App,
    auth::{Actor, Job, Permit, SignedIn},
    error::{Error, Result},
    platform::{
        db::{Tx, Write},
        event::{Event, sha256},
        id::{self, Id},
        input::{Checks, Length},
    },
};

/// How long what a device calls itself may be.
pub(super) const CLIENT: Length = Length { min: 0, max: 100 };
/// The event of a session that acts under another membership from then on.
pub(super) const SWITCHED: &str = "SessionSwitched";
/// The event of a session that the person, or whoever disabled the person, ended.
pub(super) const ENDED: &str = "SessionEnded";
/// The event of a session that ended because a spent refresh token was used again.
pub(super) const REPLAYED: &str = "SessionReplayed";
/// Longer passwords are wrong without a look.
const LONGEST: usize = 1_024;
/// How long spent refresh tokens of an ended session are kept.
const MEMORY: TimeDelta = TimeDelta::days(7);

/// Who signs in.
#[derive(Clone, Debug, InputObject)]
pub struct SessionCreateInput {
    /// What you type to sign in; capitals do not matter.
    pub login: String,
    /// The password.
    pub password: String,
    /// Under which membership to act; without it the one last used, else the oldest.
    pub membership_id: Option<Id<membership::Entity>>,
    /// What this device or program is called in your list of sessions, up to 100 characters.
    pub client: Option<String>,
}

/// A refresh token to exchange.
#[derive(Clone, Debug, InputObject)]
pub struct SessionRefreshInput {
    /// The refresh token you hold.
    pub refresh_token: String,
}

/// Another membership to act under.
#[derive(Clone, Debug, InputObject)]
pub struct SessionSwitchInput {
    /// Which of your memberships.
    pub membership_id: Id<membership::Entity>,
}

/// A session to end.
#[derive(Clone, Debug, InputObject)]
pub struct SessionRevokeInput {
    /// Which of your sessions.
    pub id: Id<session::Entity>,
}

/// What a signed-in person holds.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Proves who is calling, until it expires.
    pub access_token: String,
    /// Good for one exchange; `None` when the one held before stays good.
    pub refresh_token: Option<String>,
    /// When the access token expires.
    pub expires_at: DateTime<Utc>,
    /// Who signed in.
    pub signed_in: SignedIn,
}

/// Signs a person in, from this address (empty where unknown).
///
/// # Errors
/// UNAUTHENTICATED, always with the same words; `RATE_LIMITED` after too many failures; `INVALID_INPUT` for a
/// membership that is not the person's own or has ended.
pub async fn create(app: &App, address: &str, input: &SessionCreateInput) -> Result<Tokens> {
    let login = people::rules::fold_login(&input.login);
    if login.len().max(input.password.len()) > LONGEST {
        return Err(wrong_credentials());
    }
    let attempt = Attempt::new(app, address, &login)?;
    let mut checks = Checks::new();
    let client = checks.optional_line("client", input.client.as_deref(), CLIENT).unwrap_or_default();
    checks.finish()?;
    let known = people::store::with_login(app.db().reader(), &login).await?;
    let proven = people::prove(app, &attempt, known.as_ref(), &input.password).await?;
    let Some(known) = known.filter(|_| proven) else { return Err(wrong_credentials()) };
    let token = RefreshToken::new()?;
    let (known, attempt, client, token_hash) = (&known, &attempt, &client, &token.hash);
    let standing = app.db().write(move |tx| async move {
        let user = people::store::lock(&tx, known.id).await?;
        let unchanged =
            |user: &entity::user::Model| user.status == UserStatus::Active && user.password_hash == known.password_hash;
        let user = user.filter(unchanged).ok_or_else(wrong_credentials)?;
        let own = memberships::store::in_force(&tx, user.id).await?;
        let membership = choose_own(&tx, user.id, (&own, input.membership_id.map(Id::key))).await?;
        let session = tx.id();
        let write = tx.under(Permit::system(Job::Sessions, rules::record(session)));
        limits::succeeded(&write, attempt, user.id).await?;
        open(app, &write, Opening { user: user.id, membership, client, token_hash }).await
    });
    Tokens::issue(app, standing.await?, Some(token)).await
}

/// Acts under another membership of the same person, in the same session. The refresh token held stays good.
///
/// # Errors
/// `INVALID_INPUT` for a membership that is not the person's own, has ended, or is not the issuer's to open by which the
/// person signed in.
pub async fn switch(app: &App, actor: &Actor, input: &SessionSwitchInput) -> Result<Tokens> {
    let standing = app.db().write(move |tx| async move {
        let facts = store::facts(&tx, actor, actor.session()).await?;
        let write = tx.permit(actor, Action::Switch, &facts).await?;
        let own = memberships::store::in_force(&tx, actor.user()).await?;
        let own = exchange::reached(&tx, facts.session.id, own).await?;
        let membership = choose_own(&tx, actor.user(), (&own, Some(input.membership_id.key()))).await?;
        let row = session::ActiveModel {
            id: Set(facts.session.id),
            membership_id: Set(membership),
            last_used_at: Set(write.now()),
            ..Default::default()
        };
        write.update(row).await?;
        write.emit(Event::new(SWITCHED).with("membership", membership)).await?;
        good_standing(&tx, facts.session.id).await
    });
    Tokens::issue(app, standing.await?, None).await
}

/// Exchanges a refresh token for another pair. It is spent then: using it again ends the session.
///
/// # Errors
/// UNAUTHENTICATED when it is unknown or spent, or its session has ended.
pub async fn refresh(app: &App, input: &SessionRefreshInput) -> Result<Tokens> {
    let (spent, token) = (RefreshToken::hash(&input.refresh_token), RefreshToken::new()?);
    let (spent, token_hash) = (&spent, &token.hash);
    let standing = app.db().write(move |tx| async move {
        let Some((session, known)) = store::family(&tx, spent).await? else { return Ok(None) };
        let write = tx.under(Permit::system(Job::Sessions, rules::record(session.id)));
        if known.spent_at.is_some() {
            return replayed(&write, &session).await;
        }
        store::spend(&write, spent).await?;
        store::add_token(&write, session.id, token_hash).await?;
        // Rotation is bookkeeping: when the session was last used stands in its row, nothing else happened to it.
        let standing = good_standing(&tx, session.id).await?;
        store::touch(&write, session.id, app.settings().session_days).await?;
        Ok(Some(standing))
    });
    let standing = standing.await?.ok_or_else(Error::unauthenticated)?;
    Tokens::issue(app, standing, Some(token)).await
}

/// The end of the family, committed before the caller is refused.
async fn replayed(write: &Write, session: &session::Model) -> Result<Option<Standing>> {
    if session.ended_at.is_none() {
        store::end(write, session.id, SessionEnd::Replayed).await?;
        write.emit(Event::new(REPLAYED).with("user", session.user_id)).await?;
    }
    Ok(None)
}

/// Signs out of the session that asks.
///
/// # Errors
/// When the database fails.
pub async fn end(app: &App, actor: &Actor) -> Result<()> {
    end_one(app, actor, actor.session(), SessionEnd::SignedOut).await
}

/// Signs out of another of one's sessions: a lost telephone, a shared computer.
///
/// # Errors
/// `NOT_FOUND` when it is not the person's own.
pub async fn revoke(app: &App, actor: &Actor, input: &SessionRevokeInput) -> Result<Uuid> {
    end_one(app, actor, input.id.key(), SessionEnd::Revoked).await?;
    Ok(input.id.key())
}

async fn end_one(app: &App, actor: &Actor, id: Uuid, reason: SessionEnd) -> Result<()> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, id).await?;
            let write = tx.permit(actor, Action::End, &facts).await?;
            if facts.session.ended_at.is_some() {
                return Ok(());
            }
            store::end(&write, id, reason).await?;
            write.emit(Event::new(ENDED)).await
        })
        .await
}

/// Ends all sessions of a user, but for one: the permit that causes it says why.
///
/// # Errors
/// When the database fails.
pub(super) async fn end_all(write: &Write, user: Uuid, except: Option<Uuid>) -> Result<()> {
    let open = store::open_of(write.tx(), user).await?;
    end_each(write, open.into_iter().filter(|id| Some(*id) != except)).await
}

/// Ends these sessions, which are open: the permit that causes it says why.
///
/// # Errors
/// When the database fails.
pub(super) async fn end_each(write: &Write, sessions: impl IntoIterator<Item = Uuid>) -> Result<()> {
    for session in sessions {
        store::end(write, session, SessionEnd::Revoked).await?;
        write.emit_for(rules::record(session), Event::new(ENDED)).await?;
    }
    Ok(())
}

/// Ends sessions that were not used for too long, and removes what nobody needs any more. For a worker, once an hour.
///
/// # Errors
/// When the database fails.
pub async fn tidy(app: &App) -> Result<()> {
    app.db()
        .write(move |tx| async move {
            let write = tx.under(Permit::system(Job::Sessions, rules::record(Uuid::nil())));
            store::expire(&write).await?;
            store::forget_tokens(&write, write.now() - MEMORY).await?;
            exchange::tidy(&write).await?;
            limits::tidy(&write).await
        })
        .await
}

/// A session to be opened.
pub(super) struct Opening<'a> {
    pub(super) user: Uuid,
    pub(super) membership: Uuid,
    pub(super) client: &'a str,
    pub(super) token_hash: &'a str,
}

/// Opens a session, which is the permit's record.
///
/// # Errors
/// When the database fails.
pub(super) async fn open(app: &App, write: &Write, new: Opening<'_>) -> Result<Standing> {
    let Opening { user, membership, client, token_hash } = new;
    let until = write.now() + TimeDelta::days(app.settings().session_days.into());
    let session = begin(write, (user, membership), (client, until)).await?;
    store::add_token(write, session, token_hash).await?;
    good_standing(write.tx(), session).await
}

/// Opens a session, which is the permit's record, for as long as one access token is good: whoever holds a secret asks
/// for another.
///
/// # Errors
/// When the database fails.
pub(super) async fn open_for_machine(
    write: &Write,
    who: (Uuid, Uuid),
    (client, until): (&str, DateTime<Utc>),
) -> Result<Standing> {
    let session = begin(write, who, (client, until)).await?;
    good_standing(write.tx(), session).await
}

async fn begin(
    write: &Write,
    (user, membership): (Uuid, Uuid),
    (client, until): (&str, DateTime<Utc>),
) -> Result<Uuid> {
    let row = session::ActiveModel {
        id: Set(write.permit().record().id),
        user_id: Set(user),
        membership_id: Set(membership),
        client: Set(client.chars().take(CLIENT.max).collect()),
        created_at: Set(write.now()),
        last_used_at: Set(write.now()),
        expires_at: Set(until),
        ended_at: Set(None),
        end_reason: Set(None),
    };
    let session = write.insert(row).await?.id;
    write.emit(Event::new("SessionStarted").with("user", user).with("membership", membership)).await?;
    Ok(session)
}

async fn good_standing(tx: &Tx, session: Uuid) -> Result<Standing> {
    let standing = tokens::store::standing(tx, session).await?;
    standing.filter(|standing| standing.is_good(tx.now())).ok_or_else(Error::unauthenticated)
}

/// As [`choose`], for whoever has proved who they are: a wrong membership is told from a wrong sign-in.
async fn choose_own(tx: &Tx, user: Uuid, (own, wanted): (&[membership::Model], Option<Uuid>)) -> Result<Uuid> {
    let chosen = choose(tx, user, (own, wanted)).await?;
    let mut checks = Checks::new();
    checks.require(
        chosen.is_some() || wanted.is_none(),
        "membershipId",
        "That is not a membership of yours in force that this session can act under.",
        "这不是您在此会话中可用的有效成员身份。",
    );
    checks.finish()?;
    chosen.ok_or_else(wrong_credentials)
}

/// The membership asked for, else the one last used, else the oldest: one of these.
///
/// # Errors
/// When the database fails.
pub(super) async fn choose(
    tx: &Tx,
    user: Uuid,
    (own, wanted): (&[membership::Model], Option<Uuid>),
) -> Result<Option<Uuid>> {
    let has = |id: &Uuid| own.iter().any(|membership| membership.id == *id);
    if wanted.is_some() {
        return Ok(wanted.filter(has));
    }
    let last = store::last_membership(tx, user).await?.filter(has);
    Ok(last.or_else(|| own.first().map(|membership| membership.id)))
}

impl Tokens {
    /// Issues an access token to whoever stands there.
    pub(super) async fn issue(app: &App, standing: Standing, refresh: Option<RefreshToken>) -> Result<Self> {
        let (access, signed_in) = tokens::issue(app, standing).await?;
        Ok(Self {
            access_token: access.text,
            refresh_token: refresh.map(|token| token.text),
            expires_at: access.expires_at,
            signed_in,
        })
    }
}

/// A refresh token, of which only the hash is kept.
#[derive(Debug)]
pub(super) struct RefreshToken {
    text: String,
    /// What the database knows of it.
    pub(super) hash: String,
}

impl RefreshToken {
    /// A new one.
    pub(super) fn new() -> Result<Self> {
        let text = id::secret_token("hzr")?;
        Ok(Self { hash: Self::hash(&text), text })
    }

    fn hash(text: &str) -> String {
        sha256(text.as_bytes())
    }
}
