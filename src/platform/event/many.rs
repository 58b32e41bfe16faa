//! Many events at once: an import tells of ten thousand records in a few dozen statements.

use std::collections::HashMap;

use entity::{event, event_head};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{Event, GENESIS, own_position, scalar};
use crate::{
    auth::RecordRef,
    error::Result,
    platform::db::{Tx, Write},
};

/// Events in one statement: SQLite allows some 32,000 values in one.
const BATCH: usize = 500;

impl Write {
    /// Appends what happened to many records in the same use case, in this order. Whoever calls it holds the records, so
    /// that nobody else appends to two of them in another order.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub async fn emit_all(&self, happened: &[(RecordRef, Event)]) -> Result<()> {
        for batch in happened.chunks(BATCH) {
            self.append_all(batch).await?;
        }
        Ok(())
    }

    async fn append_all(&self, happened: &[(RecordRef, Event)]) -> Result<()> {
        let mut heads = lock_heads(&self.tx, happened).await?;
        let mut rows: Vec<event::Model> = Vec::with_capacity(happened.len());
        // Of two events of one record the second is its head.
        let mut last = HashMap::new();
        for (place, (record, event)) in happened.iter().enumerate() {
            let (length, hash) = heads.remove(&record.id).unwrap_or_else(|| (0, GENESIS.to_owned()));
            let row = self.link(*record, event, (length + 1, hash))?;
            heads.insert(record.id, (row.link, row.hash.clone()));
            last.insert(record.id, place);
            rows.push(row);
        }
        let Some(first) = rows.first() else { return Ok(()) };
        let position = self.position(first.ordinal).await?;
        self.move_heads(
            rows.iter().enumerate().filter(|(place, row)| last[&row.record_id] == *place).map(|(_, row)| row),
        )
        .await?;
        self.insert_events(rows, &Expr::val(position)).await
    }

    /// The transaction's position, which a statement of many rows does not ask for row by row: SQLite would not tell
    /// whether it has seen the rows before.
    async fn position(&self, ordinal: i32) -> Result<i64> {
        scalar(&self.tx, &own_position(self.tx.get_database_backend(), ordinal)).await
    }
}

/// Length and last hash of these records' chains; locked until the transaction ends, in the order of their keys.
async fn lock_heads(tx: &Tx, happened: &[(RecordRef, Event)]) -> Result<HashMap<Uuid, (i32, String)>> {
    let heads = event_head::Entity::find()
        .filter(event_head::Column::RecordId.is_in(happened.iter().map(|(record, _)| record.id)))
        .order_by_asc(event_head::Column::RecordId)
        .lock_exclusive();
    let heads = heads.all(tx).await?.into_iter();
    Ok(heads.map(|head| (head.record_id, (head.length, head.hash))).collect())
}
