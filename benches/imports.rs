//! Ten thousand students from one table, and one mutation for each of them: `cargo bench --bench imports`.
//!
//! A line for each database: seconds for the import of a table, with invitations; seconds for the naive way, a request for
//! each student, measured over a part of them; and how many times as long the naive way takes. Through the router, like
//! everybody's requests. PostgreSQL is the server that `TEST_DATABASE_URL` names, else a throw-away cluster of the tests,
//! which does not wait for the disk; SQLite does.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a bench fails where it stands")]

#[expect(dead_code, unused_imports, unused_macros, reason = "the tests' own, of which this takes a part")]
#[expect(clippy::needless_pass_by_value, reason = "as the tests have it")]
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use self::support::{Kind, TestApp, on};

const STUDENTS: u32 = 10_000;
/// How many of them are imported the naive way.
const NAIVE: u32 = 500;
const MUTATION: &str = "mutation($input: StudentRecordImportInput!) { studentRecordImport(input: $input) {
    result { created invited rows { number invitationToken } } userErrors { message path } } }";

#[tokio::main]
async fn main() {
    println!(
        "{:<10} {:>9} {:>9} {:>11} {:>10} {:>8}",
        "database", "table s", "again s", "dry run s", "naive s", "times"
    );
    for kind in [Kind::Sqlite, Kind::Postgres] {
        on(kind, run).await;
    }
}

async fn run(app: TestApp) {
    let staff = app.university("North").await.staff().await;
    let token = staff.token().await;
    let rehearsed = timed(&app, &token, (0, STUDENTS), true).await;
    let table = timed(&app, &token, (0, STUDENTS), false).await;
    let again = timed(&app, &token, (0, STUDENTS), false).await;
    let began = Instant::now();
    for student in 0..NAIVE {
        timed(&app, &token, (STUDENTS + student, 1), false).await;
    }
    let naive = began.elapsed() * STUDENTS / NAIVE;
    let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
    println!(
        "{:<10} {:>9} {:>9} {:>11} {:>10} {:>8.1}",
        format!("{:?}", app.kind()),
        seconds(table),
        seconds(again),
        seconds(rehearsed),
        seconds(naive),
        naive.as_secs_f64() / table.as_secs_f64()
    );
}

/// How long it takes to import so many students from this number on.
async fn timed(app: &TestApp, token: &str, (first, count): (u32, u32), dry_run: bool) -> Duration {
    let rows = (first..first + count).map(|place| format!("11660{place:07},学生{place},120703T,质量2301班,2027"));
    let table = format!("学号,姓名,专业代码,班级,毕业年份\n{}\n", rows.collect::<Vec<_>>().join("\n"));
    let input = json!({ "input": { "file": STANDARD.encode(table), "dryRun": dry_run, "invite": true } });
    let began = Instant::now();
    let answer = app.gql_as(token, MUTATION, input).await;
    let took = began.elapsed();
    let rows = answer.body["data"]["studentRecordImport"]["result"]["rows"].as_array();
    assert_eq!(rows.map(Vec::len), Some(count as usize), "{answer}");
    took
}
