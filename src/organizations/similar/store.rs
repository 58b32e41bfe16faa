//! Whom a name is compared with.

use entity::organization::{Column, Entity, OrganizationStatus as Status};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Compare;
use crate::{auth::Actor, error::Result, organizations::store::visible_to, platform::db::Db};

/// No more names are compared than this, the oldest first: half of what a request may cost, so that whoever verifies reads
/// the organization beside them.
pub const CANDIDATES: u64 = 10_000;

/// An organization as it is found again.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Candidate {
    /// The key.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its credit code.
    pub credit_code: String,
    /// Where it stands.
    pub status: Status,
}

/// The organizations of this kind that the actor sees and that are there: of the region, or of none.
///
/// # Errors
/// When the database fails.
pub async fn candidates(db: &Db, actor: &Actor, compare: &Compare) -> Result<Vec<Candidate>> {
    let there = [Status::Pending, Status::Verified, Status::Suspended];
    let mut query = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name, Column::CreditCode, Column::Status])
        .filter(visible_to(actor))
        .filter(Column::Kind.eq(compare.kind))
        .filter(Column::Status.is_in(there));
    if let Some((first, last)) = &compare.within {
        let within = Column::RegionCode.between(first.as_str(), last.as_str());
        query = query.filter(Condition::any().add(within).add(Column::RegionCode.is_null()));
    }
    if let Some(except) = compare.except {
        query = query.filter(Column::Id.ne(except));
    }
    Ok(query.order_by_asc(Column::Id).limit(CANDIDATES).into_model::<Candidate>().all(db.reader()).await?)
}
