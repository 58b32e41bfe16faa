//! The only place that touches the table of interview bookings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    application,
    interview_booking::{self, Column, InterviewBookingStatus as Status},
    interview_score::{self, Column as Score},
    membership::Role,
    recruitment_event,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use super::rules::{CAME, Facts, LIVE};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx, Write},
    },
    talent::{
        applications::{rules::RECRUITERS, store as applications},
        consents::store::shared_by,
        events::rules::ORGANIZERS,
        interviews::sessions,
        registrations::rules::CARERS,
    },
};

/// The student's, the enterprise's recruiters', the university's staff's and the organizer's.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    seen_by(actor, (Column::StudentId, Column::OrganizationId, Column::UniversityId, Column::EventId))
}

/// As [`visible_to`], for whatever names student, enterprise, university and event in these columns.
#[must_use]
pub fn seen_by<C: ColumnTrait>(actor: &Actor, (student, organization, university, event): (C, C, C, C)) -> Condition {
    use recruitment_event::Column as Event;
    let (own, auditor) = (actor.organization(), actor.is(&[Role::Auditor]));
    let mut seen = Condition::any().add(student.eq(actor.user()));
    if actor.is(RECRUITERS) {
        seen = seen.add(organization.eq(own));
    }
    if actor.is(CARERS) || auditor {
        seen = seen.add(university.eq(own));
    }
    if actor.is(ORGANIZERS) || auditor {
        seen = seen.add(exists(Event::Id, event, Event::OrganizerId.eq(own).into()));
    }
    seen
}

/// The enterprise reads the name once the student came, or consents; auditors read it of nobody.
#[must_use]
pub fn names_visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::StudentId.eq(actor.user()));
    if actor.is(&[Role::Auditor]) {
        return own;
    }
    own.add(Column::OrganizationId.ne(actor.organization())).add(Column::Status.is_in(CAME)).add(shared_by(
        Column::StudentId,
        actor,
        None,
    ))
}

/// What the enterprise noted is for its own people, and not for whom it is about.
#[must_use]
pub fn notes_visible_to(actor: &Actor) -> Condition {
    if !actor.is(RECRUITERS) {
        return Condition::all().add(Column::Id.is_null());
    }
    Condition::all().add(Column::OrganizationId.eq(actor.organization())).add(Column::StudentId.ne(actor.user()))
}

/// As [`notes_visible_to`], of each skill.
#[must_use]
pub fn scores_visible_to(actor: &Actor) -> Condition {
    exists(Column::Id, Score::BookingId, notes_visible_to(actor))
}

/// Why somebody was excused is the student's and the university's.
#[must_use]
pub fn reasons_visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::StudentId.eq(actor.user()));
    if actor.is(CARERS) { own.add(Column::UniversityId.eq(actor.organization())) } else { own }
}

/// The booking with everything the rules need, and its application, if the actor sees it; application and session locked
/// until the transaction ends, in this order.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<(Facts, application::Model)> {
    let seen = interview_booking::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    behind(tx, seen).await
}

/// As [`facts`], for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such booking.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<(Facts, application::Model)> {
    behind(tx, interview_booking::Entity::find_by_id(id).one(tx).await?).await
}

async fn behind(tx: &Tx, found: Option<interview_booking::Model>) -> Result<(Facts, application::Model)> {
    let found = found.ok_or_else(Error::not_found)?;
    let application = applications::facts_behind(tx, found.application_id).await?.application;
    let (session, event) = sessions::store::locked(tx, found.session_id).await?;
    // Read again: until both were locked, another step could be taken.
    let booking = interview_booking::Entity::find_by_id(found.id).one(tx).await?.ok_or_else(Error::not_found)?;
    Ok((Facts { booking, session, event, now: tx.now() }, application))
}

/// The facts of many bookings at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = interview_booking::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let sessions = sessions::store::of(db, rows.iter().map(|row| row.session_id).collect()).await?;
    let now = db.clock().now();
    let facts = rows.into_iter().filter_map(|booking| {
        let (session, event) = sessions.get(&booking.session_id)?.clone();
        Some((booking.id, Facts { booking, session, event, now }))
    });
    Ok(facts.collect())
}

/// The place that is held for an application. Ask it with the application locked.
///
/// # Errors
/// When the database fails.
pub async fn live(tx: &Tx, application: Uuid) -> Result<Option<interview_booking::Model>> {
    let live = interview_booking::Entity::find()
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::Status.is_in(LIVE));
    Ok(live.one(tx).await?)
}

/// The places that are held in a session, in a fixed order. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn live_in(tx: &Tx, session: Uuid) -> Result<Vec<interview_booking::Model>> {
    let live =
        interview_booking::Entity::find().filter(Column::SessionId.eq(session)).filter(Column::Status.is_in(LIVE));
    Ok(live.order_by_asc(Column::Id).all(tx).await?)
}

/// Whose bookings in a slot are confirmed. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn confirmed_in(tx: &Tx, slot: Uuid) -> Result<Vec<Uuid>> {
    let students = interview_booking::Entity::find().select_only().column(Column::StudentId);
    let here = students.filter(Column::SlotId.eq(slot)).filter(Column::Status.eq(Status::Confirmed));
    Ok(here.order_by_asc(Column::Id).into_tuple().all(tx).await?)
}

/// A booking by its key, as it is now.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &Tx, id: Uuid) -> Result<Option<interview_booking::Model>> {
    Ok(interview_booking::Entity::find_by_id(id).one(tx).await?)
}

/// Bookings of interviews that were over by then and to which nobody was checked in, for the job: at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn missed(db: &impl ConnectionTrait, over_by: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let ids = interview_booking::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(Status::Confirmed))
        .filter(Column::EndsAt.lte(over_by))
        .order_by_asc(Column::EndsAt)
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Everything that this student has booked, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all_of(tx: &Tx, student: Uuid) -> Result<Vec<interview_booking::Model>> {
    let own = interview_booking::Entity::find().filter(Column::StudentId.eq(student));
    Ok(own.order_by_asc(Column::Id).all(tx).await?)
}

/// The scorecards of these bookings, in their order.
///
/// # Errors
/// When the database fails.
pub async fn scores_of(tx: &Tx, bookings: &[Uuid]) -> Result<Vec<interview_score::Model>> {
    let rows = interview_score::Entity::find().filter(Score::BookingId.is_in(bookings.iter().copied()));
    Ok(rows.order_by_asc(Score::BookingId).order_by_asc(Score::Place).all(tx).await?)
}

/// Writes a scorecard in place of the one before.
///
/// # Errors
/// When the database fails.
pub async fn replace_scores(write: &Write, booking: Uuid, rows: Vec<interview_score::ActiveModel>) -> Result<()> {
    let mut delete = Query::delete();
    delete.from_table(interview_score::Entity).and_where(Score::BookingId.eq(booking));
    write.execute(&delete).await?;
    write.insert_all(rows).await
}
