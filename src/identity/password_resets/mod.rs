//! Password resets 重置密码: for whoever has forgotten the password.
//!
//! No letters are sent here. An admin makes a token for a plain member of the own organization and hands it over; whoever
//! runs the server makes one for anybody. The token is shown once; only its hash is kept. It is good once, for a day, and
//! a newer one takes its place. Using it ends every session of the person.

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use chrono::TimeDelta;
use entity::{password_reset, user};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::{Action, Facts, not_good};
use super::{people, sessions};
use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::{Error, Result},
    platform::{
        db::Write,
        event::{Event, sha256},
        id::{self, Id},
        input::Checks,
    },
};

const GOOD_FOR: TimeDelta = TimeDelta::days(1);

/// Who has forgotten the password.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordResetCreateInput {
    /// Which user.
    pub user_id: Id<user::Entity>,
}

/// Whose token to take back.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordResetRevokeInput {
    /// Which user.
    pub user_id: Id<user::Entity>,
}

/// Another password in place of the forgotten one.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordResetAcceptInput {
    /// The token you were handed.
    pub token: String,
    /// The password you want, 10 to 200 characters, not one that others guess.
    pub new_password: String,
}

/// Makes a token for a member who has forgotten the password.
///
/// # Errors
/// `NOT_FOUND` for a user whom the actor does not see; FORBIDDEN for one whom the actor must not become.
pub async fn create(app: &App, actor: &Actor, input: &PasswordResetCreateInput) -> Result<(Uuid, String)> {
    let token = id::secret_token("hzp")?;
    let hash = &sha256(token.as_bytes());
    let user = app.db().write(move |tx| async move {
        let user = people::store::facts(&tx, actor, input.user_id.key()).await?.user;
        let facts = store::with_places(&tx, user).await?;
        let write = tx.permit(actor, Action::Create, &facts).await?;
        issue(&write, &facts, hash, Some(actor.user())).await
    });
    Ok((user.await?, token))
}

/// Makes a token for whoever has this login: `hezuo user reset`.
///
/// # Errors
/// `NOT_FOUND` when nobody signs in with it by a password.
pub async fn issue_for(app: &App, login: &str) -> Result<String> {
    let token = id::secret_token("hzp")?;
    let hash = &sha256(token.as_bytes());
    let login = &people::rules::fold_login(login);
    app.db()
        .write(move |tx| async move {
            let known = people::store::with_login(&tx, login).await?.ok_or_else(Error::not_found)?;
            let user = people::store::lock(&tx, known.id).await?.ok_or_else(Error::not_found)?;
            let facts = store::with_places(&tx, user).await?;
            if !facts.can_be_reset() {
                return Err(Error::not_found());
            }
            let write = tx.under(Permit::system(Job::Bootstrap, people::rules::record(known.id)));
            issue(&write, &facts, hash, None).await
        })
        .await?;
    Ok(token)
}

async fn issue(write: &Write, facts: &Facts, hash: &str, issued_by: Option<Uuid>) -> Result<Uuid> {
    end_open(write, facts.user.id).await?;
    let row = password_reset::ActiveModel {
        user_id: Set(facts.user.id),
        token_hash: Set(hash.to_owned()),
        issued_by_id: Set(issued_by),
        expires_at: Set(write.now() + GOOD_FOR),
        ..Default::default()
    };
    store::add(write, row).await?;
    write.emit(Event::new("PasswordResetCreated")).await?;
    Ok(facts.user.id)
}

/// Takes a token back that was not used.
///
/// # Errors
/// `NOT_FOUND` for a user whom the actor does not see; FORBIDDEN as in [`create`]. Without a token that could be used, nothing happens.
pub async fn revoke(app: &App, actor: &Actor, input: &PasswordResetRevokeInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let user = people::store::facts(&tx, actor, input.user_id.key()).await?.user;
            let facts = store::with_places(&tx, user).await?;
            let write = tx.permit(actor, Action::Revoke, &facts).await?;
            if end_open(&write, facts.user.id).await? > 0 {
                write.emit(Event::new("PasswordResetRevoked")).await?;
            }
            Ok(facts.user.id)
        })
        .await
}

/// Chooses another password by a token, and ends every session. Returns the login.
///
/// # Errors
/// `INVALID_INPUT` for a token that is not good (any more), or a weak password.
pub async fn accept(app: &App, input: &PasswordResetAcceptInput) -> Result<String> {
    let hash = &sha256(input.token.as_bytes());
    let known = store::with_token(app.db().reader(), hash).await?.ok_or_else(not_good)?;
    if known.ended_at.is_some() || known.expires_at <= app.db().clock().now() {
        return Err(not_good());
    }
    let login = people::store::login_of(app.db().reader(), known.user_id).await?.ok_or_else(not_good)?;
    let mut checks = Checks::new();
    people::rules::password(&mut checks, "newPassword", &input.new_password, &login);
    checks.finish()?;
    let password = &app.passwords().slot().await?.hash(&input.new_password).await?;
    app.db()
        .write(move |tx| async move {
            let user = people::store::lock(&tx, known.user_id).await?.ok_or_else(not_good)?;
            let reset = store::with_token(&tx, hash).await?.ok_or_else(not_good)?;
            let facts = store::with_places(&tx, user).await?;
            if !facts.is_good(&reset, tx.now()) {
                return Err(not_good());
            }
            let write = tx.under(Permit::system(Job::PasswordResets, people::rules::record(reset.user_id)));
            set(&write, &facts.user, password).await
        })
        .await?;
    Ok(login)
}

async fn set(write: &Write, user: &user::Model, password_hash: &str) -> Result<()> {
    let changes = user::ActiveModel {
        password_hash: Set(Some(password_hash.to_owned())),
        session_epoch: Set(user.session_epoch + 1),
        ..Default::default()
    };
    write.change::<user::Entity>(user.id, user.version, changes).await?;
    end_open(write, user.id).await?;
    sessions::end_all(write, user.id, None).await?;
    write.emit(Event::new("PasswordReset")).await?;
    Ok(())
}

/// Ends the user's tokens that could still be used; says how many. The permit over the user covers it.
///
/// # Errors
/// When the database fails.
pub(super) async fn end_open(write: &Write, user: Uuid) -> Result<usize> {
    let open = store::open_of(write.tx(), user).await?;
    for reset in &open {
        let changes = password_reset::ActiveModel { ended_at: Set(Some(write.now())), ..Default::default() };
        write.change::<password_reset::Entity>(reset.id, reset.version, changes).await?;
    }
    Ok(open.len())
}
