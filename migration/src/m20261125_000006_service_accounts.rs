//! Service accounts: IT systems that act for an organization.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "service_account")
            .id()
            .refers("organization_id", "organization", REQUIRED)
            .refers("user_id", "user", REQUIRED)
            .refers("membership_id", "membership", REQUIRED)
            .text("name", REQUIRED)
            .text("scopes", REQUIRED)
            .text("secret_hash", REQUIRED)
            .text("previous_hash", OPTIONAL)
            .time("previous_until", OPTIONAL)
            .refers("created_by_id", "user", REQUIRED)
            .one_of("status", &["ACTIVE", "REVOKED"], REQUIRED)
            .versioned()
            .create(manager)
            .await?;
        manager.create_index(unique("service_account", &["membership_id"])).await?;
        manager.create_index(index("service_account", &["organization_id", "created_at", "id"])).await
    }
}
