//! Changes to the database, one file each, oldest first. A change that has been released is never edited.
//!
//! Every statement is written once for SQLite and PostgreSQL. Text is compared byte by byte on both (`COLLATE "C"` on
//! PostgreSQL), so that pages and cursors agree.

#![expect(clippy::too_many_lines, reason = "a table is written column by column")]

use sea_orm_migration::{MigrationTrait, async_trait};
pub use sea_orm_migration::{MigratorTrait, SchemaManager};

mod column;
mod m20261122_000001_event_log;
mod m20261122_000002_organizations_and_people;
mod m20261122_000003_agreements;
mod m20261122_000004_documents_and_notifications;
mod m20261122_000005_idempotency;
mod m20261125_000006_service_accounts;
mod m20261125_000007_issuers;
mod m20261125_000008_organization_merge;
mod m20261125_000009_registered_documents;
mod m20261125_000010_delegations;
mod m20261125_000011_password_resets;
mod m20261125_000012_indexes_of_orders;
mod m20261126_000013_recruitment_events;
mod m20261126_000014_positions;
mod m20261126_000015_resumes;
mod m20261126_000016_applications;
mod m20261126_000017_interviews;
mod m20261126_000019_imports;
mod m20261126_000020_talent_funnel;
mod m20261126_000021_waitlist;
mod m20261126_000022_student_records;
mod m20261126_000023_interview_swap;
mod m20261126_000024_suggestions;
mod m20261127_000025_past_holds;
mod m20261127_000026_sessions_over;
mod m20261127_000027_agreements_counted;

/// All changes, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_event_log::Migration),
            Box::new(m20261122_000002_organizations_and_people::Migration),
            Box::new(m20261122_000003_agreements::Migration),
            Box::new(m20261122_000004_documents_and_notifications::Migration),
            Box::new(m20261122_000005_idempotency::Migration),
            Box::new(m20261125_000006_service_accounts::Migration),
            Box::new(m20261125_000007_issuers::Migration),
            Box::new(m20261125_000008_organization_merge::Migration),
            Box::new(m20261125_000009_registered_documents::Migration),
            Box::new(m20261125_000010_delegations::Migration),
            Box::new(m20261125_000011_password_resets::Migration),
            Box::new(m20261125_000012_indexes_of_orders::Migration),
            Box::new(m20261126_000013_recruitment_events::Migration),
            Box::new(m20261126_000014_positions::Migration),
            Box::new(m20261126_000015_resumes::Migration),
            Box::new(m20261126_000016_applications::Migration),
            Box::new(m20261126_000017_interviews::Migration),
            Box::new(m20261126_000019_imports::Migration),
            Box::new(m20261126_000020_talent_funnel::Migration),
            Box::new(m20261126_000021_waitlist::Migration),
            Box::new(m20261126_000022_student_records::Migration),
            Box::new(m20261126_000023_interview_swap::Migration),
            Box::new(m20261126_000024_suggestions::Migration),
            Box::new(m20261127_000025_past_holds::Migration),
            Box::new(m20261127_000026_sessions_over::Migration),
            Box::new(m20261127_000027_agreements_counted::Migration),
        ]
    }
}
