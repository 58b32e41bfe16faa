//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, organization, resume_access, share_consent, user};
use sea_orm::{ActiveEnum as _, prelude::async_trait::async_trait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{rules, store};
use crate::{
    error::Result,
    platform::{db::Tx, id},
    talent::student_data::Exportable,
};

/// The consents of a student, and who read what under them.
#[derive(Debug)]
pub struct OwnConsents;

#[async_trait]
impl Exportable for OwnConsents {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let (consents, accesses) = store::all_of(tx, student).await?;
        Ok(vec![
            ("consents", consents.iter().map(consent).collect()),
            ("accesses", accesses.iter().map(access).collect()),
        ])
    }
}

fn consent(row: &share_consent::Model) -> Value {
    let covered = rules::ALL.into_iter().filter(|category| rules::covers(row, *category));
    json!({
        "id": id::show(share_consent::Entity::PREFIX, row.id),
        "organization": id::show(organization::Entity::PREFIX, row.organization_id),
        "purpose": row.purpose.to_value(),
        "categories": covered.map(|category| category.to_value()).collect::<Vec<_>>(),
        "noticeVersion": row.notice_version,
        "status": row.status.to_value(),
        "givenAt": row.created_at,
        "expiresAt": row.expires_at,
        "withdrawnAt": row.withdrawn_at,
    })
}

fn access(row: &resume_access::Model) -> Value {
    json!({
        "organization": id::show(organization::Entity::PREFIX, row.organization_id),
        "reader": id::show(user::Entity::PREFIX, row.user_id),
        "consent": id::show(share_consent::Entity::PREFIX, row.consent_id),
        "category": row.category.to_value(),
        "channel": row.channel.to_value(),
        "at": row.at,
    })
}
