//! The only place that touches the table of exhibitors.

use std::collections::HashMap;

use entity::{
    event_exhibitor::{self, Column, ExhibitorStatus as Status},
    organization::{self, OrganizationKind, OrganizationStatus},
    recruitment_event,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    organizations::merge::Merging,
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
    talent::events::store as events,
};

/// A booth of an event that was announced is everybody's; what leads to one is for the two sides and the county.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    use recruitment_event::Column as Event;
    let mut sides = Condition::any().add(Event::OrganizerId.eq(actor.organization()));
    if let Some(county) = events::of_its_county(actor) {
        sides = sides.add(county.add(Event::SubmittedAt.is_not_null()));
    }
    let announced = exists(Event::Id, Column::EventId, Event::PublishedAt.is_not_null().into());
    Condition::any()
        .add(Column::OrganizationId.eq(actor.organization()))
        .add(announced.add(Column::Status.eq(Status::Confirmed)))
        .add(exists(Event::Id, Column::EventId, sides))
}

/// The booth with everything the rules need, if the actor sees it; its event locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = event_exhibitor::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    let event = events::facts_behind(tx, seen.ok_or_else(Error::not_found)?.event_id).await?.event;
    // Read again: until the event was locked, another step could be taken.
    let exhibitor = event_exhibitor::Entity::find_by_id(id).one(tx).await?.ok_or_else(Error::not_found)?;
    Ok(Facts { exhibitor, event })
}

/// The facts of many booths at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = event_exhibitor::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let events: Vec<Uuid> = rows.iter().map(|row| row.event_id).collect();
    let events =
        recruitment_event::Entity::find().filter(recruitment_event::Column::Id.is_in(events)).all(db.reader()).await?;
    let events: HashMap<Uuid, recruitment_event::Model> = events.into_iter().map(|event| (event.id, event)).collect();
    let facts = rows.into_iter().filter_map(|exhibitor| {
        let event = events.get(&exhibitor.event_id)?.clone();
        Some((exhibitor.id, Facts { exhibitor, event }))
    });
    Ok(facts.collect())
}

/// What this enterprise has at this event, whatever came of it. Whoever holds the event's row holds it.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &Tx, event: Uuid, enterprise: Uuid) -> Result<Option<event_exhibitor::Model>> {
    let own =
        event_exhibitor::Entity::find().filter(Column::EventId.eq(event)).filter(Column::OrganizationId.eq(enterprise));
    Ok(own.one(tx).await?)
}

/// Whether this enterprise is verified and not suspended.
///
/// # Errors
/// When the database fails.
pub async fn is_verified(tx: &Tx, enterprise: Uuid) -> Result<bool> {
    let verified = organization::Entity::find_by_id(enterprise)
        .filter(organization::Column::Kind.eq(OrganizationKind::Enterprise))
        .filter(organization::Column::Status.eq(OrganizationStatus::Verified));
    Ok(verified.one(tx).await?.is_some())
}

/// How many booths are given.
///
/// # Errors
/// When the database fails.
pub async fn given(tx: &Tx, event: Uuid) -> Result<u64> {
    let given =
        event_exhibitor::Entity::find().filter(Column::EventId.eq(event)).filter(Column::Status.eq(Status::Confirmed));
    Ok(given.count(tx).await?)
}

/// The booths of an enterprise that is merged into another.
#[derive(Debug)]
pub struct Booths {
    /// Those at events where the other one is not named.
    pub moving: Vec<event_exhibitor::Model>,
    /// How many are still good at events where the other one is named too.
    pub twice: usize,
}

/// The booths of the duplicate, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn booths(tx: &Tx, merging: Merging) -> Result<Booths> {
    let rows = event_exhibitor::Entity::find()
        .filter(Column::OrganizationId.eq(merging.from))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let others: Vec<Uuid> = event_exhibitor::Entity::find()
        .select_only()
        .column(Column::EventId)
        .filter(Column::OrganizationId.eq(merging.into))
        .into_tuple()
        .all(tx)
        .await?;
    let (both, moving): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| others.contains(&row.event_id));
    let is_good = |row: &&event_exhibitor::Model| !matches!(row.status, Status::Declined | Status::Withdrawn);
    Ok(Booths { moving, twice: both.iter().filter(is_good).count() })
}
