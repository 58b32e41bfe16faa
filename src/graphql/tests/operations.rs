//! Random operations over the declarations, and the planner held to the oracle.

use std::{fmt::Write as _, io::Write as _, ops::Range, sync::Arc, time::Instant};

use async_graphql::{EmptyMutation, EmptySubscription, Request, Response, Schema, ValidationMode, parser::parse_query};

use super::{
    oracle::{Memory, Naive},
    rows::agreement_key,
    views::{NODES, Queries},
    world::{World, actor, key, text, worlds},
};
use crate::{
    graphql::{
        Caller, Definition, Nodes, Root, View,
        source::{Find, Rows, Source},
        view::Field,
    },
    platform::id,
};

/// A small generator of numbers: the same seed, the same operations.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % sides
    }

    fn one_of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.roll(items.len())]
    }
}

/// A random operation being written.
struct Operation {
    dice: Dice,
    fragments: String,
    count: usize,
    aliases: usize,
}

impl Operation {
    fn write(seed: u64) -> String {
        let dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut operation = Self { dice, fragments: String::new(), count: 0, aliases: 0 };
        let mut body = String::new();
        for _ in 0..=operation.dice.roll(3) {
            operation.field(Queries::definition(), 4, &mut body);
        }
        if operation.dice.roll(3) == 0 {
            operation.nodes(&mut body);
        }
        format!("query {{ {body} }}{}", operation.fragments)
    }

    fn nodes(&mut self, out: &mut String) {
        let known = [
            id::show("agreement", agreement_key(u32::try_from(self.dice.roll(26)).unwrap())),
            id::show("organization", key(1 + self.dice.roll(9) as u128)),
            id::show("user", key(101)),
            id::show("cooperation_item", key(9_010)),
        ];
        let ids: Vec<_> = (0..self.dice.roll(5)).map(|_| format!("{:?}", self.dice.one_of(&known))).collect();
        _ = write!(out, " nodes(ids: [{}]) {{ __typename id", ids.join(", "));
        for view in NODES.iter().map(|view| view()) {
            if self.dice.roll(2) == 0 {
                _ = write!(out, " ... on {} {{", view.name);
                self.selection(view, 2, out);
                out.push('}');
            }
        }
        out.push_str(" } ");
    }

    /// Some fields of a view, bare or in fragments.
    fn selection(&mut self, view: &'static Definition, depth: usize, out: &mut String) {
        out.push_str(" __typename ");
        for _ in 0..=self.dice.roll(6) {
            match self.dice.roll(12) {
                0 => {
                    _ = write!(out, " ... on {} {{", view.name);
                    self.field(view, depth, out);
                    out.push_str(" __typename }");
                }
                1 if view.node => out.push_str(" ... on Node { id }"),
                2 => {
                    self.count += 1;
                    let name = format!("F{}", self.count);
                    let mut fragment = format!(" fragment {name} on {} {{ __typename", view.name);
                    self.field(view, depth, &mut fragment);
                    fragment.push('}');
                    self.fragments.push_str(&fragment);
                    _ = write!(out, " ...{name}");
                }
                _ => self.field(view, depth, out),
            }
        }
    }

    fn field(&mut self, view: &'static Definition, depth: usize, out: &mut String) {
        let field: &'static Field = self.dice.one_of(&view.fields);
        let leads_on = !matches!(field.source, Source::Column(_) | Source::Computed { .. } | Source::GroupSize);
        if depth == 0 && leads_on {
            return;
        }
        let arguments = self.arguments(field);
        // Fields with arguments or members get an alias of their own, so that they never conflict.
        if leads_on && (!arguments.is_empty() || self.dice.roll(3) == 0) {
            self.aliases += 1;
            _ = write!(out, " a{}:", self.aliases);
        }
        _ = write!(out, " {}{arguments}", field.name);
        match &field.source {
            Source::Groups(groups) => {
                out.push_str(" {");
                self.selection((groups.target)(), depth - 1, out);
                out.push('}');
            }
            Source::Computed { .. } if field.name == "quorum" => out.push_str(" { enough parties }"),
            Source::Column(_) | Source::Computed { .. } | Source::GroupSize | Source::Node | Source::Nodes => {}
            Source::Connection { target, .. } => self.connection(target(), depth - 1, out),
            Source::One { target, .. }
            | Source::List { target, .. }
            | Source::Row { target, .. }
            | Source::Nested { target } => {
                out.push_str(" {");
                self.selection(target(), depth - 1, out);
                out.push('}');
            }
        }
    }

    fn connection(&mut self, view: &'static Definition, depth: usize, out: &mut String) {
        out.push_str(" { __typename");
        for _ in 0..=self.dice.roll(3) {
            match self.dice.roll(5) {
                0 => out.push_str(" totalCount"),
                1 => out.push_str(" pageInfo { endCursor startCursor hasNextPage hasPreviousPage __typename }"),
                2 => {
                    out.push_str(" edges { cursor __typename node {");
                    self.selection(view, depth, out);
                    out.push_str("} }");
                }
                _ => {
                    out.push_str(" nodes {");
                    self.selection(view, depth, out);
                    out.push('}');
                }
            }
        }
        out.push('}');
    }

    fn arguments(&mut self, field: &Field) -> String {
        let arguments = match &field.source {
            Source::Row { find: Find::Id, target } => {
                let prefix = target().table.unwrap().prefix;
                let key = match prefix {
                    "agreement" => agreement_key(u32::try_from(self.dice.roll(26)).unwrap()),
                    _ => key(1 + self.dice.roll(10) as u128),
                };
                vec![format!("id: {:?}", id::show(prefix, key))]
            }
            Source::Row { find: Find::Text(column), .. } => match column.name {
                "number" => vec![format!("number: \"XY-511322-2026-{:04}\"", self.dice.roll(26))],
                _ => vec![format!("creditCode: \"9151132200000000{:02}\"", 1 + self.dice.roll(10))],
            },
            Source::Connection { rows, target, .. } => self.page(rows, target()),
            Source::Groups(_) if self.dice.roll(2) == 0 => vec!["filter: {status: {in: [ACTIVE, DRAFT]}}".to_owned()],
            _ => Vec::new(),
        };
        if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
    }

    fn page(&mut self, rows: &Rows, view: &Definition) -> Vec<String> {
        let mut arguments = Vec::new();
        match self.dice.roll(6) {
            0 | 1 => arguments.push(format!("first: {}", 1 + self.dice.roll(4))),
            2 | 3 => arguments.push(format!("last: {}", 1 + self.dice.roll(4))),
            // Too many: an error in the same place from both.
            4 if self.dice.roll(8) == 0 => arguments.push("first: 0".to_owned()),
            _ => {}
        }
        let (orders, filters): (&[&str], &[&str]) = match view.name {
            "Organization" => (
                &["NAME", "STAFF_COUNT", "VERIFIED_AT", "CREDIT_CODE"],
                &[
                    "kind: {in: [COUNTY, ENTERPRISE]}",
                    "kind: {notIn: [COUNTY]}",
                    "search: \"ORG\"",
                    "search: \"%\"",
                    "verifiedAt: {gt: \"2026-01-01T00:00:00Z\"}",
                    "id: {in: []}",
                    "id: null",
                ],
            ),
            "Agreement" => (
                &["NUMBER", "STARTS_ON", "ENDS_ON"],
                &[
                    "status: {in: [DRAFT]}",
                    "endsOn: {gte: \"2030-01-02\", lt: \"2030-01-05\"}",
                    "status: {in: ACTIVE, notIn: []}",
                ],
            ),
            _ => (&["DUE_ON", "TARGET"], &["status: {in: [PLANNED, ACCEPTED]}", ""]),
        };
        if rows.filter.is_some() && self.dice.roll(3) == 0 {
            arguments.push(format!("filter: {{{}}}", self.dice.one_of(filters)));
        }
        if rows.order_by.is_some() && self.dice.roll(2) == 0 {
            let direction = self.dice.one_of(&["", ", direction: ASC", ", direction: DESC"]);
            arguments.push(format!("orderBy: {{field: {}{direction}}}", self.dice.one_of(orders)));
        }
        arguments
    }
}

type NaiveApi = Schema<Root<Naive>, EmptyMutation, EmptySubscription>;

fn naive(world: &World) -> NaiveApi {
    let nodes = Nodes::reached_from([Queries::definition()]);
    Schema::build(Root::<Naive>::default(), EmptyMutation, EmptySubscription)
        .data(world.app.clone())
        .data(nodes)
        .data(Memory::default())
        // The planner's schema has validated the same document by the same rules.
        .validation_mode(ValidationMode::Fast)
        .finish()
}

fn errors(response: &Response) -> Vec<String> {
    let mut errors: Vec<_> = response
        .errors
        .iter()
        .map(|error| format!("{:?} {:?} {}", error.path, error.locations, error.message))
        .collect();
    errors.sort();
    errors
}

/// The same document again, each of its pages followed to the next by its cursor.
fn follow(document: &str, answer: &str) -> Option<String> {
    let cursor = answer.split("\"endCursor\":\"").nth(1)?.split('"').next()?;
    let (before, after) = document.split_once("first: ")?;
    let shorter: String = after.chars().skip_while(char::is_ascii_digit).collect();
    Some(format!("{before}first: 2, after: {cursor:?}{shorter}"))
}

/// How many operations were compared, how many of them past the executor as well, how many were a page followed by its
/// cursor, how many had errors; and how many were not compared, because they are too large.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    compared: u64,
    directly: u64,
    followed: u64,
    failed: u64,
    refused: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.compared += other.compared;
        self.directly += other.directly;
        self.followed += other.followed;
        self.failed += other.failed;
        self.refused += other.refused;
    }
}

/// Operations of one database that are compared at the same time: it has so many connections.
const AT_ONCE: usize = 4;

/// `HEZUO_TEST_OPERATIONS` says how many operations, `HEZUO_TEST_SEED` where they begin: a failure names its own, and
/// `HEZUO_TEST_SEED=1234 HEZUO_TEST_OPERATIONS=1 cargo test --lib oracle` repeats it.
#[tokio::test(flavor = "multi_thread")]
async fn the_planner_answers_as_the_oracle_does() {
    let number = |name, otherwise: u64| std::env::var(name).map_or(otherwise, |text| text.parse().unwrap());
    let (operations, first) = (number("HEZUO_TEST_OPERATIONS", 400), number("HEZUO_TEST_SEED", 0));
    let began = Instant::now();
    let comparing: Vec<_> = worlds()
        .await
        .into_iter()
        .map(|world| {
            tokio::spawn(async move { (world.app.db().backend(), compare(world, first..first + operations).await) })
        })
        .collect();
    for world in comparing {
        let (backend, tally) = world.await.unwrap();
        // Past libtest, which swallows what tests print.
        let said = format!("the planner and the oracle, on {backend:?}: {tally:?} in {:?}", began.elapsed());
        writeln!(std::io::stderr(), "\n{said}").unwrap();
        assert!(operations < 60 || (tally.followed > 5 && tally.failed > 2 && tally.directly > 30), "{said}");
    }
}

/// Asks both for the operations of these seeds, several at once.
async fn compare(world: World, seeds: Range<u64>) -> Tally {
    let (naive, world) = (naive(&world), Arc::new(world));
    let comparing: Vec<_> = (0..AT_ONCE)
        .map(|place| {
            let (world, naive, seeds) = (world.clone(), naive.clone(), seeds.clone());
            tokio::spawn(async move {
                let mut tally = Tally::default();
                for seed in seeds.skip(place).step_by(AT_ONCE) {
                    tally += one(&world, &naive, seed).await;
                }
                tally
            })
        })
        .collect();
    let mut tally = Tally::default();
    for comparing in comparing {
        tally += comparing.await.unwrap();
    }
    tally
}

/// Asks both for the operation of this seed, and then for its next page.
async fn one(world: &World, naive: &NaiveApi, seed: u64) -> Tally {
    let people = [&world.people.university, &world.people.county, &world.people.enterprise];
    let who = people[usize::try_from(seed).unwrap() % people.len()];
    let (mut tally, mut document) = (Tally::default(), Operation::write(seed));
    for round in 0..2 {
        let parsed = parse_query(&document).unwrap();
        let ask = || {
            let caller = Caller { actor: Some(actor(who)), ..Caller::default() };
            let mut request = Request::new(document.as_str()).data(caller);
            request.set_parsed_query(parsed.clone());
            request
        };
        let planned = world.api.execute(ask()).await;
        if planned.errors.iter().any(|error| error.message.starts_with("LIMIT_EXCEEDED")) {
            tally.refused += 1;
            break;
        }
        let expected = naive.execute(ask()).await;
        let asked = format!("seed {seed}, {who:?}\n{document}\n");
        assert_eq!(text(&planned), text(&expected), "{asked}");
        assert_eq!(errors(&planned), errors(&expected), "{asked}");
        if let Some(direct) = world.directly(who, &parsed).await {
            assert_eq!(text(&direct), text(&planned), "{asked}");
            assert_eq!(errors(&direct), errors(&planned), "{asked}");
            tally.directly += 1;
        }
        tally.compared += 1;
        tally.failed += u64::from(!planned.errors.is_empty());
        tally.followed += round;
        let Some(next) = follow(&document, &text(&planned)) else { break };
        document = next;
    }
    tally
}
