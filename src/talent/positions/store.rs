//! The only place that touches the tables of positions.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    job_position::{self, Column, PositionStatus},
    position_major, position_skill,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Query,
};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    organizations,
    platform::{
        clock,
        condition::exists,
        db::{Db, Tx, Write},
    },
};

/// What was published is everybody's; until then, and once it was refused, the enterprise's and its county's.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    Condition::any()
        .add(Column::PublishedAt.is_not_null())
        .add(Column::OrganizationId.eq(actor.organization()))
        .add(organizations::overseen_by(actor, Column::OrganizationId))
}

/// What belongs to a position is seen with it: rows whose column names a position that the actor sees.
#[must_use]
pub fn seen_with(position: impl ColumnTrait, actor: &Actor) -> Condition {
    exists(Column::Id, position, visible_to(actor))
}

/// Skills are seen with their position.
#[must_use]
pub fn skills_visible_to(actor: &Actor) -> Condition {
    seen_with(position_skill::Column::PositionId, actor)
}

/// Majors are seen with their position.
#[must_use]
pub fn majors_visible_to(actor: &Actor) -> Condition {
    seen_with(position_major::Column::PositionId, actor)
}

/// Where the actor reads why something was returned or refused: the enterprise's people and its county.
#[must_use]
pub fn reasons_visible_to(actor: &Actor) -> Condition {
    Condition::any()
        .add(Column::OrganizationId.eq(actor.organization()))
        .add(organizations::overseen_by(actor, Column::OrganizationId))
}

/// The position with everything the rules need, if the actor sees it; its enterprise locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = job_position::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    behind(tx, seen.ok_or_else(Error::not_found)?).await
}

/// As [`facts`], for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such position.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<Facts> {
    let found = job_position::Entity::find_by_id(id).one(tx).await?;
    behind(tx, found.ok_or_else(Error::not_found)?).await
}

async fn behind(tx: &Tx, found: job_position::Model) -> Result<Facts> {
    let today = clock::day(tx.now());
    let enterprise = organizations::facts_behind(tx, found.organization_id).await?;
    // Read again: until the enterprise was locked, another step could be taken, and the enterprise be merged.
    let position = job_position::Entity::find_by_id(found.id).lock_exclusive().one(tx).await?;
    let position = position.ok_or_else(Error::not_found)?;
    if position.organization_id == found.organization_id {
        return Ok(Facts { position, enterprise, today });
    }
    let enterprise = organizations::facts_behind(tx, position.organization_id).await?;
    Ok(Facts { position, enterprise, today })
}

/// The position as whoever applies for it needs it, if the actor sees it: it and its enterprise stand until the
/// transaction ends, while others apply. Who belongs to the enterprise is not looked up.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn standing(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = || job_position::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    loop {
        let offering = seen().select_only().column(Column::OrganizationId).into_query();
        let enterprise = organizations::standing(tx, offering).await?;
        let position = seen().lock_shared().one(tx).await?.ok_or_else(Error::not_found)?;
        // Until the enterprise stood, it could be merged into another.
        if position.organization_id == enterprise.organization.id {
            return Ok(Facts { position, enterprise, today: clock::day(tx.now()) });
        }
    }
}

/// The position that an application names, as it stands until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none.
pub async fn held(tx: &Tx, id: Uuid) -> Result<job_position::Model> {
    job_position::Entity::find_by_id(id).lock_shared().one(tx).await?.ok_or_else(Error::not_found)
}

/// The facts of many positions at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = job_position::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let mut enterprises: Vec<Uuid> = rows.iter().map(|row| row.organization_id).collect();
    enterprises.sort_unstable();
    enterprises.dedup();
    let enterprises = organizations::facts_of(db, actor, &enterprises).await?;
    let today = clock::day(db.clock().now());
    let facts = rows.into_iter().filter_map(|position| {
        let enterprise = enterprises.get(&position.organization_id)?.clone();
        Some((position.id, Facts { position, enterprise, today }))
    });
    Ok(facts.collect())
}

/// Puts these skills and majors in the place of those that the position has.
///
/// # Errors
/// When the database fails.
pub async fn replace_parts(
    write: &Write,
    position: Uuid,
    (skills, majors): (Vec<position_skill::ActiveModel>, Vec<position_major::ActiveModel>),
) -> Result<()> {
    let of_skills = position_skill::Column::PositionId.eq(position);
    write.execute(&Query::delete().from_table(position_skill::Entity).and_where(of_skills).take()).await?;
    let of_majors = position_major::Column::PositionId.eq(position);
    write.execute(&Query::delete().from_table(position_major::Entity).and_where(of_majors).take()).await?;
    write.insert_all(skills).await?;
    write.insert_all(majors).await
}

/// The enterprise's own positions of these references, by reference, with their majors and skills in their order. Ask it
/// with the enterprise locked.
///
/// # Errors
/// When the database fails.
pub async fn of_references(tx: &Tx, enterprise: Uuid, references: &[String]) -> Result<HashMap<String, Known>> {
    let rows = job_position::Entity::find()
        .filter(Column::OrganizationId.eq(enterprise))
        .filter(Column::Reference.is_in(references))
        .all(tx)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let majors = position_major::Entity::find()
        .filter(position_major::Column::PositionId.is_in(ids.iter().copied()))
        .order_by_asc(position_major::Column::Place);
    let skills = position_skill::Entity::find()
        .filter(position_skill::Column::PositionId.is_in(ids))
        .order_by_asc(position_skill::Column::Place);
    let (majors, skills) = (majors.all(tx).await?, skills.all(tx).await?);
    let known = rows.into_iter().filter_map(|position| {
        let majors = majors.iter().filter(|major| major.position_id == position.id).map(|major| major.code.clone());
        let skills = skills.iter().filter(|skill| skill.position_id == position.id).cloned();
        let reference = position.reference.clone()?;
        Some((reference, Known { majors: majors.collect(), skills: skills.collect(), position }))
    });
    Ok(known.collect())
}

/// A position that an import finds again.
#[derive(Clone, Debug)]
pub struct Known {
    /// The row.
    pub position: job_position::Model,
    /// The codes of its majors.
    pub majors: Vec<String>,
    /// Its skills.
    pub skills: Vec<position_skill::Model>,
}

/// Published positions whose last day to apply has passed, for the job: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn over(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Vec<Uuid>> {
    let ids = job_position::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(PositionStatus::Published))
        .filter(Column::ApplyBy.lt(today))
        .order_by_asc(Column::ApplyBy)
        .order_by_asc(Column::Id)
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Positions of one enterprise that bear a reference which the other has given too bear none any more.
///
/// # Errors
/// When the database fails.
pub async fn forget_references(write: &Write, (from, into): (Uuid, Uuid)) -> Result<()> {
    let taken = job_position::Entity::find()
        .select_only()
        .column(Column::Reference)
        .filter(Column::OrganizationId.eq(into))
        .filter(Column::Reference.is_not_null());
    let mut update = Query::update();
    update
        .table(job_position::Entity)
        .values([(Column::Reference, Option::<String>::None.into()), (Column::Imported, Option::<String>::None.into())])
        .and_where(Column::OrganizationId.eq(from))
        .and_where(Column::Reference.in_subquery(taken.into_query()));
    write.execute(&update).await.map(drop)
}
