//! Who is suggested positions, and who says whether that is wanted.

use entity::{Record as _, suggestion_choice};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    talent::consents::rules::Student,
};

/// A student, as whoever asks. There is no suggesting of students to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker(pub Student);

/// What whoever asks does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// Ask which positions fit.
    Ask,
    /// Say whether that is wanted.
    Choose,
}

impl auth::Action for Own {
    fn name(self) -> &'static str {
        match self {
            Self::Ask => "positionSuggestion.ask",
            Self::Choose => "positionSuggestion.choose",
        }
    }
}

impl Asker {
    /// The actor.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self(Student::of(actor))
    }
}

impl Governed for Asker {
    type Action = Own;

    fn allows(&self, actor: &Actor, action: Own) -> bool {
        match action {
            Own::Ask | Own::Choose => self.0.is(actor),
        }
    }

    fn record(&self) -> RecordRef {
        self.0.record()
    }
}

/// The record of a choice: one of its own, because others read the history of the student and of the résumé.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: suggestion_choice::Entity::PREFIX, id }
}
