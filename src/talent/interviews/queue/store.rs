//! The statements of the queue.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    interview_booking::{self, Column as Booking, InterviewBookingStatus as Status},
    interview_session::{self, Column as Session, InterviewSessionStatus},
    interview_slot::{self, Column as Slot},
    organization, recruitment_event,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::{Line, Queue};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::Db,
    talent::{events::store as events, interviews::sessions},
};

/// Sessions of one event that a screen shows.
pub const LINES: u64 = 500;

/// The queues at an event, of the sessions that the actor sees.
///
/// # Errors
/// `NOT_FOUND` for an event that the actor does not see.
pub async fn queue(db: &Db, actor: &Actor, event: Uuid) -> Result<Queue> {
    let (reader, now) = (db.reader(), db.clock().now());
    let seen = recruitment_event::Entity::find()
        .filter(events::visible_to(actor))
        .filter(recruitment_event::Column::Id.eq(event));
    seen.one(reader).await?.ok_or_else(Error::not_found)?;
    let sessions = interview_session::Entity::find()
        .filter(sessions::store::visible_to(actor))
        .filter(Session::EventId.eq(event))
        .filter(Session::Status.ne(InterviewSessionStatus::Cancelled))
        .order_by_asc(Session::StartsAt)
        .order_by_asc(Session::Id)
        .limit(LINES)
        .all(reader)
        .await?;
    let ids: Vec<Uuid> = sessions.iter().map(|session| session.id).collect();
    let names = names(reader, sessions.iter().map(|session| session.organization_id).collect()).await?;
    let (counts, free) = (counts(reader, &ids).await?, free(reader, &ids, now).await?);
    let line = |row: interview_session::Model| {
        let count = |status| counts.get(&(row.id, status)).copied().unwrap_or_default();
        let is_open = row.status == InterviewSessionStatus::Open;
        Line {
            session: row.id,
            enterprise: names.get(&row.organization_id).cloned().unwrap_or_default(),
            expected: count(Status::Confirmed),
            waiting: count(Status::CheckedIn),
            done: count(Status::Done),
            missed: count(Status::NoShow),
            free: free.get(&row.id).copied().filter(|_| is_open).unwrap_or_default(),
            place: row.place,
            room: row.room,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
        }
    };
    Ok(Queue { as_of: now, lines: sessions.into_iter().map(line).collect() })
}

async fn names(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    let rows = organization::Entity::find()
        .select_only()
        .columns([organization::Column::Id, organization::Column::Name])
        .filter(organization::Column::Id.is_in(ids));
    Ok(rows.into_tuple::<(Uuid, String)>().all(db).await?.into_iter().collect())
}

async fn counts(db: &impl ConnectionTrait, sessions: &[Uuid]) -> Result<HashMap<(Uuid, Status), i32>> {
    let rows = interview_booking::Entity::find()
        .select_only()
        .columns([Booking::SessionId, Booking::Status])
        .column_as(Booking::Id.count(), "count")
        .filter(Booking::SessionId.is_in(sessions.iter().copied()))
        .group_by(Booking::SessionId)
        .group_by(Booking::Status);
    let rows = rows.into_tuple::<(Uuid, Status, i64)>().all(db).await?;
    let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    Ok(rows.into_iter().map(|(session, status, many)| ((session, status), count(many))).collect())
}

async fn free(db: &impl ConnectionTrait, sessions: &[Uuid], now: DateTime<Utc>) -> Result<HashMap<Uuid, i32>> {
    let left = Expr::col(Slot::Size).sub(Expr::col(Slot::Taken));
    let rows = interview_slot::Entity::find()
        .select_only()
        .column(Slot::SessionId)
        .expr_as(left.sum(), "free")
        .filter(Slot::SessionId.is_in(sessions.iter().copied()))
        .filter(Slot::EndsAt.gt(now))
        .filter(Expr::col(Slot::Taken).lt(Expr::col(Slot::Size)))
        .group_by(Slot::SessionId);
    let rows = rows.into_tuple::<(Uuid, i64)>().all(db).await?;
    Ok(rows.into_iter().map(|(session, free)| (session, i32::try_from(free).unwrap_or(i32::MAX))).collect())
}
