//! Applications, the negotiations that follow an intention, employment records and retention checks.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const STATUSES: &[&str] = &[
    "SUBMITTED",
    "SHORTLISTED",
    "INVITED",
    "INTERVIEWED",
    "INTENTION",
    "IN_NEGOTIATION",
    "OFFERED",
    "ACCEPTED",
    "SIGNED",
    "ONBOARDED",
    "REJECTED",
    "WITHDRAWN",
    "NO_SHOW",
    "DECLINED",
    "LAPSED",
];
const ENGAGEMENTS: &[&str] = &["EMPLOYMENT", "INTERNSHIP"];
const SIDES: &[&str] = &["STUDENT", "ENTERPRISE"];
const REASONS: &[&str] = &[
    "SKILLS",
    "MAJOR",
    "EXPERIENCE",
    "PAY",
    "PLACE",
    "WORK",
    "POSITION_FILLED",
    "OTHER_OFFER",
    "FURTHER_STUDY",
    "PERSONAL",
    "OTHER",
];
const NEGOTIATION_STATUSES: &[&str] = &["SCHEDULED", "HELD", "AGREED", "CONTINUED", "FAILED", "CANCELLED"];
const EVIDENCE: &[&str] = &["LABOUR_CONTRACT", "EMPLOYMENT_AGREEMENT", "ACCEPTANCE_LETTER", "EMPLOYER_CERTIFICATE"];
const RETENTION_STATUSES: &[&str] = &["OPEN", "RETAINED", "LEFT", "DISPUTED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        applications(manager).await?;
        negotiations(manager).await?;
        employment(manager).await
    }
}

async fn applications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "application")
        .id()
        .refers("position_id", "job_position", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("student_id", "user", REQUIRED)
        .refers("university_id", "organization", REQUIRED)
        .refers("resume_id", "resume", REQUIRED)
        .refers("event_id", "recruitment_event", OPTIONAL)
        .text("letter", OPTIONAL)
        .one_of("status", STATUSES, REQUIRED)
        .one_of("closing_reason", REASONS, OPTIONAL)
        .text("closing_note", OPTIONAL)
        .time("interviewed_at", OPTIONAL)
        .text("interview_note", OPTIONAL)
        .one_of("intention", ENGAGEMENTS, OPTIONAL)
        .one_of("intention_by", SIDES, OPTIONAL)
        .time("intention_at", OPTIONAL)
        .time("intention_confirmed_at", OPTIONAL)
        .time("intention_lapses_at", OPTIONAL)
        .one_of("offer", ENGAGEMENTS, OPTIONAL)
        .bigint("offer_pay", OPTIONAL)
        .date("offer_starts_on", OPTIONAL)
        .text("offer_terms", OPTIONAL)
        .time("offered_at", OPTIONAL)
        .date("offer_answer_by", OPTIONAL)
        .time("accepted_at", OPTIONAL)
        .versioned()
        .check("(closing_reason IS NOT NULL) = (status IN ('REJECTED', 'WITHDRAWN', 'DECLINED'))")
        .check("status NOT IN ('INTENTION', 'IN_NEGOTIATION') OR intention IS NOT NULL")
        .check("(intention IS NULL) = (intention_by IS NULL) AND (intention IS NULL) = (intention_at IS NULL) AND (intention IS NULL) = (intention_lapses_at IS NULL)")
        .check("intention_confirmed_at IS NULL OR intention IS NOT NULL")
        .check("status <> 'IN_NEGOTIATION' OR intention_confirmed_at IS NOT NULL")
        .check("status NOT IN ('OFFERED', 'ACCEPTED', 'SIGNED', 'ONBOARDED', 'DECLINED') OR offer IS NOT NULL")
        .check("(offer IS NULL) = (offered_at IS NULL) AND (offer IS NULL) = (offer_pay IS NULL) AND (offer IS NULL) = (offer_starts_on IS NULL) AND (offer IS NULL) = (offer_answer_by IS NULL)")
        .check("(accepted_at IS NOT NULL) = (status IN ('ACCEPTED', 'SIGNED', 'ONBOARDED'))")
        .check("status NOT IN ('SIGNED', 'ONBOARDED') OR offer = 'EMPLOYMENT'")
        .check("offer_pay IS NULL OR offer_pay >= 0")
        .create(manager)
        .await?;
    // Once for each position, until it is taken back.
    let mut once = unique("application", &["position_id", "student_id"]);
    once.cond_where(Expr::col("status").ne("WITHDRAWN"));
    manager.create_index(once).await?;
    manager.create_index(index("application", &["student_id", "id"])).await?;
    manager.create_index(index("application", &["organization_id", "status", "id"])).await?;
    manager.create_index(index("application", &["university_id", "status", "id"])).await?;
    manager.create_index(index("application", &["position_id", "status", "id"])).await?;
    manager.create_index(index("application", &["event_id", "id"])).await?;
    manager.create_index(index("application", &["created_at", "id"])).await?;
    manager.create_index(index("application", &["updated_at", "id"])).await?;
    manager.create_index(index("application", &["position_id", "id"])).await?;
    manager.create_index(index("application", &["status", "intention_lapses_at"])).await?;
    manager.create_index(index("application", &["status", "offer_answer_by"])).await
}

async fn negotiations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "negotiation")
        .id()
        .refers("application_id", "application", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("position_id", "job_position", REQUIRED)
        .int("round", REQUIRED)
        .date("due_on", REQUIRED)
        .text("topic", REQUIRED)
        .text("place", OPTIONAL)
        .one_of("status", NEGOTIATION_STATUSES, REQUIRED)
        .date("held_on", OPTIONAL)
        .text("outcome", OPTIONAL)
        .time("overdue_at", OPTIONAL)
        .versioned()
        .check("status IN ('SCHEDULED', 'CANCELLED') OR held_on IS NOT NULL")
        .check("(outcome IS NOT NULL) = (status IN ('AGREED', 'CONTINUED', 'FAILED'))")
        .create(manager)
        .await?;
    manager.create_index(unique("negotiation", &["application_id", "round"])).await?;
    manager.create_index(index("negotiation", &["status", "due_on", "id"])).await?;
    manager.create_index(index("negotiation", &["due_on", "id"])).await?;
    manager.create_index(index("negotiation", &["created_at", "id"])).await?;
    manager.create_index(index("negotiation", &["organization_id", "status", "id"])).await
}

async fn employment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "employment_record")
        .id()
        .refers("application_id", "application", REQUIRED)
        .refers("student_id", "user", REQUIRED)
        .refers("university_id", "organization", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .one_of("evidence", EVIDENCE, REQUIRED)
        .refers("document_id", "document", REQUIRED)
        .date("signed_on", REQUIRED)
        .date("onboarded_on", OPTIONAL)
        .refers("recorded_by_id", "user", REQUIRED)
        .versioned()
        .check("onboarded_on IS NULL OR onboarded_on >= signed_on")
        .create(manager)
        .await?;
    manager.create_index(unique("employment_record", &["application_id"])).await?;
    manager.create_index(index("employment_record", &["student_id", "id"])).await?;
    manager.create_index(index("employment_record", &["university_id", "id"])).await?;
    manager.create_index(index("employment_record", &["organization_id", "id"])).await?;
    manager.create_index(index("employment_record", &["signed_on", "id"])).await?;
    manager.create_index(index("employment_record", &["created_at", "id"])).await?;

    Table::new(manager, "retention_check")
        .id()
        .refers("record_id", "employment_record", REQUIRED)
        .int("months", REQUIRED)
        .date("due_on", REQUIRED)
        .one_of("status", RETENTION_STATUSES, REQUIRED)
        .flag_or_nothing("employer_says")
        .time("employer_at", OPTIONAL)
        .flag_or_nothing("graduate_says")
        .time("graduate_at", OPTIONAL)
        .text("note", OPTIONAL)
        .versioned()
        .check("(employer_says IS NULL) = (employer_at IS NULL) AND (graduate_says IS NULL) = (graduate_at IS NULL)")
        .check("status = 'OPEN' OR (employer_says IS NOT NULL AND graduate_says IS NOT NULL)")
        .create(manager)
        .await?;
    manager.create_index(unique("retention_check", &["record_id", "months"])).await?;
    manager.create_index(index("retention_check", &["due_on", "id"])).await?;
    manager.create_index(index("retention_check", &["status", "due_on", "id"])).await
}
