//! Which events, and which of their particulars, an actor sees.

use entity::{event::Column, membership::Role};
use sea_orm::{ActiveEnum as _, ColumnTrait, Condition};

use crate::auth::Actor;

/// What only the own organization of whoever did it reads, on a record that others see too: that a student would rather
/// have another place. Where the system did it, on a record of its own, everybody reads it who sees the record.
const INNER: [&str; 2] = ["InterviewSwapRequested", "InterviewSwapWithdrawn"];

/// An event is seen with the record it tells of, and is reached through it only; by itself it is nobody's but its
/// organization's.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    Condition::any()
        .add(Column::Kind.is_not_in(INNER))
        .add(Column::OrganizationId.is_null())
        .add(Column::OrganizationId.eq(actor.organization()))
}

/// Who acted is told by name inside the own organization only; others read role and organization. Auditors read the names
/// of those who worked there, and of no student.
#[must_use]
pub fn person_visible_to(actor: &Actor) -> Condition {
    let own = Condition::all().add(Column::OrganizationId.eq(actor.organization()));
    if actor.is(&[Role::Auditor]) { own.add(Column::Role.ne(Role::Student.to_value())) } else { own }
}
