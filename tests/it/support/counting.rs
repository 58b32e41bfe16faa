//! Counting statements: a request costs as many as its selection has levels, whatever the number of rows.

use std::future::Future;

use super::{TestApp, database::Kind};

impl TestApp {
    /// What comes of `work`, and how many statements it sent to this test's database. Sign in before.
    pub(crate) async fn counted<T>(&self, work: impl Future<Output = T>) -> (T, u64) {
        let before = self.db().statements();
        let outcome = work.await;
        (outcome, self.db().statements() - before)
    }

    /// Of two numbers that of this test's database: PostgreSQL is sent what a use case adds in one statement.
    pub(crate) fn either(&self, sqlite: u64, postgres: u64) -> u64 {
        match self.kind() {
            Kind::Sqlite => sqlite,
            Kind::Postgres => postgres,
        }
    }
}
