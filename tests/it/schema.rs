//! The contract: `schema.graphql` is what is served, everything in it is described, and it keeps its own rules.

use crate::support::{
    generated,
    sdl::{self, Field, ROOTS, types},
};

/// Fails with every violation.
#[track_caller]
fn nothing_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// All fields of objects and interfaces, with the names of their types.
fn outputs() -> impl Iterator<Item = (&'static str, &'static Field)> {
    let types = types().iter().filter(|(_, found)| matches!(found.kind, "object" | "interface"));
    types.flat_map(|(name, found)| found.fields.iter().map(move |field| (name.as_str(), field)))
}

#[test]
fn the_file_is_the_schema_that_is_served() {
    generated::holds("schema.graphql", &hezuo::schema::sdl());
}

#[test]
fn everything_is_described() {
    let mut wrong = Vec::new();
    let mut say = |place: String, docs: &str| {
        if docs.trim().is_empty() {
            wrong.push(format!("{place} is not described"));
        }
    };
    for (name, found) in types() {
        say(name.clone(), &found.docs);
        for field in &found.fields {
            say(format!("{name}.{}", field.name), &field.docs);
            for argument in &field.arguments {
                say(format!("{name}.{}({})", field.name, argument.name), &argument.docs);
            }
        }
        for (value, docs) in &found.values {
            say(format!("{name}.{value}"), docs);
        }
    }
    nothing_wrong(&wrong);
}

/// People in the county read Chinese: what they meet by name has its Chinese name beside the English one.
#[test]
fn what_people_see_is_described_in_chinese_too() {
    let is_chinese = |docs: &str| docs.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut wrong = Vec::new();
    for (name, found) in types().iter().filter(|(_, found)| found.kind == "enum") {
        let values = found.values.iter().filter(|(_, docs)| !is_chinese(docs));
        wrong.extend(values.map(|(value, _)| format!("{name}.{value} has no Chinese name")));
    }
    for (name, field) in outputs() {
        if !is_chinese(&field.docs) && name != "UserErrorDetails" {
            wrong.push(format!("{name}.{} has no Chinese name", field.name));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_view_holds_what_it_shows() {
    let problems: Vec<String> =
        hezuo::schema::views().into_iter().flat_map(hezuo::graphql::Definition::problems).collect();
    nothing_wrong(&problems);
}

/// Who sees a record need not see the one that it names, and the statements of a request are not one moment: whatever
/// leads to one row of a view is nullable. Rows of a list are there because they are seen.
#[test]
fn what_leads_to_a_row_may_be_null() {
    let views: Vec<&str> = hezuo::schema::views()
        .into_iter()
        .filter(|view| view.has_rows())
        .map(hezuo::graphql::Definition::name)
        .collect();
    let to_one = |field: &Field| !field.kind.starts_with('[') && views.contains(&field.named());
    let edge = |name: &str| name.strip_suffix("Edge").is_some_and(|of| views.contains(&of));
    let found: Vec<_> = outputs().filter(|(name, field)| to_one(field) && !edge(name)).collect();
    // There is something to hold: the root's, views' own, and what mutations result in.
    for (name, field) in [("Query", "agreement"), ("Agreement", "county"), ("AgreementPayload", "result")] {
        assert!(found.iter().any(|(on, found)| *on == name && found.name == field), "{name}.{field}");
    }
    let required = found.into_iter().filter(|(_, field)| field.kind.ends_with('!'));
    let wrong: Vec<String> = required.map(|(name, field)| format!("{name}.{}: {}", field.name, field.kind)).collect();
    nothing_wrong(&wrong);
}

#[test]
fn names_are_written_alike() {
    let camel = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let pascal = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let loud = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let mut wrong = Vec::new();
    for (name, found) in types() {
        let is_input = ["Input", "Filter", "Order", "Text"].iter().any(|end| name.ends_with(end));
        let named_well = pascal(name) && (found.kind != "input" || is_input);
        wrong.extend((!named_well).then(|| format!("{name}: a type is CamelCase, an input ends with Input")));
        for field in &found.fields {
            let arguments = field.arguments.iter().filter(|argument| !camel(&argument.name));
            wrong.extend(arguments.map(|argument| format!("{name}.{}({})", field.name, argument.name)));
            wrong.extend((!camel(&field.name)).then(|| format!("{name}.{}: a field is camelCase", field.name)));
        }
        let values = found.values.iter().filter(|(value, _)| !loud(value));
        wrong.extend(values.map(|(value, _)| format!("{name}.{value}: a value is SCREAMING_SNAKE_CASE")));
    }
    nothing_wrong(&wrong);
}

/// `agreementSubmit(input: AgreementStepInput!): AgreementPayload!`: the noun first, so that GraphiQL lists a domain
/// together; what one may put in stands in one input; what comes out is the record or what can be put right.
#[test]
fn mutations_begin_with_what_they_change() {
    let nouns: Vec<String> =
        types().iter().filter(|(_, found)| found.kind == "object").map(|(name, _)| lower(name)).collect();
    let mut wrong = Vec::new();
    for field in sdl::fields("Mutation") {
        let mut say = |what: &str| wrong.push(format!("{}: {what}", field.name));
        let begins = |noun: &String| {
            let rest = field.name.strip_prefix(noun.as_str());
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        };
        if !nouns.iter().any(begins) && !EARLIER_NOUNS.iter().any(|noun| begins(&(*noun).to_owned())) {
            say("begins with no noun of the schema");
        }
        if field.name.ends_with("Status") {
            say("steps are mutations; a status is never set");
        }
        let input = field.arguments.iter().map(|argument| (argument.name.as_str(), argument.kind.as_str()));
        match *input.collect::<Vec<_>>() {
            [] => {}
            [("input", kind)] if kind.ends_with("Input!") => {}
            _ => say("takes one argument, input, which is required"),
        }
        if !field.named().ends_with("Payload") {
            say("answers with a payload");
        }
        if !field.docs.split_whitespace().collect::<Vec<_>>().join(" ").contains("Who may:") {
            say("says who may");
        }
    }
    nothing_wrong(&wrong);
}

/// What mutations may begin with although no type is called so: parts of a user.
const EARLIER_NOUNS: [&str; 2] = ["profile", "password"];

#[test]
fn payloads_are_alike() {
    let mut wrong = Vec::new();
    for (name, found) in types().iter().filter(|(name, _)| name.ends_with("Payload")) {
        let of = name.trim_end_matches("Payload");
        let fields: Vec<_> = found.fields.iter().map(|field| (&*field.name, &*field.kind)).collect();
        if fields != [("result", of), ("userErrors", "[UserError!]!")] {
            wrong.push(format!("{name}: {fields:?}"));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn lists_and_connections_are_alike() {
    let mut wrong = Vec::new();
    for (name, field) in outputs() {
        let place = format!("{name}.{}: {}", field.name, field.kind);
        let list = field.kind.starts_with('[');
        // `nodes(ids:)` keeps the order of the ids, with null for what is not there; details hold what the code speaks of.
        let other = [("Query", "nodes"), ("UserErrorDetails", "openSteps"), ("UserErrorDetails", "alternatives")]
            .contains(&(name, &*field.name));
        let root = name == "Query";
        if list && field.kind.ends_with("!]!") == root && !other {
            wrong.push(format!("{place} is a list of [X!]!, or of [X!] at the root, where it can be refused"));
        }
        if field.named().ends_with("Connection") {
            let arguments: Vec<&str> = field.arguments.iter().map(|argument| argument.name.as_str()).collect();
            if !arguments.starts_with(&["first", "after", "last", "before"]) || field.kind.ends_with('!') == root {
                wrong.push(format!("{place} is paged by first, after, last, before: {arguments:?}"));
            }
        }
        if ROOTS.contains(&name) && field.kind.ends_with('!') && !ALWAYS_THERE.contains(&field.named()) {
            wrong.push(format!("{place} can be refused, and is nullable"));
        }
    }
    for (name, found) in types().iter().filter(|(name, _)| name.ends_with("Connection")) {
        let fields: Vec<&str> = found.fields.iter().map(|field| field.name.as_str()).collect();
        if fields != ["edges", "nodes", "pageInfo", "totalCount"] {
            wrong.push(format!("{name}: {fields:?}"));
        }
    }
    nothing_wrong(&wrong);
}

/// What a query answers that asks no database and nobody's rights: the server's version, what is wrong with a code.
const ALWAYS_THERE: [&str; 2] = ["String", "CodeCheck"];

/// The same type is filtered and ordered the same way wherever it is listed, but in a record's own fixed order.
#[test]
fn a_list_is_filtered_alike_everywhere() {
    let mut wrong = Vec::new();
    for (name, field) in outputs().filter(|(_, field)| field.named().ends_with("Connection")) {
        for argument in &field.arguments {
            let of = field.named().trim_end_matches("Connection");
            let expected = match &*argument.name {
                "filter" => format!("{of}Filter"),
                "orderBy" => format!("{of}Order"),
                _ => continue,
            };
            if argument.kind.trim_end_matches('!') != expected {
                wrong.push(format!("{name}.{}({}: {})", field.name, argument.name, argument.kind));
            }
        }
    }
    nothing_wrong(&wrong);
}

/// What has a status shows it, the steps that are open, its history and its version.
#[test]
fn what_has_steps_has_a_history() {
    let mut wrong = Vec::new();
    for (name, found) in types().iter().filter(|(_, found)| found.kind == "object") {
        let has = |wanted: &str| found.fields.iter().any(|field| field.name == wanted);
        if has("openSteps") && name != "UserErrorDetails" {
            // What became of a proposal is told in the history of its agreement.
            let told_elsewhere = name == "AgreementProposal" && has("agreement");
            let missing = ["id", "status", "history", "version"]
                .into_iter()
                .filter(|wanted| !has(wanted) && (!told_elsewhere || *wanted != "history"));
            wrong.extend(missing.map(|missing| format!("{name} has openSteps and no {missing}")));
        }
    }
    nothing_wrong(&wrong);
}

/// A name as a mutation begins with it: `Agreement` is `agreement`.
fn lower(name: &str) -> String {
    let (initial, rest) = name.split_at(1);
    initial.to_lowercase() + rest
}

/// Many are told as one what depends on their rights, so nothing of it may depend on their session: `isCurrent` does.
#[test]
fn what_is_told_to_many_does_not_depend_on_the_session() {
    let root = &types()["Subscription"];
    let joinable = hezuo::schema::joinable();
    let alone: Vec<_> = root.fields.iter().filter(|field| !joinable.names(&field.name)).collect();
    let alone: Vec<&str> = alone.into_iter().map(|field| field.name.as_str()).collect();
    // They begin with the figures as they are: who joined later would wait for them. And an import is one person's.
    let known = ["talentFunnelChanged", "interviewQueueChanged", "importProgress"];
    assert_eq!(alone, known, "say why it cannot be joined, here");
    let (mut open, mut reached) = (vec!["Subscription"], std::collections::BTreeSet::new());
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            let fields = types().get(name).map_or(&[][..], |found| &found.fields);
            open.extend(fields.iter().map(|field| field.kind.trim_matches(['[', ']', '!'])));
        }
    }
    assert!(reached.contains("Agreement"), "{reached:?}");
    assert!(!reached.contains("Session"), "a session can be read from a subscription that many listen to as one");
    // Where every read is written down, it is written down for each who reads: such a document is joined by nobody.
    let joins = |text: &str| joinable.joins("notificationReceived", &async_graphql::parser::parse_query(text).unwrap());
    let listening = |asked: &str| format!("subscription {{ notificationReceived {{ id {asked} }} }}");
    assert!(joins(&listening("record { ... on Application { position { title } } }")));
    let recorded = hezuo::schema::views().into_iter().filter(|view| view.is_recorded());
    let recorded: Vec<&str> = recorded.map(hezuo::graphql::Definition::name).collect();
    assert_eq!(recorded, ["ResumeContact", "ResumeVersion"]);
    let views = types().iter().filter(|(name, _)| !name.ends_with("Connection") && !name.ends_with("Edge"));
    let leads = |kind: &str| recorded.contains(&kind.trim_matches(['[', ']', '!']).trim_end_matches("Connection"));
    for field in views.flat_map(|(_, found)| &found.fields).filter(|field| leads(&field.kind)) {
        let below = format!("a {{ ... on B {{ {} {{ id }} }} }}", field.name);
        assert!(!joins(&listening(&below)), "{} can be heard by many as one", field.name);
        let spread = format!("{} fragment F on A {{ {} {{ id }} }}", listening("...F"), field.name);
        assert!(!joins(&spread), "{} can be heard by many as one", field.name);
    }
}
