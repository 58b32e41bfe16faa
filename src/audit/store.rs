//! Which events, and which of their particulars, an actor sees.

use entity::{event, event::Column};
use sea_orm::{ColumnTrait, Condition};

use crate::auth::Actor;

/// An event is seen with the record it tells of, and is reached through it only; by itself it is nobody's but its
/// organization's.
#[must_use]
pub fn visible_to(_: &Actor) -> Condition {
    Condition::all().add(Column::RecordId.is_not_null())
}

/// Who acted is told by name inside the own organization only; others read role and organization.
#[must_use]
pub fn person_visible_to(actor: &Actor) -> Condition {
    Condition::all().add(event::Column::OrganizationId.eq(actor.organization()))
}
