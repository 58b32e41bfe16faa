//! The lifecycle, written once: a table of moves for each kind of record, and the only code that follows it.
//!
//! A slice's `rules.rs` lists its moves as `(from, step, to)`. From that one table come the check before every step, the
//! `openSteps` that a frontend shows as buttons, the diagrams in the docs and the test that every status can be reached.
//! What whoever looks at a record may do with it there, a slice's `Facts` say by being [`Stepped`].

use std::{collections::BTreeSet, fmt::Write as _};

use chrono::{DateTime, Utc};
use entity::Record;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, Iden, Iterable, ModelTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{db::Write, event::Event, input::expect_version};
use crate::{
    auth::{Actor, Governed},
    error::{Code, Details, Error, Problem, Result, Text},
};

/// A table whose records have a status, and the steps between statuses.
pub trait Lifecycle: EntityTrait + Record + 'static {
    /// Where a record can stand.
    type Status: ActiveEnum<Value = String> + Iterable + Copy + PartialEq + std::fmt::Debug;
    /// What can be done to it.
    type Step: ActiveEnum<Value = String> + Iterable + Copy + PartialEq + std::fmt::Debug;

    /// Where a new record stands.
    const INITIAL: Self::Status;
    /// Every lawful move. A step may stay where it is, until its quorum is reached.
    const MOVES: &'static [(Self::Status, Self::Step, Self::Status)];
    /// Where a row stands.
    const STANDING: fn(&Self::Model) -> Standing<Self::Status>;

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

/// A row's key, status and version.
type Standing<S> = (Uuid, S, i32);

/// Where a record stands before a step, and what its viewer could do there.
#[derive(Clone, Debug)]
pub struct Stands<L: Lifecycle> {
    /// The record.
    pub id: Uuid,
    /// Its status.
    pub status: L::Status,
    /// Its version.
    pub version: i32,
    /// The steps that are open to whoever asks.
    pub open: Vec<L::Step>,
}

/// Whether a step reaches its end or waits for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// Everybody needed has spoken: the status moves.
    Reached,
    /// More are needed: the status stays, the version rises.
    Waiting,
}

impl<L: Lifecycle> Stands<L> {
    /// Where a row stands for the system, to which nothing needs to be shown.
    #[must_use]
    pub fn of<M>(row: &M) -> Self
    where
        M: ModelTrait<Entity = L>,
        L: Lifecycle<Model = M>,
    {
        let (id, status, version) = L::STANDING(row);
        Self { id, status, version, open: Vec::new() }
    }

    /// Asks the table whether the step can be taken from here.
    ///
    /// # Errors
    /// ILLEGAL_STEP with the steps that are open, when the status does not allow this one.
    pub fn may(&self, step: L::Step) -> Result<L::Status> {
        L::target(self.status, step).ok_or_else(|| illegal(self, step))
    }

    /// As [`Self::may`], for a step that must also be open to whoever asks: a party signs once.
    ///
    /// # Errors
    /// ILLEGAL_STEP with the steps that are open, when this one is not among them.
    pub fn must_be_open(&self, step: L::Step) -> Result<()> {
        self.may(step)?;
        if self.open.contains(&step) { Ok(()) } else { Err(illegal(self, step)) }
    }
}

/// Facts about a record that goes by steps: what is open to whoever looks at it, worked out once for its `openSteps`, for
/// ILLEGAL_STEP and for use cases.
pub trait Stepped: Governed {
    /// The table of the record.
    type Record: Lifecycle;

    /// Its row among the facts.
    const ROW: fn(&Self) -> &<Self::Record as EntityTrait>::Model;
    /// The action of which the rule is asked before a step.
    const TAKE: fn(Step<Self>) -> Self::Action;

    /// Whether a step that the status allows, and the rule this actor, has a sense now: nobody signs twice, and nothing
    /// is called off that is over. Says nothing in words: a use case asks the check that does.
    fn is_pending(&self, _actor: &Actor, _step: Step<Self>) -> bool {
        true
    }

    /// The steps this actor can take now: what a frontend shows as buttons.
    #[must_use]
    fn open_steps(&self, actor: &Actor) -> Vec<Step<Self>> {
        let (_, status, _) = Self::Record::STANDING(Self::ROW(self));
        let may = |step: &Step<Self>| self.allows(actor, Self::TAKE(*step)) && self.is_pending(actor, *step);
        Self::Record::steps(status).into_iter().filter(may).collect()
    }

    /// Where the record stands, and the steps open to this actor.
    #[must_use]
    fn stands(&self, actor: &Actor) -> Stands<Self::Record> {
        Stands { open: self.open_steps(actor), ..self.stands_alone() }
    }

    /// Where the record stands for the system, to which nothing needs to be shown.
    #[must_use]
    fn stands_alone(&self) -> Stands<Self::Record> {
        Stands::of(Self::ROW(self))
    }
}

/// A step of the record that these facts are about.
type Step<F> = <<F as Stepped>::Record as Lifecycle>::Step;

impl Write {
    /// Takes a step: asks the table, writes status, version and `changes`, and appends `event` with where it went.
    /// The only code that sets a status.
    ///
    /// # Errors
    /// ILLEGAL_STEP when the table says no; CONFLICT when the record changed meanwhile.
    pub async fn take<L>(
        &self,
        stands: &Stands<L>,
        step: L::Step,
        changes: L::ActiveModel,
        event: Event,
    ) -> Result<L::Status>
    where
        L: Lifecycle,
    {
        self.take_with(stands, (step, Quorum::Reached), changes, event).await
    }

    /// As [`Self::take`], for a step that waits until its quorum is reached.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub async fn take_with<L>(
        &self,
        stands: &Stands<L>,
        (step, quorum): (L::Step, Quorum),
        mut changes: L::ActiveModel,
        event: Event,
    ) -> Result<L::Status>
    where
        L: Lifecycle,
    {
        let target = stands.may(step)?;
        let to = if quorum == Quorum::Reached { target } else { stands.status };
        if to != stands.status {
            changes.set(column::<L>("status")?, to.to_value().into());
        }
        self.change::<L>(stands.id, stands.version, changes).await?;
        let event =
            event.with("from", stands.status.to_value()).with("to", to.to_value()).with("step", step.to_value());
        self.emit(event).await?;
        Ok(to)
    }

    /// Writes `changes` to a record that is still at `version`, and raises the version.
    ///
    /// # Errors
    /// CONFLICT when the record changed meanwhile.
    pub async fn change<L>(&self, id: Uuid, version: i32, mut changes: L::ActiveModel) -> Result<()>
    where
        L: EntityTrait,
    {
        let now: DateTime<Utc> = self.now();
        changes.set(column::<L>("version")?, (version + 1).into());
        changes.set(column::<L>("updated_at")?, now.into());
        let mut update = sea_orm::sea_query::Query::update();
        update.table(L::default());
        for name in L::Column::iter() {
            if let ActiveValue::Set(value) = changes.take(name) {
                update.value(name, name.save_as(Expr::val(value)));
            }
        }
        update.and_where(column::<L>("id")?.eq(id)).and_where(column::<L>("version")?.eq(version));
        if self.execute(&update).await? == 1 { Ok(()) } else { expect_version(version, version + 1) }
    }
}

/// The column of a table by its name; every table with versions has these.
fn column<L: EntityTrait>(name: &str) -> Result<L::Column> {
    L::Column::iter()
        .find(|column| column.unquoted() == name)
        .ok_or_else(|| Error::internal(format!("a table without a column {name}")))
}

fn illegal<L: Lifecycle>(stands: &Stands<L>, step: L::Step) -> Error {
    let (from, step) = (stands.status.to_value(), step.to_value());
    let open: Vec<String> = stands.open.iter().map(ActiveEnum::to_value).collect();
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
