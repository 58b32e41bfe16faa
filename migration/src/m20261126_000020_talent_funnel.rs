//! What the talent funnel counts by: when somebody began to work, and what a student studies.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let mut onboarded_at = ColumnDef::new("onboarded_at");
        onboarded_at.timestamp_with_time_zone();
        add(manager, "application", onboarded_at).await?;
        let mut major = ColumnDef::new("major");
        major.text();
        if postgres {
            major.extra(r#"COLLATE "C""#);
        }
        add(manager, "resume", major).await?;

        // What there was before: from the event log, and from the newest education of the newest version.
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE application SET onboarded_at = (SELECT MIN(at) FROM event WHERE record_kind = 'application' \
             AND record_id = application.id AND kind = 'ApplicationOnboarded') WHERE status = 'ONBOARDED'",
        )
        .await?;
        let newest = if postgres {
            "CAST(content AS json) -> 'education' -> 0 ->> 'major'"
        } else {
            "json_extract(content, '$.education[0].major')"
        };
        let majors = format!("UPDATE resume SET major = (SELECT {newest} FROM resume_version WHERE id = current_id)");
        db.execute_unprepared(&majors).await?;
        Ok(())
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).take()).await
}
