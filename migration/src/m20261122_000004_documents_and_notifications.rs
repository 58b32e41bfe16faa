//! Notifications, and what documents are looked up by. The table of documents stands with the agreements, whose
//! signatures refer to it.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("document", &["storage_key"])).await?;
        notifications(manager).await
    }
}

async fn notifications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "notification")
        .id()
        .refers("user_id", "user", REQUIRED)
        .refers("organization_id", "organization", OPTIONAL)
        .text("kind", REQUIRED)
        .text("record_kind", REQUIRED)
        .key("record_id", REQUIRED)
        .date("due_on", OPTIONAL)
        .text("once", OPTIONAL)
        .time("created_at", REQUIRED)
        .time("read_at", OPTIONAL)
        .create(manager)
        .await?;
    // A reminder is never sent twice; what may be sent again has no `once`, and empty values are never alike.
    manager.create_index(unique("notification", &["user_id", "once"])).await?;
    manager.create_index(index("notification", &["user_id", "created_at", "id"])).await?;
    manager.create_index(index("notification", &["created_at"])).await?;
    let mut unread = index("notification", &["user_id", "created_at", "id"]);
    unread.name("ix_notification_unread").and_where(Expr::col("read_at").is_null());
    manager.create_index(unread).await
}
