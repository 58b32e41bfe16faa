//! Agreements: the text and its frozen versions, parties, reviews, signatures, proposals, items, amendments.

use sea_orm_migration::prelude::*;

use crate::column::{OPTIONAL, REQUIRED, Table, index, unique};

const KINDS: &[&str] = &["FRAMEWORK", "SPECIAL", "TRAINING_BASE", "TALENT", "WORKSTATION"];
const STATUSES: &[&str] = &[
    "DRAFT",
    "IN_REVIEW",
    "AWAITING_SIGNATURE",
    "SIGNED",
    "ACTIVE",
    "SUSPENDED",
    "TERMINATED",
    "EXPIRED",
    "REJECTED",
    "CANCELLED",
];
const GROUNDS: &[&str] = &["BREACH", "FORCE_MAJEURE", "LEGAL_REQUIREMENT", "PARTY_CEASED"];
const EVIDENCE: &[&str] = &["PLATFORM", "WET_INK_SCAN", "SEAL_SCAN", "CA_ESIGN"];
const RENEWAL: &[&str] = &["NONE", "NEGOTIATE", "AUTOMATIC"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        agreements(manager).await?;
        decisions(manager).await?;
        proposals(manager).await?;
        amendments(manager).await?;
        items(manager).await
    }
}

async fn agreements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "agreement")
        .id()
        .text("number", REQUIRED)
        .one_of("kind", KINDS, REQUIRED)
        .text("title", REQUIRED)
        .text("terms", REQUIRED)
        .refers("county_id", "organization", REQUIRED)
        .refers("drafted_by_id", "organization", REQUIRED)
        .refers("author_id", "user", REQUIRED)
        .refers("parent_id", "agreement", OPTIONAL)
        .refers("predecessor_id", "agreement", OPTIONAL)
        .date("starts_on", OPTIONAL)
        .date("ends_on", REQUIRED)
        .date("notice_by", OPTIONAL)
        .one_of("renewal_policy", RENEWAL, REQUIRED)
        .one_of("status", STATUSES, REQUIRED)
        .text("status_reason", OPTIONAL)
        .one_of("termination_ground", GROUNDS, OPTIONAL)
        .refers("terminated_by_id", "organization", OPTIONAL)
        .key("termination_document_id", OPTIONAL)
        .key("current_version_id", OPTIONAL)
        .text("content_hash", OPTIONAL)
        .text("party_set", REQUIRED)
        .time("submitted_at", OPTIONAL)
        .time("signed_at", OPTIONAL)
        .time("activated_at", OPTIONAL)
        .time("ended_at", OPTIONAL)
        .versioned()
        .check("starts_on IS NULL OR starts_on <= ends_on")
        .check("status IN ('DRAFT', 'REJECTED', 'CANCELLED') OR content_hash IS NOT NULL")
        .check("status NOT IN ('SIGNED', 'ACTIVE', 'SUSPENDED', 'TERMINATED', 'EXPIRED') OR (starts_on IS NOT NULL AND signed_at IS NOT NULL)")
        .check("(terminated_by_id IS NULL) = (termination_ground IS NULL) AND (terminated_by_id IS NULL) = (termination_document_id IS NULL)")
        .check("terminated_by_id IS NULL OR status = 'TERMINATED'")
        .create(manager)
        .await?;
    manager.create_index(unique("agreement", &["number"])).await?;
    manager.create_index(index("agreement", &["status", "ends_on", "id"])).await?;
    manager.create_index(index("agreement", &["party_set", "kind"])).await?;
    manager.create_index(index("agreement", &["county_id", "status", "id"])).await?;
    manager.create_index(index("agreement", &["parent_id", "id"])).await?;

    Table::new(manager, "agreement_number")
        .text("series", REQUIRED)
        .int("last", REQUIRED)
        .primary(&["series"])
        .create(manager)
        .await?;

    Table::new(manager, "agreement_party")
        .id()
        .refers("agreement_id", "agreement", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .text("capacity", REQUIRED)
        .one_of("role", &["REQUIRED", "WITNESS"], REQUIRED)
        .int("position", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("agreement_party", &["agreement_id", "organization_id"])).await?;
    manager.create_index(unique("agreement_party", &["agreement_id", "position"])).await?;
    manager.create_index(index("agreement_party", &["organization_id", "agreement_id"])).await?;

    Table::new(manager, "agreement_version")
        .id()
        .refers("agreement_id", "agreement", REQUIRED)
        .int("number", REQUIRED)
        .text("content", REQUIRED)
        .text("content_hash", REQUIRED)
        .refers("submitted_by_id", "user", REQUIRED)
        .time("created_at", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("agreement_version", &["agreement_id", "number"])).await
}

async fn decisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "agreement_review")
        .id()
        .refers("agreement_id", "agreement", REQUIRED)
        .refers("version_id", "agreement_version", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("reviewer_id", "user", REQUIRED)
        .one_of("decision", &["APPROVED", "RETURNED", "REJECTED"], REQUIRED)
        .text("note", OPTIONAL)
        .time("created_at", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("agreement_review", &["version_id", "organization_id"])).await?;
    manager.create_index(index("agreement_review", &["agreement_id", "created_at", "id"])).await?;

    Table::new(manager, "document")
        .id()
        .refers("organization_id", "organization", REQUIRED)
        .refers("uploaded_by_id", "user", REQUIRED)
        .text("record_kind", REQUIRED)
        .key("record_id", REQUIRED)
        .text("name", REQUIRED)
        .text("media_type", OPTIONAL)
        .bigint("bytes", OPTIONAL)
        .text("sha256", OPTIONAL)
        .text("storage_key", REQUIRED)
        .one_of("status", &["AWAITING_BYTES", "UPLOADED", "CONFIRMED"], REQUIRED)
        .text("upload_token_hash", OPTIONAL)
        .time("upload_expires_at", OPTIONAL)
        .versioned()
        .create(manager)
        .await?;
    manager.create_index(index("document", &["record_id", "created_at", "id"])).await?;

    Table::new(manager, "agreement_signature")
        .id()
        .refers("agreement_id", "agreement", REQUIRED)
        .refers("version_id", "agreement_version", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("signer_id", "user", REQUIRED)
        .text("content_hash", REQUIRED)
        .one_of("evidence", EVIDENCE, REQUIRED)
        .refers("document_id", "document", OPTIONAL)
        .time("signed_at", REQUIRED)
        .refers("confirmed_by_id", "user", OPTIONAL)
        .time("confirmed_at", OPTIONAL)
        .time("voided_at", OPTIONAL)
        .check("confirmed_by_id IS NULL OR confirmed_by_id <> signer_id")
        .check("evidence NOT IN ('WET_INK_SCAN', 'SEAL_SCAN') OR document_id IS NOT NULL")
        .create(manager)
        .await?;
    manager.create_index(unique("agreement_signature", &["version_id", "organization_id"])).await?;
    manager.create_index(index("agreement_signature", &["agreement_id", "signed_at", "id"])).await
}

async fn proposals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "agreement_proposal")
        .id()
        .refers("agreement_id", "agreement", REQUIRED)
        .one_of("step", &["SUSPEND", "RESUME", "TERMINATE", "RESCIND"], REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("proposer_id", "user", REQUIRED)
        .text("reason", REQUIRED)
        .refers("document_id", "document", OPTIONAL)
        .one_of("status", &["OPEN", "CARRIED", "DECLINED", "WITHDRAWN", "LAPSED"], REQUIRED)
        .time("closed_at", OPTIONAL)
        .versioned()
        .check("(status = 'OPEN') = (closed_at IS NULL)")
        .create(manager)
        .await?;
    manager.create_index(index("agreement_proposal", &["agreement_id", "created_at", "id"])).await?;
    let mut one_open = unique("agreement_proposal", &["agreement_id"]);
    one_open.name("ux_agreement_proposal_open").and_where(Expr::col("status").eq("OPEN"));
    manager.create_index(one_open).await?;

    Table::new(manager, "agreement_proposal_vote")
        .id()
        .refers("proposal_id", "agreement_proposal", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("voter_id", "user", REQUIRED)
        .flag("agreed")
        .text("note", OPTIONAL)
        .time("created_at", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("agreement_proposal_vote", &["proposal_id", "organization_id"])).await?;
    // One person speaks for one party only.
    manager.create_index(unique("agreement_proposal_vote", &["proposal_id", "voter_id"])).await
}

async fn amendments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "amendment")
        .id()
        .refers("agreement_id", "agreement", REQUIRED)
        .int("number", REQUIRED)
        .refers("drafted_by_id", "organization", REQUIRED)
        .refers("author_id", "user", REQUIRED)
        .text("reason", REQUIRED)
        .text("title", REQUIRED)
        .text("terms", REQUIRED)
        .date("ends_on", REQUIRED)
        .date("notice_by", OPTIONAL)
        .one_of("renewal_policy", RENEWAL, REQUIRED)
        .one_of("status", &["DRAFT", "IN_REVIEW", "AWAITING_SIGNATURE", "EFFECTIVE", "REJECTED", "WITHDRAWN"], REQUIRED)
        .text("status_reason", OPTIONAL)
        .text("base_hash", REQUIRED)
        .text("content", OPTIONAL)
        .text("content_hash", OPTIONAL)
        .time("effective_at", OPTIONAL)
        .versioned()
        .check("status IN ('DRAFT', 'REJECTED', 'WITHDRAWN') OR content_hash IS NOT NULL")
        .check("(content IS NULL) = (content_hash IS NULL)")
        .check("(status = 'EFFECTIVE') = (effective_at IS NOT NULL)")
        .create(manager)
        .await?;
    manager.create_index(unique("amendment", &["agreement_id", "number"])).await?;

    Table::new(manager, "amendment_decision")
        .id()
        .refers("amendment_id", "amendment", REQUIRED)
        .one_of("kind", &["APPROVAL", "SIGNATURE"], REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("decided_by_id", "user", REQUIRED)
        .text("content_hash", REQUIRED)
        .one_of("evidence", EVIDENCE, OPTIONAL)
        .refers("document_id", "document", OPTIONAL)
        .refers("confirmed_by_id", "user", OPTIONAL)
        .time("confirmed_at", OPTIONAL)
        .time("created_at", REQUIRED)
        .check("(kind = 'SIGNATURE') = (evidence IS NOT NULL)")
        .check("evidence NOT IN ('WET_INK_SCAN', 'SEAL_SCAN') OR document_id IS NOT NULL")
        .check("confirmed_by_id IS NULL OR confirmed_by_id <> decided_by_id")
        .create(manager)
        .await?;
    manager.create_index(unique("amendment_decision", &["amendment_id", "kind", "organization_id"])).await?;
    manager.create_index(unique("amendment_decision", &["amendment_id", "kind", "decided_by_id"])).await
}

async fn items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::new(manager, "cooperation_item")
        .id()
        .refers("agreement_id", "agreement", REQUIRED)
        .text("title", REQUIRED)
        .refers("responsible_id", "organization", REQUIRED)
        .refers("responsible_user_id", "user", OPTIONAL)
        .date("due_on", REQUIRED)
        .date("first_due_on", REQUIRED)
        .text("measure", OPTIONAL)
        .bigint("target", OPTIONAL)
        .bigint("actual", OPTIONAL)
        .one_of(
            "status",
            &["PLANNED", "IN_PROGRESS", "SUBMITTED", "ACCEPTED", "RETURNED", "DEFERRED", "LAPSED", "DROPPED"],
            REQUIRED,
        )
        .text("status_reason", OPTIONAL)
        .refers("submitted_by_id", "user", OPTIONAL)
        .time("submitted_at", OPTIONAL)
        .refers("accepted_by_id", "organization", OPTIONAL)
        .refers("acceptor_id", "user", OPTIONAL)
        .time("accepted_at", OPTIONAL)
        .versioned()
        .check("accepted_by_id IS NULL OR accepted_by_id <> responsible_id")
        .check("acceptor_id IS NULL OR acceptor_id <> submitted_by_id")
        .check("(status = 'ACCEPTED') = (accepted_by_id IS NOT NULL) AND (status = 'ACCEPTED') = (acceptor_id IS NOT NULL)")
        .check("target IS NULL OR (target > 0 AND measure IS NOT NULL)")
        .check("actual IS NULL OR actual >= 0")
        .create(manager)
        .await?;
    manager.create_index(index("cooperation_item", &["agreement_id", "due_on", "id"])).await?;
    manager.create_index(index("cooperation_item", &["responsible_id", "status", "due_on"])).await?;
    manager.create_index(index("cooperation_item", &["responsible_user_id", "status", "due_on"])).await?;
    manager.create_index(index("cooperation_item", &["status", "agreement_id"])).await?;

    Table::new(manager, "cooperation_item_drop_vote")
        .id()
        .refers("item_id", "cooperation_item", REQUIRED)
        .refers("organization_id", "organization", REQUIRED)
        .refers("voter_id", "user", REQUIRED)
        .text("reason", REQUIRED)
        .time("created_at", REQUIRED)
        .create(manager)
        .await?;
    manager.create_index(unique("cooperation_item_drop_vote", &["item_id", "organization_id"])).await?;
    manager.create_index(unique("cooperation_item_drop_vote", &["item_id", "voter_id"])).await
}
