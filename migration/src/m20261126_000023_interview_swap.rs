//! Requests to change places between slots of an interview session.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const STATUSES: &[&str] = &["REQUESTED", "ACCEPTED", "WITHDRAWN", "LAPSED", "CLOSED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "interview_swap")
            .id()
            .refers("session_id", "interview_session", REQUIRED)
            .refers("booking_id", "interview_booking", REQUIRED)
            .refers("organization_id", "organization", REQUIRED)
            .refers("event_id", "recruitment_event", OPTIONAL)
            .refers("student_id", "user", REQUIRED)
            .refers("university_id", "organization", REQUIRED)
            .refers("offered_id", "interview_slot", REQUIRED)
            .refers("wanted_id", "interview_slot", REQUIRED)
            .time("accept_by", REQUIRED)
            .one_of("status", STATUSES, REQUIRED)
            .refers("accepted_by_id", "user", OPTIONAL)
            .refers("accepted_booking_id", "interview_booking", OPTIONAL)
            .versioned()
            .check("offered_id <> wanted_id")
            .check("(status = 'ACCEPTED') = (accepted_by_id IS NOT NULL)")
            .check("(accepted_by_id IS NULL) = (accepted_booking_id IS NULL)")
            .check("accepted_by_id IS NULL OR accepted_by_id <> student_id")
            .create(manager)
            .await?;
        // One request at a time for a booking.
        let mut once = unique("interview_swap", &["booking_id"]);
        once.cond_where(Expr::col("status").eq("REQUESTED"));
        manager.create_index(once).await?;
        for columns in [
            ["booking_id", "id"],
            ["created_at", "id"],
            ["updated_at", "id"],
            ["student_id", "id"],
            ["accepted_by_id", "id"],
            ["status", "accept_by"],
            ["wanted_id", "status"],
        ] {
            manager.create_index(index("interview_swap", &columns)).await?;
        }
        for column in ["organization_id", "university_id", "event_id"] {
            manager.create_index(index("interview_swap", &[column, "status", "id"])).await?;
        }
        manager.create_index(index("interview_swap", &["session_id", "created_at", "id"])).await
    }
}
