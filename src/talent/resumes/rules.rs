//! Who writes a résumé, and who reads it.

use entity::{Record, membership::Role, resume};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    talent::consents::rules::{Student, reads},
};

/// Who knows, for the university, that a student has a résumé; what it says they do not read.
pub const STAFF: &[Role] = &[Role::UniversityAdmin, Role::UniversityStaff];

/// A student, as the author of the own résumé.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author(pub Student);

/// What an author does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// Save another version.
    Save,
    /// Take everything along that is kept about oneself.
    Export,
}

impl auth::Action for Own {
    fn name(self) -> &'static str {
        match self {
            Self::Save => "resume.save",
            Self::Export => "resume.export",
        }
    }
}

impl Author {
    /// The actor.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self(Student::of(actor))
    }
}

impl Governed for Author {
    type Action = Own;

    fn allows(&self, actor: &Actor, action: Own) -> bool {
        match action {
            Own::Save => self.0.is(actor),
            Own::Export => self.0.is_self(actor),
        }
    }

    fn record(&self) -> RecordRef {
        self.0.record()
    }
}

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub resume: resume::Model,
    /// The enterprises for which a consent of the student holds.
    pub shared_with: Vec<Uuid>,
}

/// Everything that can be done to a résumé that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See that there is one.
    Read,
    /// Attach a file to it.
    Attach,
    /// Erase what it says.
    Erase,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "resume.read",
            Self::Attach => "resume.attach",
            Self::Erase => "resume.erase",
        }
    }
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        let student = Student(self.resume.student_id);
        match action {
            Action::Read => {
                let staff = actor.is(STAFF) && self.resume.university_id == actor.organization();
                student.is_self(actor) || staff || (reads(actor) && self.shared_with.contains(&actor.organization()))
            }
            Action::Attach => student.is(actor),
            Action::Erase => student.is_self(actor),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.resume.id)
    }
}

/// The record of a résumé.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: resume::Entity::PREFIX, id }
}
