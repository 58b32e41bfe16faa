//! Reading one column of one row, of either database, straight into JSON.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::QueryResult;
use sqlx::{Decode, Postgres, Row, Sqlite, ValueRef};
use uuid::Uuid;

use super::{column::Class, json, leaf::Kind, page::CursorValue};
use crate::{
    error::{Error, Result},
    platform::id,
};

/// What one column of one row holds.
enum Cell<'r> {
    Null,
    Text(&'r str),
    Int(i64),
    Flag(bool),
    Key(Uuid),
    Date(NaiveDate),
    Time(DateTime<Utc>),
}

macro_rules! decode {
    ($database:ty, $row:expr, $at:expr, $class:expr) => {{
        let value = $row.try_get_raw($at).map_err(Error::internal)?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let cell = match $class {
            Class::Text => <&str as Decode<$database>>::decode(value).map(Cell::Text),
            Class::Int => <i64 as Decode<$database>>::decode(value).map(Cell::Int),
            Class::Flag => <bool as Decode<$database>>::decode(value).map(Cell::Flag),
            Class::Key => <Uuid as Decode<$database>>::decode(value).map(Cell::Key),
            Class::Date => <NaiveDate as Decode<$database>>::decode(value).map(Cell::Date),
            Class::Time => <DateTime<Utc> as Decode<$database>>::decode(value).map(Cell::Time),
            Class::Other => Err("a column of a kind that views do not show".into()),
        };
        cell.map_err(Error::internal)
    }};
}

fn cell(row: &QueryResult, at: usize, class: Class) -> Result<Cell<'_>> {
    if let Some(row) = row.try_as_pg_row() {
        return decode!(Postgres, row, at, class);
    }
    let row = row.try_as_sqlite_row().ok_or_else(|| Error::internal("a row of an unknown database"))?;
    decode!(Sqlite, row, at, class)
}

/// Writes the value at `at` as JSON. False, and nothing written, when it is null.
pub(super) fn push(row: &QueryResult, at: usize, kind: &Kind, out: &mut String) -> Result<bool> {
    match (cell(row, at, Class::of(kind))?, kind) {
        (Cell::Null, _) => return Ok(false),
        (Cell::Text(text), Kind::Word(words)) => {
            let word = words.iter().find(|(stored, _)| stored == text);
            let (_, word) = word.ok_or_else(|| Error::internal("the database holds an unknown word"))?;
            json::push_text(out, word);
        }
        (Cell::Text(text), _) => json::push_text(out, text),
        (Cell::Int(number), Kind::Int) => json::push_integer(out, number),
        (Cell::Int(number), _) => quoted(out, |out| json::push_integer(out, number)),
        (Cell::Flag(flag), _) => out.push_str(if flag { "true" } else { "false" }),
        (Cell::Key(key), Kind::Key(prefix)) => quoted(out, |out| id::push(out, prefix, key)),
        (Cell::Key(_), _) => return Err(Error::internal("a key without a prefix")),
        (Cell::Date(day), _) => quoted(out, |out| json::push_date(out, day)),
        (Cell::Time(at), _) => quoted(out, |out| json::push_time(out, at)),
    }
    Ok(true)
}

fn quoted(out: &mut String, write: impl FnOnce(&mut String)) {
    out.push('"');
    write(out);
    out.push('"');
}

/// The text at `at`.
pub(super) fn text(row: &QueryResult, at: usize) -> Result<Option<&str>> {
    match cell(row, at, Class::Text)? {
        Cell::Text(text) => Ok(Some(text)),
        _ => Ok(None),
    }
}

/// The key at `at`.
pub(super) fn key(row: &QueryResult, at: usize) -> Result<Option<Uuid>> {
    match cell(row, at, Class::Key)? {
        Cell::Key(key) => Ok(Some(key)),
        _ => Ok(None),
    }
}

/// The whole number at `at`; nought when it is null.
pub(super) fn integer(row: &QueryResult, at: usize) -> Result<i64> {
    match cell(row, at, Class::Int)? {
        Cell::Int(number) => Ok(number),
        _ => Ok(0),
    }
}

/// The value at `at`, for a cursor.
pub(super) fn cursor_value(row: &QueryResult, at: usize, class: Class) -> Result<Option<CursorValue>> {
    Ok(match cell(row, at, class)? {
        Cell::Null => None,
        Cell::Text(text) => Some(CursorValue::Text(text.to_owned())),
        Cell::Int(number) => Some(CursorValue::Int(number)),
        Cell::Flag(flag) => Some(CursorValue::Flag(flag)),
        Cell::Key(key) => Some(CursorValue::Key(key)),
        Cell::Date(day) => Some(CursorValue::Date(day)),
        Cell::Time(at) => Some(CursorValue::Time(at)),
    })
}
