//! Writing: what a permit opens a transaction for.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, ConnectionTrait as _, EntityTrait, IntoActiveModel};
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

    /// Adds a row.
    ///
    /// # Errors
    /// When a constraint of the table refuses it.
    #[expect(clippy::disallowed_methods, reason = "the one place that writes")]
    pub async fn insert<A>(&self, row: A) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        Ok(row.insert(&*self.tx.transaction).await?)
    }

    /// Adds rows, some hundred in a statement; none is fine.
    ///
    /// # Errors
    /// When a constraint of the table refuses one.
    #[expect(clippy::disallowed_methods, reason = "the one place that writes")]
    pub async fn insert_all<A>(&self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
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
        Ok(row.update(&*self.tx.transaction).await?)
    }

    /// Runs a statement that changes rows, and says how many.
    ///
    /// # Errors
    /// When a constraint of a table refuses it.
    pub async fn execute(&self, statement: &impl sea_orm::StatementBuilder) -> Result<u64> {
        Ok(self.tx.transaction.execute(statement).await?.rows_affected())
    }
}
