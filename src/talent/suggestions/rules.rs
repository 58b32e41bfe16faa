//! Who is suggested positions.

use entity::membership::Role;

use crate::auth::Actor;

/// Students, each for the own person. There is no suggesting of students to anybody.
#[must_use]
pub fn asks(actor: &Actor) -> bool {
    actor.is(&[Role::Student])
}
