//! The rows of events that name an organization.

use entity::{
    event_exhibitor::{self, Column as Booth, ExhibitorStatus},
    event_registration::{self, Column as Registration},
    recruitment_event,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{error::Result, organizations::merge::Merging, platform::db::Tx};

/// The events that an organization holds, locked until the transaction ends.
pub(super) async fn events(tx: &Tx, organizer: Uuid) -> Result<Vec<recruitment_event::Model>> {
    let rows = recruitment_event::Entity::find()
        .filter(recruitment_event::Column::OrganizerId.eq(organizer))
        .order_by_asc(recruitment_event::Column::Id)
        .lock_exclusive();
    Ok(rows.all(tx).await?)
}

/// The booths of the duplicate.
pub(super) struct Booths {
    /// Those at events where the other one is not named.
    pub(super) moving: Vec<event_exhibitor::Model>,
    /// How many are still good at events where the other one is named too.
    pub(super) twice: usize,
}

/// The booths of the duplicate, locked until the transaction ends.
pub(super) async fn booths(tx: &Tx, merging: Merging) -> Result<Booths> {
    let rows = event_exhibitor::Entity::find()
        .filter(Booth::OrganizationId.eq(merging.from))
        .order_by_asc(Booth::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let others: Vec<Uuid> = event_exhibitor::Entity::find()
        .select_only()
        .column(Booth::EventId)
        .filter(Booth::OrganizationId.eq(merging.into))
        .into_tuple()
        .all(tx)
        .await?;
    let (both, moving): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| others.contains(&row.event_id));
    let is_good =
        |row: &&event_exhibitor::Model| !matches!(row.status, ExhibitorStatus::Declined | ExhibitorStatus::Withdrawn);
    Ok(Booths { moving, twice: both.iter().filter(is_good).count() })
}

/// The registrations of a university's students, locked until the transaction ends.
pub(super) async fn registrations(tx: &Tx, university: Uuid) -> Result<Vec<event_registration::Model>> {
    let rows = event_registration::Entity::find()
        .filter(Registration::UniversityId.eq(university))
        .order_by_asc(Registration::Id)
        .lock_exclusive();
    Ok(rows.all(tx).await?)
}
