//! Keys under which machines repeat a request.

use sea_orm_migration::prelude::*;

use crate::column::{REQUIRED, Table, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "idempotency")
            .refers("membership_id", "membership", REQUIRED)
            .text("action", REQUIRED)
            .text("key", REQUIRED)
            .text("body_hash", REQUIRED)
            .key("result_id", REQUIRED)
            .time("created_at", REQUIRED)
            .primary(&["membership_id", "action", "key"])
            .create(manager)
            .await?;
        manager.create_index(index("idempotency", &["created_at"])).await
    }
}
