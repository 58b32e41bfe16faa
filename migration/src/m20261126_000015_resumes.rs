//! Résumés with their versions, the consents under which enterprises read them, and who read what.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const STATUSES: &[&str] = &["GIVEN", "WITHDRAWN", "SUPERSEDED", "EXPIRED", "ENDED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        resumes(manager).await?;
        consents(manager).await
    }
}

async fn resumes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "resume")
        .id()
        .refers("student_id", "user", REQUIRED)
        .refers("university_id", "organization", REQUIRED)
        .key("current_id", OPTIONAL)
        .int("saved", REQUIRED)
        .time("erased_at", OPTIONAL)
        .versioned()
        .check("(current_id IS NULL) = (erased_at IS NOT NULL)")
        .create(manager)
        .await?;
    manager.create_index(unique("resume", &["student_id"])).await?;
    manager.create_index(index("resume", &["university_id", "id"])).await?;

    Table::new(manager, "resume_version")
        .id()
        .refers("resume_id", "resume", REQUIRED)
        .int("number", REQUIRED)
        .text("content", REQUIRED)
        .text("content_hash", REQUIRED)
        .text("phone", OPTIONAL)
        .text("email", OPTIONAL)
        .refers("document_id", "document", OPTIONAL)
        .time("created_at", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("resume_version", &["resume_id", "number"])).await?;
    manager.create_index(index("resume_version", &["document_id"])).await
}

async fn consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "share_consent")
        .id()
        .refers("student_id", "user", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .one_of("purpose", &["RECRUITMENT", "INTERNSHIP"], REQUIRED)
        .flag("profile")
        .flag("contact")
        .flag("file")
        .int("notice_version", REQUIRED)
        .one_of("status", STATUSES, REQUIRED)
        .time("expires_at", REQUIRED)
        .time("withdrawn_at", OPTIONAL)
        .versioned()
        .check("profile OR contact OR file")
        .check("(status = 'WITHDRAWN') = (withdrawn_at IS NOT NULL)")
        .create(manager)
        .await?;
    let mut one_live = unique("share_consent", &["student_id", "organization_id", "purpose"]);
    one_live.name("ux_share_consent_given").and_where(Expr::col("status").eq("GIVEN"));
    manager.create_index(one_live).await?;
    manager.create_index(index("share_consent", &["student_id", "organization_id", "id"])).await?;
    manager.create_index(index("share_consent", &["organization_id", "status", "id"])).await?;
    manager.create_index(index("share_consent", &["status", "expires_at"])).await?;

    Table::new(manager, "resume_access")
        .id()
        .refers("resume_id", "resume", REQUIRED)
        .refers("student_id", "user", REQUIRED)
        .refers("consent_id", "share_consent", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("user_id", "user", REQUIRED)
        .one_of("category", &["PROFILE", "CONTACT", "FILE"], REQUIRED)
        .one_of("channel", &["API", "FILE_URL"], REQUIRED)
        .time("at", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(index("resume_access", &["resume_id", "at", "id"])).await?;
    manager.create_index(index("resume_access", &["student_id", "at", "id"])).await?;
    manager.create_index(index("resume_access", &["consent_id", "at", "id"])).await
}
