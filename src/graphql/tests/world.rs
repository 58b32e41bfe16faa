//! A small world for the kernel's tests: a database with rows, a schema of views, and people who ask.

use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::{EmptySubscription, Request, Response, Schema, Variables, parser::types::ExecutableDocument};
use entity::{membership::Role, organization::OrganizationKind};
use migration::MigratorTrait;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    postgres::Server,
    scratch,
    views::{Api, Mutation, Queries, Query},
};
use crate::{
    app::App,
    auth::{Actor, Badge},
    graphql::{Caller, DirectlyAsked, NodeQueries, Nodes, Reads, Root, View},
    platform::{clock::Clock, db::Db},
    settings::Settings,
};

/// A database, its schema and the people who ask.
pub(super) struct World {
    pub(super) app: App,
    pub(super) api: Api,
    pub(super) people: People,
}

/// Keys that every world shares.
pub(super) struct People {
    pub(super) university: Badge,
    pub(super) county: Badge,
    pub(super) enterprise: Badge,
}

pub(super) fn key(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

impl People {
    pub(super) fn new() -> Self {
        let badge = |number: u128, role, side| Badge {
            user: key(100 + number),
            membership: key(200 + number),
            organization: key(number),
            role,
            side,
            region: String::new(),
            session: key(0),
            scopes: None,
        };
        Self {
            university: badge(1, Role::UniversityAdmin, OrganizationKind::University),
            county: badge(2, Role::CountyAdmin, OrganizationKind::County),
            enterprise: badge(3, Role::EnterpriseAdmin, OrganizationKind::Enterprise),
        }
    }
}

pub(super) fn actor(badge: &Badge) -> Actor {
    Actor::new(badge.clone())
}

/// Every database that the tests run on: SQLite always, and PostgreSQL unless it is not found; `HEZUO_TEST_REQUIRE` makes
/// that a failure.
pub(super) async fn worlds() -> Vec<World> {
    let file = scratch::fresh("kernel").join("hezuo.sqlite");
    let mut worlds = vec![World::new(&format!("sqlite:{}", file.display())).await];
    if let Some(server) = server().await {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = Server::name(format!("kernel_{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        let statement = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
        server.command(&statement).await.unwrap();
        worlds.push(World::new(&server.url(&name)).await);
    }
    worlds
}

async fn server() -> Option<&'static Server> {
    static SERVER: OnceCell<Result<Server, String>> = OnceCell::const_new();
    match SERVER.get_or_init(Server::start).await {
        Ok(server) => Some(server),
        Err(reason) => {
            let required = std::env::var("HEZUO_TEST_REQUIRE").unwrap_or_default();
            assert!(!required.contains("postgres"), "HEZUO_TEST_REQUIRE wants postgres. {reason}.");
            None
        }
    }
}

impl World {
    pub(super) async fn new(url: &str) -> Self {
        let db = Db::connect(url, 4, Clock::default()).await.unwrap();
        migration::Migrator::up(db.writer(), None).await.unwrap();
        super::rows::insert(db.writer()).await;
        // Three people ask thousands of operations in a minute.
        let rich = ("HEZUO_COST_PER_MINUTE".to_owned(), u32::MAX.to_string());
        let settings = Settings::load(std::iter::once(rich), None).unwrap();
        let app = App::new(db, settings);
        let api = Schema::build(Root::<Query>::default(), Root::<Mutation>::default(), EmptySubscription)
            .data(app.clone())
            .data(Nodes::reached_from([Queries::definition()]))
            .data(Reads::of([NodeQueries::definition(), Queries::definition()]))
            .finish();
        Self { app, api, people: People::new() }
    }

    /// What somebody is answered.
    pub(super) async fn ask(&self, who: &Badge, document: &str) -> Response {
        self.ask_with(who, Request::new(document)).await
    }

    pub(super) async fn ask_with(&self, who: &Badge, request: Request) -> Response {
        let caller = Caller { actor: Some(actor(who)), ..Caller::default() };
        self.api.execute(request.data(caller)).await
    }

    /// What somebody is answered past the executor, when that is possible.
    pub(super) async fn directly(&self, who: &Badge, document: &ExecutableDocument) -> Option<Response> {
        let caller = &Caller { actor: Some(actor(who)), ..Caller::default() };
        let asked = DirectlyAsked { document, operation: None, variables: &Variables::default(), caller };
        self.api.data::<Reads>().unwrap().answer(&self.app, asked).await
    }

    /// The data of an answer without errors, as text.
    pub(super) async fn data(&self, who: &Badge, document: &str) -> String {
        let response = self.ask(who, document).await;
        assert!(response.errors.is_empty(), "{document}\n{:?}", response.errors);
        text(&response)
    }
}

pub(super) fn text(response: &Response) -> String {
    let mut out = String::new();
    crate::graphql::json::push_value(&mut out, &response.data);
    out
}
