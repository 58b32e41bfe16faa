//! The only place that touches the table of holds.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::interview_hold::{self, Column};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Func, Query},
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
            })
        })
        .collect();
    for some in rows.chunks(AT_ONCE) {
        write.insert_all(some.to_vec()).await.map_err(taken)?;
    }
    Ok(())
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

/// Lets go of the room and the interviewers of a session.
///
/// # Errors
/// When the database fails.
pub async fn release_session(write: &Write, session: Uuid) -> Result<()> {
    release(write, Column::SessionId.eq(session).and(Column::BookingId.is_null())).await
}

async fn release(write: &Write, which: Expr) -> Result<()> {
    let mut delete = Query::delete();
    delete.from_table(interview_hold::Entity).and_where(which);
    write.execute(&delete).await.map(drop)
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
