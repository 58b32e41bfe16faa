//! Writing: what a permit opens a transaction for.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, ConnectionTrait as _, EntityTrait, Insert,
    IntoActiveModel, Iterable as _, QueryTrait as _, TryIntoModel, sea_query::InsertStatement,
};
use uuid::Uuid;

use super::db::Tx;
use crate::{auth::Permit, error::Result};

/// Rows in one statement: SQLite allows some 32,000 values in one.
const BATCH: usize = 500;

/// A transaction opened for writing by a permit.
#[derive(Debug)]
pub struct Write {
    pub(super) tx: Tx,
    pub(super) permit: Permit,
}

impl Write {
    /// The moment of the use case.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.tx.now
    }

    /// A new key.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.tx.id()
    }

    /// The permit under which this is written.
    #[must_use]
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    /// The transaction, for reading.
    #[must_use]
    pub fn tx(&self) -> &Tx {
        &self.tx
    }

    /// Adds a row, at once.
    ///
    /// # Errors
    /// When a constraint of the table refuses it.
    #[expect(clippy::disallowed_methods, reason = "the one place that writes")]
    pub async fn insert<A>(&self, row: A) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        self.tx.settle().await?;
        Ok(row.insert(&*self.tx.transaction).await?)
    }

    /// Adds a row together with whatever else the use case adds, before anybody asks for it: see
    /// [`pending`](super::pending). Columns that may be empty and are not set are. For rows that no constraint refuses in a
    /// way that the use case would have to explain.
    ///
    /// # Errors
    /// When a column is missing, or something that waited is refused.
    pub async fn add<A>(&self, mut row: A) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait + TryIntoModel<<A::Entity as EntityTrait>::Model>,
    {
        let empty = A::default_values();
        for column in <A::Entity as EntityTrait>::Column::iter().filter(|column| column.def().is_null()) {
            if let (true, Some(value)) = (row.is_not_set(column), empty.get(column).into_value()) {
                row.set(column, value);
            }
        }
        let model = row.clone().try_into_model()?;
        self.later::<A::Entity>(Insert::one(row).into_query()).await?;
        Ok(model)
    }

    /// As [`Self::add`], a statement that inserts into this table.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn later<E: EntityTrait>(&self, insert: InsertStatement) -> Result<()> {
        if !self.tx.pending.push::<E>(insert) {
            self.tx.settle().await?;
        }
        Ok(())
    }

    /// Adds rows at once, some hundred in a statement; none is fine.
    ///
    /// # Errors
    /// When a constraint of the table refuses one.
    #[expect(clippy::disallowed_methods, reason = "the one place that writes")]
    pub async fn insert_all<A>(&self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        self.tx.settle().await?;
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let batch: Vec<A> = rows.by_ref().take(BATCH).collect();
            A::Entity::insert_many(batch).exec_without_returning(&*self.tx.transaction).await?;
        }
        Ok(())
    }

    /// Writes the changed columns of one row, found by its key.
    ///
    /// # Errors
    /// When the row is gone or a constraint of the table refuses it.
    #[expect(clippy::disallowed_methods, reason = "the one place that writes")]
    pub async fn update<A>(&self, row: A) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        self.tx.settle().await?;
        Ok(row.update(&*self.tx.transaction).await?)
    }

    /// Runs a statement that changes rows, and says how many.
    ///
    /// # Errors
    /// When a constraint of a table refuses it.
    pub async fn execute(&self, statement: &impl sea_orm::StatementBuilder) -> Result<u64> {
        self.tx.settle().await?;
        Ok(self.tx.transaction.execute(statement).await?.rows_affected())
    }
}
