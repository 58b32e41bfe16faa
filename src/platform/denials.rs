//! Writing refusals down. They wait in memory, so that somebody who is refused over and over cannot keep the single
//! writer busy, and are written together from time to time.

use entity::access_denial;
use sea_orm::IntoActiveModel;
use uuid::Uuid;

use super::db::{Db, Denial};
use crate::{
    auth::{Job, Permit, RecordRef},
    error::Result,
};

/// The table as a whole, in the trail.
const TABLE: RecordRef = RecordRef { kind: "access_denial", id: Uuid::nil() };

/// Writes the refusals since the last time; says how many. When it fails they wait on.
///
/// # Errors
/// When the database cannot be written.
pub async fn flush(db: &Db) -> Result<usize> {
    let denials = db.take_denials();
    if denials.is_empty() {
        return Ok(0);
    }
    let written = db.write(|tx| {
        let denials = &denials;
        async move {
            let write = tx.under(Permit::system(Job::RecordDenials, TABLE));
            let rows = denials.iter().map(|denial| row(write.id(), denial).into_active_model());
            write.insert_all(rows.collect()).await
        }
    });
    match written.await {
        Ok(()) => Ok(denials.len()),
        Err(error) => {
            for denial in denials {
                db.deny(denial);
            }
            Err(error)
        }
    }
}

fn row(id: Uuid, denial: &Denial) -> access_denial::Model {
    access_denial::Model {
        id,
        at: denial.at,
        user_id: denial.actor.user(),
        organization_id: denial.actor.organization(),
        role: denial.actor.role(),
        action: denial.action.to_owned(),
        record_kind: denial.record.kind.to_owned(),
        record_id: denial.record.id,
    }
}

#[cfg(test)]
mod tests {
    use entity::{membership::Role, organization::OrganizationKind as Kind};
    use sea_orm::EntityTrait;

    use super::*;
    use crate::{organizations, tests::Fixture};

    #[tokio::test]
    async fn a_refusal_is_written_once_and_waits_while_the_database_fails() {
        let fixture = Fixture::new().await;
        let county = fixture.organization(Kind::County).await;
        let officer = fixture.person((county, Kind::County), Role::CountyOfficer).await;
        for _ in 0..2 {
            let refused = fixture.db().write(|tx| {
                let officer = &officer;
                async move {
                    let facts = organizations::store::facts(&tx, officer, county).await?;
                    tx.permit(officer, organizations::rules::Action::Update, &facts).await.map(drop)
                }
            });
            assert_eq!(refused.await.unwrap_err().code(), crate::error::Code::Forbidden);
        }
        fixture.tamper("ALTER TABLE access_denial RENAME TO elsewhere").await;
        assert!(flush(fixture.db()).await.is_err());
        fixture.tamper("ALTER TABLE elsewhere RENAME TO access_denial").await;
        assert_eq!(flush(fixture.db()).await.unwrap(), 2);
        assert_eq!(flush(fixture.db()).await.unwrap(), 0);
        let rows = access_denial::Entity::find().all(fixture.db().reader()).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].user_id, &*rows[0].action), (officer.user(), "organization.update"));
        assert_eq!((&*rows[0].record_kind, rows[0].record_id), ("organization", county));
    }
}
