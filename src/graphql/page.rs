//! Pages of a connection: their arguments, and cursors that cannot be forged or carried to another list.

use async_graphql::{Context, Pos, ServerError, ServerResult};
use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{Condition, Value as Bound};
use uuid::Uuid;

use super::{
    column::{Class, Column, Sort},
    source::Rows,
};
use crate::error::{Code, Error, Problem, Text};

/// The size of a page when none is asked for.
const DEFAULT: i32 = 20;
/// The largest page.
pub const LARGEST: i32 = 100;
/// Changes when cursors are made in another way.
const SEAL: &[u8] = b"hezuo cursor 1";
const SEAL_LENGTH: usize = 8;

/// Which part of a list is asked for.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) size: u64,
    /// The last ones before a cursor rather than the first ones after it.
    pub(super) backwards: bool,
    pub(super) from: Option<Cursor>,
    pub(super) sort: Sort,
    pub(super) seal: Seal,
}

/// A place in a list: what the row there is ordered by, and its key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cursor {
    pub(super) value: Option<CursorValue>,
    pub(super) key: Uuid,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum CursorValue {
    Text(String),
    Int(i64),
    Flag(bool),
    Key(Uuid),
    Date(NaiveDate),
    Time(DateTime<Utc>),
}

impl CursorValue {
    pub(super) fn bound(&self) -> Bound {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::Int(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Key(key) => (*key).into(),
            Self::Date(day) => (*day).into(),
            Self::Time(at) => (*at).into(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Int(number) => number.to_be_bytes().to_vec(),
            Self::Flag(flag) => vec![u8::from(*flag)],
            Self::Key(key) => key.as_bytes().to_vec(),
            Self::Date(day) => day.to_string().into_bytes(),
            Self::Time(at) => at.timestamp_micros().to_be_bytes().to_vec(),
        }
    }

    fn read(class: Class, bytes: &[u8]) -> Option<Self> {
        Some(match class {
            Class::Text => Self::Text(std::str::from_utf8(bytes).ok()?.to_owned()),
            Class::Int => Self::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
            Class::Flag => Self::Flag(bytes == [1]),
            Class::Key => Self::Key(Uuid::from_slice(bytes).ok()?),
            Class::Date => Self::Date(std::str::from_utf8(bytes).ok()?.parse().ok()?),
            Class::Time => Self::Time(DateTime::from_timestamp_micros(i64::from_be_bytes(bytes.try_into().ok()?))?),
            Class::Other => return None,
        })
    }
}

/// What cursors of one list, in one order and under one filter, are sealed with.
#[derive(Clone)]
pub(super) struct Seal(digest::Context);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    pub(super) fn new(list: &str, sort: Sort, filter: &str) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        let direction = if sort.descending { "desc" } else { "asc" };
        for part in [SEAL, list.as_bytes(), sort.column.name.as_bytes(), direction.as_bytes(), filter.as_bytes()] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        Self(context)
    }

    fn of(&self, content: &[u8]) -> [u8; SEAL_LENGTH] {
        let mut digest = self.0.clone();
        digest.update(content);
        let mut seal = [0; SEAL_LENGTH];
        seal.copy_from_slice(&digest.finish().as_ref()[..SEAL_LENGTH]);
        seal
    }

    /// The cursor as clients see it.
    pub(super) fn write(&self, cursor: &Cursor) -> String {
        let mut content = cursor.key.as_bytes().to_vec();
        if let Some(value) = &cursor.value {
            content.push(1);
            content.extend(value.bytes());
        }
        let seal = self.of(&content);
        BASE64_URL_SAFE_NO_PAD.encode([&seal[..], &content].concat())
    }

    /// `None` for a cursor of another list, order or filter, and for anything that was never a cursor.
    fn read(&self, text: &str, class: Class) -> Option<Cursor> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (seal, content) = bytes.split_at_checked(SEAL_LENGTH)?;
        if seal != self.of(content) {
            return None;
        }
        let (key, value) = content.split_at_checked(16)?;
        let value = match value.split_first() {
            Some((_, value)) => Some(CursorValue::read(class, value)?),
            None => None,
        };
        Some(Cursor { value, key: Uuid::from_slice(key).ok()? })
    }
}

impl Page {
    /// Reads the arguments of a connection: the page, and the filter's condition.
    pub(super) fn read(
        ctx: &Context<'_>,
        name: &str,
        rows: &Rows,
        key: Column,
    ) -> ServerResult<(Self, Option<Condition>)> {
        let filter = rows.filter.map_or(Ok(None), |filter| (filter.read)(ctx))?;
        let asked = rows.order_by.map_or(Ok(None), |order_by| (order_by.read)(ctx))?;
        let sort = asked.or(rows.order).unwrap_or(Sort { column: key, descending: false });
        let (condition, text) = filter.map_or((None, String::new()), |(condition, text)| (Some(condition), text));
        let seal = Seal::new(name, sort, &text);
        let first = size(ctx, "first")?;
        let last = size(ctx, "last")?;
        let after = cursor(ctx, "after", &seal, sort.column.class)?;
        let before = cursor(ctx, "before", &seal, sort.column.class)?;
        let backwards = last.is_some() || before.is_some();
        if backwards && (first.is_some() || after.is_some()) {
            let argument = if last.is_some() { "last" } else { "before" };
            return Err(invalid(
                ctx.item.pos,
                argument,
                Text::new(
                    "Use first and after, or last and before, never both.",
                    "first/after 与 last/before 不能同时使用。",
                ),
            ));
        }
        let size = u64::try_from(first.or(last).unwrap_or(DEFAULT)).unwrap_or_default();
        Ok((Self { size, backwards, from: after.or(before), sort, seal }, condition))
    }
}

fn size(ctx: &Context<'_>, name: &str) -> ServerResult<Option<i32>> {
    let (_, size) = ctx.param_value::<Option<i32>>(name, None)?;
    match size {
        Some(size) if !(1..=LARGEST).contains(&size) => Err(invalid(
            ctx.item.pos,
            name,
            Text::new(
                format!("{name}: expected 1 to {LARGEST}, found {size}."),
                format!("{name}：应为 1 至 {LARGEST}，实为 {size}。"),
            ),
        )),
        size => Ok(size),
    }
}

fn cursor(ctx: &Context<'_>, name: &str, seal: &Seal, class: Class) -> ServerResult<Option<Cursor>> {
    let (_, text) = ctx.param_value::<Option<String>>(name, None)?;
    text.map_or(Ok(None), |text| {
        seal.read(&text, class).map(Some).ok_or_else(|| {
            invalid(
                ctx.item.pos,
                name,
                Text::new(
                    format!("{name}: expected a cursor of this list, in this order and under this filter."),
                    format!("{name}：应为此列表在相同排序与筛选下返回的游标。"),
                ),
            )
        })
    })
}

/// `INVALID_INPUT` at one argument of a field.
pub(super) fn invalid(pos: Pos, argument: &str, message: Text) -> ServerError {
    let error = Error::from(Problem::new(Code::InvalidInput, message).at([argument]));
    async_graphql::Error::from(error).into_server_error(pos)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Column = Column { table: "organization", name: "name", nullable: true, class: Class::Text };

    fn seal(filter: &str) -> Seal {
        Seal::new("Queries.organizations", Sort { column: NAME, descending: false }, filter)
    }

    #[test]
    fn a_cursor_is_read_back_and_nowhere_else() {
        for value in [None, Some(CursorValue::Text(String::new())), Some(CursorValue::Text("营山".to_owned()))] {
            let cursor = Cursor { value, key: Uuid::from_u128(7) };
            let text = seal("").write(&cursor);
            assert_eq!(seal("").read(&text, Class::Text), Some(cursor));
            assert_eq!(seal("{status: {in: [DRAFT]}}").read(&text, Class::Text), None);
        }
    }

    #[test]
    fn a_forged_cursor_is_refused() {
        let text = seal("").write(&Cursor { value: None, key: Uuid::from_u128(7) });
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&text).unwrap();
        for place in 0..bytes.len() {
            bytes[place] ^= 1;
            assert_eq!(seal("").read(&BASE64_URL_SAFE_NO_PAD.encode(&bytes), Class::Text), None);
            bytes[place] ^= 1;
        }
        for text in ["", "x", "=", "游标", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(seal("").read(text, Class::Text), None);
        }
    }
}
