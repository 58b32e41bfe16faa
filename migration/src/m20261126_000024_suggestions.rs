//! Whether a student wants positions to be suggested.

use sea_orm_migration::prelude::*;

use crate::column::{REQUIRED, Table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "suggestion_choice")
            .id()
            .refers("student_id", "user", REQUIRED)
            .flag("wanted")
            .versioned()
            .create(manager)
            .await?;
        manager.create_index(unique("suggestion_choice", &["student_id"])).await
    }
}
