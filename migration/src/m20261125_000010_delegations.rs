//! Delegations, and in whose stead somebody reviewed or signed.

use sea_orm_migration::prelude::*;

use crate::column::{REQUIRED, Table, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "delegation")
            .id()
            .refers("organization_id", "organization", REQUIRED)
            .refers("delegator_id", "user", REQUIRED)
            .refers("deputy_id", "user", REQUIRED)
            .one_of("scope", &["REVIEW_AGREEMENTS", "SIGN_AGREEMENTS"], REQUIRED)
            .date("starts_on", REQUIRED)
            .date("ends_on", REQUIRED)
            .one_of("status", &["GRANTED", "REVOKED"], REQUIRED)
            .versioned()
            .check("starts_on <= ends_on")
            .check("delegator_id <> deputy_id")
            .create(manager)
            .await?;
        manager.create_index(index("delegation", &["organization_id", "status", "ends_on"])).await?;
        for table in ["agreement_review", "agreement_signature"] {
            let mut column = ColumnDef::new("on_behalf_of_id");
            column.uuid();
            let mut alter = sea_query::Table::alter();
            manager.alter_table(alter.table(table).add_column(&mut column).to_owned()).await?;
        }
        Ok(())
    }
}
