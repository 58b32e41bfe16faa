//! One chapter: a rule asked for everybody, in every situation, about everything.

use std::{collections::BTreeMap, fmt::Write as _};

use entity::membership::Role;
use hezuo::{
    auth::{Action, Actor, Governed},
    platform::lifecycle::Stepped,
};
use sea_orm::ActiveEnum as _;

/// Somebody, as a chapter speaks of them.
#[derive(Clone, Debug)]
pub(super) struct Player {
    /// In which relation to the record: `the drafting university`.
    pub(super) relation: String,
    pub(super) role: Role,
    pub(super) actor: Actor,
}

/// A chapter of docs/permissions.md.
pub(super) struct Chapter<'a, G: Governed> {
    pub(super) title: &'a str,
    pub(super) words: &'a str,
    pub(super) players: Vec<Player>,
    /// Where the record stands, and what else matters.
    pub(super) situations: Vec<(String, G)>,
    pub(super) actions: Vec<(String, G::Action)>,
    /// The steps that are open to somebody; none where the record has no lifecycle.
    pub(super) open: Option<fn(&G, &Actor) -> Vec<String>>,
}

/// Everything the rules say of one person.
#[derive(PartialEq, Eq)]
struct Column {
    /// For each action, in which situations.
    may: Vec<Vec<bool>>,
    /// For each situation, which steps.
    open: Vec<Vec<String>>,
}

/// Actions under the names that the trail has for them.
pub(super) fn named<A: Action>(actions: impl IntoIterator<Item = A>) -> Vec<(String, A)> {
    actions.into_iter().map(|action| (format!("`{}`", action.name()), action)).collect()
}

/// The steps that are open to somebody, as words.
pub(super) fn steps<F: Stepped>(facts: &F, actor: &Actor) -> Vec<String> {
    facts.open_steps(actor).iter().map(sea_orm::ActiveEnum::to_value).collect()
}

impl<G: Governed> Chapter<'_, G> {
    /// The chapter as Markdown.
    pub(super) fn print(&self) -> String {
        let mut columns: Vec<(Column, Vec<&Player>)> = Vec::new();
        for player in &self.players {
            let column = self.ask(&player.actor);
            match columns.iter_mut().find(|(known, _)| *known == column) {
                Some((_, players)) => players.push(player),
                None => columns.push((column, vec![player])),
            }
        }
        // Who may nothing at all is told last, without a column.
        let idle = |column: &Column| !column.may.concat().contains(&true) && column.open.concat().is_empty();
        let (outside, columns): (Vec<_>, Vec<_>) = columns.into_iter().partition(|(column, _)| idle(column));
        let letters: Vec<char> = ('A'..='Z').take(columns.len()).collect();
        let mut text = format!("\n## {}\n\n{}\n\n", self.title, self.words);
        for ((_, players), letter) in columns.iter().zip(&letters) {
            let _ = writeln!(text, "- **{letter}**: {}", people(players));
        }
        for (_, players) in &outside {
            let _ = writeln!(text, "- Nothing at all: {}", people(players));
        }
        text.push_str(&head("may", &letters));
        for (at, (action, _)) in self.actions.iter().enumerate() {
            let cells = columns.iter().map(|(column, _)| self.cell(&column.may[at]));
            let _ = writeln!(text, "| {action} | {} |", cells.collect::<Vec<_>>().join(" | "));
        }
        if self.open.is_some() {
            text.push_str(&head("open steps", &letters));
            for (at, (situation, _)) in self.situations.iter().enumerate() {
                let cells = columns.iter().map(|(column, _)| column.open[at].join(", "));
                let _ = writeln!(text, "| {situation} | {} |", cells.collect::<Vec<_>>().join(" | "));
            }
        }
        text
    }

    fn ask(&self, actor: &Actor) -> Column {
        let may = |action: G::Action| self.situations.iter().map(|(_, facts)| facts.allows(actor, action)).collect();
        let open =
            |open: fn(&G, &Actor) -> Vec<String>| self.situations.iter().map(|(_, facts)| open(facts, actor)).collect();
        Column {
            may: self.actions.iter().map(|(_, action)| may(*action)).collect(),
            open: self.open.map(open).unwrap_or_default(),
        }
    }

    /// Always, never, or when.
    fn cell(&self, may: &[bool]) -> String {
        let when = |wanted: bool| {
            let situations = self.situations.iter().zip(may).filter(|(_, may)| **may == wanted);
            situations.map(|((name, _), _)| name.as_str()).collect::<Vec<_>>()
        };
        let (yes, no) = (when(true), when(false));
        match (yes.len(), no.len()) {
            (_, 0) => "✓".to_owned(),
            (0, _) => String::new(),
            (yes_count, no_count) if yes_count <= no_count => format!("only {}", yes.join(", ")),
            _ => format!("✓, but not {}", no.join(", ")),
        }
    }
}

fn head(what: &str, letters: &[char]) -> String {
    let names: String = letters.iter().map(|letter| format!(" {letter} |")).collect();
    format!("\n| {what} |{names}\n|---|{}\n", "---|".repeat(letters.len()))
}

/// `the drafting university: UNIVERSITY_ADMIN; a county that is a party: COUNTY_ADMIN`.
fn people(players: &[&Player]) -> String {
    let mut order = Vec::new();
    let mut roles: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for player in players {
        if !order.contains(&player.relation.as_str()) {
            order.push(&player.relation);
        }
        roles.entry(&player.relation).or_default().push(player.role.to_value());
    }
    let people = order.into_iter().map(|relation| format!("{relation}: {}", roles[relation].join(", ")));
    people.collect::<Vec<_>>().join("; ")
}
