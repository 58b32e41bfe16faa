//! Every lifecycle, held to the same rules, and drawn for people to read: docs/lifecycles.md.

mod tables;

use std::fmt::Write as _;

use hezuo::{
    auth::Action as _,
    platform::lifecycle::{Lifecycle, Stepped},
};
use sea_orm::{ActiveEnum as _, Iterable as _};

use crate::support::{
    generated, sdl,
    source::{Source, below},
};
use tables::all;

/// A lifecycle and what is said of it.
struct Kept {
    /// The table, as `impl Lifecycle for` names it.
    table: &'static str,
    title: &'static str,
    /// The GraphQL types of its status and its steps.
    enums: [&'static str; 2],
    /// Where it ends, declared here so that an end never comes about by forgetting a move.
    ends: &'static [&'static str],
    /// Who takes a step that has no mutation of its own name.
    otherwise: &'static [(&'static str, By)],
    drawn: Drawn,
}

/// What a `Lifecycle` says of itself, as text.
struct Drawn {
    noun: &'static str,
    diagram: String,
    unreachable: Vec<String>,
    statuses: Vec<String>,
    moves: Vec<[String; 3]>,
    /// Each step and the name of its action.
    steps: Vec<(String, &'static str)>,
}

/// Who takes a step.
enum By {
    /// A person, by this mutation.
    Mutation(&'static str),
    /// The system, when its time comes or when something else happened.
    System(&'static str),
}

fn drawn<F: Stepped>() -> Drawn {
    said::<F::Record>(|step| F::TAKE(step).name())
}

fn said<L: Lifecycle>(action: impl Fn(L::Step) -> &'static str) -> Drawn {
    let texts = |(from, step, to): &(L::Status, L::Step, L::Status)| [from.to_value(), step.to_value(), to.to_value()];
    Drawn {
        noun: L::PREFIX,
        diagram: L::mermaid(),
        unreachable: L::unreachable().iter().map(sea_orm::ActiveEnum::to_value).collect(),
        statuses: L::Status::iter().map(|status| status.to_value()).collect(),
        moves: L::MOVES.iter().map(texts).collect(),
        steps: L::Step::iter().map(|step| (step.to_value(), action(step))).collect(),
    }
}

impl Kept {
    /// Where nothing leads on from.
    fn ends(&self) -> Vec<&str> {
        let drawn = &self.drawn;
        let ends = drawn.statuses.iter().filter(|status| drawn.moves.iter().all(|[from, ..]| from != *status));
        ends.map(String::as_str).collect()
    }

    /// The mutation that takes this step, or when the system does.
    fn taken_by(&self, step: &str) -> Result<String, &'static str> {
        match self.otherwise.iter().find(|(other, _)| *other == step) {
            Some((_, By::Mutation(name))) => Ok((*name).to_owned()),
            Some((_, By::System(when))) => Err(when),
            None => Ok(camel(self.drawn.noun, step)),
        }
    }
}

/// `agreement` and `WITHDRAW_FOR_REVISION` make `agreementWithdrawForRevision`.
fn camel(noun: &str, step: &str) -> String {
    let mut words = noun.split('_').chain(step.split('_')).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_lowercase();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        name + &initial.to_uppercase() + &rest.to_lowercase()
    })
}

#[track_caller]
fn nothing_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Who adds a lifecycle adds it here.
#[test]
fn every_lifecycle_is_listed() {
    let found = |source: &Source| {
        let impls = source
            .code
            .split("impl Lifecycle for ")
            .skip(1)
            .map(|rest| rest.split("::").next().unwrap_or_default().to_owned());
        impls.collect::<Vec<_>>()
    };
    let mut implemented: Vec<String> = below("src").iter().flat_map(found).collect();
    let mut listed: Vec<String> = all().iter().map(|kept| kept.table.to_owned()).collect();
    implemented.sort();
    listed.sort();
    assert_eq!(listed, implemented);
}

#[test]
fn every_status_is_reached() {
    for kept in all() {
        assert_eq!(kept.drawn.unreachable, [""; 0], "{}", kept.table);
    }
}

#[test]
fn it_ends_where_it_is_said_to_end() {
    for kept in all() {
        assert_eq!(kept.ends(), kept.ends, "{}", kept.table);
    }
}

/// No step without a move, no move twice, and what may stay also leads on.
#[test]
fn every_step_is_taken_somewhere() {
    let mut wrong = Vec::new();
    for kept in all() {
        let moves = &kept.drawn.moves;
        for (step, _) in &kept.drawn.steps {
            if !moves.iter().any(|[_, taken, _]| taken == step) {
                wrong.push(format!("{}: nothing moves by {step}", kept.table));
            }
        }
        for (at, step) in moves.iter().enumerate() {
            let [from, taken, to] = step;
            if moves[..at].contains(step) {
                wrong.push(format!("{}: {from} {taken} {to} is there twice", kept.table));
            }
            let targets =
                moves.iter().filter(|[source, step, to]| source == from && step == taken && to != from).count();
            // Renewing an agreement leaves it where it is: what begins is another one. An item is deferred again.
            // A position that is extended stays published, an interview that is moved is held, a session that is extended
            // open. What one side intends the other confirms.
            let stays = matches!(
                (from.as_str(), taken.as_str()),
                (_, "RENEW" | "CONFIRM_INTENTION")
                    | ("DEFERRED", "DEFER")
                    | ("PUBLISHED" | "OPEN", "EXTEND")
                    | ("CONFIRMED", "MOVE")
            );
            if targets > 1 || (targets == 0 && !stays) {
                wrong.push(format!("{}: {from} {taken} leads to {targets} statuses", kept.table));
            }
        }
    }
    nothing_wrong(&wrong);
}

/// What a frontend offers as a button is a mutation of that name; the system's steps are nobody's.
#[test]
fn every_step_has_a_mutation() {
    let mut wrong = Vec::new();
    for kept in all() {
        for (step, _) in &kept.drawn.steps {
            let Ok(name) = kept.taken_by(step) else { continue };
            if sdl::field("Mutation", &name).is_none() && !COMING.contains(&&*name) {
                wrong.push(format!("{}: {step} has no mutation {name}", kept.table));
            }
        }
    }
    nothing_wrong(&wrong);
}

/// Mutations that are on their way.
const COMING: [&str; 2] = ["agreementPropose", "agreementTerminate"];

/// The permit's name is the record's and the step's: `agreement.withdrawForRevision`.
#[test]
fn every_step_has_an_action() {
    for kept in all() {
        for (step, action) in &kept.drawn.steps {
            let noun = camel(kept.drawn.noun, "");
            let step = camel(&step.to_lowercase(), "");
            assert_eq!(*action, format!("{noun}.{step}"));
        }
    }
}

/// Clients know the same words, in the order of the lifecycle.
#[test]
fn clients_know_every_status_and_step() {
    for kept in all() {
        let steps: Vec<&str> = kept.drawn.steps.iter().map(|(step, _)| step.as_str()).collect();
        let statuses: Vec<&str> = kept.drawn.statuses.iter().map(String::as_str).collect();
        for (name, words) in kept.enums.into_iter().zip([statuses, steps]) {
            let found = sdl::types().get(name).unwrap_or_else(|| panic!("the schema has no {name}"));
            let values: Vec<&str> = found.values.iter().map(|(value, _)| value.as_str()).collect();
            assert_eq!(values, words, "{name}");
        }
    }
}

#[test]
fn the_lifecycles_are_drawn() {
    let mut text = String::from(
        "# Lifecycles 办理流程\n\n\
         Where each kind of record can stand and the steps between. Written by `tests/it/lifecycle.rs` from the tables that\n\
         the program itself follows; after a change run `HEZUO_UPDATE=1 cargo test --test it lifecycle`. Who may take a step\n\
         is in [permissions.md](permissions.md).\n",
    );
    for kept in all() {
        let _ = write!(text, "\n## {}\n\n```mermaid\n{}```\n", kept.title, kept.drawn.diagram);
        let [statuses, steps] = kept.enums.map(|name| &sdl::types()[name].values);
        let _ = write!(text, "\n| status 状态 | |\n|---|---|\n");
        for (status, docs) in statuses {
            let _ = writeln!(text, "| `{status}` | {} |", one_line(docs));
        }
        let _ = write!(text, "\n| step 步骤 | | taken by 办理方式 |\n|---|---|---|\n");
        for (step, docs) in steps {
            let by = kept.taken_by(step);
            let by = by.map_or_else(|when| format!("the system, {when}"), |name| format!("`{name}`"));
            let _ = writeln!(text, "| `{step}` | {} | {by} |", one_line(docs));
        }
    }
    generated::holds("docs/lifecycles.md", &text);
}

fn one_line(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<_>>().join(" ")
}
