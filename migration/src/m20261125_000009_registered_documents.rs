//! Documents that frontends registered, which clients name by their hash.

use sea_orm_migration::prelude::*;

use crate::column::{REQUIRED, Table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "registered_document")
            .text("sha256", REQUIRED)
            .text("text", REQUIRED)
            .time("registered_at", REQUIRED)
            .primary(&["sha256"])
            .create(manager)
            .await
    }
}
