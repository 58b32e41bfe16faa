//! The event log, its chains and checkpoints, refusals, and what the installation knows of itself.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "event")
            .id()
            .bigint("position", REQUIRED)
            .int("ordinal", REQUIRED)
            .time("at", REQUIRED)
            .text("kind", REQUIRED)
            .text("record_kind", REQUIRED)
            .key("record_id", REQUIRED)
            .int("link", REQUIRED)
            .text("action", REQUIRED)
            .key("user_id", OPTIONAL)
            .text("role", OPTIONAL)
            .key("organization_id", OPTIONAL)
            .text("data", REQUIRED)
            .text("previous_hash", REQUIRED)
            .text("hash", REQUIRED)
            .create(manager)
            .await?;
        manager.create_index(unique("event", &["record_id", "link"])).await?;
        manager.create_index(unique("event", &["position", "ordinal"])).await?;

        Table::new(manager, "event_head")
            .key("record_id", REQUIRED)
            .text("record_kind", REQUIRED)
            .int("length", REQUIRED)
            .text("hash", REQUIRED)
            .primary(&["record_id"])
            .create(manager)
            .await?;

        Table::new(manager, "event_checkpoint")
            .id()
            .time("at", REQUIRED)
            .bigint("position", REQUIRED)
            .int("ordinal", REQUIRED)
            .bigint("events", REQUIRED)
            .text("hash", REQUIRED)
            .create(manager)
            .await?;
        manager.create_index(unique("event_checkpoint", &["position", "ordinal"])).await?;

        Table::new(manager, "event_cursor")
            .text("reader", REQUIRED)
            .bigint("position", REQUIRED)
            .int("ordinal", REQUIRED)
            .primary(&["reader"])
            .create(manager)
            .await?;

        Table::new(manager, "access_denial")
            .id()
            .time("at", REQUIRED)
            .key("user_id", REQUIRED)
            .key("organization_id", REQUIRED)
            .text("role", REQUIRED)
            .text("action", REQUIRED)
            .text("record_kind", REQUIRED)
            .key("record_id", REQUIRED)
            .create(manager)
            .await?;
        manager.create_index(index("access_denial", &["at"])).await?;

        Table::new(manager, "installation")
            .text("name", REQUIRED)
            .text("value", REQUIRED)
            .primary(&["name"])
            .create(manager)
            .await
    }
}
