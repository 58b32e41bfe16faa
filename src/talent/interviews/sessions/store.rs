//! The only place that touches the tables of interview sessions, their interviewers and slots.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    application, interview_booking,
    interview_session::{self, Column, InterviewSessionStatus as Status},
    interview_slot::{self, Column as Slot},
    interview_wait, interviewer,
    membership::{self, MembershipStatus, Role},
    recruitment_event,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use super::rules::{Facts, HELD, looks_for_interviews};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx, Write},
    },
    talent::{events::rules::ORGANIZERS, registrations::rules::CARERS},
};

/// The enterprise's and the event's organizer's; while it is open, that of students and those who look after them, at an
/// announced event or at an enterprise at which they have applied; and of whoever has booked in it or waited for a place.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    use recruitment_event::Column as Event;
    let own = actor.organization();
    let booked = exists(interview_booking::Column::SessionId, Column::Id, booked_by(actor));
    let waited = exists(interview_wait::Column::SessionId, Column::Id, waited_by(actor));
    let mut seen = Condition::any().add(Column::OrganizationId.eq(own)).add(booked).add(waited);
    if actor.is(ORGANIZERS) || actor.is(&[Role::Auditor]) {
        seen = seen.add(exists(Event::Id, Column::EventId, Event::OrganizerId.eq(own).into()));
    }
    if looks_for_interviews(actor) {
        let offered = Condition::any()
            .add(exists(Event::Id, Column::EventId, Event::PublishedAt.is_not_null().into()))
            .add(exists(application::Column::OrganizationId, Column::OrganizationId, applied_by(actor)));
        seen = seen.add(Condition::all().add(Column::Status.eq(Status::Open)).add(offered));
    }
    seen
}

/// What belongs to a session is seen with it: rows whose column names a session that the actor sees.
#[must_use]
pub fn seen_with(session: impl ColumnTrait, actor: &Actor) -> Condition {
    exists(Column::Id, session, visible_to(actor))
}

/// Slots are seen with their session.
#[must_use]
pub fn slots_visible_to(actor: &Actor) -> Condition {
    seen_with(Slot::SessionId, actor)
}

/// Interviewers are seen with their session.
#[must_use]
pub fn interviewers_visible_to(actor: &Actor) -> Condition {
    seen_with(interviewer::Column::SessionId, actor)
}

/// The actor's bookings, or those of the university's students.
fn booked_by(actor: &Actor) -> Condition {
    use interview_booking::Column as Booking;
    let own = Condition::any().add(Booking::StudentId.eq(actor.user()));
    if actor.is(CARERS) { own.add(Booking::UniversityId.eq(actor.organization())) } else { own }
}

fn waited_by(actor: &Actor) -> Condition {
    use interview_wait::Column as Wait;
    let own = Condition::any().add(Wait::StudentId.eq(actor.user()));
    if actor.is(CARERS) { own.add(Wait::UniversityId.eq(actor.organization())) } else { own }
}

fn applied_by(actor: &Actor) -> Condition {
    use application::Column as Application;
    let own = Condition::any().add(Application::StudentId.eq(actor.user()));
    if actor.is(CARERS) { own.add(Application::UniversityId.eq(actor.organization())) } else { own }
}

/// The session with everything the rules need, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = interview_session::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    let session = seen.lock_exclusive().one(tx).await?.ok_or_else(Error::not_found)?;
    complete(tx, (actor, tx.now()), vec![session]).await?.remove(&id).ok_or_else(Error::not_found)
}

/// The facts of many sessions at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = interview_session::Entity::find().filter(Column::Id.is_in(ids.iter().copied()));
    complete(db.reader(), (actor, db.clock().now()), rows.all(db.reader()).await?).await
}

async fn complete(
    db: &impl ConnectionTrait,
    (actor, now): (&Actor, DateTime<Utc>),
    rows: Vec<interview_session::Model>,
) -> Result<HashMap<Uuid, Facts>> {
    let events = events(db, rows.iter().filter_map(|row| row.event_id).collect()).await?;
    let mut booked: HashSet<Uuid> = interview_booking::Entity::find()
        .select_only()
        .column(interview_booking::Column::SessionId)
        .filter(interview_booking::Column::SessionId.is_in(rows.iter().map(|row| row.id)))
        .filter(booked_by(actor))
        .into_tuple::<Uuid>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let waited = interview_wait::Entity::find()
        .select_only()
        .column(interview_wait::Column::SessionId)
        .filter(interview_wait::Column::SessionId.is_in(rows.iter().map(|row| row.id)))
        .filter(waited_by(actor));
    booked.extend(waited.into_tuple::<Uuid>().all(db).await?);
    let applied: HashSet<Uuid> = application::Entity::find()
        .select_only()
        .column(application::Column::OrganizationId)
        .distinct()
        .filter(application::Column::OrganizationId.is_in(rows.iter().map(|row| row.organization_id)))
        .filter(applied_by(actor))
        .into_tuple::<Uuid>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let facts = rows.into_iter().map(|session| {
        let event = session.event_id.and_then(|id| events.get(&id).cloned());
        let (applied, booked) = (applied.contains(&session.organization_id), booked.contains(&session.id));
        (session.id, Facts { session, event, applied, booked, now })
    });
    Ok(facts.collect())
}

async fn events(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, recruitment_event::Model>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = recruitment_event::Entity::find().filter(recruitment_event::Column::Id.is_in(ids));
    Ok(rows.all(db).await?.into_iter().map(|event| (event.id, event)).collect())
}

/// Sessions and their events, by key.
///
/// # Errors
/// When the database fails.
pub async fn of(
    db: &Db,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, (interview_session::Model, Option<recruitment_event::Model>)>> {
    let rows = interview_session::Entity::find().filter(Column::Id.is_in(ids)).all(db.reader()).await?;
    let events = events(db.reader(), rows.iter().filter_map(|row| row.event_id).collect()).await?;
    let both = rows.into_iter().map(|session| {
        let event = session.event_id.and_then(|id| events.get(&id).cloned());
        (session.id, (session, event))
    });
    Ok(both.collect())
}

/// A session and its event; the session locked until the transaction ends: whoever holds it holds its slots.
///
/// # Errors
/// When the database fails.
pub async fn locked(tx: &Tx, id: Uuid) -> Result<(interview_session::Model, Option<recruitment_event::Model>)> {
    let row = interview_session::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let session = row.ok_or_else(Error::not_found)?;
    let event = match session.event_id {
        Some(id) => recruitment_event::Entity::find_by_id(id).one(tx).await?,
        None => None,
    };
    Ok((session, event))
}

/// The open sessions whose last slot had ended by then, for the job: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn over(db: &impl ConnectionTrait, by: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let ids = interview_session::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(Status::Open))
        .filter(Column::EndsAt.lte(by))
        .order_by_asc(Column::EndsAt)
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Locks these sessions until the transaction ends, in the order in which everybody does.
///
/// # Errors
/// When the database fails.
pub async fn lock_all(tx: &Tx, ids: Vec<Uuid>) -> Result<()> {
    let them = interview_session::Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids));
    them.order_by_asc(Column::Id).lock_exclusive().into_tuple::<Uuid>().all(tx).await.map(drop).map_err(Error::from)
}

/// The sessions at an event, or of one enterprise there, that are not called off; locked until the transaction ends, in a
/// fixed order.
///
/// # Errors
/// When the database fails.
pub async fn standing_at(tx: &Tx, event: Uuid, enterprise: Option<Uuid>) -> Result<Vec<interview_session::Model>> {
    let mut there = interview_session::Entity::find()
        .filter(Column::EventId.eq(event))
        .filter(Column::Status.ne(Status::Cancelled));
    if let Some(enterprise) = enterprise {
        there = there.filter(Column::OrganizationId.eq(enterprise));
    }
    Ok(there.order_by_asc(Column::Id).lock_exclusive().all(tx).await?)
}

/// Whether the actor sees the session.
///
/// # Errors
/// When the database fails.
pub async fn sees(tx: &Tx, actor: &Actor, id: Uuid) -> Result<bool> {
    let seen = interview_session::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    Ok(seen.one(tx).await?.is_some())
}

/// A slot, as it is now.
///
/// # Errors
/// `NOT_FOUND` when there is none.
pub async fn slot(tx: &Tx, id: Uuid) -> Result<interview_slot::Model> {
    interview_slot::Entity::find_by_id(id).one(tx).await?.ok_or_else(Error::not_found)
}

/// Who interviews in a session, in their order. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn interviewers(tx: &Tx, session: Uuid) -> Result<Vec<Uuid>> {
    let people = interviewer::Entity::find()
        .select_only()
        .column(interviewer::Column::UserId)
        .filter(interviewer::Column::SessionId.eq(session))
        .order_by_asc(interviewer::Column::Place);
    Ok(people.into_tuple().all(tx).await?)
}

/// The slots of a session that are still to begin, the first first. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn to_begin(tx: &Tx, session: Uuid) -> Result<Vec<interview_slot::Model>> {
    let slots = interview_slot::Entity::find().filter(Slot::SessionId.eq(session)).filter(Slot::BeginsAt.gt(tx.now()));
    Ok(slots.order_by_asc(Slot::BeginsAt).all(tx).await?)
}

/// One place of a slot more, or one less, is taken. Whoever does it holds the session.
///
/// # Errors
/// When it would be more than there are, or less than none: the table refuses it.
pub async fn take_places(write: &Write, slot: Uuid, places: i32) -> Result<()> {
    let mut update = Query::update();
    update
        .table(interview_slot::Entity)
        .value(Slot::Taken, Expr::col(Slot::Taken).add(places))
        .and_where(Slot::Id.eq(slot));
    write.execute(&update).await.map(drop)
}

/// Slots of open sessions of this enterprise, on site or at events that are to be held, that still have places and are yet
/// to begin, the soonest first: at most fifty.
///
/// # Errors
/// When the database fails.
pub async fn free(tx: &Tx, enterprise: Uuid, now: DateTime<Utc>) -> Result<Vec<(interview_slot::Model, i32)>> {
    use recruitment_event::Column as Event;
    let to_be_held = exists(Event::Id, Column::EventId, Event::Status.is_in(HELD).into());
    let own = Condition::all()
        .add(Column::OrganizationId.eq(enterprise))
        .add(Column::Status.eq(Status::Open))
        .add(Condition::any().add(Column::EventId.is_null()).add(to_be_held));
    let slots = interview_slot::Entity::find()
        .filter(Slot::BeginsAt.gt(now))
        .filter(Expr::col(Slot::Taken).lt(Expr::col(Slot::Size)))
        .filter(exists(Column::Id, Slot::SessionId, own))
        .order_by_asc(Slot::BeginsAt)
        .order_by_asc(Slot::Id)
        .limit(50)
        .all(tx)
        .await?;
    let sessions = interview_session::Entity::find()
        .select_only()
        .columns([Column::Id, Column::BufferMinutes])
        .filter(Column::Id.is_in(slots.iter().map(|slot| slot.session_id)))
        .into_tuple::<(Uuid, i32)>()
        .all(tx)
        .await?;
    let buffers: HashMap<Uuid, i32> = sessions.into_iter().collect();
    let buffer = |slot: &interview_slot::Model| buffers.get(&slot.session_id).copied().unwrap_or_default();
    Ok(slots
        .into_iter()
        .map(|slot| {
            let buffer = buffer(&slot);
            (slot, buffer)
        })
        .collect())
}

/// Those of these people who are members of the enterprise, in force until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn members(tx: &Tx, enterprise: Uuid, people: Vec<Uuid>) -> Result<HashSet<Uuid>> {
    let rows = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(enterprise))
        .filter(membership::Column::Status.eq(MembershipStatus::Active))
        .filter(membership::Column::Role.is_in([Role::EnterpriseAdmin, Role::EnterpriseRecruiter]))
        .filter(membership::Column::UserId.is_in(people));
    Ok(rows.all(tx).await?.into_iter().map(|row| row.user_id).collect())
}
