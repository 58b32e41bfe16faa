//! A small schema and a server around it.

#![expect(clippy::unused_async, reason = "async-graphql's fields are asynchronous")]

use std::{
    fmt::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{Context, ID, Object, Schema, SimpleObject, Subscription};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use futures_util::{Stream, StreamExt, stream};
use hezuo::{
    app::App,
    error::{Error, Locale, Result},
    graphql::{Caller, Joinable},
    http::Site,
    platform::{clock::Clock, db::Db},
    settings::Settings,
};
use http_body_util::BodyExt;
use migration::{Migrator, MigratorTrait};
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tower::ServiceExt;

pub(super) const JSON: &str = "application/json";
pub(super) const GRAPHQL: &str = "application/graphql-response+json";

/// How often the mutation ran.
#[derive(Clone, Default)]
pub(super) struct Steps(Arc<AtomicUsize>);

impl Steps {
    pub(super) fn taken(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// What is published to whoever listens, and how much work that is.
#[derive(Clone)]
pub(super) struct Bulletins {
    published: broadcast::Sender<i32>,
    /// Executions that wait for bulletins.
    executing: Arc<AtomicUsize>,
    /// Bulletins written out.
    rendered: Arc<AtomicUsize>,
}

impl Default for Bulletins {
    fn default() -> Self {
        Self { published: broadcast::channel(2_000).0, executing: Arc::default(), rendered: Arc::default() }
    }
}

impl Bulletins {
    pub(super) fn publish(&self, number: i32) {
        self.published.send(number).unwrap();
    }

    pub(super) fn rendered(&self) -> usize {
        self.rendered.load(Ordering::SeqCst)
    }

    /// Waits until so many executions wait for bulletins.
    pub(super) async fn executing(&self, count: usize) {
        let begun = std::time::Instant::now();
        while self.executing.load(Ordering::SeqCst) != count || self.published.receiver_count() != count {
            assert!(begun.elapsed() < Duration::from_secs(20), "{} execute", self.executing.load(Ordering::SeqCst));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// One execution, while it goes on.
struct Executing(Arc<AtomicUsize>);

impl Drop for Executing {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What is published.
#[derive(SimpleObject)]
#[graphql(complex)]
struct Bulletin {
    number: i32,
}

#[async_graphql::ComplexObject]
impl Bulletin {
    /// The how manieth that was written out.
    async fn rendered(&self, ctx: &Context<'_>) -> usize {
        ctx.data_unchecked::<Bulletins>().rendered.fetch_add(1, Ordering::SeqCst) + 1
    }

    async fn reader(&self, ctx: &Context<'_>) -> String {
        Caller::of(ctx).actor().unwrap().user().to_string()
    }

    async fn padding(&self, length: usize) -> String {
        "x".repeat(length)
    }

    async fn language(&self, ctx: &Context<'_>) -> &'static str {
        match Caller::of(ctx).locale {
            Locale::En => "en",
            Locale::Zh => "zh",
        }
    }

    /// Fails for odd numbers.
    async fn even(&self) -> Result<bool> {
        if self.number % 2 == 0 { Ok(true) } else { Err(Error::forbidden()) }
    }

    async fn panics(&self) -> bool {
        "on purpose".parse().unwrap()
    }
}

pub(super) struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &'static str {
        "你好"
    }

    async fn nested(&self) -> Self {
        Self
    }

    async fn language(&self, ctx: &Context<'_>) -> &'static str {
        match Caller::of(ctx).locale {
            Locale::En => "en",
            Locale::Zh => "zh",
        }
    }

    async fn signed_in(&self, ctx: &Context<'_>) -> bool {
        Caller::of(ctx).actor.is_some()
    }

    async fn address(&self, ctx: &Context<'_>) -> String {
        Caller::of(ctx).address.clone()
    }

    async fn echo(&self, id: ID) -> ID {
        id
    }

    async fn slow(&self) -> bool {
        std::future::pending().await
    }

    async fn broken(&self) -> Option<Result<bool>> {
        Some(Err(Error::internal("secret: the disk is full")))
    }

    async fn refused(&self) -> Result<bool> {
        Err(Error::forbidden())
    }

    async fn panics(&self) -> bool {
        "on purpose".parse().unwrap()
    }
}

pub(super) struct Mutation;

#[Object]
impl Mutation {
    async fn step(&self, ctx: &Context<'_>) -> usize {
        ctx.data_unchecked::<Steps>().0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

pub(super) struct Subscription;

#[Subscription]
impl Subscription {
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }

    async fn never(&self) -> impl Stream<Item = i32> {
        stream::pending()
    }

    /// As fast as it is read.
    async fn flood(&self) -> impl Stream<Item = String> {
        stream::repeat("x".repeat(100_000)).then(async |text| {
            tokio::task::yield_now().await;
            text
        })
    }

    async fn refused(&self) -> Result<impl Stream<Item = i32>> {
        Err::<stream::Empty<i32>, _>(Error::forbidden())
    }

    /// Many listen to it as one. Ends with the number 0.
    async fn bulletins(&self, ctx: &Context<'_>) -> impl Stream<Item = Bulletin> + use<> {
        let bulletins = ctx.data_unchecked::<Bulletins>();
        bulletins.executing.fetch_add(1, Ordering::SeqCst);
        let listening = (bulletins.published.subscribe(), Executing(bulletins.executing.clone()));
        stream::unfold(listening, async |(mut published, executing)| {
            let number = published.recv().await.unwrap();
            (number != 0).then_some((Bulletin { number }, (published, executing)))
        })
    }

    async fn beats(&self) -> impl Stream<Item = i32> {
        stream::unfold(0, async |beat| {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((beat, beat + 1))
        })
    }
}

/// A server's parts: the small schema, with these settings.
pub(super) async fn site(settings: &[(&str, &str)]) -> (Site, Steps) {
    let (site, steps, _) = site_at(settings, Clock::System).await;
    (site, steps)
}

/// The same by another clock, with the program inside.
pub(super) async fn site_at(settings: &[(&str, &str)], clock: Clock) -> (Site, Steps, App) {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let file = format!("{}/http-{}.sqlite", env!("CARGO_TARGET_TMPDIR"), NUMBER.fetch_add(1, Ordering::SeqCst));
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{file}{suffix}"));
    }
    let db = Db::connect(&format!("sqlite:{file}?mode=rwc"), 1, clock).await.unwrap();
    Migrator::up(db.writer(), None).await.unwrap();
    let settings = settings.iter().map(|(name, value)| (format!("HEZUO_{name}"), (*value).to_owned()));
    let app = App::new(db, Settings::load(settings, None).unwrap());
    let steps = Steps::default();
    (Site::new(app.clone(), schema(&steps, &Bulletins::default())), steps, app)
}

/// The small schema.
pub(super) fn schema(steps: &Steps, bulletins: &Bulletins) -> Schema<Query, Mutation, Subscription> {
    let schema = Schema::build(Query, Mutation, Subscription).data(steps.clone()).data(bulletins.clone());
    schema.data(Joinable::new(&["bulletins"])).limit_recursive_depth(100).finish()
}

/// The same, answering without a network.
pub(super) async fn router(settings: &[(&str, &str)]) -> (Router, Steps) {
    let (site, steps) = site(settings).await;
    (site.router(), steps)
}

/// An answer, with its body.
pub(super) struct Answer {
    pub(super) head: Response<()>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        self.head.status()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.head.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The first error's code; nothing but errors may be there.
    pub(super) fn refusal(&self) -> String {
        let json = self.json();
        assert_eq!(json.get("data"), None, "{json}");
        json["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }
}

pub(super) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { head: Response::from_parts(head, ()), body }
}

pub(super) async fn post(router: &Router, accept: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header(header::ACCEPT, accept);
    send(router, request.body(body.into()).unwrap()).await
}

pub(super) async fn ask(router: &Router, accept: &str, query: &str) -> Answer {
    post(router, accept, json!({ "query": query }).to_string()).await
}

/// A GET of `/graphql` with these headers.
pub(super) async fn get(router: &Router, query: &str, headers: &[(&str, &str)]) -> Answer {
    let query = query.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").unwrap();
        text
    });
    let mut request = Request::get(format!("/graphql?query={query}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(Body::empty()).unwrap()).await
}
