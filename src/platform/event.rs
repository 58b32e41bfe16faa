//! The event log: what happened, in the order it was committed, chained so that tampering shows.
//!
//! Every use case appends what happened (past tense, ids, no personal data) in its own transaction. Each record's
//! events form a chain: every link carries the hash of the one before, and [`event_head`] keeps length and last hash,
//! so a changed row, a cut tail and a missing chain all show. History, subscriptions, notifications and the change
//! feed read this one log.
//!
//! **Order.** Readers go by `(position, ordinal)`. The position is the transaction's: on SQLite the next number, which
//! the single writer hands out in commit order; on PostgreSQL the transaction id above the log's [`base`](super::base),
//! read only behind the oldest transaction still running (`pg_snapshot_xmin`), so that an event that commits late is
//! never missed.

mod many;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest;
use entity::{event, event_head};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, Iterable, ModelTrait, QueryFilter,
    QueryOrder, QuerySelect, Statement,
    sea_query::{Expr, ExprTrait as _, OnConflict, Query},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    base,
    db::{Tx, Write},
};
use crate::{
    auth::RecordRef,
    error::{Error, Result},
};

/// The hash before the first link: 64 zeros.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Something that happened to a record: a name in the past tense and what a reader needs to act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `AgreementApproved`.
    pub kind: &'static str,
    /// Ids, statuses, versions, dates: never names, addresses or free text.
    pub data: BTreeMap<&'static str, String>,
}

impl Event {
    /// An event without particulars.
    #[must_use]
    pub fn new(kind: &'static str) -> Self {
        Self { kind, data: BTreeMap::new() }
    }

    /// The same event with one particular more.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers give words, keys and numbers as they have them")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.data.insert(name, value.to_string());
        self
    }
}

/// Where a reader of the log stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The transaction's place.
    pub position: i64,
    /// The event's place in its transaction.
    pub ordinal: i32,
}

/// To which records a transaction has appended events so far, in their order.
#[derive(Debug, Default)]
pub(super) struct Progress {
    records: Mutex<Vec<(&'static str, Uuid)>>,
}

impl Progress {
    /// The records to which something happened, by kind and key.
    pub(super) fn records(&self) -> Vec<(&'static str, Uuid)> {
        std::mem::take(&mut *self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes one event more; says how many there were before.
    fn note(&self, record: RecordRef) -> Result<i32> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let before = i32::try_from(records.len()).map_err(Error::internal)?;
        records.push((record.kind, record.id));
        Ok(before)
    }
}

impl Write {
    /// Appends what happened to the permit's record.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub async fn emit(&self, event: Event) -> Result<()> {
        self.emit_for(self.permit.record(), event).await
    }

    /// Appends what happened to another record in the same use case.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub async fn emit_for(&self, record: RecordRef, event: Event) -> Result<()> {
        let head = lock_head(&self.tx, record).await?;
        let (link, previous_hash) = head.map_or((1, GENESIS.to_owned()), |head| (head.length + 1, head.hash));
        self.append(record, event, (link, previous_hash)).await
    }

    /// Begins the chain of a record that this use case has just made: nobody else knows its key, so there is nothing to
    /// look up.
    ///
    /// # Errors
    /// When the log cannot be written, or something happened to the record before.
    pub async fn emit_first(&self, record: RecordRef, event: Event) -> Result<()> {
        self.append(record, event, (1, GENESIS.to_owned())).await
    }

    async fn append(&self, record: RecordRef, event: Event, (link, previous_hash): (i32, String)) -> Result<()> {
        let row = self.link(record, &event, (link, previous_hash))?;
        self.move_heads([&row]).await?;
        // The statement itself asks for the position.
        let position = own_position(self.tx.get_database_backend(), row.ordinal);
        self.insert_events([row], &Expr::cust(format!("({position})"))).await
    }

    /// The row of an event, with its place in this transaction and in the record's chain, but without a position.
    fn link(&self, record: RecordRef, event: &Event, (link, previous_hash): (i32, String)) -> Result<event::Model> {
        let actor = self.permit.actor();
        let mut row = event::Model {
            id: self.id(),
            position: 0,
            ordinal: self.tx.progress.note(record)?,
            at: self.now(),
            kind: event.kind.to_owned(),
            record_kind: record.kind.to_owned(),
            record_id: record.id,
            link,
            action: self.permit.action().to_owned(),
            user_id: actor.map(crate::auth::Actor::user),
            role: actor.map(|actor| sea_orm::ActiveEnum::to_value(&actor.membership_role())),
            organization_id: actor.map(crate::auth::Actor::organization),
            data: serde_json::to_string(&event.data).map_err(Error::internal)?,
            previous_hash,
            hash: String::new(),
        };
        row.hash = hash(&row)?;
        Ok(row)
    }

    /// Inserts rows of this transaction.
    async fn insert_events(&self, rows: impl IntoIterator<Item = event::Model>, position: &Expr) -> Result<()> {
        let mut insert = Query::insert();
        insert.into_table(event::Entity).columns(event::Column::iter());
        for row in rows {
            insert.values_panic(event::Column::iter().map(|column| match column {
                event::Column::Position => position.clone(),
                column => Expr::val(row.get(column)),
            }));
        }
        self.later::<event::Entity>(insert).await
    }

    /// The chains of these rows' records end with them.
    async fn move_heads<'row>(&self, rows: impl IntoIterator<Item = &'row event::Model>) -> Result<()> {
        use event_head::Column::{Hash, Length, RecordId, RecordKind};
        let mut insert = Query::insert();
        insert.into_table(event_head::Entity).columns([RecordId, RecordKind, Length, Hash]);
        for row in rows {
            insert.values_panic([
                row.record_id.into(),
                row.record_kind.as_str().into(),
                row.link.into(),
                row.hash.as_str().into(),
            ]);
        }
        insert.on_conflict(OnConflict::column(RecordId).update_columns([Length, Hash]).to_owned());
        self.later::<event_head::Entity>(insert).await
    }
}

async fn lock_head(tx: &Tx, record: RecordRef) -> Result<Option<event_head::Model>> {
    Ok(event_head::Entity::find_by_id(record.id).lock_exclusive().one(tx).await?)
}

/// The next number on SQLite, where one writer commits in order; above the base, the transaction's id on PostgreSQL.
fn own_position(backend: DbBackend, ordinal: i32) -> String {
    match (backend, ordinal) {
        (DbBackend::Postgres, _) => base::above("pg_current_xact_id()"),
        (_, 0) => "SELECT COALESCE(MAX(position), 0) + 1 AS position FROM event".to_owned(),
        (..) => "SELECT MAX(position) AS position FROM event".to_owned(),
    }
}

/// Positions from here on may still be written to.
async fn postgres_horizon(db: &impl ConnectionTrait) -> Result<i64> {
    scalar(db, &base::above("pg_snapshot_xmin(pg_current_snapshot())")).await
}

async fn scalar(db: &impl ConnectionTrait, sql: &str) -> Result<i64> {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let row = row.ok_or_else(|| Error::internal("the database gave no position"))?;
    Ok(row.try_get("", "position")?)
}

/// Up to `limit` events after `cursor`, in commit order: none is missed, none comes twice.
///
/// # Errors
/// When the log cannot be read.
pub async fn after(db: &impl ConnectionTrait, cursor: Cursor, limit: u64) -> Result<Vec<event::Model>> {
    // As one comparison, which is a range of the index: of an OR both databases read the log from its beginning.
    let place = Expr::tuple([event::Column::Position, event::Column::Ordinal].map(Expr::col));
    let mut query = event::Entity::find()
        .filter(place.gt(Expr::tuple([Expr::val(cursor.position), Expr::val(cursor.ordinal)])))
        .order_by_asc(event::Column::Position)
        .order_by_asc(event::Column::Ordinal)
        .limit(limit);
    if db.get_database_backend() == DbBackend::Postgres {
        query = query.filter(event::Column::Position.lt(postgres_horizon(db).await?));
    }
    Ok(query.all(db).await?)
}

/// Where the log ends now: a reader that starts here sees only what comes.
///
/// # Errors
/// When the log cannot be read.
pub async fn end(db: &impl ConnectionTrait) -> Result<Cursor> {
    #[derive(FromQueryResult)]
    struct Last {
        position: i64,
        ordinal: i32,
    }
    let mut query = event::Entity::find()
        .select_only()
        .columns([event::Column::Position, event::Column::Ordinal])
        .order_by_desc(event::Column::Position)
        .order_by_desc(event::Column::Ordinal)
        .limit(1);
    if db.get_database_backend() == DbBackend::Postgres {
        query = query.filter(event::Column::Position.lt(postgres_horizon(db).await?));
    }
    let last = query.into_model::<Last>().one(db).await?;
    Ok(last.map_or_else(Cursor::default, |last| Cursor { position: last.position, ordinal: last.ordinal }))
}

/// The hash of a link: SHA-256 over everything in the row but the hash itself and where the database put it.
///
/// # Errors
/// Never for rows of this table.
pub fn hash(row: &event::Model) -> Result<String> {
    #[derive(Serialize)]
    struct Chained<'a> {
        id: Uuid,
        at: i64,
        kind: &'a str,
        record_kind: &'a str,
        record_id: Uuid,
        link: i32,
        action: &'a str,
        user_id: Option<Uuid>,
        role: Option<&'a str>,
        organization_id: Option<Uuid>,
        data: &'a str,
        previous_hash: &'a str,
    }
    let link = Chained {
        id: row.id,
        at: row.at.timestamp_micros(),
        kind: &row.kind,
        record_kind: &row.record_kind,
        record_id: row.record_id,
        link: row.link,
        action: &row.action,
        user_id: row.user_id,
        role: row.role.as_deref(),
        organization_id: row.organization_id,
        data: &row.data,
        previous_hash: &row.previous_hash,
    };
    let bytes = serde_json::to_vec(&link).map_err(Error::internal)?;
    Ok(sha256(&bytes))
}

/// SHA-256 in 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Two lower-case hexadecimal digits for each byte.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
