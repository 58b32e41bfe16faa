//! Whether the database can be used: it answers, and every change of `migration` has been made.

use std::collections::HashSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr, sea_query::Query};

use super::db::Db;
use crate::error::Result;

/// Asks the database; changes nothing. A database without any table has not been migrated.
///
/// # Errors
/// When it does not answer.
pub async fn ready(db: &Db) -> Result<bool> {
    db.reader().query_one(Query::select().expr(1)).await?;
    let Ok(made) = made(db).await else { return Ok(false) };
    Ok(Migrator::migrations().iter().all(|change| made.contains(change.name())))
}

/// The changes that were made, by name.
async fn made(db: &Db) -> Result<HashSet<String>, DbErr> {
    let versions = Query::select().column("version").from("seaql_migrations").take();
    let rows = db.reader().query_all(&versions).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
