//! What forbids a merge, and what it would do.

use entity::organization::OrganizationStatus as Status;
use uuid::Uuid;

use super::Effect;
use crate::{
    error::{Code, Error, Problem, Result, Text},
    organizations::rules::Facts,
};

/// Records of one kind to which the same happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The prefix of their ids: `membership`.
    pub kind: &'static str,
    /// What happens to them.
    pub effect: Effect,
    /// How many.
    pub count: usize,
}

/// Why two organizations cannot be merged, and which of the two it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The field that names it: `id` or `intoId`.
    pub field: &'static str,
    /// Why, and what to do about it. Counts only: the platform does not see what others agreed on.
    pub message: Text,
}

impl Obstacle {
    /// About the duplicate.
    #[must_use]
    pub fn new(message: Text) -> Self {
        Self { field: "id", message }
    }

    /// About the organization that stays.
    #[must_use]
    pub fn into(message: Text) -> Self {
        Self { field: "intoId", message }
    }
}

/// Everything that a merge would do, and everything that forbids it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// What would move or end; kinds of which there is none are left out.
    pub changes: Vec<Change>,
    /// What forbids it; empty when nothing does.
    pub obstacles: Vec<Obstacle>,
}

impl Weight {
    /// The same thing happens to so many records of a kind.
    pub fn add(&mut self, kind: &'static str, effect: Effect, count: usize) {
        if count > 0 {
            self.changes.push(Change { kind, effect, count });
        }
    }

    /// Puts what another slice said behind.
    pub fn append(&mut self, mut other: Self) {
        self.changes.append(&mut other.changes);
        self.obstacles.append(&mut other.obstacles);
    }

    /// Nothing forbids it.
    ///
    /// # Errors
    /// `RULE_VIOLATED` for every obstacle.
    pub fn must_be_free(&self) -> Result<()> {
        let problem = |it: &Obstacle| Problem::new(Code::RuleViolated, it.message.clone()).at(["input", it.field]);
        let problems: Vec<Problem> = self.obstacles.iter().map(problem).collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::Problems(problems)) }
    }
}

/// What the two organizations themselves have against it. `above` are those above the one that stays.
#[must_use]
pub fn obstacles(source: &Facts, target: &Facts, above: &[Uuid]) -> Vec<Obstacle> {
    let (from, into) = (&source.organization, &target.organization);
    let mut obstacles = Vec::new();
    if from.id == into.id {
        let message = Text::new("An organization is not merged into itself.", "单位不能合并到自身。");
        obstacles.push(Obstacle::into(message));
    }
    if from.kind != into.kind {
        let message = Text::new("Only organizations of one kind are merged.", "仅同一类别的单位可以合并。");
        obstacles.push(Obstacle::into(message));
    }
    if into.status != Status::Verified {
        let message =
            Text::new("The organization that stays is not verified.", "保留的单位尚未核验或已失效，不能并入。");
        obstacles.push(Obstacle::into(message));
    }
    if above.contains(&from.id) {
        let message = Text::new(
            "The organization that stays lies under the other one.",
            "保留的单位是另一单位的下级单位，不能并入。",
        );
        obstacles.push(Obstacle::into(message));
    }
    obstacles
}
