//! What an enterprise calls its positions itself, and what its own system last said of them.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::column::unique;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// Added one by one: SQLite adds a single column at a time.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["reference", "imported"] {
            let mut column = ColumnDef::new(name);
            column.text();
            if manager.get_database_backend() == DbBackend::Postgres {
                column.extra(r#"COLLATE "C""#);
            }
            manager.alter_table(Table::alter().table("job_position").add_column(column).take()).await?;
        }
        // One position for each of an enterprise's own references.
        manager.create_index(unique("job_position", &["organization_id", "reference"])).await
    }
}
