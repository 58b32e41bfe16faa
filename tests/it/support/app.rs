//! A running Hezuo for one test, and the way requests reach it.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    future::Future,
    panic::{AssertUnwindSafe, resume_unwind},
    path::Path,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, header},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt as _;
use hezuo::{
    app::App,
    documents, http,
    platform::{
        clock::{self, Clock},
        db::Db,
    },
    schema::{self, Api},
    settings::Settings,
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{
    answer::Answer,
    database::{Kind, TestDatabase},
};

/// When every test begins: a Monday, nine in the morning in China.
const BEGINNING: &str = "2026-03-02T01:00:00Z";

/// The tests' own settings; everything else is as by default.
const SETTINGS: [(&str, &str); 3] = [
    ("HEZUO_PUBLIC_URL", "http://hezuo.test"),
    ("HEZUO_SECRET", "a secret of the tests, long enough to be taken"),
    ("HEZUO_PASSWORD_MEMORY_KIB", "8"),
];

/// A running Hezuo with a database of its own and a clock that stands still. Cheap to clone.
#[derive(Clone)]
pub(crate) struct TestApp(Arc<Inner>);

struct Inner {
    app: App,
    api: Api,
    router: Router,
    database: Arc<TestDatabase>,
    /// Numbers for names that must differ, shared with the replicas.
    count: Arc<AtomicU32>,
}

/// Runs a test on one kind of database and cleans up, however it ends. `on_both!` calls it.
pub(crate) async fn on<F, Fut>(kind: Kind, story: F)
where
    F: FnOnce(TestApp) -> Fut,
    Fut: Future<Output = ()>,
{
    let Some(database) = TestDatabase::migrated(kind).await else { return };
    let database = Arc::new(database);
    let clock = Clock::scripted(BEGINNING.parse().unwrap());
    let app = TestApp::start(database.clone(), clock, Arc::default(), &[]).await;
    let outcome = AssertUnwindSafe(story(app)).catch_unwind().await;
    database.remove().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

impl TestApp {
    async fn start(database: Arc<TestDatabase>, clock: Clock, count: Arc<AtomicU32>, given: &[(&str, &str)]) -> Self {
        let settings = settings(&database.url, &database.folder, given);
        let url = settings.database_url.reveal();
        let db = Db::connect(url, settings.database_connections, clock).await.expect("a connection to the database");
        let app = App::new(db, settings);
        let api = schema::build(app.clone());
        let site = http::Site::new(app.clone(), api.clone()).documents(http::Registered::new(app.clone()));
        let router = site.and(documents::http::routes(app.clone())).router();
        Self(Arc::new(Inner { app, api, router, database, count }))
    }

    /// Another server on the same database with the same clock, with some settings changed: a replica, or the same
    /// server after a restart.
    pub(crate) async fn replica(&self, given: &[(&str, &str)]) -> Self {
        let clock = self.db().clock().clone();
        Self::start(self.0.database.clone(), clock, self.0.count.clone(), given).await
    }

    /// Asks the API as nobody in particular.
    pub(crate) async fn gql(&self, query: &str, variables: Value) -> Answer {
        self.send(None, query, variables).await
    }

    /// Runs a mutation as nobody in particular; see [`super::Persona::does`].
    pub(crate) async fn does(&self, mutation: &str, input: Value, selection: &str) -> Answer {
        self.mutate(None, mutation, input, selection).await
    }

    /// A mutation by the conventions that all of them follow: one input, a result and user errors.
    pub(super) async fn mutate(&self, token: Option<&str>, mutation: &str, input: Value, selection: &str) -> Answer {
        let (query, variables) = Self::mutation(mutation, &input, selection);
        self.send(token, &query, variables).await
    }

    /// Asks the API with an access token.
    pub(crate) async fn gql_as(&self, token: &str, query: &str, variables: Value) -> Answer {
        self.send(Some(token), query, variables).await
    }

    /// The document of such a mutation, and its variables.
    pub(crate) fn mutation(mutation: &str, input: &Value, selection: &str) -> (String, Value) {
        let kind = input_of(mutation);
        let query = format!(
            "mutation($input: {kind}) {{ {mutation}(input: $input) {{ result {{ {selection} }} \
             userErrors {{ code message path details {{ currentVersion currentHash openSteps existing }} }} }} }}"
        );
        (query, json!({ "input": input }))
    }

    /// The one way in: every GraphQL request of every test passes here, through the same router as everybody's.
    pub(crate) async fn send(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        // Errors come with the status 200 and beside the data, as most clients ask for them.
        let request = request.header(header::ACCEPT, "application/json");
        let request = token
            .iter()
            .fold(request, |request, token| request.header(header::AUTHORIZATION, format!("Bearer {token}")));
        let (status, body) = self.http(request.body(Body::from(body)).unwrap()).await;
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| panic!("not JSON: {body:?}"));
        Answer::new(status, body)
    }

    /// The first answer of a subscription that ends; for ever none of one that goes on.
    pub(crate) async fn listen(&self, token: Option<&str>, subscription: &str) -> Answer {
        let (status, events) = self.told(token, subscription).await;
        Answer::new(status, events.into_iter().next().expect("an event"))
    }

    /// Everything that a subscription tells until it ends.
    pub(crate) async fn events(&self, token: &str, subscription: &str) -> Vec<Value> {
        self.told(Some(token), subscription).await.1
    }

    async fn told(&self, token: Option<&str>, subscription: &str) -> (u16, Vec<Value>) {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        let request = request.header(header::ACCEPT, "text/event-stream");
        let request = token
            .iter()
            .fold(request, |request, token| request.header(header::AUTHORIZATION, format!("Bearer {token}")));
        let body = json!({ "query": subscription }).to_string();
        let (status, events) = self.http(request.body(Body::from(body)).unwrap()).await;
        let events = String::from_utf8(events).unwrap();
        let data = events.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| !data.is_empty());
        (status, data.map(|data| serde_json::from_str(data).unwrap()).collect())
    }

    /// Any HTTP request; the status and the body.
    pub(crate) async fn http(&self, request: Request<Body>) -> (u16, Vec<u8>) {
        let (status, _, body) = self.respond(request).await;
        (status, body)
    }

    /// Any HTTP request; the status, the headers and the body.
    pub(crate) async fn respond(&self, request: Request<Body>) -> (u16, HeaderMap, Vec<u8>) {
        let (head, body) = self.0.router.clone().oneshot(request).await.unwrap().into_parts();
        (head.status.as_u16(), head.headers, body.collect().await.unwrap().to_bytes().into())
    }

    /// The program itself.
    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }

    /// Its schema.
    pub(crate) fn api(&self) -> &Api {
        &self.0.api
    }

    /// Its database.
    pub(crate) fn db(&self) -> &Db {
        self.0.app.db()
    }

    /// Which database it runs on: for the few tests that cannot tell the same story on both.
    pub(crate) fn kind(&self) -> Kind {
        self.0.database.kind
    }

    /// A number that this test has not seen, for names that must differ.
    pub(crate) fn number(&self) -> u32 {
        self.0.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// What time it is.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.db().clock().now()
    }

    /// Sets the clock: `"2026-12-31T16:00:00Z"`, or a day, `"2026-12-31"`, for nine in the morning in China.
    pub(crate) fn it_is(&self, moment: &str) {
        let day = moment.parse::<NaiveDate>().map(|day| clock::begins(day) + TimeDelta::hours(9));
        let moment = day.or_else(|_| moment.parse::<DateTime<Utc>>()).expect("a day or a moment");
        self.db().clock().set(moment);
    }

    /// Lets time pass.
    pub(crate) fn passes(&self, time: TimeDelta) {
        self.db().clock().set(self.now() + time);
    }
}

impl Debug for TestApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TestApp on {:?}", self.0.database)
    }
}

/// The type of a mutation's input, as the schema says: `AgreementStepInput!`.
fn input_of(mutation: &str) -> &'static str {
    static SDL: LazyLock<String> = LazyLock::new(schema::sdl);
    let field = format!("\t{mutation}(");
    let (_, field) = SDL.split_once(&field).unwrap_or_else(|| panic!("the schema has no mutation {mutation}"));
    let (_, input) = field.split_once("input: ").unwrap_or_else(|| panic!("{mutation} takes no input"));
    let end = input.find(|c: char| !c.is_alphanumeric() && c != '!');
    &input[..end.unwrap_or(input.len())]
}

/// The tests' settings, on that database and with that data directory, with some changed.
pub(super) fn settings(url: &str, folder: &Path, given: &[(&str, &str)]) -> Settings {
    let places = [("HEZUO_DATABASE_URL", url), ("HEZUO_DATA_DIR", folder.to_str().unwrap())];
    let given = given.iter().map(|(name, value)| (format!("HEZUO_{}", name.to_uppercase()), (*value).to_owned()));
    let standard = SETTINGS.into_iter().chain(places).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let all: BTreeMap<String, String> = standard.chain(given).collect();
    Settings::load(all.into_iter(), None).expect("the tests' settings")
}
