//! The only place that touches the tables of employment records and retention checks.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    employment_record::{self, Column},
    retention_check::{self, RetentionStatus},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        clock,
        condition::exists,
        db::{Db, Tx},
    },
    talent::applications::store as applications,
};

/// The graduate, the staff of the university and the employer's recruiters.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    applications::between(actor, (Column::StudentId, Column::OrganizationId, Column::UniversityId))
}

/// Checks are seen with their record.
#[must_use]
pub fn checks_visible_to(actor: &Actor) -> Condition {
    exists(Column::Id, retention_check::Column::RecordId, visible_to(actor))
}

/// The check with everything the rules need, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = retention_check::Entity::find()
        .filter(checks_visible_to(actor))
        .filter(retention_check::Column::Id.eq(id))
        .lock_exclusive()
        .one(tx)
        .await?;
    behind(tx, seen).await
}

/// As [`facts`], for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such check.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<Facts> {
    behind(tx, retention_check::Entity::find_by_id(id).lock_exclusive().one(tx).await?).await
}

async fn behind(tx: &Tx, check: Option<retention_check::Model>) -> Result<Facts> {
    let check = check.ok_or_else(Error::not_found)?;
    let record = employment_record::Entity::find_by_id(check.record_id).one(tx).await?;
    Ok(Facts { check, record: record.ok_or_else(Error::not_found)?, today: clock::day(tx.now()) })
}

/// The facts of many checks at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = retention_check::Entity::find()
        .filter(retention_check::Column::Id.is_in(ids.iter().copied()))
        .all(db.reader())
        .await?;
    let behind = employment_record::Entity::find().filter(Column::Id.is_in(rows.iter().map(|check| check.record_id)));
    let records: HashMap<Uuid, employment_record::Model> =
        behind.all(db.reader()).await?.into_iter().map(|record| (record.id, record)).collect();
    let today = clock::day(db.clock().now());
    let facts = rows.into_iter().filter_map(|check| {
        let record = records.get(&check.record_id)?.clone();
        Some((check.id, Facts { check, record, today }))
    });
    Ok(facts.collect())
}

/// The record of an application; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none.
pub async fn of_application(tx: &Tx, application: Uuid) -> Result<employment_record::Model> {
    let own = employment_record::Entity::find().filter(Column::ApplicationId.eq(application)).lock_exclusive();
    own.one(tx).await?.ok_or_else(Error::not_found)
}

/// The open checks that can be answered since this day or a day of the week before it, and those that could be answered
/// when they were made, in that week: the first day at work was recorded late.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &impl ConnectionTrait, (now, today): (DateTime<Utc>, NaiveDate)) -> Result<Vec<Uuid>> {
    use retention_check::Column as Check;
    let week = Days::new(7);
    let lately = Condition::any().add(Check::DueOn.gte(today - week)).add(Check::CreatedAt.gte(now - week));
    let ids = retention_check::Entity::find()
        .select_only()
        .column(Check::Id)
        .filter(Check::Status.eq(RetentionStatus::Open))
        .filter(Check::DueOn.lte(today))
        .filter(lately);
    Ok(ids.into_tuple().all(db).await?)
}

/// The employment records of a graduate, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all_of(tx: &Tx, student: Uuid) -> Result<Vec<employment_record::Model>> {
    let own = employment_record::Entity::find().filter(Column::StudentId.eq(student)).order_by_asc(Column::Id);
    Ok(own.all(tx).await?)
}
