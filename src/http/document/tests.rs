use std::fmt::Write;

use async_graphql::parser::types::OperationType;

use super::{Flaw, Operation, parse};
use crate::error::{Code, Locale};

fn check(text: &str, name: Option<&str>) -> Result<Operation, Flaw> {
    Ok(parse(text)?.operation(name)?)
}

fn refused(text: &str) -> (Code, String) {
    match check(text, None) {
        Err(Flaw::Refused(error)) => (error.code(), error.message(Locale::En).into_owned()),
        other => panic!("{other:?}"),
    }
}

fn exceeded(text: &str) -> String {
    let (code, message) = refused(text);
    assert_eq!(code, Code::LimitExceeded, "{message}");
    message
}

fn checked(text: &str) -> Operation {
    check(text, None).unwrap()
}

/// Texts for 0, 1, 2… one behind the other.
fn numbered(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().concat()
}

/// `{ ...f0 }`, each fragment spreading the next one twice, the last one holding `leaf`.
fn doublings(count: usize, leaf: &str) -> String {
    let mut text = String::from("{...f0}");
    for at in 0..count {
        write!(text, "fragment f{at} on Q{{...f{} ...f{}}}", at + 1, at + 1).unwrap();
    }
    write!(text, "fragment f{count} on Q{{{leaf}}}").unwrap();
    text
}

#[test]
fn a_fragment_bomb_is_counted_and_not_expanded() {
    let bomb = doublings(30, "a");
    assert!(bomb.len() < 1_200);
    assert_eq!(exceeded(&bomb), "Fields at the root: 1073741824, at most 30.");
    let below = bomb.replacen("{...f0}", "{a{...f0}}", 1);
    assert_eq!(exceeded(&below), "Fields: 1073741825, at most 2000.");
    let aliased = doublings(7, "b:a").replacen("{...f0}", "{a{...f0}}", 1);
    assert_eq!(exceeded(&aliased), "Aliases: 128, at most 100.");
    let far = format!("{{a{{...f0}}}}{}", &doublings(50, &"a ".repeat(40))["{...f0}".len()..]);
    assert_eq!(exceeded(&far), "Fields: 45035996273704961, at most 2000.");
}

#[test]
fn sums_saturate() {
    let mut text = String::from("{a{...f0}}");
    for at in 0..50 {
        write!(text, "fragment f{at} on Q{{{}}}", format!("...f{} ", at + 1).repeat(4)).unwrap();
    }
    text.push_str("fragment f50 on Q{a}");
    assert_eq!(exceeded(&text), "Fields: far too many, at most 2000.");
}

#[test]
fn a_long_chain_of_fragments_is_refused_before_it_is_followed() {
    let mut text = String::from("{...f0}");
    for at in 0..700 {
        write!(text, "fragment f{at} on Q{{...f{}}}", at + 1).unwrap();
    }
    assert_eq!(exceeded(&text), "Depth of nested selections: 61, at most 60.");
}

#[test]
fn a_fragment_met_early_counts_its_full_height_later() {
    let mut text = String::from("{...f0 ...g0}");
    for at in 0..40 {
        write!(text, "fragment f{at} on Q{{...f{}}}", at + 1).unwrap();
        write!(text, "fragment g{at} on Q{{...g{}}}", at + 1).unwrap();
    }
    text.push_str("fragment g40 on Q{...f0} fragment f40 on Q{a}");
    assert!(exceeded(&text).starts_with("Depth of nested selections: "));
}

#[test]
fn brackets_tokens_and_bytes_are_counted_before_parsing() {
    assert_eq!(exceeded(&"{".repeat(10_000)), "Tokens of the document: 10000, at most 8000.");
    assert_eq!(exceeded(&"{a".repeat(61)), "Nested brackets of the document: 61, at most 60.");
    assert_eq!(exceeded(&format!("{{a(b:{}", "[".repeat(200))), "Nested brackets of the document: 202, at most 60.");
    assert_eq!(exceeded(&"a ".repeat(500_000)), "Bytes of the document: 1000000, at most 65536.");
    assert_eq!(exceeded(&format!("#{}", " ".repeat(70_000))), "Bytes of the document: 70001, at most 65536.");
}

#[test]
fn a_thousand_aliases_are_refused() {
    let fields = |count| numbered(count, |at| format!("a{at}:b "));
    assert_eq!(exceeded(&format!("{{a{{{}}}}}", fields(1_000))), "Aliases: 1000, at most 100.");
    assert_eq!(exceeded(&format!("{{{}}}", fields(1_000))), "Fields at the root: 1000, at most 30.");
    checked(&format!("{{a{{{}}}}}", fields(100)));
}

#[test]
fn depth_directives_operations() {
    let deep = |levels: usize| format!("{}a{}", "{a".repeat(levels - 1) + "{", "}".repeat(levels));
    checked(&deep(20));
    assert_eq!(exceeded(&deep(21)), "Depth of fields: 21, at most 20.");
    let fragments = "{...f} fragment f on Q{a{...g}} fragment g on Q{b{c}}";
    checked(fragments);
    assert_eq!(exceeded(&format!("{{a {}}}", "@d ".repeat(101))), "Directives: 101, at most 100.");
    let many = numbered(51, |at| format!("query q{at}{{a}}"));
    assert_eq!(exceeded(&many), "Operations of the document: 51, at most 50.");
}

#[test]
fn a_fragment_that_is_never_used_is_not_even_measured() {
    let text = doublings(30, "a").replacen("{...f0}", "{a}", 1);
    let (code, message) = refused(&text);
    assert_eq!(code, Code::InvalidInput);
    assert!(message.ends_with("is never used."), "{message}");
}

#[test]
fn a_fragment_may_not_contain_itself() {
    for text in [
        "{...f} fragment f on Q{a{...f}}",
        "{a ...f} fragment f on Q{...g} fragment g on Q{b{...f}}",
        "{...{...f}} fragment f on Q{...f}",
    ] {
        let (code, message) = refused(text);
        assert_eq!(code, Code::InvalidInput);
        assert!(message.ends_with("contains itself."), "{message}");
    }
    checked("{...unknown}");
}

#[test]
fn introspection_has_limits_of_its_own() {
    let of_type = |levels: usize| format!("{}kind{}", "ofType{".repeat(levels), "}".repeat(levels));
    checked(&format!("{{__schema{{types{{fields{{args{{type{{{}}}}}}}}}}}}}", of_type(18)));
    assert_eq!(
        exceeded(&format!("{{__schema{{types{{fields{{args{{type{{{}}}}}}}}}}}}}", of_type(20))),
        "Depth of an introspection: 25, at most 24."
    );
    assert_eq!(
        exceeded("{__schema{types{fields{type{fields{name}}}}}}"),
        "Nested lists of an introspection: 3, at most 2."
    );
    let twice = numbered(5, |at| format!("a{at}:__schema{{types{{name}}}}"));
    assert_eq!(exceeded(&format!("{{{twice}}}")), "Introspections: 5, at most 4.");
    assert_eq!(
        exceeded(&format!("{{__schema{{types{{{}}}}}}}", "name ".repeat(400))),
        "Fields of introspections: 401, at most 400."
    );
}

#[test]
fn the_operation_is_found_by_name() {
    assert_eq!(checked("{a}").kind, OperationType::Query);
    assert_eq!(checked("mutation Pay{a}").name.as_deref(), Some("Pay"));
    let two = "query A{a} mutation B{b}";
    assert_eq!(check(two, Some("B")).unwrap().kind, OperationType::Mutation);
    for (text, name) in [(two, None), (two, Some("C")), ("{a}", Some("A"))] {
        assert!(matches!(check(text, name), Err(Flaw::Refused(error)) if error.code() == Code::InvalidInput));
    }
}

#[test]
fn a_mutation_never_runs_a_field_twice() {
    for text in [
        "mutation{pay pay}",
        "mutation{a:pay a:spend}",
        "mutation{pay ...f} fragment f on M{pay}",
        "mutation{...on M{pay} ...{pay}}",
        "mutation{...f ...f} fragment f on M{pay}",
    ] {
        assert!(refused(text).1.starts_with("The mutation asks for "), "{text}");
    }
    checked("mutation{a:pay b:pay ...f} fragment f on M{c:pay}");
    checked("{pay pay}");
}

#[test]
fn a_subscription_is_one_field() {
    for text in ["subscription{a b}", "subscription{...f} fragment f on S{a}", "subscription{...{a}}"] {
        assert_eq!(refused(text).1, "A subscription selects exactly one field.");
    }
    checked("subscription{a{b}}");
}

#[test]
fn what_is_not_graphql_says_where() {
    let Err(Flaw::Syntax(error)) = check("{ a(", None) else { panic!() };
    assert_eq!(error.locations[0].line, 1);
    for text in ["", "   ", "# nothing", "{", "{}", "fragment f on Q{a}", "{a} {b}", "\u{0}"] {
        assert!(matches!(check(text, None), Err(Flaw::Syntax(_))), "{text:?}");
    }
}
