//! Password resets: a token with which somebody chooses another password.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "password_reset")
            .id()
            .refers("user_id", "user", REQUIRED)
            .text("token_hash", REQUIRED)
            .refers("issued_by_id", "user", OPTIONAL)
            .time("expires_at", REQUIRED)
            .time("ended_at", OPTIONAL)
            .versioned()
            .create(manager)
            .await?;
        manager.create_index(unique("password_reset", &["token_hash"])).await?;
        manager.create_index(index("password_reset", &["user_id"])).await
    }
}
