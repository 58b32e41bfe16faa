//! Organizations that were merged into another.
//!
//! SQLite cannot change the CHECK of a table that stands. What is stored does not change, so that the text of the table
//! is edited where SQLite keeps it, as its manual says (<https://sqlite.org/lang_altertable.html>, "making other kinds of
//! table schema changes"): in one transaction, and with the counter raised by which other connections notice.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, Statement},
};

use crate::column::index;

const BEFORE: &str = "'SUSPENDED', 'CEASED')";
const AFTER: &str = "'SUSPENDED', 'CEASED', 'MERGED')";
/// Whoever was merged says into which, and nobody else does.
const TOGETHER: &str = "(status = 'MERGED') = (merged_into_id IS NOT NULL)";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Sqlite => sqlite(manager).await?,
            _ => postgres(manager).await?,
        }
        manager.create_index(index("organization", &["merged_into_id"])).await
    }
}

async fn postgres(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statuses = "'PENDING', 'VERIFIED', 'REJECTED', ".to_owned() + AFTER;
    let sql = format!(
        "ALTER TABLE organization DROP CONSTRAINT organization_status_check, \
         ADD CONSTRAINT organization_status_check CHECK (status IN ({statuses}), \
         ADD CONSTRAINT organization_merged_check CHECK ({TOGETHER})"
    );
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}

async fn sqlite(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let version = Statement::from_string(DbBackend::Sqlite, "PRAGMA schema_version");
    let version = db.query_one_raw(version).await?.ok_or_else(|| DbErr::Custom("no schema version".into()))?;
    let version: i64 = version.try_get_by_index(0)?;
    db.execute_unprepared("PRAGMA writable_schema = ON").await?;
    let edit = Statement::from_sql_and_values(
        DbBackend::Sqlite,
        "UPDATE sqlite_schema SET sql = substr(replace(sql, ?, ?), 1, length(replace(sql, ?, ?)) - 1) || ? \
         WHERE type = 'table' AND name = 'organization' AND instr(sql, ?) > 0 AND sql LIKE '%)'",
        [
            BEFORE.into(),
            AFTER.into(),
            BEFORE.into(),
            AFTER.into(),
            format!(", CHECK ({TOGETHER}) )").into(),
            BEFORE.into(),
        ],
    );
    if db.execute_raw(edit).await?.rows_affected() != 1 {
        return Err(DbErr::Custom("the table of organizations is not as it was made".into()));
    }
    db.execute_unprepared(&format!("PRAGMA schema_version = {}", version + 1)).await?;
    db.execute_unprepared("PRAGMA writable_schema = RESET").await.map(drop)
}
