//! An index for every order in which the API lists: by that column, then by the key, which breaks ties. A test asks both
//! databases for each.

use sea_orm_migration::prelude::*;

use crate::column::index;

/// Lists of the root, in their orders.
const ROOT: [(&str, &[&str]); 10] = [
    // The counties, of which there are few, among all organizations.
    ("organization", &["kind", "id"]),
    ("organization", &["name", "id"]),
    ("organization", &["created_at", "id"]),
    ("organization", &["updated_at", "id"]),
    ("agreement", &["ends_on", "id"]),
    ("agreement", &["created_at", "id"]),
    ("agreement", &["updated_at", "id"]),
    ("cooperation_item", &["due_on", "id"]),
    ("cooperation_item", &["created_at", "id"]),
    ("cooperation_item", &["updated_at", "id"]),
];

/// Who signs in, in their orders.
const PEOPLE: [(&str, &[&str]); 2] = [("user", &["display_name", "id"]), ("user", &["created_at", "id"])];

/// What is counted of agreements, in the order of the groups, and who sees them: so that their texts need not be read for
/// it. It begins as the index that it takes the place of.
const COUNTED: [&str; 5] = ["county_id", "status", "id", "drafted_by_id", "content_hash"];

/// Lists of a record that show their rows as they were made, and the index that was in another order than theirs.
const OF_A_RECORD: [(&str, &str); 2] = [("document", "record_id"), ("user_identity", "issuer_id")];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in ROOT.into_iter().chain(PEOPLE) {
            manager.create_index(index(table, columns)).await?;
        }
        manager.create_index(index("agreement", &COUNTED)).await?;
        manager
            .drop_index(Index::drop().name("ix_agreement_county_id_status_id").table("agreement").to_owned())
            .await?;
        for (table, parent) in OF_A_RECORD {
            manager.create_index(index(table, &[parent, "id"])).await?;
            let former = format!("ix_{table}_{parent}_created_at_id");
            manager.drop_index(Index::drop().name(former).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
