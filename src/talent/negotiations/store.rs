//! The only place that touches the table of negotiations.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    membership::Role,
    negotiation::{self, Column, NegotiationStatus as Status},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    organizations,
    platform::db::{Db, Tx},
    talent::applications::store as applications,
};

/// Negotiations are seen with their application.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    applications::seen_with(Column::ApplicationId, actor)
}

/// What is overdue is also seen, without names, by the county in which the enterprise is.
#[must_use]
pub fn overseen_by(actor: &Actor) -> Condition {
    let overdue = Condition::all().add(Column::Status.eq(Status::Scheduled)).add(Column::OverdueAt.is_not_null());
    overdue.add(organizations::overseen_by(actor, Column::OrganizationId))
}

/// The roles that look after the county's enterprises.
pub const COUNTY: &[Role] = &[Role::CountyAdmin, Role::CountyOfficer];

/// The negotiation with everything the rules need, if the actor sees it; its application locked until the transaction
/// ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = negotiation::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    behind(tx, seen.ok_or_else(Error::not_found)?).await
}

/// The facts of many negotiations at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = negotiation::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let behind: Vec<Uuid> = rows.iter().map(|row| row.application_id).collect();
    let applications = applications::facts_of(db, actor, &behind).await?;
    let facts = rows.into_iter().filter_map(|negotiation| {
        let application = applications.get(&negotiation.application_id)?.clone();
        Some((negotiation.id, Facts { negotiation, application }))
    });
    Ok(facts.collect())
}

/// The negotiation of an application that has no outcome yet.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &Tx, application: Uuid) -> Result<Option<negotiation::Model>> {
    Ok(negotiation::Entity::find()
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::Status.is_in([Status::Scheduled, Status::Held]))
        .one(tx)
        .await?)
}

/// What is scheduled for a day before this one and nobody was told of, the oldest first: at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn overdue(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Vec<Uuid>> {
    let ids = negotiation::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(Status::Scheduled))
        .filter(Column::DueOn.lt(today))
        .filter(Column::OverdueAt.is_null())
        .order_by_asc(Column::DueOn)
        .order_by_asc(Column::Id)
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// The negotiation with its application, for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such negotiation.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<Facts> {
    let found = negotiation::Entity::find_by_id(id).one(tx).await?;
    behind(tx, found.ok_or_else(Error::not_found)?).await
}

async fn behind(tx: &Tx, found: negotiation::Model) -> Result<Facts> {
    let application = applications::facts_behind(tx, found.application_id).await?;
    // Read again: until the application was locked, another step could be taken.
    let negotiation = negotiation::Entity::find_by_id(found.id).one(tx).await?.ok_or_else(Error::not_found)?;
    Ok(Facts { negotiation, application })
}

/// What was and is to be negotiated about these applications, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_applications(tx: &Tx, applications: &[Uuid]) -> Result<Vec<negotiation::Model>> {
    let rows = negotiation::Entity::find().filter(Column::ApplicationId.is_in(applications.iter().copied()));
    Ok(rows.order_by_asc(Column::Id).all(tx).await?)
}
