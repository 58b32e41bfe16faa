//! Service accounts 系统账号: a county's or a university's IT system that acts for its organization.
//!
//! An admin **creates** one and grants it scopes; its secret is shown once, and only its hash is kept. The system
//! exchanges id and secret for short-lived access tokens ([`token`], OAuth 2.0 client credentials). **Rotating** gives
//! another secret while the old one stays good for a day; **revoking** ends it at once, open sockets included. It is a
//! user without a password, so nobody signs in as it, and it acts under a membership of its own, with what its scopes
//! leave of its organization's rights (see [`crate::auth::scope`]).

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::TimeDelta;
use entity::{
    membership::Role,
    service_account::{self, Scope, ServiceAccountStep as Step},
};
use sea_orm::{ActiveEnum as _, ActiveValue::Set};
use uuid::Uuid;

use self::rules::{Action, HostAction};
use super::{
    limits::{self, Attempt},
    memberships, people, sessions,
    tokens::{self, claims::AccessToken},
};
use crate::{
    app::App,
    auth::{Actor, Job, Permit, SignedIn},
    error::{Error, Result},
    platform::{
        db::{Tx, Write},
        event::{Event, sha256},
        id::{self, Id},
        input::{Checks, NAME, expect_version},
        lifecycle::Stepped as _,
    },
};

/// How long the secret before a rotation stays good.
const OVERLAP: TimeDelta = TimeDelta::days(1);

/// A service account to create.
#[derive(Clone, Debug, InputObject)]
pub struct ServiceAccountCreateInput {
    /// What it is called in lists and in the trail, 1 to 200 characters.
    pub name: String,
    /// What it may do: one or more.
    pub scopes: Vec<Scope>,
}

/// A service account to rotate or revoke.
#[derive(Clone, Debug, InputObject)]
pub struct ServiceAccountStepInput {
    /// Which service account.
    pub id: Id<service_account::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// A service account and its new secret, which nobody can read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The account.
    pub account: Uuid,
    /// Its secret.
    pub secret: String,
}

/// Creates a service account of the own organization.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong.
pub async fn create(app: &App, actor: &Actor, input: &ServiceAccountCreateInput) -> Result<Issued> {
    let secret = id::secret_token("secret")?;
    let hash = &sha256(secret.as_bytes());
    let account = app.db().write(move |tx| async move {
        let facts = store::host(&tx, actor).await?;
        let write = tx.permit(actor, HostAction::AddServiceAccount, &facts).await?;
        let mut checks = Checks::new();
        let name = checks.line("name", &input.name, NAME);
        checks.require(
            !input.scopes.is_empty(),
            "scopes",
            "scopes: expected one or more.",
            "scopes 应至少包含一项授权范围。",
        );
        checks.finish()?;
        let account = write.id();
        let user = people::add_machine(&write, account, &name).await?;
        let membership = memberships::begin(&write, user, &facts.organization, Role::ServiceAccount).await?;
        let row = service_account::ActiveModel {
            id: Set(account),
            organization_id: Set(facts.organization.id),
            user_id: Set(user),
            membership_id: Set(membership),
            name: Set(name),
            scopes: Set(words(&input.scopes)),
            secret_hash: Set(hash.clone()),
            created_by_id: Set(actor.user()),
            ..Default::default()
        };
        store::add(&write, row).await?;
        let event = Event::new("ServiceAccountCreated").with("scopes", words(&input.scopes));
        write.emit_first(rules::record(account), event).await?;
        Ok(account)
    });
    Ok(Issued { account: account.await?, secret })
}

/// Gives a service account another secret; the one before stays good for a day.
///
/// # Errors
/// `ILLEGAL_STEP` once it is revoked; CONFLICT for a stale version.
pub async fn rotate(app: &App, actor: &Actor, input: &ServiceAccountStepInput) -> Result<Issued> {
    let secret = id::secret_token("secret")?;
    let hash = &sha256(secret.as_bytes());
    let account = app.db().write(move |tx| async move {
        let facts = store::facts(&tx, actor, input.id.key()).await?;
        let write = tx.permit(actor, Action::Rotate, &facts).await?;
        expect_version(input.expected_version, facts.account.version)?;
        facts.stands(actor).may(Step::Revoke)?;
        let changes = service_account::ActiveModel {
            secret_hash: Set(hash.clone()),
            previous_hash: Set(Some(facts.account.secret_hash.clone())),
            previous_until: Set(Some(write.now() + OVERLAP)),
            ..Default::default()
        };
        write.change::<service_account::Entity>(facts.account.id, facts.account.version, changes).await?;
        write.emit(Event::new("ServiceAccountSecretRotated")).await?;
        Ok(facts.account.id)
    });
    Ok(Issued { account: account.await?, secret })
}

/// Ends a service account for good, and whatever it has open.
///
/// # Errors
/// `ILLEGAL_STEP` when already revoked; CONFLICT for a stale version.
pub async fn revoke(app: &App, actor: &Actor, input: &ServiceAccountStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Revoke), &facts).await?;
            expect_version(input.expected_version, facts.account.version)?;
            let changes = service_account::ActiveModel { previous_hash: Set(None), ..Default::default() };
            write.take(&facts.stands(actor), Step::Revoke, changes, Event::new("ServiceAccountRevoked")).await?;
            sessions::end_all(&write, facts.account.user_id, None).await?;
            memberships::end_for(&write, facts.account.membership_id).await?;
            Ok(facts.account.id)
        })
        .await
}

/// A token for a service account that proves who it is, and the scopes that it has.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The token.
    pub token: AccessToken,
    /// Its scopes, separated by spaces.
    pub scope: String,
    /// Who it is.
    pub signed_in: SignedIn,
}

/// What somebody who proved to be a service account gets.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A token: what was granted is granted whole.
    Granted(Granted),
    /// Nothing: it asked for more than these scopes, which are its own.
    AskedForMore(String),
}

/// Exchanges id and secret for an access token with the account's scopes; whoever asks for others is told so.
///
/// # Errors
/// UNAUTHENTICATED, always with the same words; `RATE_LIMITED` after too many failures.
pub async fn token(app: &App, address: &str, (client, secret): (&str, &str), asked: Option<&str>) -> Result<Answer> {
    let attempt = &Attempt::new(app, address, client)?;
    let account = match Id::<service_account::Entity>::read(client) {
        Some(id) => store::active(app.db().reader(), id.key()).await?,
        None => None,
    };
    limits::check(app, attempt, account.as_ref().map(|account| account.user_id)).await?;
    let now = app.db().clock().now();
    let Some(account) = account.filter(|account| proves(account, secret, now)) else {
        limits::failed(app, attempt).await?;
        return Err(Error::unauthenticated());
    };
    let has = |word: &str| account.scopes.split_whitespace().any(|scope| scope == word);
    if !asked.unwrap_or_default().split_whitespace().all(has) {
        return Ok(Answer::AskedForMore(account.scopes));
    }
    let (row, minutes) = (&account, app.settings().access_token_minutes);
    let standing = app.db().write(move |tx| async move {
        // Whoever revokes it waits, or was faster.
        let row = store::lock_active(&tx, row.id).await?.ok_or_else(Error::unauthenticated)?;
        let write = tx.under(Permit::system(Job::Sessions, sessions::rules::record(tx.id())));
        limits::succeeded(&write, attempt, row.user_id).await?;
        let until = write.now() + TimeDelta::minutes(minutes.into());
        sessions::open_for_machine(&write, (row.user_id, row.membership_id), (&row.name, until)).await
    });
    let (token, signed_in) = tokens::issue(app, standing.await?).await?;
    Ok(Answer::Granted(Granted { token, scope: account.scopes, signed_in }))
}

/// How many service accounts an organization has: what a merge would move.
///
/// # Errors
/// When the database fails.
pub async fn count_of(tx: &Tx, organization: Uuid) -> Result<usize> {
    store::count_of(tx, organization).await
}

/// The systems of a duplicate act for the organization that stays, as their memberships do. Part of the write that
/// merges them.
///
/// # Errors
/// When the database fails.
pub async fn move_all(write: &Write, from: Uuid, into: Uuid) -> Result<()> {
    store::readdress(write, (from, into)).await
}

fn proves(account: &service_account::Model, secret: &str, now: chrono::DateTime<chrono::Utc>) -> bool {
    let given = sha256(secret.as_bytes());
    let is = |hash: &str| verify_slices_are_equal(hash.as_bytes(), given.as_bytes()).is_ok();
    let before = account.previous_until.is_some_and(|until| now < until);
    is(&account.secret_hash) || before && account.previous_hash.as_deref().is_some_and(is)
}

fn words(scopes: &[Scope]) -> String {
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.iter().map(Scope::to_value).collect::<Vec<_>>().join(" ")
}
