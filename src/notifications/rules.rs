//! Who may do what to notifications: everyone to their own.

use entity::{Record, user};
use uuid::Uuid;

use crate::auth::{self, Actor, Governed, RecordRef};

/// Somebody's notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// Whose.
    pub owner: Uuid,
}

/// Everything that can be done to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Mark them as read.
    MarkRead,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::MarkRead => "notification.markRead",
        }
    }
}

impl Governed for Inbox {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::MarkRead => self.owner == actor.user(),
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: user::Entity::PREFIX, id: self.owner }
    }
}

impl Inbox {
    /// The actor's own.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self { owner: actor.user() }
    }
}
