//! The only place that touches the table of invitations.

use std::collections::HashMap;

use entity::{
    invitation::{self, Column, Entity, InvitationStatus, Model},
    membership::Role,
    organization::{self, OrganizationKind, OrganizationStatus},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::rules::{Facts, HostFacts};
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::memberships::{
        self,
        rules::{is_admin, is_platform_admin},
    },
    platform::db::{Db, Tx, Write},
};

/// Which invitations the actor sees: as an admin those of the organization, and those the actor made.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if !is_admin(actor) {
        return Condition::any().add(Column::Id.is_null());
    }
    Condition::any().add(Column::OrganizationId.eq(actor.organization())).add(Column::InvitedById.eq(actor.user()))
}

/// The invitation, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    row.map(|invitation| Facts { invitation }).ok_or_else(Error::not_found)
}

/// The facts of many invitations at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Facts { invitation: row })).collect())
}

/// The invitation with this token.
///
/// # Errors
/// When the database fails.
pub async fn with_token(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::TokenHash.eq(hash)).one(db).await?)
}

/// As [`with_token`]; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock_with_token(tx: &Tx, hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::TokenHash.eq(hash)).lock_exclusive().one(tx).await?)
}

/// The organization that would have another member, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn host(tx: &Tx, actor: &Actor, id: Uuid) -> Result<HostFacts> {
    let organization = memberships::store::lock_organization(tx, id).await?.ok_or_else(Error::not_found)?;
    let seen = organization.status == OrganizationStatus::Verified
        || organization.id == actor.organization()
        || is_platform_admin(actor)
        || is_enterprise_of(&organization, actor);
    if !seen {
        return Err(Error::not_found());
    }
    let admins = memberships::store::admins(tx, &organization).await?;
    Ok(HostFacts { organization, admins })
}

/// A county sees the enterprises of its region before anybody has verified them.
fn is_enterprise_of(organization: &organization::Model, actor: &Actor) -> bool {
    organization.kind == OrganizationKind::Enterprise
        && actor.is(&[Role::CountyAdmin, Role::CountyOfficer])
        && !actor.region().is_empty()
        && organization.region_code.as_deref() == Some(actor.region())
}

/// The organization that the invitation leads to.
///
/// # Errors
/// When the database fails.
pub async fn organization_of(tx: &Tx, invitation: &Model) -> Result<Option<organization::Model>> {
    Ok(organization::Entity::find_by_id(invitation.organization_id).one(tx).await?)
}

/// Whether an invitation to this role can still be accepted.
///
/// # Errors
/// When the database fails.
pub async fn is_open(tx: &Tx, organization: Uuid, role: Role) -> Result<bool> {
    let count = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Role.eq(role))
        .filter(Column::Status.eq(InvitationStatus::Open))
        .filter(Column::ExpiresAt.gt(tx.now()))
        .count(tx)
        .await?;
    Ok(count > 0)
}

/// Adds an invitation.
///
/// # Errors
/// When the database fails.
pub async fn add(write: &Write, row: invitation::ActiveModel) -> Result<Model> {
    let fresh = new(write);
    let row = invitation::ActiveModel {
        id: Set(write.id()),
        status: fresh.status,
        version: fresh.version,
        created_at: fresh.created_at,
        updated_at: fresh.updated_at,
        ..row
    };
    write.insert(row).await
}

/// An open invitation of this moment, before it is known for whom.
#[must_use]
pub fn new(write: &Write) -> invitation::ActiveModel {
    invitation::ActiveModel {
        status: Set(InvitationStatus::Open),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..Default::default()
    }
}

/// The organization's invitations that were neither accepted nor taken back, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn open_for(tx: &Tx, organization: Uuid) -> Result<Vec<Model>> {
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Status.eq(InvitationStatus::Open))
        .order_by_asc(Column::Id);
    Ok(rows.lock_exclusive().all(tx).await?)
}

/// Those of these invitations that were neither accepted nor taken back, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn open_among(tx: &Tx, ids: &[Uuid]) -> Result<Vec<Model>> {
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::Status.eq(InvitationStatus::Open))
        .order_by_asc(Column::Id);
    Ok(rows.lock_exclusive().all(tx).await?)
}
