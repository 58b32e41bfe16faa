//! The first people of an installation, brought in by whoever runs the server: nobody else could.

pub mod store;

use entity::{
    invitation,
    membership::Role,
    organization::{self, OrganizationKind, OrganizationStatus},
};
use sea_orm::{ActiveEnum as _, ActiveValue::Set, Iterable as _};
use uuid::Uuid;

use super::{
    invitations::{self, rules::HostFacts},
    keys, memberships,
    people::{self, NewUser},
};
use crate::{
    app::App,
    auth::{Job, Permit, RecordRef},
    error::{Error, Result},
    platform::{
        db::{Tx, Write},
        event::{Event, sha256},
        failure::is_duplicate,
        id,
        input::Checks,
    },
};

/// What the platform is called until somebody renames it.
const NAME: &str = "合作平台";
/// The platform's credit code: no register gives it out, and its check digits are right.
pub const PLATFORM_CODE: &str = "000000000000000000";

/// Prepares an empty database: the signing keys, the platform's organization, and one invitation for its first admin,
/// whose token is returned to be printed. Later, another one while there is neither an admin nor a good invitation.
///
/// # Errors
/// When the database fails, or the keys were sealed with another secret.
pub async fn bootstrap(app: &App) -> Result<Option<String>> {
    keys::ring(app, None).await?;
    let token = id::secret_token("hzi")?;
    let hash = &sha256(token.as_bytes());
    let invited = app.db().write(move |tx| async move {
        let platform = match store::platform(&tx).await? {
            Some(platform) => platform,
            None => found(&tx, NAME, PLATFORM_CODE).await?,
        };
        let admins = memberships::store::admins(&tx, &platform).await?;
        if !admins.is_empty() || invitations::store::is_open(&tx, platform.id, Role::PlatformAdmin).await? {
            return Ok(false);
        }
        let write = under(&tx, platform.id);
        issue(app, &write, (platform.id, Role::PlatformAdmin), hash).await?;
        Ok(true)
    });
    match invited.await {
        // Another server began at the same moment, and prints its own.
        Err(error) if is_duplicate(&error) => Ok(None),
        invited => Ok(invited?.then_some(token)),
    }
}

/// Invites somebody to an organization, named by credit code or id, else to the platform: `hezuo user invite`.
///
/// # Errors
/// `NOT_FOUND` when there is no such organization; `INVALID_INPUT` for a role that is none, or that it does not have.
pub async fn invite(app: &App, organization: Option<&str>, role: &str) -> Result<String> {
    let token = id::secret_token("hzi")?;
    let hash = &sha256(token.as_bytes());
    let role = read_role(role)?;
    app.db()
        .write(move |tx| async move {
            let row = match organization {
                Some(text) => store::organization(&tx, text).await?,
                None => store::platform(&tx).await?,
            };
            let facts = HostFacts { organization: row.ok_or_else(Error::not_found)?, admins: Vec::new() };
            let mut checks = Checks::new();
            facts.check(&mut checks, role);
            checks.finish()?;
            issue(app, &under(&tx, facts.organization.id), (facts.organization.id, role), hash).await
        })
        .await?;
    Ok(token)
}

/// `COUNTY_ADMIN`, in capitals or not, with underscores or hyphens.
fn read_role(text: &str) -> Result<Role> {
    let name = text.trim().to_uppercase().replace('-', "_");
    let role = Role::iter().find(|role| role.to_value() == name && *role != Role::ServiceAccount);
    let mut checks = Checks::new();
    checks.require(
        role.is_some(),
        "role",
        "role: expected one such as COUNTY_ADMIN.",
        "role 应为 COUNTY_ADMIN 等角色。",
    );
    checks.finish()?;
    role.ok_or_else(Error::not_found)
}

/// A person who is simply there: the demo's and the tests' personas.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The organization to act for.
    pub organization: Uuid,
    /// What the person is there.
    pub role: Role,
    /// What the person types to sign in.
    pub login: String,
    /// The name others see.
    pub display_name: String,
    /// The password, whatever it is.
    pub password: String,
}

/// Adds a person without an invitation, or another membership to whoever has the login. For the demo and tests only:
/// nothing of what people type is checked here. Returns the membership.
///
/// # Errors
/// `NOT_FOUND` when there is no such organization.
pub async fn set_up_person(app: &App, person: &NewPerson) -> Result<Uuid> {
    let new = NewUser {
        login: people::rules::fold_login(&person.login),
        display_name: person.display_name.clone(),
        password_hash: app.passwords().slot().await?.hash(&person.password).await?,
    };
    add(app, (person.organization, person.role), &new).await
}

/// As [`set_up_person`], for many, logins and names, with one password between them: it is hashed once.
///
/// # Errors
/// `NOT_FOUND` when there is no such organization.
pub async fn set_up_people(
    app: &App,
    place: (Uuid, Role),
    (people, password): (&[(String, String)], &str),
) -> Result<()> {
    let password_hash = app.passwords().slot().await?.hash(password).await?;
    for (login, display_name) in people {
        let new = NewUser {
            login: people::rules::fold_login(login),
            display_name: display_name.clone(),
            password_hash: password_hash.clone(),
        };
        add(app, place, &new).await?;
    }
    Ok(())
}

async fn add(app: &App, (organization, role): (Uuid, Role), new: &NewUser) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let organization = memberships::store::lock_organization(&tx, organization).await?;
            let organization = organization.ok_or_else(Error::not_found)?;
            let write = under(&tx, organization.id);
            let user = match people::store::with_login(&tx, &new.login).await? {
                Some(user) => user.id,
                None => people::add(&write, new).await?,
            };
            memberships::begin(&write, user, &organization, role).await
        })
        .await
}

/// Founds the platform's organization without anybody in it: for the demo and tests, which bring their own people.
///
/// # Errors
/// When there is one already.
pub async fn found_platform(app: &App, name: &str, credit_code: &str) -> Result<Uuid> {
    app.db().write(move |tx| async move { found(&tx, name, credit_code).await.map(|platform| platform.id) }).await
}

async fn found(tx: &Tx, name: &str, credit_code: &str) -> Result<organization::Model> {
    let write = under(tx, tx.id());
    let row = organization::ActiveModel {
        id: Set(write.permit().record().id),
        kind: Set(OrganizationKind::Platform),
        name: Set(name.to_owned()),
        credit_code: Set(credit_code.to_owned()),
        status: Set(OrganizationStatus::Verified),
        verified_at: Set(Some(write.now())),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..Default::default()
    };
    let row = write.insert(row).await?;
    write.emit(Event::new("PlatformFounded")).await?;
    Ok(row)
}

async fn issue(app: &App, write: &Write, (organization, role): (Uuid, Role), hash: &str) -> Result<Uuid> {
    let row = invitation::ActiveModel {
        organization_id: Set(organization),
        role: Set(role),
        token_hash: Set(hash.to_owned()),
        ..Default::default()
    };
    invitations::issue(app, write, row).await
}

fn under(tx: &Tx, organization: Uuid) -> Write {
    let kind = <organization::Entity as entity::Record>::PREFIX;
    tx.under(Permit::system(Job::Bootstrap, RecordRef { kind, id: organization }))
}
