//! The only place that touches the table of requests to change places.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    interview_booking::{self, Column as Booking, InterviewBookingStatus},
    interview_session,
    interview_swap::{self, Column, InterviewSwapStatus as Status},
    membership::Role,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
    talent::{interviews::sessions, registrations::rules::CARERS},
};

/// The student's, the university's staff's, whoever's accepted; while it is open, whoever's could accept.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let open = Condition::all().add(Column::Status.eq(Status::Requested)).add(could_give(actor));
    let seen =
        Condition::any().add(Column::StudentId.eq(actor.user())).add(Column::AcceptedById.eq(actor.user())).add(open);
    if actor.is(CARERS) || actor.is(&[Role::Auditor]) {
        return seen.add(Column::UniversityId.eq(actor.organization()));
    }
    seen
}

/// The actor has a confirmed booking in the wanted slot.
fn could_give(actor: &Actor) -> Condition {
    exists(Booking::SlotId, Column::WantedId, confirmed().add(Booking::StudentId.eq(actor.user())))
}

fn confirmed() -> Condition {
    Condition::all().add(Booking::Status.eq(InterviewBookingStatus::Confirmed))
}

/// A request with everything the rules need, and its session, which is locked until the transaction ends. Whoever could
/// have accepted is told what came of it, instead of that there is none.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<(Facts, interview_session::Model)> {
    let known = || Condition::any().add(visible_to(actor)).add(could_give(actor));
    let one = || interview_swap::Entity::find_by_id(id).filter(known());
    let found = one().one(tx).await?.ok_or_else(Error::not_found)?;
    let (session, _) = sessions::store::locked(tx, found.session_id).await?;
    // Read again: until the session was locked, somebody could accept, and places could be given up.
    let swap = one().one(tx).await?.ok_or_else(Error::not_found)?;
    let place = places(tx, actor, vec![swap.wanted_id]).await?.remove(&swap.wanted_id);
    Ok((Facts { swap, place, now: tx.now() }, session))
}

/// The facts of many at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = interview_swap::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let places = places(db.reader(), actor, rows.iter().map(|row| row.wanted_id).collect()).await?;
    let now = db.clock().now();
    let facts = rows.into_iter().map(|swap| {
        let place = places.get(&swap.wanted_id).copied();
        (swap.id, Facts { swap, place, now })
    });
    Ok(facts.collect())
}

/// The actor's confirmed bookings in these slots, by slot: one in each at most, because nobody is twice at one time.
async fn places(db: &impl ConnectionTrait, actor: &Actor, slots: Vec<Uuid>) -> Result<HashMap<Uuid, Uuid>> {
    let own = interview_booking::Entity::find()
        .select_only()
        .columns([Booking::SlotId, Booking::Id])
        .filter(confirmed())
        .filter(Booking::StudentId.eq(actor.user()))
        .filter(Booking::SlotId.is_in(slots));
    Ok(own.into_tuple::<(Uuid, Uuid)>().all(db).await?.into_iter().collect())
}

/// The request that is open for a booking. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn live(tx: &Tx, booking: Uuid) -> Result<Option<interview_swap::Model>> {
    let live = interview_swap::Entity::find().filter(Column::BookingId.eq(booking));
    Ok(live.filter(Column::Status.eq(Status::Requested)).one(tx).await?)
}

/// The open requests of a session that nobody can accept any more: the booking is not confirmed in its slot, or no other
/// student's is in the wanted one. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn lost(tx: &Tx, session: Uuid) -> Result<Vec<interview_swap::Model>> {
    let there = Expr::col(Booking::SlotId.as_column_ref()).equals(Column::OfferedId.as_column_ref());
    let others = Expr::col(Booking::StudentId.as_column_ref()).ne(Expr::col(Column::StudentId.as_column_ref()));
    let given = exists(Booking::Id, Column::BookingId, confirmed().add(there));
    let wanted = exists(Booking::SlotId, Column::WantedId, confirmed().add(others));
    let open = interview_swap::Entity::find()
        .filter(Column::SessionId.eq(session))
        .filter(Column::Status.eq(Status::Requested))
        .filter(Condition::any().add(given.not()).add(wanted.not()));
    Ok(open.order_by_asc(Column::Id).all(tx).await?)
}

/// The requests that are open for these slots and can still be accepted. Ask it with the session locked.
///
/// # Errors
/// When the database fails.
pub async fn open_for(tx: &Tx, slots: Vec<Uuid>) -> Result<Vec<interview_swap::Model>> {
    let open = interview_swap::Entity::find()
        .filter(Column::WantedId.is_in(slots))
        .filter(Column::Status.eq(Status::Requested))
        .filter(Column::AcceptBy.gt(tx.now()));
    Ok(open.order_by_asc(Column::Id).all(tx).await?)
}

/// A request by its key, as it is now.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &Tx, id: Uuid) -> Result<Option<interview_swap::Model>> {
    Ok(interview_swap::Entity::find_by_id(id).one(tx).await?)
}

/// Requests that nobody accepted in time, with their sessions, for the job: at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn late(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<(Uuid, Uuid)>> {
    let ids = interview_swap::Entity::find()
        .select_only()
        .columns([Column::Id, Column::SessionId])
        .filter(Column::Status.eq(Status::Requested))
        .filter(Column::AcceptBy.lte(now))
        .order_by_asc(Column::AcceptBy)
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Everything that this student asked for or accepted, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all_of(tx: &Tx, student: Uuid) -> Result<Vec<interview_swap::Model>> {
    let own = Condition::any().add(Column::StudentId.eq(student)).add(Column::AcceptedById.eq(student));
    Ok(interview_swap::Entity::find().filter(own).order_by_asc(Column::Id).all(tx).await?)
}
