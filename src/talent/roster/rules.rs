//! Who keeps a university's rolls.

use std::collections::HashSet;

use entity::{
    Record,
    organization::{self, OrganizationKind, OrganizationStatus},
    student_record,
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Error, Problem, Result, Text},
    organizations,
    talent::resumes::rules::STAFF,
};

/// How many records one request may name.
const MOST: usize = 500;

/// The rolls of a university, as whoever keeps them sees them.
#[derive(Clone, Debug)]
pub struct Rolls(pub organizations::Facts);

/// What is done to the rolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollsAction {
    /// Add and change many records, from a table.
    Import,
    /// Invite whoever is on them.
    Invite,
    /// Remove records by which nobody has come in.
    Remove,
}

impl auth::Action for RollsAction {
    fn name(self) -> &'static str {
        match self {
            Self::Import => "studentRecord.import",
            Self::Invite => "studentRecord.invite",
            Self::Remove => "studentRecord.remove",
        }
    }
}

impl Governed for Rolls {
    type Action = RollsAction;

    fn allows(&self, actor: &Actor, action: RollsAction) -> bool {
        match action {
            RollsAction::Import | RollsAction::Invite | RollsAction::Remove => {
                let Self(organizations::Facts { organization, .. }) = self;
                organization.kind == OrganizationKind::University
                    && organization.id == actor.organization()
                    && actor.is(STAFF)
            }
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: organization::Entity::PREFIX, id: self.0.organization.id }
    }
}

/// What the rules about one record decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub record: student_record::Model,
}

/// Everything that can be done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Edit what it says.
    Edit,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "studentRecord.read",
            Self::Edit => "studentRecord.edit",
        }
    }
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        let keeps = actor.is(STAFF) && self.record.organization_id == actor.organization();
        match action {
            Action::Read => keeps || (!actor.is(STAFF) && self.record.student_id == Some(actor.user())),
            Action::Edit => keeps,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.record.id)
    }
}

/// Only verified universities take students in.
///
/// # Errors
/// `RULE_VIOLATED` while it is not verified, or suspended.
pub fn is_verified(rolls: &Rolls) -> Result<()> {
    if rolls.0.organization.status == OrganizationStatus::Verified {
        return Ok(());
    }
    Err(Error::rule(
        "The university is not verified; only verified ones keep rolls and invite students.",
        "高校尚未核验或已暂停，仅已核验的高校可以维护学籍名册并邀请学生。",
    ))
}

/// One request names a few hundred records at most.
///
/// # Errors
/// `INVALID_INPUT` for none, and for more.
pub fn few(named: usize) -> Result<()> {
    if (1..=MOST).contains(&named) {
        return Ok(());
    }
    let message = Text::new(
        format!("ids: {named} given; expected 1 to {MOST}."),
        format!("ids 有 {named} 项，应为 1 至 {MOST} 项。"),
    );
    Err(Problem::new(Code::InvalidInput, message).at(["input", "ids"]).into())
}

/// Whoever has come in is neither invited again nor removed.
///
/// # Errors
/// `RULE_VIOLATED` at each record by which somebody has come in.
pub fn nobody_came_in(records: &[student_record::Model], named: &[Uuid]) -> Result<()> {
    let joined: HashSet<Uuid> =
        records.iter().filter(|record| record.student_id.is_some()).map(|record| record.id).collect();
    let message = || Text::new("The student has come in by this record already.", "该学生已通过此记录加入平台。");
    let wrong = named.iter().enumerate().filter(|(_, id)| joined.contains(id));
    let wrong: Vec<Problem> = wrong
        .map(|(place, _)| Problem::new(Code::RuleViolated, message()).at(["input", "ids", &place.to_string()]))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::Problems(wrong)) }
}

/// The record of a student on the rolls.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: student_record::Entity::PREFIX, id }
}
