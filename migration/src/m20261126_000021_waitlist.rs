//! Waiting lists of interview sessions, and places that are held while they are offered.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const STATUSES: &[&str] = &["WAITING", "OFFERED", "ACCEPTED", "DECLINED", "LAPSED", "LEFT", "CLOSED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        waits(manager).await?;
        let mut under = ColumnDef::new("wait_id");
        under.uuid().extra(r#"REFERENCES "interview_wait" ("id")"#);
        let alter = sea_query::Table::alter().table("interview_hold").add_column(under).take();
        manager.alter_table(alter).await?;
        manager.create_index(index("interview_hold", &["wait_id"])).await
    }
}

async fn waits(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "interview_wait")
        .id()
        .refers("session_id", "interview_session", REQUIRED)
        .refers("application_id", "application", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("event_id", "recruitment_event", OPTIONAL)
        .refers("student_id", "user", REQUIRED)
        .refers("university_id", "organization", REQUIRED)
        .int("number", REQUIRED)
        .int("minutes", REQUIRED)
        .one_of("status", STATUSES, REQUIRED)
        .refers("slot_id", "interview_slot", OPTIONAL)
        .time("offered_at", OPTIONAL)
        .time("accept_by", OPTIONAL)
        .refers("booking_id", "interview_booking", OPTIONAL)
        .versioned()
        .check("(slot_id IS NULL) = (offered_at IS NULL) AND (slot_id IS NULL) = (accept_by IS NULL)")
        .check("status NOT IN ('OFFERED', 'ACCEPTED', 'DECLINED', 'LAPSED') OR slot_id IS NOT NULL")
        .check("status NOT IN ('WAITING', 'LEFT') OR slot_id IS NULL")
        .check("(status = 'ACCEPTED') = (booking_id IS NOT NULL)")
        .create(manager)
        .await?;
    // Who came first is asked first.
    manager.create_index(unique("interview_wait", &["session_id", "number"])).await?;
    // Once in each list for an application.
    let mut once = unique("interview_wait", &["application_id", "session_id"]);
    once.cond_where(Expr::col("status").is_in(["WAITING", "OFFERED"]));
    manager.create_index(once).await?;
    for columns in [
        ["application_id", "id"],
        ["created_at", "id"],
        ["updated_at", "id"],
        ["student_id", "id"],
        ["status", "accept_by"],
    ] {
        manager.create_index(index("interview_wait", &columns)).await?;
    }
    for column in ["organization_id", "university_id", "event_id"] {
        manager.create_index(index("interview_wait", &[column, "status", "id"])).await?;
    }
    manager.create_index(index("interview_wait", &["session_id", "status", "number"])).await
}
