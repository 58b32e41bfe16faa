//! How the cost of an answer grows with its size, and with the size of the tables:
//! `cargo bench --bench growth -- --database URL [--database URL]`, on databases that `cargo bench --bench seed` filled and no
//! server has been started on.
//!
//! Requests go through the same router as everybody's, one after the other, without a network. Each line is one request:
//! the fields and rows of its answer, its time, statements and allocations, and each of them per field. What a field costs
//! must not depend on how many there are; statements are as many as relations, and now and then one that follows the event log.
//! With a second database of other size, the last column is its time as a multiple of the first one's.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints")]
#![expect(clippy::unwrap_used, reason = "a bench fails where it stands")]
#![expect(clippy::cast_precision_loss, reason = "thousands")]

use std::{
    alloc::System,
    env, fs,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, header},
};
use entity::{agreement, recruitment_event};
use hezuo::{
    app::App,
    http,
    identity::bootstrap,
    platform::{clock::Clock, id},
    schema,
    settings::Settings,
    start,
};
use http_body_util::BodyExt as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower::ServiceExt as _;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Each request is repeated for so long.
const SPAN: Duration = Duration::from_millis(1_500);

/// What one request cost.
struct Cost {
    name: &'static str,
    rows: usize,
    fields: usize,
    time: Duration,
    statements: f64,
    allocations: f64,
    bytes: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = env::args().collect();
    let urls: Vec<&String> = arguments.windows(2).filter(|two| two[0] == "--database").map(|two| &two[1]).collect();
    if urls.is_empty() {
        eprintln!("cargo bench --bench growth -- --database sqlite:PATH|postgres://… [--database …]");
    }
    let mut first: Vec<Cost> = Vec::new();
    for url in urls {
        println!("{}", url.split(':').next().unwrap_or_default());
        println!(
            "{:<44} {:>6} {:>7} {:>9} {:>9} {:>10} {:>11} {:>12} {:>8}",
            "", "rows", "fields", "ms", "µs/field", "statements", "allocations", "allocs/field", "KiB"
        );
        let costs = costs(url).await;
        for (at, cost) in costs.iter().enumerate() {
            cost.print(first.get(at));
        }
        if first.is_empty() {
            first = costs;
        }
    }
}

impl Cost {
    fn print(&self, first: Option<&Self>) {
        let millis = self.time.as_secs_f64() * 1e3;
        let fields = self.fields as f64;
        let ratio = first.map(|first| format!("  {:.2}×", self.time.as_secs_f64() / first.time.as_secs_f64()));
        println!(
            "{:<44} {:>6} {:>7} {millis:>9.3} {:>9.3} {:>10.1} {:>11.0} {:>12.2} {:>8.0}{}",
            self.name,
            self.rows,
            self.fields,
            millis * 1e3 / fields,
            self.statements,
            self.allocations,
            self.allocations / fields,
            self.bytes / 1024.0,
            ratio.unwrap_or_default()
        );
    }
}

async fn costs(url: &str) -> Vec<Cost> {
    let folder = env::temp_dir().join(format!("hezuo-growth-{}", std::process::id()));
    let given = [
        ("HEZUO_DATABASE_URL", url),
        ("HEZUO_DATA_DIR", folder.to_str().unwrap()),
        ("HEZUO_SECRET", "a secret of the benches, long enough to be taken"),
        ("HEZUO_MAX_COST", "1000000"),
        ("HEZUO_COST_PER_MINUTE", "4294967295"),
        ("HEZUO_ACCESS_TOKEN_MINUTES", "600"),
    ];
    let settings = Settings::load(given.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter(), None);
    let app = start::connect(url, settings.unwrap(), Clock::System).await.unwrap();
    bootstrap(&app).await.unwrap();
    let router = http::Site::new(app.clone(), schema::build(app.clone())).router();
    let token = token(&router).await;
    let mut costs = Vec::new();
    for (name, query) in requests(&app).await {
        costs.push(cost(&app, &router, (name, &token, &query)).await);
    }
    app.db().close().await.unwrap();
    fs::remove_dir_all(folder).unwrap_or_default();
    costs
}

async fn token(router: &Router) -> String {
    let query = "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { result { accessToken } } }";
    let input = json!({ "login": "bench", "password": "spring rice 2026" });
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    let answer: Value = serde_json::from_slice(&ask(router, "", body.into()).await).unwrap();
    answer["data"]["sessionCreate"]["result"]["accessToken"].as_str().unwrap().to_owned()
}

async fn ask(router: &Router, token: &str, body: Bytes) -> Bytes {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    let request = if token.is_empty() {
        Request::post("/graphql").header(header::CONTENT_TYPE, "application/json")
    } else {
        request
    };
    let response = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    response.into_body().collect().await.unwrap().to_bytes()
}

async fn cost(app: &App, router: &Router, (name, token, query): (&'static str, &str, &str)) -> Cost {
    let body = Bytes::from(json!({ "query": query }).to_string());
    let answer: Value = serde_json::from_slice(&ask(router, token, body.clone()).await).unwrap();
    assert!(answer["errors"].is_null(), "{name}: {answer}");
    let (mut rows, mut fields) = (0, 0);
    count(&answer["data"], &mut rows, &mut fields);
    // Plans and prepared statements of the connections.
    for _ in 0..20 {
        ask(router, token, body.clone()).await;
    }
    let (statements, region, began) = (app.db().statements(), Region::new(ALLOCATOR), Instant::now());
    let mut times = Vec::new();
    while began.elapsed() < SPAN || times.len() < 5 {
        let asked = Instant::now();
        ask(router, token, body.clone()).await;
        times.push(asked.elapsed());
    }
    let (change, asked) = (region.change(), times.len() as f64);
    times.sort();
    Cost {
        name,
        rows,
        fields,
        time: times[times.len() / 2],
        statements: (app.db().statements() - statements) as f64 / asked,
        allocations: (change.allocations + change.reallocations) as f64 / asked,
        bytes: change.bytes_allocated as f64 / asked,
    }
}

/// Objects and members of an answer.
fn count(value: &Value, rows: &mut usize, fields: &mut usize) {
    match value {
        Value::Array(list) => list.iter().for_each(|each| count(each, rows, fields)),
        Value::Object(members) => {
            *rows += 1;
            *fields += members.len();
            members.values().for_each(|each| count(each, rows, fields));
        }
        _ => {}
    }
}

/// A page of agreements with parties and items, as Q2.
fn page(first: u32) -> String {
    format!(
        "{{ agreements(first: {first}) {{ nodes {{ id number title status startsOn endsOn parties {{ capacity role \
         organization {{ id name }} }} items(first: 10) {{ nodes {{ title dueOn status }} }} }} \
         pageInfo {{ hasNextPage endCursor }} }} }}"
    )
}

/// Counties with their agreements, items and who does them, as Q3.
fn dashboard(agreements: u32) -> String {
    format!(
        "{{ organizations(first: 20, filter: {{ kind: {{ in: [COUNTY] }} }}) {{ nodes {{ id name regionCode \
         agreements(first: {agreements}) {{ nodes {{ id number title status endsOn items(first: 10) {{ nodes {{ id title \
         dueOn status target actual responsible {{ id name kind creditCode }} }} }} }} }} }} }} }}"
    )
}

/// Events with their positions, applications and the university of each, as T3.
fn fairs(positions: u32, applications: u32) -> String {
    format!(
        "{{ recruitmentEvents(first: 20) {{ nodes {{ id title startsAt status positions(first: {positions}) {{ nodes {{ \
         id title family applications(first: {applications}) {{ nodes {{ id status university {{ id name }} }} }} }} }} \
         }} }} }}"
    )
}

/// The talent funnel of one event, as T4.
fn funnel(event: &str) -> String {
    format!(
        "{{ talentFunnel(filter: {{ eventId: \"{event}\" }}) {{ stages {{ stage students ofPrevious {{ students of }} \
         ofFirst {{ students of }} }} }} }}"
    )
}

async fn requests(app: &App) -> Vec<(&'static str, String)> {
    let active = agreement::Entity::find().filter(agreement::Column::Status.eq(agreement::AgreementStatus::Active));
    let active = id::show("agreement", active.one(app.db().reader()).await.unwrap().unwrap().id);
    let event = recruitment_event::Entity::find().order_by_asc(recruitment_event::Column::Id);
    let event = id::show("recruitment_event", event.one(app.db().reader()).await.unwrap().unwrap().id);
    let flat = |first: u32| format!("{{ agreements(first: {first}) {{ nodes {{ id number title status endsOn }} }} }}");
    let items = "items(first: 10) { nodes { id title dueOn status target actual";
    vec![
        ("Q1: one agreement", format!("{{ agreement(id: \"{active}\") {{ id number title status endsOn }} }}")),
        ("Q4: counts by county and status", "{ agreementCounts { county { id name } status count } }".to_owned()),
        ("Q2: a page of 1", page(1)),
        ("a page of 10", page(10)),
        ("a page of 20", page(20)),
        ("a page of 100", page(100)),
        ("Q3: a dashboard of 1 agreement each", dashboard(1)),
        ("a dashboard of 10", dashboard(10)),
        ("a dashboard of 100", dashboard(100)),
        ("depth 1: 10 agreements", flat(10)),
        ("depth 1: 100 agreements", flat(100)),
        (
            "depth 2: and their items",
            format!("{{ agreements(first: 100) {{ nodes {{ id number title status endsOn {items} }} }} }} }} }}"),
        ),
        (
            "depth 3: and who does them",
            format!(
                "{{ agreements(first: 100) {{ nodes {{ id number title status endsOn {items} responsible {{ id name }} }} }} }} }} }}"
            ),
        ),
        ("T3: a dashboard of 1 position and application", fairs(1, 1)),
        ("a dashboard of 10 positions with 1 each", fairs(10, 1)),
        ("a dashboard of 10 positions with 10 each", fairs(10, 10)),
        ("T4: the talent funnel of an event", funnel(&event)),
        ("the talent funnel of the university", "{ talentFunnel { stages { stage students } } }".to_owned()),
        ("the same page, the last one", page(20).replace("first: 20", "last: 20")),
    ]
}
