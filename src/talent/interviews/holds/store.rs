//! The only place that touches the table of holds.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::interview_hold::{self, Column};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Func, OnConflict, Query},
};
use uuid::Uuid;

use super::{TICK, Ticks};
use crate::{
    error::{Code, Error, Problem, Result, Text},
    organizations::merge::Merging,
    platform::{
        db::{Tx, Write},
        failure::is_duplicate,
    },
};

/// Rows written at once: below what either database takes in one statement.
const AT_ONCE: usize = 1_000;

/// Which of these are held at one of these ticks already.
///
/// # Errors
/// When the database fails.
pub async fn busy(tx: &Tx, held: &[String], ticks: Ticks) -> Result<HashSet<String>> {
    let rows = interview_hold::Entity::find()
        .select_only()
        .column(Column::Held)
        .distinct()
        .filter(Column::Held.is_in(held))
        .filter(Column::Tick.gte(ticks.from))
        .filter(Column::Tick.lt(ticks.to));
    Ok(rows.into_tuple::<String>().all(tx).await?.into_iter().collect())
}

/// At which of these ticks each of these is held.
///
/// # Errors
/// When the database fails.
pub async fn busy_at(tx: &Tx, held: &[String], ticks: Ticks) -> Result<HashMap<String, Vec<i64>>> {
    let mut busy: HashMap<String, Vec<i64>> = HashMap::new();
    for some in held.chunks(AT_ONCE) {
        let rows = interview_hold::Entity::find()
            .select_only()
            .columns([Column::Held, Column::Tick])
            .filter(Column::Held.is_in(some))
            .filter(Column::Tick.gte(ticks.from))
            .filter(Column::Tick.lt(ticks.to));
        for (held, tick) in rows.into_tuple::<(String, i64)>().all(tx).await? {
            busy.entry(held).or_default().push(tick);
        }
    }
    Ok(busy)
}

/// At which ticks from now on it is held.
///
/// # Errors
/// When the database fails.
pub async fn ticks(tx: &Tx, held: &str, now: DateTime<Utc>) -> Result<Vec<i64>> {
    let rows = interview_hold::Entity::find()
        .select_only()
        .column(Column::Tick)
        .filter(Column::Held.eq(held))
        .filter(Column::Tick.gte(tick_of(now)));
    Ok(rows.into_tuple().all(tx).await?)
}

/// Holds each of these at each of these ticks, for a session or one of its bookings.
///
/// # Errors
/// `SLOT_TAKEN` when one is held already: the table's key refuses it.
pub async fn hold(write: &Write, held: &[String], ticks: Ticks, under: (Uuid, Option<Uuid>)) -> Result<()> {
    let (session, booking) = under;
    let mut held = held.to_vec();
    held.sort_unstable();
    let rows: Vec<interview_hold::ActiveModel> = held
        .iter()
        .flat_map(|held| {
            (ticks.from..ticks.to).map(move |tick| interview_hold::ActiveModel {
                held: Set(held.clone()),
                tick: Set(tick),
                session_id: Set(session),
                booking_id: Set(booking),
                wait_id: Set(None),
            })
        })
        .collect();
    for some in rows.chunks(AT_ONCE) {
        write.insert_all(some.to_vec()).await.map_err(taken)?;
    }
    Ok(())
}

/// Holds a student to whom a place is offered at each of these ticks, and says so; nothing when the student is held at
/// one of them already, by whoever was faster.
///
/// # Errors
/// When the database fails.
pub async fn hold_if_free(
    write: &Write,
    (student, ticks): (&str, Ticks),
    (session, wait): (Uuid, Uuid),
) -> Result<bool> {
    let mut insert = Query::insert();
    insert
        .into_table(interview_hold::Entity)
        .columns([Column::Held, Column::Tick, Column::SessionId, Column::WaitId])
        .on_conflict(OnConflict::columns([Column::Held, Column::Tick]).do_nothing().to_owned());
    for tick in ticks.from..ticks.to {
        insert.values_panic([student.into(), tick.into(), session.into(), wait.into()]);
    }
    let wanted = u64::try_from(ticks.to - ticks.from).unwrap_or_default();
    if write.execute(&insert).await? == wanted {
        return Ok(true);
    }
    release_wait(write, wait).await?;
    Ok(false)
}

/// What is held for somebody to whom a place was offered is held for the booking from now on.
///
/// # Errors
/// When the database fails.
pub async fn pass_on(write: &Write, wait: Uuid, booking: Uuid) -> Result<()> {
    let mut update = Query::update();
    update
        .table(interview_hold::Entity)
        .value(Column::BookingId, booking)
        .value(Column::WaitId, None::<Uuid>)
        .and_where(Column::WaitId.eq(wait));
    write.execute(&update).await.map(drop)
}

/// Somebody else was faster, elsewhere.
fn taken(error: Error) -> Error {
    if !is_duplicate(&error) {
        return error;
    }
    let message = Text::new("Somebody needed was booked elsewhere meanwhile.", "所需人员刚刚已被其他面试占用。");
    Problem::new(Code::SlotTaken, message).at(["input"]).into()
}

/// Lets go of what a booking holds.
///
/// # Errors
/// When the database fails.
pub async fn release_booking(write: &Write, booking: Uuid) -> Result<()> {
    release(write, Column::BookingId.eq(booking)).await
}

/// Lets go of whoever a place was offered to.
///
/// # Errors
/// When the database fails.
pub async fn release_wait(write: &Write, wait: Uuid) -> Result<()> {
    release(write, Column::WaitId.eq(wait)).await
}

/// Lets go of the room and the interviewers of a session.
///
/// # Errors
/// When the database fails.
pub async fn release_session(write: &Write, session: Uuid) -> Result<()> {
    let others = Column::BookingId.is_null().and(Column::WaitId.is_null());
    release(write, Column::SessionId.eq(session).and(others)).await
}

async fn release(write: &Write, which: Expr) -> Result<()> {
    let mut delete = Query::delete();
    delete.from_table(interview_hold::Entity).and_where(which);
    write.execute(&delete).await.map(drop)
}

/// Deletes what was held before the five minutes of this moment, the oldest first, so many rows at once as are written;
/// says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget(write: &Write, before: DateTime<Utc>) -> Result<u64> {
    let oldest = Query::select()
        .columns([Column::Held, Column::Tick])
        .from(interview_hold::Entity)
        .and_where(Column::Tick.lt(tick_of(before)))
        .order_by(Column::Tick, Order::Asc)
        .limit(AT_ONCE as u64)
        .take();
    let key = Expr::tuple([Expr::col(Column::Held), Expr::col(Column::Tick)]);
    write.execute(Query::delete().from_table(interview_hold::Entity).and_where(key.in_subquery(oldest))).await
}

/// At how many ticks from now on rooms of the same name are held in both enterprises.
///
/// # Errors
/// When the database fails.
pub async fn rooms_held_twice(tx: &Tx, merging: Merging) -> Result<u64> {
    const THERE: &str = "there";
    let renamed = renamed(merging, Expr::col((interview_hold::Entity, Column::Held)));
    let there = Query::select()
        .expr(Expr::cust("1"))
        .from_as(interview_hold::Entity, THERE)
        .and_where(Expr::col((THERE, Column::Held)).eq(renamed))
        .and_where(Expr::col((THERE, Column::Tick)).equals((interview_hold::Entity, Column::Tick)))
        .take();
    let twice = interview_hold::Entity::find().filter(rooms_of(merging.from, tx.now())).filter(Expr::exists(there));
    Ok(twice.count(tx).await?)
}

/// The rooms of the duplicate are those of the enterprise that stays, from now on: what is over may have been in both.
///
/// # Errors
/// When the database fails.
pub async fn move_rooms(write: &Write, merging: Merging) -> Result<()> {
    let mut update = Query::update();
    update
        .table(interview_hold::Entity)
        .value(Column::Held, renamed(merging, Expr::col(Column::Held)))
        .cond_where(rooms_of(merging.from, write.now()));
    write.execute(&update).await.map(drop)
}

/// The rooms that an enterprise holds from now on.
fn rooms_of(enterprise: Uuid, now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::Held.starts_with(format!("{enterprise}/"))).add(Column::Tick.gte(tick_of(now)))
}

/// What a room is called in the enterprise that stays.
fn renamed(merging: Merging, held: Expr) -> Expr {
    let [from, into] = [merging.from, merging.into].map(|key| key.to_string());
    Func::cust("replace").arg(held).arg(from).arg(into).into()
}

/// The tick that this moment is in.
fn tick_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(i64::from(TICK) * 60)
}
