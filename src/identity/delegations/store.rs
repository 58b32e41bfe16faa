//! The only place that touches the table of delegations.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    delegation::{Column, DelegationStatus, Entity, Model},
    membership::{self, MembershipStatus},
    organization::OrganizationKind,
    user::{self, UserStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Iterable as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use super::{InForce, rules::Facts};
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::memberships::rules::{admin_of, is_admin},
    platform::db::{Db, Tx},
};

/// Which delegations the actor sees: those given and those received, and as an admin those of the organization.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::DelegatorId.eq(actor.user())).add(Column::DeputyId.eq(actor.user()));
    if is_admin(actor) { own.add(Column::OrganizationId.eq(actor.organization())) } else { own }
}

/// The delegation, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    row.map(|delegation| Facts { delegation }).ok_or_else(Error::not_found)
}

/// The facts of many delegations at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Facts { delegation: row })).collect())
}

/// Who may decide in whose stead in these organizations on this day, the oldest first: not taken back, and given by somebody who still
/// has the right to decide.
///
/// # Errors
/// When the database fails.
pub async fn in_force(db: &impl ConnectionTrait, organizations: &[Uuid], day: NaiveDate) -> Result<Vec<InForce>> {
    let active = Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::Status.eq(UserStatus::Active))
        .take();
    let still_admin = Query::select()
        .column((membership::Entity, membership::Column::Id))
        .from(membership::Entity)
        .and_where(
            Expr::col((membership::Entity, membership::Column::OrganizationId))
                .equals((Entity, Column::OrganizationId)),
        )
        .and_where(Expr::col((membership::Entity, membership::Column::UserId)).equals((Entity, Column::DelegatorId)))
        .and_where(membership::Column::Status.eq(MembershipStatus::Active))
        .and_where(membership::Column::Role.is_in(OrganizationKind::iter().map(admin_of)))
        .take();
    let rows = Entity::find()
        .filter(Column::OrganizationId.is_in(organizations.iter().copied()))
        .filter(Column::Status.eq(DelegationStatus::Granted))
        .filter(Column::StartsOn.lte(day))
        .filter(Column::EndsOn.gte(day))
        .filter(Column::DelegatorId.in_subquery(active))
        .filter(Expr::exists(still_admin))
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    let given = rows.into_iter().map(|row| InForce {
        organization: row.organization_id,
        delegator: row.delegator_id,
        deputy: row.deputy_id,
        scope: row.scope,
    });
    Ok(given.collect())
}

/// The organization's delegations that were not taken back, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn granted(tx: &Tx, organization: Uuid) -> Result<Vec<Model>> {
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Status.eq(DelegationStatus::Granted))
        .order_by_asc(Column::Id);
    Ok(rows.lock_exclusive().all(tx).await?)
}
