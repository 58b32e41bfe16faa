//! Recruitment events, the enterprises that exhibit there and the students who register.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const STATUS: &[&str] =
    &["DRAFT", "SUBMITTED", "PUBLISHED", "CHECK_IN_OPEN", "RUNNING", "CLOSED", "REPORTED", "CANCELLED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        events(manager).await?;
        exhibitors(manager).await?;
        registrations(manager).await
    }
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "recruitment_event")
        .id()
        .one_of("kind", &["CAMPUS_TALENT_DAY", "PARK_GROUP_INTERVIEW", "ONLINE"], REQUIRED)
        .refers("organizer_id", "organization", REQUIRED)
        .refers("author_id", "user", REQUIRED)
        .text("region_code", OPTIONAL)
        .text("title", REQUIRED)
        .text("description", REQUIRED)
        .text("place", REQUIRED)
        .time("starts_at", REQUIRED)
        .time("ends_at", REQUIRED)
        .time("registration_opens_at", REQUIRED)
        .time("registration_closes_at", REQUIRED)
        .int("capacity", REQUIRED)
        .int("booths", REQUIRED)
        .text("programme", OPTIONAL)
        .text("article", OPTIONAL)
        .time("article_published_at", OPTIONAL)
        .one_of("status", STATUS, REQUIRED)
        .text("status_reason", OPTIONAL)
        .refers("submitted_by_id", "user", OPTIONAL)
        .time("submitted_at", OPTIONAL)
        .refers("published_by_id", "user", OPTIONAL)
        .time("published_at", OPTIONAL)
        .time("check_in_opened_at", OPTIONAL)
        .time("closed_at", OPTIONAL)
        .versioned()
        .check("starts_at < ends_at")
        .check("registration_opens_at < registration_closes_at AND registration_closes_at <= ends_at")
        .check("capacity > 0 AND booths >= 0")
        .check("(published_by_id IS NULL) = (published_at IS NULL)")
        .check("published_by_id IS NULL OR published_by_id <> submitted_by_id")
        .check("status IN ('DRAFT', 'SUBMITTED', 'CANCELLED') OR published_at IS NOT NULL")
        .check("article_published_at IS NULL OR article IS NOT NULL")
        .create(manager)
        .await?;
    for columns in [["starts_at", "id"], ["created_at", "id"], ["updated_at", "id"], ["organizer_id", "id"]] {
        manager.create_index(index("recruitment_event", &columns)).await?;
    }
    manager.create_index(index("recruitment_event", &["status", "starts_at"])).await
}

async fn exhibitors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "event_exhibitor")
        .id()
        .refers("event_id", "recruitment_event", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .text("booth", OPTIONAL)
        .one_of("status", &["REQUESTED", "INVITED", "CONFIRMED", "DECLINED", "WITHDRAWN"], REQUIRED)
        .text("status_reason", OPTIONAL)
        .versioned()
        .create(manager)
        .await?;
    // No enterprise twice in one event.
    manager.create_index(unique("event_exhibitor", &["event_id", "organization_id"])).await?;
    for columns in [["event_id", "id"], ["organization_id", "event_id"], ["created_at", "id"], ["updated_at", "id"]] {
        manager.create_index(index("event_exhibitor", &columns)).await?;
    }
    Ok(())
}

async fn registrations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "event_registration")
        .id()
        .refers("event_id", "recruitment_event", REQUIRED)
        .refers("student_id", "user", REQUIRED)
        .refers("university_id", "organization", REQUIRED)
        .one_of("status", &["REGISTERED", "CHECKED_IN", "CANCELLED", "NO_SHOW", "EXCUSED"], REQUIRED)
        .text("status_reason", OPTIONAL)
        .time("checked_in_at", OPTIONAL)
        .text("scan_client_id", OPTIONAL)
        .time("missed_at", OPTIONAL)
        .versioned()
        .check("(status = 'CHECKED_IN') = (checked_in_at IS NOT NULL)")
        .check("(status IN ('NO_SHOW', 'EXCUSED')) = (missed_at IS NOT NULL)")
        .create(manager)
        .await?;
    // No student twice in one event.
    manager.create_index(unique("event_registration", &["event_id", "student_id"])).await?;
    let indexes = [
        ["event_id", "id"],
        ["event_id", "status"],
        ["student_id", "status"],
        ["created_at", "id"],
        ["updated_at", "id"],
    ];
    for columns in indexes {
        manager.create_index(index("event_registration", &columns)).await?;
    }
    manager.create_index(index("event_registration", &["university_id"])).await
}
