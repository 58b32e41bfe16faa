//! What a use case adds, gathered, so that PostgreSQL is sent one statement for it.
//!
//! A use case that makes a record adds its row, the head of its chain, what happened and whom it tells, and asks for none
//! of it again. So they wait here: until the transaction is committed, until something else is written, or until a
//! statement names one of their tables. Nobody reads a table without the rows that wait for it. PostgreSQL takes all of
//! them in one statement, in which each is a `WITH` of the last and the foreign keys are looked at in the end; SQLite,
//! which no network lies before, takes them one by one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    sea_query::{CommonTableExpression, InsertStatement, WithClause},
};

use crate::error::Result;

/// Statements that wait at the most: PostgreSQL takes some 65,000 values in one.
const MOST: usize = 8;

/// Rows that are yet to be inserted, in their order, each statement with its table.
#[derive(Debug, Default)]
pub(super) struct Pending(Mutex<Vec<(&'static str, InsertStatement)>>);

impl Pending {
    /// Has rows of a table wait. False when they are too many to wait any longer.
    pub(super) fn push<E: EntityTrait>(&self, insert: InsertStatement) -> bool {
        let mut waiting = self.waiting();
        waiting.push((E::default().table_name(), insert));
        waiting.len() < MOST
    }

    /// Whether a statement names a table for which rows wait.
    pub(super) fn concern(&self, sql: &str) -> bool {
        self.waiting().iter().any(|(table, _)| sql.contains(table))
    }

    /// Inserts what waits.
    ///
    /// # Errors
    /// When a constraint of a table refuses a row.
    pub(super) async fn send(&self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        let mut waiting = std::mem::take(&mut *self.waiting());
        if transaction.get_database_backend() == DbBackend::Postgres {
            let Some((table, last)) = waiting.pop() else { return Ok(()) };
            waiting = vec![(table, with(waiting, last))];
        }
        for (_, insert) in waiting {
            transaction.execute(&insert).await?;
        }
        Ok(())
    }

    /// What a use case gives, once what waits is inserted.
    ///
    /// # Errors
    /// As the use case, or as [`Self::send`].
    pub(super) async fn after<T>(&self, given: Result<T>, transaction: &DatabaseTransaction) -> Result<T> {
        let value = given?;
        self.send(transaction).await?;
        Ok(value)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(&'static str, InsertStatement)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One statement that inserts all of them.
fn with(others: Vec<(&'static str, InsertStatement)>, mut last: InsertStatement) -> InsertStatement {
    if others.is_empty() {
        return last;
    }
    let mut clause = WithClause::new();
    for (place, (_, insert)) in others.into_iter().enumerate() {
        clause.cte(CommonTableExpression::new().table_name(format!("added_{place}")).query(insert).to_owned());
    }
    last.with_cte(clause);
    last
}
