//! Positions with their skills and majors, questions to enterprises, and what an organization says of itself.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const STATUSES: &[&str] = &["DRAFT", "UNDER_REVIEW", "PUBLISHED", "FILLED", "EXPIRED", "WITHDRAWN", "BLOCKED"];
const FAMILIES: &[&str] = &[
    "RESEARCH_AND_DEVELOPMENT",
    "ENGINEERING",
    "PRODUCTION",
    "QUALITY",
    "ACCOUNTING",
    "INFORMATION_TECHNOLOGY",
    "SALES",
    "LOGISTICS",
    "ADMINISTRATION",
    "OTHER",
];
const EDUCATION: &[&str] = &["ANY", "SECONDARY_VOCATIONAL", "HIGHER_VOCATIONAL", "BACHELOR", "MASTER", "DOCTOR"];
const SKILLS: &[&str] = &["SOFTWARE", "TECHNIQUE", "EQUIPMENT", "LANGUAGE", "CERTIFICATE", "GENERAL"];
const ASKERS: &[&str] =
    &["UNIVERSITY_ADMIN", "UNIVERSITY_STAFF", "PROFESSOR", "STUDENT", "COUNTY_ADMIN", "COUNTY_OFFICER"];
const PROFILE: [&str; 3] = ["production", "talent_cultivation", "research_platforms"];

/// Every order in which positions are listed, and how they are found by an enterprise, an event and the job.
const INDEXES: [&[&str]; 9] = [
    &["apply_by", "id"],
    &["pay_min", "id"],
    &["posted_at", "id"],
    &["created_at", "id"],
    &["updated_at", "id"],
    &["organization_id", "id"],
    &["event_id", "id"],
    &["status", "apply_by", "id"],
    // What is counted, in the order of the groups, and who sees it: so that the texts need not be read for it.
    &["family", "status", "id", "organization_id", "published_at"],
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        profile(manager).await?;
        positions(manager).await?;
        parts(manager).await?;
        questions(manager).await
    }
}

/// Added one by one: SQLite adds a single column at a time.
async fn profile(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for name in PROFILE {
        let mut column = ColumnDef::new(name);
        column.text();
        if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
            column.extra(r#"COLLATE "C""#);
        }
        let alter = sea_query::Table::alter().table("organization").add_column(column).to_owned();
        manager.alter_table(alter).await?;
    }
    Ok(())
}

async fn positions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "job_position")
        .id()
        .refers("organization_id", "organization", REQUIRED)
        .refers("event_id", "recruitment_event", OPTIONAL)
        .refers("author_id", "user", REQUIRED)
        .text("title", REQUIRED)
        .one_of("family", FAMILIES, REQUIRED)
        .one_of("kind", &["EMPLOYMENT", "INTERNSHIP"], REQUIRED)
        .text("description", REQUIRED)
        .text("requirements", REQUIRED)
        .int("headcount", REQUIRED)
        .bigint("pay_min", REQUIRED)
        .bigint("pay_max", REQUIRED)
        .text("region_code", REQUIRED)
        .text("address", REQUIRED)
        .one_of("education", EDUCATION, REQUIRED)
        .date("apply_by", REQUIRED)
        .one_of("status", STATUSES, REQUIRED)
        .text("status_reason", OPTIONAL)
        .time("submitted_at", OPTIONAL)
        .time("published_at", OPTIONAL)
        .time("posted_at", REQUIRED)
        .time("closed_at", OPTIONAL)
        .versioned()
        .check("headcount >= 1")
        .check("pay_min >= 1 AND pay_min <= pay_max")
        .check("status NOT IN ('DRAFT', 'UNDER_REVIEW', 'BLOCKED') OR published_at IS NULL")
        .check("status NOT IN ('PUBLISHED', 'FILLED', 'EXPIRED') OR published_at IS NOT NULL")
        .check("published_at IS NULL OR posted_at = published_at")
        .check("(status IN ('FILLED', 'EXPIRED', 'WITHDRAWN')) = (closed_at IS NOT NULL)")
        .create(manager)
        .await?;
    for columns in INDEXES {
        manager.create_index(index("job_position", columns)).await?;
    }
    Ok(())
}

async fn parts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "position_skill")
        .id()
        .refers("position_id", "job_position", REQUIRED)
        .int("place", REQUIRED)
        .text("name", REQUIRED)
        .one_of("kind", SKILLS, REQUIRED)
        .one_of("level", &["BASIC", "WORKING", "PROFICIENT", "EXPERT"], REQUIRED)
        .flag("required")
        .create(manager)
        .await?;
    manager.create_index(unique("position_skill", &["position_id", "place"])).await?;

    Table::new(manager, "position_major")
        .id()
        .refers("position_id", "job_position", REQUIRED)
        .int("place", REQUIRED)
        .text("code", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("position_major", &["position_id", "place"])).await?;
    manager.create_index(unique("position_major", &["position_id", "code"])).await
}

async fn questions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "organization_question")
        .id()
        .refers("organization_id", "organization", REQUIRED)
        .one_of("topic", &["PRODUCTION", "TALENT_CULTIVATION", "RESEARCH_PLATFORM", "OTHER"], REQUIRED)
        .text("question", REQUIRED)
        .refers("asker_id", "user", REQUIRED)
        .refers("asker_organization_id", "organization", REQUIRED)
        .one_of("asker_role", ASKERS, REQUIRED)
        .text("answer", OPTIONAL)
        .refers("answered_by_id", "user", OPTIONAL)
        .time("answered_at", OPTIONAL)
        .one_of("status", &["OPEN", "ANSWERED", "DECLINED", "WITHDRAWN"], REQUIRED)
        .text("status_reason", OPTIONAL)
        .versioned()
        .check("(status = 'ANSWERED') = (answer IS NOT NULL) AND (status = 'ANSWERED') = (answered_at IS NOT NULL)")
        .check("(answer IS NULL) = (answered_by_id IS NULL)")
        .check("answered_by_id IS NULL OR answered_by_id <> asker_id")
        .create(manager)
        .await?;
    for columns in [
        &["created_at", "id"] as &[&str],
        &["updated_at", "id"],
        &["organization_id", "created_at", "id"],
        &["asker_id", "status", "id"],
        &["asker_organization_id"],
    ] {
        manager.create_index(index("organization_question", columns)).await?;
    }
    Ok(())
}
