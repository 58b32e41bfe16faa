//! Users 用户: people who sign in.
//!
//! A user comes in by an invitation (see [`super::invitations`]), chooses a login, a name and a password, and may be a
//! member of several organizations. The platform's admin can disable a user, which ends every session at once, and
//! enable the user again. Nobody is deleted: whoever acted stays named.

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use entity::user::{self, UserStatus, UserStep as Step};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::Action;
use super::{
    limits::{self, Attempt},
    memberships, password_resets, sessions,
};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Error, Problem, Result, Text},
    platform::{
        db::{Tx, Write},
        event::Event,
        failure::is_duplicate,
        id::Id,
        input::{Checks, NAME, expect_version},
        lifecycle::Stepped as _,
    },
};

/// A new password in place of the old one.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordChangeInput {
    /// The password you have.
    pub current_password: String,
    /// The password you want, 10 to 200 characters, not one that others guess.
    pub new_password: String,
}

/// What you are called and spoken to. A field left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ProfileUpdateInput {
    /// The version you read.
    pub expected_version: i32,
    /// The name others see, 1 to 200 characters.
    pub display_name: Option<String>,
    /// `zh-CN` or `en`.
    pub locale: Option<String>,
}

/// A user to disable or enable.
#[derive(Clone, Debug, InputObject)]
pub struct UserStepInput {
    /// Which user.
    pub id: Id<user::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Chooses another password, and ends the person's other sessions.
///
/// # Errors
/// `INVALID_INPUT` for a wrong current or a weak new password; `RATE_LIMITED` after too many wrong ones.
pub async fn change_password(app: &App, actor: &Actor, address: &str, input: &PasswordChangeInput) -> Result<Uuid> {
    let known = store::find(app.db().reader(), actor, actor.user()).await?.ok_or_else(Error::not_found)?;
    let attempt = Attempt::new(app, address, &known.login)?;
    let mut checks = Checks::new();
    rules::password(&mut checks, "newPassword", &input.new_password, &known.login);
    checks.finish()?;
    if !prove(app, &attempt, Some(&known), &input.current_password).await? {
        let mut checks = Checks::new();
        checks.invalid("currentPassword", "That is not your password.", "当前密码不正确。");
        checks.finish()?;
    }
    let hash = app.passwords().slot().await?.hash(&input.new_password).await?;
    let (known, hash) = (&known, &hash);
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, known.id).await?;
            let write = tx.permit(actor, Action::ChangePassword, &facts).await?;
            if facts.user.password_hash != known.password_hash {
                return Err(changed_meanwhile());
            }
            let changes = user::ActiveModel { password_hash: Set(Some(hash.clone())), ..Default::default() };
            write.change::<user::Entity>(known.id, facts.user.version, changes).await?;
            sessions::end_all(&write, known.id, Some(actor.session())).await?;
            password_resets::end_open(&write, known.id).await?;
            write.emit(Event::new("PasswordChanged")).await?;
            Ok(known.id)
        })
        .await
}

/// Changes the own display name and language.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; CONFLICT for a stale version.
pub async fn update_profile(app: &App, actor: &Actor, input: &ProfileUpdateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, actor.user()).await?;
            let write = tx.permit(actor, Action::Update, &facts).await?;
            expect_version(input.expected_version, facts.user.version)?;
            let mut checks = Checks::new();
            let mut changes = user::ActiveModel::default();
            if let Some(name) = &input.display_name {
                changes.display_name = Set(checks.line("displayName", name, NAME));
            }
            if let Some(locale) = &input.locale {
                changes.locale = Set(rules::locale(&mut checks, locale));
            }
            checks.finish()?;
            write.change::<user::Entity>(facts.user.id, facts.user.version, changes).await?;
            write.emit(Event::new("ProfileUpdated")).await?;
            Ok(facts.user.id)
        })
        .await
}

/// Bars a user from signing in, and ends all of his or her sessions at once.
///
/// # Errors
/// `ILLEGAL_STEP` when already disabled; CONFLICT for a stale version; `RULE_VIOLATED` for the platform's last admin.
pub async fn disable(app: &App, actor: &Actor, input: &UserStepInput) -> Result<Uuid> {
    take(app, actor, Step::Disable, input).await
}

/// Lets a disabled user sign in again.
///
/// # Errors
/// `ILLEGAL_STEP` when not disabled; CONFLICT for a stale version.
pub async fn enable(app: &App, actor: &Actor, input: &UserStepInput) -> Result<Uuid> {
    take(app, actor, Step::Enable, input).await
}

async fn take(app: &App, actor: &Actor, step: Step, input: &UserStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let platform = memberships::store::lock_organization(&tx, actor.organization()).await?;
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.user.version)?;
            let mut changes = user::ActiveModel::default();
            if step == Step::Disable {
                let platform = platform.ok_or_else(Error::not_found)?;
                must_leave_an_admin(&tx, &platform, facts.user.id).await?;
                changes.session_epoch = Set(facts.user.session_epoch + 1);
                sessions::end_all(&write, facts.user.id, None).await?;
            }
            write.take(&facts.stands(actor), step, changes, Event::new(rules::happened(step))).await?;
            Ok(facts.user.id)
        })
        .await
}

/// Two admins of the platform who disable each other at the same moment: the second is refused.
async fn must_leave_an_admin(tx: &Tx, platform: &entity::organization::Model, user: Uuid) -> Result<()> {
    let admins = memberships::store::admins(tx, platform).await?;
    if admins.iter().all(|admin| *admin == user) { Err(memberships::rules::last_admin()) } else { Ok(()) }
}

/// Whether somebody knows the user's password. An unknown or disabled user costs the same and is a failure as well.
///
/// # Errors
/// `RATE_LIMITED` after too many failures.
pub(super) async fn prove(app: &App, attempt: &Attempt, user: Option<&user::Model>, password: &str) -> Result<bool> {
    let slot = app.passwords().slot().await?;
    limits::check(app, attempt, user.map(|user| user.id)).await?;
    let right = slot.verify(password, user.and_then(|user| user.password_hash.as_deref())).await?;
    let proven = right && user.is_some_and(|user| user.status == UserStatus::Active);
    if !proven {
        limits::failed(app, attempt).await?;
    }
    Ok(proven)
}

/// What a new user brings, checked.
#[derive(Clone, Debug)]
pub(super) struct NewUser {
    /// What the person types to sign in.
    pub(super) login: String,
    /// The name others see.
    pub(super) display_name: String,
    /// The password's hash.
    pub(super) password_hash: String,
}

/// Adds a user. The permit to bring the person in covers it.
///
/// # Errors
/// DUPLICATE when somebody has this login.
pub(super) async fn add(write: &Write, new: &NewUser) -> Result<Uuid> {
    let row = user::ActiveModel {
        id: Set(write.id()),
        login: Set(new.login.clone()),
        display_name: Set(new.display_name.clone()),
        email: Set(None),
        phone: Set(None),
        password_hash: Set(Some(new.password_hash.clone())),
        locale: Set("zh-CN".to_owned()),
        status: Set(UserStatus::Active),
        session_epoch: Set(1),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
    };
    let row = write.insert(row).await.map_err(|error| if is_duplicate(&error) { login_taken() } else { error })?;
    write.emit_first(rules::record(row.id), Event::new("UserJoined")).await?;
    Ok(row.id)
}

/// Adds the user as whom a service account acts: without a password, so that nobody signs in as it.
///
/// # Errors
/// When the database fails.
pub(super) async fn add_machine(write: &Write, account: Uuid, name: &str) -> Result<Uuid> {
    let row = user::ActiveModel {
        id: Set(write.id()),
        login: Set(format!("service-{}", account.simple())),
        display_name: Set(name.to_owned()),
        password_hash: Set(None),
        locale: Set("zh-CN".to_owned()),
        status: Set(UserStatus::Active),
        session_epoch: Set(1),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..Default::default()
    };
    let row = write.insert(row).await?;
    write.emit_first(rules::record(row.id), Event::new("UserJoined")).await?;
    Ok(row.id)
}

fn login_taken() -> Error {
    Problem::new(Code::Duplicate, Text::new("Somebody has this login.", "该登录名已被使用。"))
        .at(["input", "login"])
        .into()
}

fn changed_meanwhile() -> Error {
    let message = Text::new("Your password was changed meanwhile.", "您的密码已被更改。");
    Problem::new(Code::Conflict, message).at(["input", "currentPassword"]).into()
}
