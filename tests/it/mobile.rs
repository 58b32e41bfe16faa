//! The schema keeps to what Apollo's generators for Kotlin and Swift can express, so that nobody who builds an app has to
//! rename or alias. What they cannot is known from their own sources and issues; `docs/decisions.md` says which.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::sdl::{self, Field, types};

/// Names that Swift's generator refuses, for fields and for inputs' fields.
const SWIFT_FIELDS: [&str; 3] = ["__data", "fragments", "_"];
const SWIFT_INPUTS: [&str; 2] = ["self", "_"];
/// Names of types that Swift's generator has to change, or that Swift takes for its own.
const SWIFT_TYPES: [&str; 12] = [
    "Any",
    "DataDict",
    "DocumentType",
    "Fragments",
    "FragmentContainer",
    "ParentType",
    "Protocol",
    "Schema",
    "Selection",
    "Type",
    "Error",
    "Actor",
];
/// What every Kotlin enum has of its own, and what Apollo's add.
const KOTLIN_VALUES: [&str; 6] = ["type", "name", "ordinal", "entries", "values", "UNKNOWN__"];

/// Types that answers are made of, with their fields.
fn objects() -> impl Iterator<Item = (&'static String, &'static [Field])> {
    let found = types().iter().filter(|(_, found)| matches!(found.kind, "object" | "interface"));
    found.map(|(name, found)| (name, found.fields.as_slice()))
}

fn is_object(field: &Field) -> bool {
    types().get(field.named()).is_some_and(|found| matches!(found.kind, "object" | "interface" | "union"))
}

/// As Swift names the value: `IN_REVIEW` is `inReview`.
fn camel_case(value: &str) -> String {
    value.split('_').map(|word| word[..1].to_uppercase() + &word[1..].to_lowercase()).collect()
}

/// As Swift names what is in a list.
fn singular(field: &str) -> Option<String> {
    match field.strip_suffix("ies") {
        Some(stem) => Some(format!("{stem}y")),
        None => field.strip_suffix('s').map(str::to_owned),
    }
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_name_is_one_that_they_keep() {
    let mut wrong = Vec::new();
    for (name, found) in types() {
        if SWIFT_TYPES.contains(&name.as_str()) {
            wrong.push(format!("{name} is Swift's"));
        }
        let refused: &[&str] = if found.kind == "input" { &SWIFT_INPUTS } else { &SWIFT_FIELDS };
        let fields = found.fields.iter().map(|field| field.name.as_str());
        let arguments = found.fields.iter().flat_map(|field| &field.arguments).map(|argument| argument.name.as_str());
        wrong.extend(fields.filter(|field| refused.contains(field)).map(|field| format!("{name}.{field} is Swift's")));
        wrong.extend(arguments.filter(|name| SWIFT_INPUTS.contains(name)).map(|it| format!("{name}({it}) is Swift's")));
        let kept = found.values.iter().filter(|(value, _)| KOTLIN_VALUES.contains(&value.as_str()));
        wrong.extend(kept.map(|(value, _)| format!("{name}.{value} is Kotlin's")));
    }
    none(&wrong);
}

/// Files are named after types, and systems that do not tell capitals apart keep one of two; fields become nested classes
/// in Kotlin, values camel case in Swift.
#[test]
fn names_differ_by_more_than_their_spelling() {
    let mut wrong = Vec::new();
    let mut seen = BTreeMap::new();
    for (name, found) in types() {
        if let Some(other) = seen.insert(name.to_lowercase(), name) {
            wrong.push(format!("{name} and {other} are one file"));
        }
        let fields: BTreeSet<String> = found.fields.iter().map(|field| field.name.to_lowercase()).collect();
        if fields.len() < found.fields.len() {
            wrong.push(format!("{name} has fields that differ by their capitals"));
        }
        let upper = found.fields.iter().filter(|field| field.name.starts_with(char::is_uppercase));
        wrong.extend(upper.map(|field| format!("{name}.{} begins with a capital", field.name)));
        let values: BTreeSet<String> = found.values.iter().map(|(value, _)| camel_case(value)).collect();
        if values.len() < found.values.len() {
            wrong.push(format!("{name} has values that are one in camel case"));
        }
    }
    none(&wrong);
}

/// Swift names the elements of a list by its singular: a field that has that name already cannot be asked beside it.
#[test]
fn no_list_is_the_plural_of_its_neighbour() {
    let mut wrong = Vec::new();
    // At the root `node` and `nodes` are Relay's: whoever asks for both at once gives one of them an alias.
    for (name, fields) in objects().filter(|(name, _)| !sdl::ROOTS.contains(&name.as_str())) {
        for list in fields.iter().filter(|field| field.kind.starts_with('[') && is_object(field)) {
            let Some(one) = singular(&list.name) else { continue };
            if sdl::field(name, &one).is_some_and(is_object) {
                wrong.push(format!("{name}.{} and {name}.{one} have the same type in Swift", list.name));
            }
        }
    }
    none(&wrong);
}
