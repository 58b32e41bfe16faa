//! Who may import whom: docs/architecture.md, held by reading the sources.

use crate::support::source::{Named, Source, below, program};

/// Later may name earlier. What stands on one line is beside each other.
const LAYERS: [&[&str]; 10] = [
    &["error", "settings", "traces"],
    &["auth"],
    &["platform"],
    &["app"],
    &["graphql"],
    SLICES,
    &["schema"],
    &["http", "workers"],
    &["demo", "start"],
    &["cli"],
];

/// The domains. Each may call those before it; those after it learn of it by events.
const SLICES: &[&str] = &[
    "audit",
    "dictionaries",
    "identity",
    "notifications",
    "organizations",
    "documents",
    "agreements",
    "workstations",
    "activities",
    "bases",
    "talent",
    "technology",
    "internships",
    "webhooks",
    "reports",
    "search",
];

/// What issues statements, and is therefore for stores and the machinery below them.
const STATEMENTS: &[&str] = &[
    "ConnectionTrait",
    "DatabaseConnection",
    "DatabaseTransaction",
    "EntityTrait",
    "FromQueryResult",
    "ModelTrait",
    "PaginatorTrait",
    "QueryFilter",
    "QueryOrder",
    "QuerySelect",
    "Select",
    "Statement",
    "TransactionTrait",
];

/// Where Rust is.
const FOLDERS: [&str; 4] = ["src", "entity/src", "migration/src", "tests"];

/// Fails with every violation, each naming file and line.
#[track_caller]
fn nothing_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// What `rule` says about each path in the crate's code.
fn about_paths(rule: impl Fn(&Source, &[&str], &Named) -> Option<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in program() {
        for named in source.paths() {
            let path: Vec<&str> = named.path.iter().map(String::as_str).collect();
            let said = rule(&source, &path, &named);
            wrong.extend(said.map(|said| format!("{}:{}: {} {said}", source.name, named.line, named.text())));
        }
    }
    wrong
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn is_slice(module: &str) -> bool {
    SLICES.contains(&module)
}

/// The last part of a file's name: `graphql.rs`.
fn file(source: &Source) -> &str {
    source.name.rsplit('/').next().unwrap_or_default()
}

/// Whether it speaks GraphQL: a slice's `graphql.rs` or a file in its folder `graphql`.
fn speaks_graphql(source: &Source) -> bool {
    matches!(
        source.module().as_slice(),
        ["graphql" | "http" | "schema" | "error", ..] | [_, .., "graphql"] | [_, "graphql", ..]
    )
}

#[test]
fn paths_are_read_from_the_root() {
    #[expect(clippy::needless_raw_string_hashes, reason = "a raw text with a hash stands in it")]
    let text = r##"
        use async_graphql::InputObject; // not::a::path
        use crate::{app::App, platform::{db::{Db, Tx as Transaction}, id}, organizations};
        use super::{store, rules::Action};
        const TEXT: &str = "not::a::path \" neither::this"; const RAW: &str = r#"nor::"this""#; const C: char = '"';
        fn f<'a>(x: &'a str) { organizations::store::find(x); Transaction::new(); crate::auth::Actor::new(x) }
        #[cfg(test)] mod tests { use super::super::nothing; }
    "##;
    let source = Source::new("src/agreements/mod.rs", text.to_owned());
    let paths: Vec<String> = source.paths().iter().map(|named| format!("{} {}", named.line, named.text())).collect();
    let expected = [
        "2 async_graphql::InputObject",
        "3 crate::app::App",
        "3 crate::platform::db::Db",
        "3 crate::platform::db::Tx",
        "3 crate::platform::id",
        "3 crate::organizations",
        "4 crate::store",
        "4 crate::rules::Action",
        "6 crate::organizations::store::find",
        "6 crate::platform::db::Tx::new",
        "6 crate::auth::Actor::new",
    ];
    assert_eq!(paths, expected);
    let rules = Source::new("src/agreements/rules.rs", "use super::{facts::Facts, super::app};".to_owned());
    let paths: Vec<String> = rules.paths().iter().map(Named::text).collect();
    assert_eq!(paths, ["crate::agreements::facts::Facts", "crate::app"]);
}

#[test]
fn every_module_has_its_layer() {
    let known = |module: &str| layer(module).is_some() || matches!(module, "main");
    let modules = program().into_iter().filter_map(|source| source.module().first().map(|&first| first.to_owned()));
    let mut wrong: Vec<String> = modules.filter(|module| !known(module)).collect();
    wrong.dedup();
    assert_eq!(wrong, [""; 0], "say in LAYERS or SLICES where they stand");
}

#[test]
fn layers_name_only_what_is_below_them() {
    nothing_wrong(&about_paths(|source, path, _| {
        let ["crate", there, ..] = path else { return None };
        let here = *source.module().first()?;
        (layer(here)? < layer(there)?).then(|| format!("is above {here}"))
    }));
}

#[test]
fn slices_call_earlier_slices_through_their_front_door() {
    nothing_wrong(&about_paths(|source, path, _| {
        let ["crate", there, inside @ ..] = path else { return None };
        let here = *source.module().first()?;
        if here == *there || !is_slice(there) {
            return None;
        }
        if inside.iter().any(|part| matches!(*part, "store" | "rules" | "checks" | "facts")) {
            return Some("is private to its slice".to_owned());
        }
        let order = |slice: &str| SLICES.iter().position(|known| *known == slice);
        let view = speaks_graphql(source) && (inside.contains(&"graphql"));
        (is_slice(here) && !view && order(here) < order(there)).then(|| format!("comes after {here} in SLICES"))
    }));
}

#[test]
#[expect(clippy::match_same_arms, reason = "each line is a rule of its own")]
fn rules_are_pure() {
    let mut wrong = about_paths(|source, path, _| {
        let own = |path: &[&str]| path.first() == source.module().first() && !path.contains(&"store");
        let allowed = match path {
            ["std" | "core" | "chrono" | "uuid" | "entity" | "Self", ..] => true,
            ["sea_orm", "ActiveEnum" | "Iterable", ..] => true,
            // Facts of an earlier slice, as its `mod.rs` shows them.
            ["crate", slice] | ["crate", slice, "Facts", ..] if is_slice(slice) => true,
            ["crate", "auth" | "error", ..] | ["crate", "platform", "lifecycle" | "input" | "clock", ..] => true,
            ["crate", inside @ ..] => own(inside),
            // A name that was imported, or that lies in this file.
            [first, ..] => !matches!(*first, "sea_orm" | "async_graphql" | "axum" | "tokio" | "sqlx"),
            [] => true,
        };
        (file(source) == "rules.rs" && !allowed).then(|| "is nothing to decide from".to_owned())
    });
    for source in program().into_iter().filter(|source| file(source) == "rules.rs") {
        let lines = source.code.lines().zip(1..).filter(|(line, _)| line.contains("async "));
        wrong.extend(lines.map(|(line, at)| format!("{}:{at}: {} waits", source.name, line.trim())));
    }
    nothing_wrong(&wrong);
}

#[test]
fn only_stores_issue_statements() {
    nothing_wrong(&about_paths(|source, path, _| {
        let may =
            matches!(file(source), "store.rs") || matches!(source.module().as_slice(), ["platform" | "graphql", ..]);
        let statement = matches!(path, ["sea_orm", name] if STATEMENTS.contains(name)) || path[0] == "sqlx";
        (statement && !may).then(|| "belongs into a store.rs".to_owned())
    }));
}

#[test]
fn only_graphql_names_async_graphql() {
    let mut wrong = about_paths(|source, path, _| {
        let ["async_graphql", inside @ ..] = path else { return None };
        // Command structs and the enums in them are written once.
        let command = matches!(inside, ["InputObject" | "OneofObject" | "Enum" | "ID" | "MaybeUndefined"]);
        let may = speaks_graphql(source) || (command && is_slice(source.module().first()?));
        (!may).then(|| "belongs into a graphql.rs".to_owned())
    });
    for source in below("entity/src") {
        let paths = source.paths();
        let other = paths.iter().filter(|named| named.path[0] == "async_graphql" && named.path[1..] != ["Enum"]);
        wrong.extend(other.map(|named| format!("{}:{}: {} publishes a table", source.name, named.line, named.text())));
    }
    nothing_wrong(&wrong);
}

#[test]
fn only_identity_says_who_somebody_is() {
    let wrong = about_paths(|source, path, _| {
        let makes = path.ends_with(&["Actor", "new"]);
        (makes && source.module().first() != Some(&"identity")).then(|| "is for identity::caller alone".to_owned())
    });
    nothing_wrong(&wrong);
    // Without a token, for whoever holds the database: never where a request can come.
    nothing_wrong(&about_paths(|source, path, _| {
        let may = matches!(source.module().first(), Some(&"identity" | &"cli"));
        (path.ends_with(&["reading_as"]) && !may).then(|| "is for the command line alone".to_owned())
    }));
    let makers = program().iter().flat_map(Source::paths).filter(|named| named.text().ends_with("Actor::new")).count();
    assert!(makers <= 1, "Actor::new is used {makers} times; identity::caller alone may");
}

#[test]
fn files_are_short_and_allow_nothing() {
    let mut wrong = Vec::new();
    for source in FOLDERS.into_iter().flat_map(below) {
        let count = source.text.lines().count();
        if count > 400 {
            wrong.push(format!("{}:{count}: more than 400 lines", source.name));
        }
        for (line, at) in source.code.lines().zip(1..) {
            if line.contains("#[allow") || line.contains("#![allow") {
                wrong.push(format!("{}:{at}: #[expect(…, reason = …)] instead of {}", source.name, line.trim()));
            }
        }
    }
    nothing_wrong(&wrong);
}
