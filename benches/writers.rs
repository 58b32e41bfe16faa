//! How many writes there are in ten seconds when sixty-four write at once: `cargo bench --bench writers`.
//!
//! Each draws up an agreement, through the same router as everybody's, again and again. A line for each database: writes
//! a second, how many failed (none may), and how long a writer waited. PostgreSQL is the server that `TEST_DATABASE_URL`
//! names, else a throw-away cluster of the tests, which does not wait for the disk; SQLite does.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a bench fails where it stands")]

#[expect(dead_code, unused_imports, unused_macros, reason = "the tests' own, of which this takes a part")]
#[expect(clippy::needless_pass_by_value, reason = "as the tests have it")]
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use entity::agreement;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use self::support::{Kind, Sides, TestApp, on};

const WRITERS: usize = 64;
const SPAN: Duration = Duration::from_secs(10);
const MUTATION: &str = "mutation($input: AgreementDraftInput!) {
    agreementDraft(input: $input) { result { id } userErrors { code } }
}";

/// What one writer did.
#[derive(Default)]
struct Tally {
    waits: Vec<Duration>,
    failures: Vec<String>,
}

#[tokio::main]
async fn main() {
    println!("{:<10} {:>8} {:>8} {:>9} {:>9} {:>9}", "database", "writes/s", "failed", "p50 ms", "p99 ms", "max ms");
    for kind in [Kind::Sqlite, Kind::Postgres] {
        on(kind, run).await;
    }
}

async fn run(app: TestApp) {
    let sides = app.sides().await;
    let input = input(&sides);
    let token = sides.university.token().await;
    let began = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (app, token, input) = (app.clone(), token.clone(), input.clone());
            tokio::spawn(async move {
                let mut tally = Tally::default();
                while began.elapsed() < SPAN {
                    let asked = Instant::now();
                    let answer = app.gql_as(&token, MUTATION, input.clone()).await;
                    tally.waits.push(asked.elapsed());
                    if !answer.body["data"]["agreementDraft"]["result"]["id"].is_string() {
                        tally.failures.push(answer.to_string());
                    }
                }
                tally
            })
        })
        .collect();
    let (mut waits, mut failures) = (Vec::new(), Vec::new());
    for writer in writers {
        let tally = writer.await.unwrap();
        waits.extend(tally.waits);
        failures.extend(tally.failures);
    }
    report(&app, began.elapsed(), waits, &failures).await;
}

/// What each of them drafts.
fn input(sides: &Sides) -> Value {
    json!({ "input": {
        "kind": "FRAMEWORK",
        "countyId": sides.yingshan.id(),
        "text": {
            "title": "Framework agreement",
            "terms": "The parties help each other.",
            "endsOn": "2028-12-31",
            "renewalPolicy": "NEGOTIATE",
            "parties": [
                { "organizationId": sides.north.id(), "capacity": "甲方", "role": "REQUIRED" },
                { "organizationId": sides.yingshan.id(), "capacity": "乙方", "role": "REQUIRED" },
            ],
        },
    } })
}

async fn report(app: &TestApp, took: Duration, mut waits: Vec<Duration>, failures: &[String]) {
    waits.sort();
    let part = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let pace = waits.len() as f64 / took.as_secs_f64();
    let name = format!("{:?}", app.kind()).to_lowercase();
    println!("{name:<10} {pace:>8.0} {:>8} {:>9.1} {:>9.1} {:>9.1}", failures.len(), part(50), part(99), part(100));
    if let Some(first) = failures.first() {
        println!("the first that failed: {first}");
    }
    let kept = agreement::Entity::find().count(app.db().reader()).await.unwrap();
    assert_eq!(usize::try_from(kept).unwrap(), waits.len() - failures.len(), "{name} kept another number of writes");
}
