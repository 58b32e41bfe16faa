//! The only place that touches the table of waiting lists.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    application,
    interview_session::{Column as Session, InterviewSessionStatus},
    interview_slot::Column as Slot,
    interview_wait::{self, Column, InterviewWaitStatus as Status},
    membership::Role,
    recruitment_event,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use super::rules::{Facts, LIVE};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
    talent::{
        applications::store as applications,
        consents::store::shared_by,
        interviews::{
            bookings,
            sessions::{self, rules::HELD},
        },
    },
};

/// As bookings: the student's, the enterprise's recruiters', the university's staff's and the organizer's.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    bookings::store::seen_by(actor, (Column::StudentId, Column::OrganizationId, Column::UniversityId, Column::EventId))
}

/// The enterprise reads the name while the student consents; auditors read it of nobody.
#[must_use]
pub fn names_visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::StudentId.eq(actor.user()));
    if actor.is(&[Role::Auditor]) {
        return own;
    }
    own.add(Column::OrganizationId.ne(actor.organization())).add(shared_by(Column::StudentId, actor, None))
}

/// A place in a list with everything the rules need, its application, and all lists in which that waits; application and
/// sessions locked until the transaction ends, in this order.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(
    tx: &Tx,
    actor: &Actor,
    id: Uuid,
) -> Result<(Facts, application::Model, Vec<interview_wait::Model>)> {
    let seen = interview_wait::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    let found = seen.one(tx).await?.ok_or_else(Error::not_found)?;
    let application = applications::facts_behind(tx, found.application_id).await?.application;
    let lists = locked(tx, (application.id, None)).await?;
    // Read again: until its session was locked, a place could be offered.
    let wait = interview_wait::Entity::find_by_id(id).one(tx).await?.ok_or_else(Error::not_found)?;
    let organizer = organizers(tx, wait.event_id.into_iter().collect()).await?.into_values().next();
    Ok((Facts { wait, organizer, now: tx.now() }, application, lists))
}

/// The lists in which an application waits, their sessions and this one locked until the transaction ends, in a fixed
/// order. Ask it with the application locked.
///
/// # Errors
/// When the database fails.
pub async fn locked(tx: &Tx, (application, session): (Uuid, Option<Uuid>)) -> Result<Vec<interview_wait::Model>> {
    let live = || {
        let own = interview_wait::Entity::find().filter(Column::ApplicationId.eq(application));
        own.filter(Column::Status.is_in(LIVE)).order_by_asc(Column::Id)
    };
    let before = live().all(tx).await?;
    if before.is_empty() {
        return Ok(before);
    }
    sessions::store::lock_all(tx, before.iter().map(|row| row.session_id).chain(session).collect()).await?;
    // Read again: until they were locked, places could be offered and lapse.
    Ok(live().all(tx).await?)
}

/// The facts of many at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = interview_wait::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let organizers = organizers(db.reader(), rows.iter().filter_map(|row| row.event_id).collect()).await?;
    let now = db.clock().now();
    let facts = rows.into_iter().map(|wait| {
        let organizer = wait.event_id.and_then(|event| organizers.get(&event).copied());
        (wait.id, Facts { wait, organizer, now })
    });
    Ok(facts.collect())
}

async fn organizers(db: &impl ConnectionTrait, events: Vec<Uuid>) -> Result<HashMap<Uuid, Uuid>> {
    use recruitment_event::Column as Event;
    if events.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = recruitment_event::Entity::find().select_only().columns([Event::Id, Event::OrganizerId]);
    Ok(rows.filter(Event::Id.is_in(events)).into_tuple::<(Uuid, Uuid)>().all(db).await?.into_iter().collect())
}

/// How many of those who still wait come before, and this one: of each that waits.
///
/// # Errors
/// When the database fails.
pub async fn positions_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, i32>> {
    const AHEAD: &str = "ahead";
    let here = |column: Column| Expr::col(column.as_column_ref());
    let ahead = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_as(interview_wait::Entity, AHEAD)
        .and_where(Expr::col((AHEAD, Column::SessionId)).eq(here(Column::SessionId)))
        .and_where(Expr::col((AHEAD, Column::Status)).eq(here(Column::Status)))
        .and_where(Expr::col((AHEAD, Column::Number)).lte(here(Column::Number)))
        .take();
    let rows = interview_wait::Entity::find()
        .select_only()
        .column(Column::Id)
        .expr_as(Expr::from(ahead), "position")
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::Status.eq(Status::Waiting))
        .into_tuple::<(Uuid, i64)>()
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(|(id, position)| (id, i32::try_from(position).unwrap_or(i32::MAX))).collect())
}

/// Where this application waits in this list. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn live(tx: &Tx, application: Uuid, session: Uuid) -> Result<Option<interview_wait::Model>> {
    let live = in_list(session, &LIVE).filter(Column::ApplicationId.eq(application));
    Ok(live.one(tx).await?)
}

/// Who stands so in the list of a session, who came first, first. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &Tx, session: Uuid, statuses: &[Status]) -> Result<Vec<interview_wait::Model>> {
    Ok(in_list(session, statuses).order_by_asc(Column::Number).all(tx).await?)
}

fn in_list(session: Uuid, statuses: &[Status]) -> sea_orm::Select<interview_wait::Entity> {
    interview_wait::Entity::find()
        .filter(Column::SessionId.eq(session))
        .filter(Column::Status.is_in(statuses.iter().copied()))
}

/// The number of whoever joins the list of a session next. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn next_number(tx: &Tx, session: Uuid) -> Result<i32> {
    let last = interview_wait::Entity::find()
        .select_only()
        .column_as(Column::Number.max(), "last")
        .filter(Column::SessionId.eq(session));
    let last = last.into_tuple::<Option<i32>>().one(tx).await?.flatten();
    Ok(last.unwrap_or_default() + 1)
}

/// Every list in which this student waited, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all_of(tx: &Tx, student: Uuid) -> Result<Vec<interview_wait::Model>> {
    let own = interview_wait::Entity::find().filter(Column::StudentId.eq(student));
    Ok(own.order_by_asc(Column::Id).all(tx).await?)
}

/// The sessions in whose lists something is to be done: an offer lapses, a place is free, or nobody can be asked any more.
///
/// # Errors
/// When the database fails.
pub async fn to_tend(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let late = Condition::all().add(Column::Status.eq(Status::Offered)).add(Column::AcceptBy.lte(now));
    let to_begin = || Condition::all().add(Slot::BeginsAt.gt(now));
    let has_place = Expr::col(Slot::Taken.as_column_ref()).lt(Expr::col(Slot::Size.as_column_ref()));
    let event_held =
        exists(recruitment_event::Column::Id, Session::EventId, recruitment_event::Column::Status.is_in(HELD).into());
    let asks = Condition::all()
        .add(Session::Status.eq(InterviewSessionStatus::Open))
        .add(Condition::any().add(Session::EventId.is_null()).add(event_held));
    let is_due = Condition::any()
        .add(exists(Slot::SessionId, Column::SessionId, to_begin().add(has_place)))
        .add(exists(Slot::SessionId, Column::SessionId, to_begin()).not())
        .add(exists(Session::Id, Column::SessionId, asks).not());
    let waiting = Condition::all().add(Column::Status.eq(Status::Waiting)).add(is_due);
    let ids = interview_wait::Entity::find()
        .select_only()
        .column(Column::SessionId)
        .distinct()
        .filter(Condition::any().add(late).add(waiting))
        .order_by_asc(Column::SessionId);
    Ok(ids.into_tuple().all(db).await?)
}
