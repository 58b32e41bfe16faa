//! Interviews: sessions, their interviewers and slots, what is held when, and bookings.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const STATUSES: &[&str] = &["CONFIRMED", "CHECKED_IN", "DONE", "CANCELLED", "LATE_CANCELLED", "NO_SHOW", "EXCUSED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sessions(manager).await?;
        slots(manager).await?;
        bookings(manager).await?;
        scores(manager).await?;
        holds(manager).await
    }
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "interview_session")
        .id()
        .refers("organization_id", "organization", REQUIRED)
        .refers("event_id", "recruitment_event", OPTIONAL)
        .refers("author_id", "user", REQUIRED)
        .text("place", REQUIRED)
        .text("room", REQUIRED)
        .time("starts_at", REQUIRED)
        .time("ends_at", REQUIRED)
        .int("slot_minutes", REQUIRED)
        .int("buffer_minutes", REQUIRED)
        .int("group_size", REQUIRED)
        .one_of("status", &["OPEN", "CLOSED", "CANCELLED"], REQUIRED)
        .text("status_reason", OPTIONAL)
        .versioned()
        .check("starts_at < ends_at")
        .check("slot_minutes > 0 AND buffer_minutes >= 0 AND group_size > 0")
        .check("(status = 'CANCELLED') = (status_reason IS NOT NULL)")
        .create(manager)
        .await?;
    for columns in
        [["organization_id", "id"], ["event_id", "id"], ["starts_at", "id"], ["created_at", "id"], ["updated_at", "id"]]
    {
        manager.create_index(index("interview_session", &columns)).await?;
    }
    manager.create_index(index("interview_session", &["organization_id", "status", "id"])).await?;

    Table::new(manager, "interviewer")
        .id()
        .refers("session_id", "interview_session", REQUIRED)
        .refers("user_id", "user", REQUIRED)
        .int("place", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("interviewer", &["session_id", "place"])).await?;
    manager.create_index(unique("interviewer", &["session_id", "user_id"])).await
}

async fn slots(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "interview_slot")
        .id()
        .refers("session_id", "interview_session", REQUIRED)
        .time("begins_at", REQUIRED)
        .time("ends_at", REQUIRED)
        .int("size", REQUIRED)
        .int("taken", REQUIRED)
        .check("begins_at < ends_at")
        // Never more students than places (I6).
        .check("taken BETWEEN 0 AND size")
        .create(manager)
        .await?;
    manager.create_index(unique("interview_slot", &["session_id", "begins_at"])).await?;
    manager.create_index(index("interview_slot", &["session_id", "begins_at", "id"])).await?;
    manager.create_index(index("interview_slot", &["begins_at", "id"])).await
}

async fn bookings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "interview_booking")
        .id()
        .refers("slot_id", "interview_slot", REQUIRED)
        .refers("session_id", "interview_session", REQUIRED)
        .refers("application_id", "application", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("event_id", "recruitment_event", OPTIONAL)
        .refers("student_id", "user", REQUIRED)
        .refers("university_id", "organization", REQUIRED)
        .time("begins_at", REQUIRED)
        .time("ends_at", REQUIRED)
        .time("late_from", REQUIRED)
        .one_of("status", STATUSES, REQUIRED)
        .text("status_reason", OPTIONAL)
        .time("checked_in_at", OPTIONAL)
        .text("technology_question", OPTIONAL)
        .versioned()
        .check("status NOT IN ('CHECKED_IN', 'DONE') OR checked_in_at IS NOT NULL")
        .check("status <> 'EXCUSED' OR status_reason IS NOT NULL")
        .create(manager)
        .await?;
    // One place at a time for an application.
    let mut once = unique("interview_booking", &["application_id"]);
    once.cond_where(Expr::col("status").is_in(["CONFIRMED", "CHECKED_IN"]));
    manager.create_index(once).await?;
    for columns in [
        ["application_id", "id"],
        ["begins_at", "id"],
        ["created_at", "id"],
        ["updated_at", "id"],
        ["slot_id", "id"],
        ["student_id", "id"],
        ["organization_id", "id"],
        ["university_id", "id"],
        ["event_id", "id"],
        ["status", "ends_at"],
    ] {
        manager.create_index(index("interview_booking", &columns)).await?;
    }
    for column in ["organization_id", "university_id", "event_id"] {
        manager.create_index(index("interview_booking", &[column, "status", "id"])).await?;
    }
    manager.create_index(index("interview_booking", &["session_id", "begins_at", "id"])).await
}

async fn scores(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "interview_score")
        .id()
        .refers("booking_id", "interview_booking", REQUIRED)
        .int("place", REQUIRED)
        .text("skill", REQUIRED)
        .int("score", REQUIRED)
        .text("note", OPTIONAL)
        .check("score BETWEEN 1 AND 5")
        .create(manager)
        .await?;
    manager.create_index(unique("interview_score", &["booking_id", "place"])).await?;
    manager.create_index(unique("interview_score", &["booking_id", "skill"])).await
}

async fn holds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // No person and no room twice at one time (I6): that is the key.
    Table::new(manager, "interview_hold")
        .text("held", REQUIRED)
        .bigint("tick", REQUIRED)
        .refers("session_id", "interview_session", REQUIRED)
        .refers("booking_id", "interview_booking", OPTIONAL)
        .primary(&["held", "tick"])
        .create(manager)
        .await?;
    manager.create_index(index("interview_hold", &["session_id"])).await?;
    manager.create_index(index("interview_hold", &["booking_id"])).await
}
