//! Single sign-on: the issuers of organizations, which user somebody at an issuer is, and the ID tokens that are spent.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        issuers(manager).await?;
        identities(manager).await?;
        exchanges(manager).await
    }
}

async fn issuers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "issuer")
        .id()
        .refers("organization_id", "organization", REQUIRED)
        .text("name", REQUIRED)
        .text("url", REQUIRED)
        .text("client_id", REQUIRED)
        .one_of("status", &["ACTIVE", "DISABLED"], REQUIRED)
        .versioned()
        .create(manager)
        .await?;
    // A token belongs to one organization's issuer.
    let mut one = unique("issuer", &["url", "client_id"]);
    manager.create_index(one.and_where(Expr::col("status").eq("ACTIVE")).take()).await?;
    manager.create_index(index("issuer", &["organization_id", "created_at", "id"])).await
}

async fn identities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "user_identity")
        .id()
        .refers("issuer_id", "issuer", REQUIRED)
        .refers("user_id", "user", REQUIRED)
        .text("email", REQUIRED)
        .text("subject", OPTIONAL)
        .one_of("status", &["PENDING", "BOUND", "REVOKED"], REQUIRED)
        .versioned()
        .check("status <> 'BOUND' OR subject IS NOT NULL")
        .create(manager)
        .await?;
    let mut subject = unique("user_identity", &["issuer_id", "subject"]);
    manager.create_index(subject.and_where(Expr::col("status").eq("BOUND")).take()).await?;
    let mut email = unique("user_identity", &["issuer_id", "email"]);
    manager.create_index(email.and_where(Expr::col("status").eq("PENDING")).take()).await?;
    manager.create_index(index("user_identity", &["issuer_id", "created_at", "id"])).await?;
    manager.create_index(index("user_identity", &["user_id"])).await
}

async fn exchanges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "session_identity")
        .refers("session_id", "session", REQUIRED)
        .refers("identity_id", "user_identity", REQUIRED)
        .primary(&["session_id"])
        .create(manager)
        .await?;
    manager.create_index(index("session_identity", &["identity_id"])).await?;

    Table::new(manager, "spent_id_token")
        .text("hash", REQUIRED)
        .time("expires_at", REQUIRED)
        .primary(&["hash"])
        .create(manager)
        .await?;
    manager.create_index(index("spent_id_token", &["expires_at"])).await
}
