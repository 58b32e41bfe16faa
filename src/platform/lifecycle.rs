//! The lifecycle, written once: a table of moves for each kind of record, and the only code that follows it.
//!
//! A slice's `rules.rs` lists its moves as `(from, step, to)`. From that one table come the check before every step, the
//! `openSteps` that a frontend shows as buttons, the diagrams in the docs and the test that every status can be reached.

use std::{collections::BTreeSet, fmt::Write as _};

use sea_orm::{ActiveEnum, Iterable};

use crate::error::{Code, Details, Error, Problem, Result, Text};

/// A record kind with a status.
pub trait Lifecycle: 'static {
    /// Where a record can stand.
    type Status: ActiveEnum<Value = String> + Iterable + Copy + PartialEq + std::fmt::Debug;
    /// What can be done to it.
    type Step: ActiveEnum<Value = String> + Iterable + Copy + PartialEq + std::fmt::Debug;

    /// `CooperationAgreement`: the name in the docs.
    const NAME: &'static str;
    /// Where a new record stands.
    const INITIAL: Self::Status;
    /// Every lawful move. A step may stay where it is, until its quorum is reached.
    const MOVES: &'static [(Self::Status, Self::Step, Self::Status)];

    /// Where a step leads; `None` when the status does not allow it. When a step may stay or move, the farthest move.
    #[must_use]
    fn target(from: Self::Status, step: Self::Step) -> Option<Self::Status> {
        let moves = Self::MOVES.iter().filter(|(source, taken, _)| *source == from && *taken == step);
        moves.map(|(_, _, to)| *to).max_by_key(|to| *to != from)
    }

    /// Whether the status allows the step.
    #[must_use]
    fn allows(from: Self::Status, step: Self::Step) -> bool {
        Self::target(from, step).is_some()
    }

    /// The steps that the status allows, in the order of the table.
    #[must_use]
    fn steps(from: Self::Status) -> Vec<Self::Step> {
        let mut steps = Vec::new();
        for (source, step, _) in Self::MOVES {
            if *source == from && !steps.contains(step) {
                steps.push(*step);
            }
        }
        steps
    }

    /// Asks the table before a step is taken.
    ///
    /// # Errors
    /// ILLEGAL_STEP with the steps that are open, when the status does not allow this one.
    fn check(from: Self::Status, step: Self::Step, open: &[Self::Step]) -> Result<Self::Status> {
        Self::target(from, step).ok_or_else(|| illegal::<Self>(from, step, open))
    }

    /// The lifecycle as a Mermaid state diagram.
    #[must_use]
    fn mermaid() -> String {
        let mut text = format!("stateDiagram-v2\n    [*] --> {}\n", Self::INITIAL.to_value());
        for (from, step, to) in Self::MOVES {
            let _ = writeln!(text, "    {} --> {}: {}", from.to_value(), to.to_value(), step.to_value());
        }
        for end in Self::Status::iter().filter(|status| Self::steps(*status).is_empty()) {
            let _ = writeln!(text, "    {} --> [*]", end.to_value());
        }
        text
    }

    /// The statuses that no chain of moves reaches; empty in a sound table.
    #[must_use]
    fn unreachable() -> Vec<Self::Status> {
        let mut reached = BTreeSet::from([Self::INITIAL.to_value()]);
        loop {
            let before = reached.len();
            for (from, _, to) in Self::MOVES {
                if reached.contains(&from.to_value()) {
                    reached.insert(to.to_value());
                }
            }
            if reached.len() == before {
                return Self::Status::iter().filter(|status| !reached.contains(&status.to_value())).collect();
            }
        }
    }
}

fn illegal<L: Lifecycle + ?Sized>(from: L::Status, step: L::Step, open: &[L::Step]) -> Error {
    let (from, step) = (from.to_value(), step.to_value());
    let open: Vec<String> = open.iter().map(ActiveEnum::to_value).collect();
    let message = Text::new(
        format!("{step} is not possible while the status is {from}; open to you now: {}.", list(&open, "nothing")),
        format!("当前状态为 {from}，不能执行 {step}；您现在可执行：{}。", list(&open, "无")),
    );
    let details = Details { open_steps: Some(open), ..Details::default() };
    Problem::new(Code::IllegalStep, message).at(["input", "id"]).with(details).into()
}

fn list(steps: &[String], nothing: &str) -> String {
    if steps.is_empty() { nothing.to_owned() } else { steps.join(", ") }
}
