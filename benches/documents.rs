//! What it costs to check a document: `cargo bench --bench documents`.
//!
//! Each line is one document: its bytes, the time of one check, the time when it was sent before, and how it ended.
//! The bombs must stay far below 50 ms; the ordinary documents show what everybody pays.

#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::{
    fmt::Write,
    hint::black_box,
    time::{Duration, Instant},
};

use hezuo::{
    error::Locale,
    http::document::{Flaw, parse},
};

/// How long each document is checked over and over.
const SPAN: Duration = Duration::from_millis(300);

fn main() {
    println!("{:<40} {:>8} {:>12} {:>12}  outcome", "document", "bytes", "check µs", "again µs");
    for (name, text) in documents() {
        let check = measure(|| drop(black_box(parse(black_box(&text)))));
        // A document that was sent before is only copied.
        let again = parse(&text).map(|parsed| measure(|| drop(black_box(parsed.document.clone()))));
        let again = again.map_or_else(|_| "-".to_owned(), |again| format!("{again:.1}"));
        println!("{name:<40} {:>8} {check:>12.1} {again:>12}  {}", text.len(), outcome(&text));
    }
}

/// Microseconds for one run.
fn measure(run: impl Fn()) -> f64 {
    let began = Instant::now();
    let mut rounds = 0_u32;
    while began.elapsed() < SPAN || rounds == 0 {
        run();
        rounds += 1;
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(rounds)
}

fn outcome(text: &str) -> String {
    match parse(text) {
        Ok(_) => "may run".to_owned(),
        Err(Flaw::Refused(error)) => error.message(Locale::En).into_owned(),
        Err(Flaw::Syntax(_)) => "not GraphQL".to_owned(),
    }
}

fn documents() -> Vec<(&'static str, String)> {
    let page = "query List($first: Int!) { agreements(first: $first) { totalCount nodes { id title status parties { \
                role organization { id name } } items { id title } } pageInfo { hasNextPage endCursor } } }";
    let fields = |count: usize| "someField ".repeat(count);
    vec![
        ("a query by id", "query One($id: ID!) { node(id: $id) { id } }".to_owned()),
        ("a page of a list", page.to_owned()),
        ("2,000 fields", format!("{{a{{{}}}}}", fields(1_999))),
        ("30 doublings of a fragment", doublings(30, 2, "a")),
        ("50 fragments, each spread 20 times", doublings(50, 20, "a")),
        ("a chain of 1,000 fragments", doublings(1_000, 1, "a")),
        ("700 fragments of one field each", doublings(700, 1, "a")),
        ("1,000 aliases", format!("{{a{{{}}}}}", numbered(1_000))),
        ("10,000 brackets", "{".repeat(10_000)),
        ("60 brackets never closed", "{a".repeat(60)),
        ("60 lists within each other", format!("{{a(b:{}{})}}", "[".repeat(58), "]".repeat(58))),
        ("64 KiB of names", format!("{{{}}}", "a".repeat(65_000))),
        ("64 KiB of comments", format!("{{a}}#{}", "x".repeat(65_000))),
        ("8,000 tokens of unclosed arguments", "{a(".repeat(20) + &"b:1 ".repeat(2_600)),
        ("1 MB", "a ".repeat(500_000)),
    ]
}

/// `count` fragments, each spreading the next one `times` times, the last holding `leaf`.
fn doublings(count: usize, times: usize, leaf: &str) -> String {
    let mut text = String::from("{a{...f0}}");
    for at in 0..count {
        let spreads = format!("...f{} ", at + 1).repeat(times);
        let _ = write!(text, "fragment f{at} on Q{{{spreads}}}");
    }
    let _ = write!(text, "fragment f{count} on Q{{{leaf}}}");
    text
}

fn numbered(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, at| {
        let _ = write!(text, "a{at}:b ");
        text
    })
}
