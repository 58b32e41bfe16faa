//! Invitations 邀请: how people come in.
//!
//! An admin invites somebody to a role of the own organization; the platform's admin invites an organization's first
//! admins; whoever runs the server invites the first admin of the platform. The token is shown once, to the inviter,
//! who hands it over; only its hash is kept. Whoever accepts it chooses login, name and password and is signed in, or,
//! being signed in already, has one more membership. An invitation is good once, and only for some days.

pub mod graphql;
pub mod rules;
pub mod store;

pub use rules::email;

use async_graphql::InputObject;
use chrono::TimeDelta;
use entity::{
    invitation::{self, InvitationStep as Step},
    membership::Role,
    organization,
};
use sea_orm::{ActiveValue::Set, prelude::async_trait::async_trait};
use uuid::Uuid;

use self::rules::{Action, Facts, HostAction, not_good};
use super::{
    exchange, memberships,
    people::{self, NewUser},
    sessions::{self, Opening, RefreshToken, SessionSwitchInput, Tokens},
};
use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::Result,
    platform::{
        db::{Tx, Write},
        event::{Event, sha256},
        id::{self, Id},
        input::{Checks, NAME, expect_version},
        lifecycle::{Stands, Stepped as _},
    },
};

/// Somebody to invite.
#[derive(Clone, Debug, InputObject)]
pub struct InvitationCreateInput {
    /// The organization he or she is to act for.
    pub organization_id: Id<organization::Entity>,
    /// What he or she is to be there.
    pub role: Role,
    /// The address you will send it to; for your own list.
    pub email: Option<String>,
}

/// An invitation to take back.
#[derive(Clone, Debug, InputObject)]
pub struct InvitationRevokeInput {
    /// Which invitation.
    pub id: Id<invitation::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// How an invitation is accepted. Whoever is signed in gives the token only.
#[derive(Clone, Debug, InputObject)]
pub struct InvitationAcceptInput {
    /// The token you were handed.
    pub token: String,
    /// What you will type to sign in: 3 to 64 letters, digits and . _ - @; capitals do not matter.
    pub login: Option<String>,
    /// The name others see, 1 to 200 characters.
    pub display_name: Option<String>,
    /// A password of 10 to 200 characters, not one that others guess.
    pub password: Option<String>,
}

/// A new invitation, and its token, which nobody can show again.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The invitation.
    pub id: Uuid,
    /// The token.
    pub token: String,
}

/// A later slice that waits for whom it has invited. `schema.rs` registers it.
#[async_trait]
pub trait Awaiting: Send + Sync {
    /// Whether it waits for this invitation: then somebody who has the membership already can accept it as well.
    ///
    /// # Errors
    /// When the database fails.
    async fn awaits(&self, tx: &Tx, invitation: Uuid) -> Result<bool>;

    /// Somebody came in by an invitation, in the transaction in which it was accepted.
    ///
    /// # Errors
    /// When the database fails.
    async fn came_in(&self, write: &Write, invitation: Uuid, user: Uuid) -> Result<()>;
}

/// The later slices that were registered.
pub type Registered = Vec<Box<dyn Awaiting>>;

/// Invites somebody.
///
/// # Errors
/// `INVALID_INPUT` for a role that such an organization does not have; `RULE_VIOLATED` when it has ceased.
pub async fn create(app: &App, actor: &Actor, input: &InvitationCreateInput) -> Result<Issued> {
    let token = id::secret_token("hzi")?;
    let hash = &sha256(token.as_bytes());
    let id = app.db().write(move |tx| async move {
        let facts = store::host(&tx, actor, input.organization_id.key()).await?;
        let write = tx.permit(actor, HostAction::Invite(input.role), &facts).await?;
        let mut checks = Checks::new();
        facts.check(&mut checks, input.role);
        let email = rules::email(&mut checks, input.email.as_deref());
        checks.finish()?;
        let row = invitation::ActiveModel {
            organization_id: Set(facts.organization.id),
            role: Set(input.role),
            email: Set(email),
            token_hash: Set(hash.clone()),
            invited_by_id: Set(Some(actor.user())),
            ..Default::default()
        };
        issue(app, &write, row).await
    });
    Ok(Issued { id: id.await?, token })
}

/// Adds an invitation that is good from now on.
pub(super) async fn issue(app: &App, write: &Write, row: invitation::ActiveModel) -> Result<Uuid> {
    let expires_at = write.now() + TimeDelta::days(app.settings().invitation_days.into());
    let row = store::add(write, invitation::ActiveModel { expires_at: Set(expires_at), ..row }).await?;
    let created = Event::new("InvitationCreated").with("organization", row.organization_id);
    write.emit_first(rules::record(row.id), created).await?;
    Ok(row.id)
}

/// Takes an invitation back.
///
/// # Errors
/// `ILLEGAL_STEP` when it was accepted or taken back already; CONFLICT for a stale version.
pub async fn revoke(app: &App, actor: &Actor, input: &InvitationRevokeInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Revoke), &facts).await?;
            expect_version(input.expected_version, facts.invitation.version)?;
            let changes = invitation::ActiveModel::default();
            write.take(&facts.stands(actor), Step::Revoke, changes, Event::new("InvitationRevoked")).await?;
            Ok(facts.invitation.id)
        })
        .await
}

/// Accepts an invitation: a new user, or another membership of whoever is signed in, who then acts under it.
///
/// # Errors
/// `INVALID_INPUT` for a token that is not good (any more) and every field that is wrong; DUPLICATE for a login that
/// somebody has, or a membership that there is already, unless a later slice waits for this invitation; `RULE_VIOLATED` for whoever signed in by another organization's
/// issuer.
pub async fn accept(
    app: &App,
    actor: Option<&Actor>,
    input: &InvitationAcceptInput,
    later: &Registered,
) -> Result<Tokens> {
    let hash = sha256(input.token.as_bytes());
    match actor {
        Some(actor) => {
            let membership = join(app, actor, &hash, later).await?;
            sessions::switch(app, actor, &SessionSwitchInput { membership_id: Id::new(membership) }).await
        }
        None => come_in(app, &hash, input, later).await,
    }
}

async fn join(app: &App, actor: &Actor, hash: &str, later: &Registered) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let (facts, organization) = good(&tx, hash).await?;
            exchange::must_reach(&tx, actor.session(), organization.id).await?;
            let write = tx.permit(actor, Action::Take(Step::Accept), &facts).await?;
            let role = facts.invitation.role;
            let held = memberships::held(&tx, actor.user(), (organization.id, role)).await?;
            let membership = match held {
                Some(held) if awaited(&tx, &facts, later).await? => held,
                _ => memberships::begin(&write, actor.user(), &organization, role).await?,
            };
            accepted(&write, &facts, actor.user(), later).await?;
            Ok(membership)
        })
        .await
}

async fn awaited(tx: &Tx, facts: &Facts, later: &Registered) -> Result<bool> {
    for slice in later {
        if slice.awaits(tx, facts.invitation.id).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn come_in(app: &App, hash: &str, input: &InvitationAcceptInput, later: &Registered) -> Result<Tokens> {
    let known = store::with_token(app.db().reader(), hash).await?;
    known.filter(|row| rules::is_good(row, app.db().clock().now())).ok_or_else(not_good)?;
    let new = &new_user(app, input).await?;
    let token = RefreshToken::new()?;
    let token_hash = &token.hash;
    let standing = app.db().write(move |tx| async move {
        let (facts, organization) = good(&tx, hash).await?;
        let write = tx.under(Permit::system(Job::Invitations, rules::record(facts.invitation.id)));
        let user = people::add(&write, new).await?;
        let membership = memberships::begin(&write, user, &organization, facts.invitation.role).await?;
        accepted(&write, &facts, user, later).await?;
        let write = tx.under(Permit::system(Job::Sessions, sessions::rules::record(tx.id())));
        sessions::open(app, &write, Opening { user, membership, client: "", token_hash }).await
    });
    Tokens::issue(app, standing.await?, Some(token)).await
}

async fn new_user(app: &App, input: &InvitationAcceptInput) -> Result<NewUser> {
    let mut checks = Checks::new();
    let login = people::rules::login(&mut checks, input.login.as_deref().unwrap_or_default());
    let display_name = checks.line("displayName", input.display_name.as_deref().unwrap_or_default(), NAME);
    let password = input.password.as_deref().unwrap_or_default();
    people::rules::password(&mut checks, "password", password, &login);
    checks.finish()?;
    let password_hash = app.passwords().slot().await?.hash(password).await?;
    Ok(NewUser { login, display_name, password_hash })
}

/// The invitation with this token, locked, and where it leads, if it can be accepted now.
async fn good(tx: &Tx, hash: &str) -> Result<(Facts, organization::Model)> {
    let invitation = store::lock_with_token(tx, hash).await?;
    let invitation = invitation.filter(|row| rules::is_good(row, tx.now())).ok_or_else(not_good)?;
    let organization = store::organization_of(tx, &invitation).await?.filter(rules::takes_people_in);
    Ok((Facts { invitation }, organization.ok_or_else(not_good)?))
}

async fn accepted(write: &Write, facts: &Facts, user: Uuid, later: &Registered) -> Result<()> {
    let changes = invitation::ActiveModel { accepted_by_id: Set(Some(user)), ..Default::default() };
    let event = Event::new("InvitationAccepted").with("user", user);
    write.take(&facts.stands_alone(), Step::Accept, changes, event).await?;
    for slice in later {
        slice.came_in(write, facts.invitation.id, user).await?;
    }
    Ok(())
}

/// Invites many students of the permit's organization at once, under the permit of whoever keeps its rolls; as far as they
/// are known, to these addresses.
///
/// # Errors
/// When the database fails.
pub async fn issue_to_students(
    app: &App,
    write: &Write,
    emails: impl IntoIterator<Item = Option<String>>,
) -> Result<Vec<Issued>> {
    let organization = write.permit().record().id;
    let expires_at = write.now() + TimeDelta::days(app.settings().invitation_days.into());
    let (mut rows, mut issued, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for email in emails {
        let (id, token) = (write.id(), id::secret_token("hzi")?);
        rows.push(invitation::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            role: Set(Role::Student),
            email: Set(email),
            token_hash: Set(sha256(token.as_bytes())),
            invited_by_id: Set(write.permit().actor().map(Actor::user)),
            expires_at: Set(expires_at),
            ..store::new(write)
        });
        told.push((rules::record(id), Event::new("InvitationCreated").with("organization", organization)));
        issued.push(Issued { id, token });
    }
    write.insert_all(rows).await?;
    write.emit_all(&told).await?;
    Ok(issued)
}

/// Takes those of these invitations back that are still open, under the permit of whoever made them needless.
///
/// # Errors
/// When the database fails.
pub async fn take_back(write: &Write, ids: &[Uuid]) -> Result<()> {
    revoke_each(write, store::open_among(write.tx(), ids).await?).await
}

/// How many invitations of the organization [`revoke_all`] would take back; locks them until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn open_for(tx: &Tx, organization: Uuid) -> Result<usize> {
    Ok(store::open_for(tx, organization).await?.len())
}

/// Takes all open invitations of an organization back that goes out of being, under the permit to end it.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(write: &Write, organization: Uuid) -> Result<()> {
    revoke_each(write, store::open_for(write.tx(), organization).await?).await
}

async fn revoke_each(write: &Write, invitations: Vec<invitation::Model>) -> Result<()> {
    for invitation in invitations {
        let write = write.tx().under(write.permit().over(rules::record(invitation.id)));
        let changes = invitation::ActiveModel::default();
        write.take(&Stands::of(&invitation), Step::Revoke, changes, Event::new("InvitationRevoked")).await?;
    }
    Ok(())
}
