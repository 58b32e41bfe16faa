//! The only place that touches the table of registrations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    event_exhibitor::{self, ExhibitorStatus},
    event_registration::{self, Column, RegistrationStatus as Status},
    membership::Role,
    recruitment_event::{self, RecruitmentEventStatus},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::rules::{CARERS, Facts};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
    talent::events::{
        rules::{EXHIBITORS, ORGANIZERS},
        store as events,
    },
};

/// The student's, the university's and the organizer's; of those who came, the exhibiting enterprises' too.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    use event_exhibitor::Column as Booth;
    let (own, auditor) = (actor.organization(), actor.is(&[Role::Auditor]));
    let mut condition = Condition::any().add(Column::StudentId.eq(actor.user()));
    if actor.is(CARERS) || auditor {
        condition = condition.add(Column::UniversityId.eq(own));
    }
    if actor.is(ORGANIZERS) || auditor {
        let held = recruitment_event::Column::OrganizerId.eq(own).into();
        condition = condition.add(exists(recruitment_event::Column::Id, Column::EventId, held));
    }
    if actor.is(EXHIBITORS) {
        let booth =
            Condition::all().add(Booth::OrganizationId.eq(own)).add(Booth::Status.eq(ExhibitorStatus::Confirmed));
        let there = exists(Booth::EventId, Column::EventId, booth);
        condition = condition.add(there.add(Column::Status.eq(Status::CheckedIn)));
    }
    condition
}

/// Auditors read who came without names, but for their own.
#[must_use]
pub fn names_visible_to(actor: &Actor) -> Condition {
    if actor.is(&[Role::Auditor]) { Condition::all().add(Column::StudentId.eq(actor.user())) } else { Condition::all() }
}

/// Why somebody was excused is the student's and the university's.
#[must_use]
pub fn reasons_visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::StudentId.eq(actor.user()));
    if actor.is(CARERS) { own.add(Column::UniversityId.eq(actor.organization())) } else { own }
}

/// The registration with everything the rules need, if the actor sees it; its event locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = event_registration::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    behind(tx, seen).await
}

/// As [`facts`], for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such registration.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<Facts> {
    behind(tx, event_registration::Entity::find_by_id(id).one(tx).await?).await
}

async fn behind(tx: &Tx, found: Option<event_registration::Model>) -> Result<Facts> {
    let event_registration::Model { id, event_id, .. } = found.ok_or_else(Error::not_found)?;
    let event = events::facts_behind(tx, event_id).await?.event;
    // Read again: until the event was locked, another step could be taken.
    let registration = event_registration::Entity::find_by_id(id).one(tx).await?.ok_or_else(Error::not_found)?;
    let exhibitors = exhibitors(tx, &[event_id]).await?.remove(&event_id).unwrap_or_default();
    Ok(Facts { registration, event, exhibitors, now: tx.now() })
}

/// The facts of many registrations at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows =
        event_registration::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let mut behind: Vec<Uuid> = rows.iter().map(|row| row.event_id).collect();
    behind.sort_unstable();
    behind.dedup();
    let exhibitors = exhibitors(db.reader(), &behind).await?;
    let events =
        recruitment_event::Entity::find().filter(recruitment_event::Column::Id.is_in(behind)).all(db.reader()).await?;
    let events: HashMap<Uuid, recruitment_event::Model> = events.into_iter().map(|event| (event.id, event)).collect();
    let now = db.clock().now();
    let facts = rows.into_iter().filter_map(|registration| {
        let event = events.get(&registration.event_id)?.clone();
        let exhibitors = exhibitors.get(&event.id).cloned().unwrap_or_default();
        Some((registration.id, Facts { registration, event, exhibitors, now }))
    });
    Ok(facts.collect())
}

async fn exhibitors(db: &impl ConnectionTrait, events: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let rows: Vec<(Uuid, Uuid)> = event_exhibitor::Entity::find()
        .select_only()
        .columns([event_exhibitor::Column::EventId, event_exhibitor::Column::OrganizationId])
        .filter(event_exhibitor::Column::EventId.is_in(events.iter().copied()))
        .filter(event_exhibitor::Column::Status.eq(ExhibitorStatus::Confirmed))
        .into_tuple()
        .all(db)
        .await?;
    let mut exhibitors: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (event, organization) in rows {
        exhibitors.entry(event).or_default().push(organization);
    }
    Ok(exhibitors)
}

/// The student's registration for this event, whatever came of it. Whoever holds the event's row holds it.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &Tx, event: Uuid, student: Uuid) -> Result<Option<event_registration::Model>> {
    let own =
        event_registration::Entity::find().filter(Column::EventId.eq(event)).filter(Column::StudentId.eq(student));
    Ok(own.one(tx).await?)
}

/// Everything for which this student registered, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all_of(tx: &Tx, student: Uuid) -> Result<Vec<event_registration::Model>> {
    let own = event_registration::Entity::find().filter(Column::StudentId.eq(student));
    Ok(own.order_by_asc(Column::Id).all(tx).await?)
}

/// The actor's own registration under which a place is held, and its event: what a code can be given for.
///
/// # Errors
/// When the database fails.
pub async fn held(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: Uuid,
) -> Result<Option<(event_registration::Model, Option<recruitment_event::Model>)>> {
    let own = event_registration::Entity::find_by_id(id)
        .filter(visible_to(actor))
        .filter(Column::StudentId.eq(actor.user()))
        .filter(Column::Status.is_in([Status::Registered, Status::CheckedIn]));
    let Some(row) = own.one(db).await? else { return Ok(None) };
    let event = recruitment_event::Entity::find_by_id(row.event_id).one(db).await?;
    Ok(Some((row, event)))
}

/// These registrations, whichever of them there are. Whoever holds the event's row holds those of the event.
///
/// # Errors
/// When the database fails.
pub async fn scanned(tx: &Tx, ids: Vec<Uuid>) -> Result<HashMap<Uuid, event_registration::Model>> {
    let rows = event_registration::Entity::find().filter(Column::Id.is_in(ids)).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// When the student stayed away without being excused, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn missed(tx: &Tx, student: Uuid) -> Result<Vec<DateTime<Utc>>> {
    let rows: Vec<Option<DateTime<Utc>>> = event_registration::Entity::find()
        .select_only()
        .column(Column::MissedAt)
        .filter(Column::StudentId.eq(student))
        .filter(Column::Status.eq(Status::NoShow))
        .order_by_asc(Column::MissedAt)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().flatten().collect())
}

/// Registrations whose students did not come to an event that was closed until then, for the job: at most a hundred at
/// a time.
///
/// # Errors
/// When the database fails.
pub async fn absent(db: &impl ConnectionTrait, closed_until: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let over = Condition::all()
        .add(
            recruitment_event::Column::Status.is_in([RecruitmentEventStatus::Closed, RecruitmentEventStatus::Reported]),
        )
        .add(recruitment_event::Column::ClosedAt.lte(closed_until));
    let ids = event_registration::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(Status::Registered))
        .filter(exists(recruitment_event::Column::Id, Column::EventId, over))
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}
