//! Whether the trail is whole: every chain of events recomputed and compared with its head and with the checkpoints.
//!
//! What shows: a row that was altered, taken out, put in or exchanged; a chain whose end was cut; a chain that is gone;
//! and, by the checkpoints, whoever rewrote a whole chain or removed it with its head. What does not: changes after the
//! last checkpoint by somebody who rewrites everything, and the removal of the last checkpoints themselves — compare
//! the hashes in the server's log.

use std::fmt;

use chrono::{DateTime, Utc};
use entity::{event, event_checkpoint, event_head};
use futures_util::TryStreamExt;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, IsolationLevel,
    Iterable, QueryOrder, QueryResult, QueryTrait, StreamTrait, TransactionOptions, TransactionTrait,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    checkpoint::{Fold, place},
    db::Db,
    event::{Cursor, GENESIS, hash},
    id,
};
use crate::error::Result;

/// Something in the trail that is not as it was written. Records and events are named by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A row holds what no row of the log can hold.
    Unreadable {
        /// The row, if its key can be read.
        event: Option<Uuid>,
    },
    /// A row no longer says what its hash was made from.
    Altered {
        /// The row.
        event: Uuid,
        /// The record whose chain it is in.
        record: String,
        /// Its place in the chain.
        link: i32,
    },
    /// Rows were taken out of the middle or the beginning of a chain.
    Missing {
        /// The record.
        record: String,
        /// The first place that is empty.
        from: i32,
        /// The last place that is empty.
        to: i32,
    },
    /// A row does not carry the hash of the one before: one of the two was rewritten, hash and all.
    Unlinked {
        /// The row.
        event: Uuid,
        /// The record.
        record: String,
        /// Its place in the chain.
        link: i32,
    },
    /// The end of a chain was cut off.
    Cut {
        /// The record.
        record: String,
        /// The last place that is left.
        kept: i32,
        /// The last place there was.
        length: i32,
    },
    /// The head does not agree with the last row: one of the two was rewritten.
    Head {
        /// The record.
        record: String,
        /// The last row.
        event: Uuid,
    },
    /// A chain has no head.
    Headless {
        /// The record.
        record: String,
    },
    /// A head has no chain: every row is gone.
    Gone {
        /// The record.
        record: String,
        /// How many rows there were.
        length: i32,
    },
    /// A checkpoint does not match the events up to it: some were rewritten, removed or put in together with their
    /// heads, or the checkpoint itself was changed.
    Checkpoint {
        /// The checkpoint.
        id: Uuid,
        /// When it was made.
        at: DateTime<Utc>,
        /// How many events there were up to it.
        events: i64,
        /// How many there are.
        found: i64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |event: &Uuid| id::show("event", *event);
        match self {
            Self::Unreadable { event: Some(event) } => write!(f, "{} cannot be read", show(event)),
            Self::Unreadable { event: None } => f.write_str("an event cannot be read, not even its key"),
            Self::Altered { event, record, link } => {
                write!(f, "{record}, link {link}: {} was altered", show(event))
            }
            Self::Missing { record, from, to } => write!(f, "{record}: links {from} to {to} are missing"),
            Self::Unlinked { event, record, link } => {
                write!(f, "{record}, link {link}: {} does not follow the link before it", show(event))
            }
            Self::Cut { record, kept, length } => {
                write!(f, "{record}: the end was cut off, {kept} of {length} links are left")
            }
            Self::Head { record, event } => write!(f, "{record}: the head does not agree with {}", show(event)),
            Self::Headless { record } => write!(f, "{record}: the head of the chain is missing"),
            Self::Gone { record, length } => write!(f, "{record}: the chain of {length} links is gone"),
            Self::Checkpoint { id, at, events, found } => {
                write!(f, "checkpoint {id} of {at}: does not match the events up to it ({events} then, {found} now)")
            }
        }
    }
}

/// Recomputes everything, as it stands at one moment. Empty when the trail is whole.
///
/// # Errors
/// When the log cannot be read.
pub async fn verify(db: &Db) -> Result<Vec<Finding>> {
    let snapshot = snapshot(db).await?;
    let mut findings = chains(&snapshot).await?;
    findings.extend(gone(&snapshot).await?);
    findings.extend(checkpoints(&snapshot).await?);
    snapshot.rollback().await?;
    Ok(findings)
}

/// Everything is compared as of one moment, or the work of those who write meanwhile would look like tampering.
async fn snapshot(db: &Db) -> Result<DatabaseTransaction> {
    let options = match db.backend() {
        DbBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
        _ => TransactionOptions::default(),
    };
    Ok(db.reader().begin_with_options(options).await?)
}

/// One record's chain, link by link.
struct Chain {
    record: Uuid,
    name: String,
    link: i32,
    hash: String,
    event: Uuid,
    head: Option<(i32, String)>,
}

impl Chain {
    fn begin(row: &event::Model, head: Option<(i32, String)>) -> Self {
        let name = id::show(&row.record_kind, row.record_id);
        Self { record: row.record_id, name, link: 0, hash: GENESIS.to_owned(), event: row.id, head }
    }

    fn add(&mut self, row: event::Model, findings: &mut Vec<Finding>) -> Result<()> {
        let (event, link) = (row.id, row.link);
        let expected = self.link + 1;
        if link > expected {
            findings.push(Finding::Missing { record: self.name.clone(), from: expected, to: link - 1 });
        } else if link < expected || row.previous_hash != self.hash {
            findings.push(Finding::Unlinked { event, record: self.name.clone(), link });
        }
        if hash(&row)? != row.hash {
            findings.push(Finding::Altered { event, record: self.name.clone(), link });
        }
        (self.link, self.hash, self.event) = (link, row.hash, event);
        Ok(())
    }

    fn end(self, findings: &mut Vec<Finding>) {
        let record = self.name;
        match self.head {
            None => findings.push(Finding::Headless { record }),
            Some((length, _)) if length > self.link => {
                findings.push(Finding::Cut { record, kept: self.link, length });
            }
            Some((length, hash)) if length < self.link || hash != self.hash => {
                findings.push(Finding::Head { record, event: self.event });
            }
            Some(_) => {}
        }
    }
}

async fn chains(db: &DatabaseTransaction) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut chain: Option<Chain> = None;
    let mut rows = db.stream(&links()).await?;
    while let Some(result) = rows.try_next().await? {
        let Ok((row, head)) = link(&result) else {
            let event: Option<Uuid> = result.try_get("", "id").ok();
            findings.push(Finding::Unreadable { event });
            continue;
        };
        if let Some(ended) = chain.take_if(|chain| chain.record != row.record_id) {
            ended.end(&mut findings);
        }
        chain.get_or_insert_with(|| Chain::begin(&row, head)).add(row, &mut findings)?;
    }
    if let Some(last) = chain {
        last.end(&mut findings);
    }
    Ok(findings)
}

/// Every event beside the head of its chain, chain after chain.
fn links() -> SelectStatement {
    Query::select()
        .columns(event::Column::iter().map(|column| (event::Entity, column)))
        .expr_as(Expr::col((event_head::Entity, event_head::Column::Length)), Alias::new("head_length"))
        .expr_as(Expr::col((event_head::Entity, event_head::Column::Hash)), Alias::new("head_hash"))
        .from(event::Entity)
        .left_join(
            event_head::Entity,
            Expr::col((event::Entity, event::Column::RecordId))
                .equals((event_head::Entity, event_head::Column::RecordId)),
        )
        .order_by((event::Entity, event::Column::RecordId), Order::Asc)
        .order_by((event::Entity, event::Column::Link), Order::Asc)
        .take()
}

fn link(result: &QueryResult) -> Result<(event::Model, Option<(i32, String)>)> {
    let row = event::Model::from_query_result(result, "")?;
    let length: Option<i32> = result.try_get("", "head_length")?;
    let hash: Option<String> = result.try_get("", "head_hash")?;
    Ok((row, length.zip(hash)))
}

/// Heads without a single event.
async fn gone(db: &DatabaseTransaction) -> Result<Vec<Finding>> {
    let events = Query::select()
        .expr(Expr::val(1))
        .from(event::Entity)
        .and_where(
            Expr::col((event::Entity, event::Column::RecordId))
                .equals((event_head::Entity, event_head::Column::RecordId)),
        )
        .take();
    let mut heads = event_head::Entity::find().order_by_asc(event_head::Column::RecordId).into_query();
    heads.and_where(Expr::exists(events).not());
    let mut findings = Vec::new();
    for row in db.query_all(&heads).await? {
        let head = event_head::Model::from_query_result(&row, "")?;
        findings.push(Finding::Gone { record: id::show(&head.record_kind, head.record_id), length: head.length });
    }
    Ok(findings)
}

/// Each checkpoint is judged from the one before, so that one that does not match says nothing of the others.
async fn checkpoints(db: &DatabaseTransaction) -> Result<Vec<Finding>> {
    let rows = event_checkpoint::Entity::find()
        .order_by_asc(event_checkpoint::Column::Position)
        .order_by_asc(event_checkpoint::Column::Ordinal);
    let mut rows = rows.all(db).await?.into_iter().peekable();
    let mut findings = Vec::new();
    let mut fold = Fold::after(None);
    let mut events = db.stream(&places()).await?;
    while rows.peek().is_some() {
        let event = events.try_next().await?;
        let next = event.map(|row| Ok::<_, sea_orm::DbErr>((cursor(&row)?, row.try_get::<String>("", "hash")?)));
        let next = next.transpose()?;
        while let Some(row) = rows.next_if(|row| next.as_ref().is_none_or(|(cursor, _)| *cursor > place(row))) {
            if fold.end != place(&row) || fold.events != row.events || fold.seal(row.at) != row.hash {
                let Fold { events: found, .. } = fold;
                findings.push(Finding::Checkpoint { id: row.id, at: row.at, events: row.events, found });
            }
            fold = Fold::after(Some(&row));
        }
        if let Some((cursor, hash)) = next {
            fold.add(cursor, &hash);
        }
    }
    Ok(findings)
}

fn places() -> SelectStatement {
    Query::select()
        .columns([event::Column::Position, event::Column::Ordinal, event::Column::Hash])
        .from(event::Entity)
        .order_by(event::Column::Position, Order::Asc)
        .order_by(event::Column::Ordinal, Order::Asc)
        .take()
}

fn cursor(row: &QueryResult) -> Result<Cursor, sea_orm::DbErr> {
    Ok(Cursor { position: row.try_get("", "position")?, ordinal: row.try_get("", "ordinal")? })
}

#[cfg(test)]
mod tests;
