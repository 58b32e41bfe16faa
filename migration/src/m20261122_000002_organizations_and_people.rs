//! Organizations, users, memberships, invitations, sessions, the keys that sign tokens, and the regions.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const ROLES: &[&str] = &[
    "UNIVERSITY_ADMIN",
    "UNIVERSITY_STAFF",
    "PROFESSOR",
    "STUDENT",
    "COUNTY_ADMIN",
    "COUNTY_OFFICER",
    "ENTERPRISE_ADMIN",
    "ENTERPRISE_RECRUITER",
    "AUDITOR",
    "PLATFORM_ADMIN",
    "SERVICE_ACCOUNT",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        organizations(manager).await?;
        people(manager).await?;
        sessions(manager).await?;
        regions(manager).await
    }
}

async fn organizations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "organization")
        .id()
        .one_of("kind", &["UNIVERSITY", "COUNTY", "ENTERPRISE", "PLATFORM"], REQUIRED)
        .refers("parent_id", "organization", OPTIONAL)
        .text("name", REQUIRED)
        .text("name_en", OPTIONAL)
        .text("credit_code", REQUIRED)
        .text("region_code", OPTIONAL)
        .text("industry_code", OPTIONAL)
        .one_of("size_class", &["LARGE", "MEDIUM", "SMALL", "MICRO"], OPTIONAL)
        .text("school_code", OPTIONAL)
        .text("profile", OPTIONAL)
        .text("website", OPTIONAL)
        .text("contact_name", OPTIONAL)
        .text("contact_phone", OPTIONAL)
        .text("contact_email", OPTIONAL)
        .int("staff_count", OPTIONAL)
        .text("internal_note", OPTIONAL)
        .key("registered_by_id", OPTIONAL)
        .one_of("status", &["PENDING", "VERIFIED", "REJECTED", "SUSPENDED", "CEASED"], REQUIRED)
        .text("status_reason", OPTIONAL)
        .time("verified_at", OPTIONAL)
        .refers("merged_into_id", "organization", OPTIONAL)
        .versioned()
        .create(manager)
        .await?;
    manager.create_index(unique("organization", &["credit_code"])).await?;
    // One platform: two servers that start on an empty database at the same time cannot both found it.
    let mut one_platform = unique("organization", &["kind"]);
    manager.create_index(one_platform.and_where(Expr::col("kind").eq("PLATFORM")).take()).await?;
    manager.create_index(index("organization", &["status", "name", "id"])).await?;
    manager.create_index(index("organization", &["parent_id", "name", "id"])).await?;
    manager.create_index(index("organization", &["region_code", "kind"])).await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "user")
        .id()
        .text("login", REQUIRED)
        .text("display_name", REQUIRED)
        .text("email", OPTIONAL)
        .text("phone", OPTIONAL)
        .text("password_hash", OPTIONAL)
        .text("locale", REQUIRED)
        .one_of("status", &["ACTIVE", "DISABLED"], REQUIRED)
        .int("session_epoch", REQUIRED)
        .versioned()
        .create(manager)
        .await?;
    manager.create_index(unique("user", &["login"])).await?;

    Table::new(manager, "membership")
        .id()
        .refers("user_id", "user", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .one_of("role", ROLES, REQUIRED)
        .one_of("status", &["ACTIVE", "ENDED"], REQUIRED)
        .versioned()
        .create(manager)
        .await?;
    manager.create_index(unique("membership", &["user_id", "organization_id", "role"])).await?;
    manager.create_index(index("membership", &["organization_id", "status", "role"])).await?;

    Table::new(manager, "invitation")
        .id()
        .refers("organization_id", "organization", REQUIRED)
        .one_of("role", ROLES, REQUIRED)
        .text("email", OPTIONAL)
        .text("token_hash", REQUIRED)
        .one_of("status", &["OPEN", "ACCEPTED", "REVOKED"], REQUIRED)
        .time("expires_at", REQUIRED)
        .refers("invited_by_id", "user", OPTIONAL)
        .refers("accepted_by_id", "user", OPTIONAL)
        .versioned()
        .create(manager)
        .await?;
    manager.create_index(unique("invitation", &["token_hash"])).await?;
    manager.create_index(index("invitation", &["organization_id", "created_at", "id"])).await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "session")
        .id()
        .refers("user_id", "user", REQUIRED)
        .refers("membership_id", "membership", REQUIRED)
        .text("client", REQUIRED)
        .time("created_at", REQUIRED)
        .time("last_used_at", REQUIRED)
        .time("expires_at", REQUIRED)
        .time("ended_at", OPTIONAL)
        .one_of("end_reason", &["SIGNED_OUT", "REPLAYED", "REVOKED", "EXPIRED"], OPTIONAL)
        .create(manager)
        .await?;
    manager.create_index(index("session", &["user_id", "created_at", "id"])).await?;

    Table::new(manager, "refresh_token")
        .text("hash", REQUIRED)
        .refers("session_id", "session", REQUIRED)
        .time("issued_at", REQUIRED)
        .time("spent_at", OPTIONAL)
        .primary(&["hash"])
        .create(manager)
        .await?;
    manager.create_index(index("refresh_token", &["session_id"])).await?;

    signing_keys(manager).await?;
    sign_in_limits(manager).await
}

async fn signing_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "signing_key")
        .id()
        .text("public_key", REQUIRED)
        .text("sealed_private_key", OPTIONAL)
        .one_of("state", &["NEXT", "CURRENT", "PREVIOUS", "RETIRED"], REQUIRED)
        .time("created_at", REQUIRED)
        .create(manager)
        .await?;
    // One of each: two servers that start or rotate at the same time cannot both succeed.
    let mut index = unique("signing_key", &["state"]);
    manager.create_index(index.and_where(Expr::col("state").ne("RETIRED")).take()).await
}

async fn sign_in_limits(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "sign_in_counter")
        .text("subject", REQUIRED)
        .time("window_starts_at", REQUIRED)
        .int("failures", REQUIRED)
        .primary(&["subject"])
        .create(manager)
        .await?;
    manager.create_index(index("sign_in_counter", &["window_starts_at"])).await?;

    Table::new(manager, "known_address")
        .refers("user_id", "user", REQUIRED)
        .text("address", REQUIRED)
        .time("last_used_at", REQUIRED)
        .primary(&["user_id", "address"])
        .create(manager)
        .await?;
    manager.create_index(index("known_address", &["last_used_at"])).await
}

async fn regions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "region")
        .text("code", REQUIRED)
        .text("name", REQUIRED)
        .one_of("level", &["PROVINCE", "PREFECTURE", "COUNTY"], REQUIRED)
        .date("valid_from", OPTIONAL)
        .date("valid_to", OPTIONAL)
        .primary(&["code"])
        .create(manager)
        .await?;

    Table::new(manager, "region_group")
        .text("name", REQUIRED)
        .text("region_code", REQUIRED)
        .primary(&["name", "region_code"])
        .create(manager)
        .await
}
