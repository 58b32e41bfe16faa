//! Whom a university has on its rolls, and how they come in.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "student_record")
            .id()
            .refers("organization_id", "organization", REQUIRED)
            .text("number", REQUIRED)
            .text("name", REQUIRED)
            .text("major", OPTIONAL)
            .text("class_name", OPTIONAL)
            .int("graduates_in", OPTIONAL)
            .text("email", OPTIONAL)
            .refers("invitation_id", "invitation", OPTIONAL)
            .refers("student_id", "user", OPTIONAL)
            .text("imported", OPTIONAL)
            .versioned()
            .create(manager)
            .await?;
        manager.create_index(unique("student_record", &["organization_id", "number"])).await?;
        // An invitation brings one student in.
        manager.create_index(unique("student_record", &["invitation_id"])).await?;
        manager.create_index(index("student_record", &["organization_id", "id"])).await?;
        manager.create_index(index("student_record", &["student_id", "id"])).await
    }
}
