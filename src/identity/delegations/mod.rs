//! Delegations 授权委托: somebody decides in an admin's stead.
//!
//! An admin who is away lets another member of the same organization review or sign agreements for it, from one day to
//! another. The deputy decides under the own name, and what is decided says **on behalf of** whom; the two count as one
//! person wherever two must be different. A delegation ends with its last day, when the admin or another one takes it
//! back, and when the admin no longer has the right that was lent.

pub mod graphql;
pub mod rules;
pub mod store;

pub use store::in_force;

use async_graphql::InputObject;
use entity::{
    delegation::{self, DelegationScope, DelegationStep as Step},
    membership,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::{Action, DeputyFacts, Grant, NEVER};
use super::memberships;
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    graphql::Date,
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::{Checks, expect_version},
        lifecycle::{Lifecycle, Stands, Stepped as _},
    },
};

/// A delegation to give.
#[derive(Clone, Debug, InputObject)]
pub struct DelegationGrantInput {
    /// The membership of whoever is to decide in your stead: of your organization, and no admin's.
    pub membership_id: Id<membership::Entity>,
    /// On what.
    pub scope: DelegationScope,
    /// The first day.
    pub starts_on: Date,
    /// The last day, at most 366 days in all.
    pub ends_on: Date,
}

/// A delegation to take back.
#[derive(Clone, Debug, InputObject)]
pub struct DelegationRevokeInput {
    /// Which delegation.
    pub id: Id<delegation::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Somebody who may decide in somebody else's stead now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// For which organization.
    pub organization: Uuid,
    /// In whose stead.
    pub delegator: Uuid,
    /// Who.
    pub deputy: Uuid,
    /// On what.
    pub scope: DelegationScope,
}

impl InForce {
    /// Whether the actor decides under it, in a role that can.
    #[must_use]
    pub fn is_for(&self, actor: &Actor, scope: DelegationScope) -> bool {
        self.organization == actor.organization()
            && self.deputy == actor.user()
            && self.scope == scope
            && !actor.is(NEVER)
    }

    /// Whether the two are its two people, who count as one.
    #[must_use]
    pub fn ties(&self, one: Uuid, other: Uuid) -> bool {
        [(one, other), (other, one)].contains(&(self.delegator, self.deputy))
    }
}

/// Lets another member of the own organization decide in the actor's stead.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `NOT_FOUND` for a membership that the actor does not see.
pub async fn grant(app: &App, actor: &Actor, input: &DelegationGrantInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let deputy = DeputyFacts(memberships::store::facts(&tx, actor, input.membership_id.key()).await?);
            let write = tx.permit(actor, Grant, &deputy).await?;
            let mut checks = Checks::new();
            deputy.check(&mut checks, actor);
            rules::check_period(&mut checks, (input.starts_on.0, input.ends_on.0), clock::day(write.now()));
            checks.finish()?;
            let row = delegation::ActiveModel {
                id: Set(write.id()),
                organization_id: Set(actor.organization()),
                delegator_id: Set(actor.user()),
                deputy_id: Set(deputy.0.membership.user_id),
                scope: Set(input.scope),
                starts_on: Set(input.starts_on.0),
                ends_on: Set(input.ends_on.0),
                status: Set(delegation::Entity::INITIAL),
                version: Set(1),
                created_at: Set(write.now()),
                updated_at: Set(write.now()),
            };
            let row = write.insert(row).await?;
            let granted = Event::new("DelegationGranted").with("deputy", row.deputy_id).with("endsOn", row.ends_on);
            write.emit_first(rules::record(row.id), granted).await?;
            Ok(row.id)
        })
        .await
}

/// Takes a delegation back; what was decided under it stays.
///
/// # Errors
/// `ILLEGAL_STEP` when it was taken back already; CONFLICT for a stale version.
pub async fn revoke(app: &App, actor: &Actor, input: &DelegationRevokeInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Revoke), &facts).await?;
            expect_version(input.expected_version, facts.delegation.version)?;
            let changes = delegation::ActiveModel::default();
            write.take(&facts.stands(actor), Step::Revoke, changes, Event::new(REVOKED)).await?;
            Ok(facts.delegation.id)
        })
        .await
}

const REVOKED: &str = "DelegationRevoked";

/// How many delegations of the organization [`revoke_all`] would take back; locks them until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn granted(tx: &Tx, organization: Uuid) -> Result<usize> {
    Ok(store::granted(tx, organization).await?.len())
}

/// Takes all delegations of an organization back that goes out of being, under the permit to end it.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(write: &Write, organization: Uuid) -> Result<()> {
    for delegation in store::granted(write.tx(), organization).await? {
        let write = write.tx().under(write.permit().over(rules::record(delegation.id)));
        let changes = delegation::ActiveModel::default();
        write.take(&Stands::of(&delegation), Step::Revoke, changes, Event::new(REVOKED)).await?;
    }
    Ok(())
}
