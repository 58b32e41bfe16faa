//! What the routes share, and the routes.

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    middleware,
    response::Redirect,
    routing::{any, get, post},
};

use super::{
    broadcast::Broadcasts, document::Known, endpoint, engine::Engine, envelope, graphiql, graphiql::GraphiqlConfig,
    health, origin, persisted::Documents, persisted::NoDocuments, rounds::Rounds, socket, token,
};
use crate::app::App;

/// How patient sockets are.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// For the client's greeting.
    pub greeting: Duration,
    /// For a client to take a message.
    pub reading: Duration,
    /// Between signs of life.
    pub heartbeat: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self { greeting: Duration::from_secs(10), reading: Duration::from_secs(10), heartbeat: Duration::from_secs(20) }
    }
}

/// A server about to be put together: the running program, its schema, and what a program may add to them.
#[derive(Clone)]
pub struct Site {
    pub(super) app: App,
    pub(super) engine: Arc<dyn Engine>,
    pub(super) documents: Arc<dyn Documents>,
    pub(super) times: Times,
    /// Documents that were sent before.
    pub(super) known: Arc<Known>,
    /// Subscriptions that many listen to as one.
    pub(super) broadcasts: Arc<Broadcasts>,
    /// Connections that stay open.
    pub(super) rounds: Arc<Rounds>,
    /// What the page reads, written once.
    pub(super) graphiql: Bytes,
    /// What slices answer beside GraphQL.
    beside: Router,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("documents", &self.documents).finish_non_exhaustive()
    }
}

impl Site {
    /// A server with nothing registered and nothing shown in GraphiQL.
    pub fn new(app: App, api: impl Engine) -> Self {
        Self {
            app,
            engine: Arc::new(api),
            documents: Arc::new(NoDocuments),
            times: Times::default(),
            known: Arc::default(),
            broadcasts: Arc::default(),
            rounds: Arc::default(),
            graphiql: GraphiqlConfig::default().json(),
            beside: Router::new(),
        }
    }

    /// With a registry of documents that clients may name by their hash.
    #[must_use]
    pub fn documents(mut self, documents: impl Documents) -> Self {
        self.documents = Arc::new(documents);
        self
    }

    /// With personas and worked examples in GraphiQL.
    #[must_use]
    pub fn graphiql(mut self, config: &GraphiqlConfig) -> Self {
        self.graphiql = config.json();
        self
    }

    /// With other times for sockets than the usual ones.
    #[must_use]
    pub fn times(mut self, times: Times) -> Self {
        self.times = times;
        self
    }

    /// With routes of a slice that answers beside GraphQL, such as files.
    #[must_use]
    pub fn and(mut self, routes: Router) -> Self {
        self.beside = self.beside.merge(routes);
        self
    }

    /// The routes, ready to be served.
    pub fn router(self) -> Router {
        let settings = self.app.settings().clone();
        let mut router = Router::new()
            .route("/graphql", any(endpoint::answer))
            .route("/graphql/ws", any(socket::upgrade))
            .route("/oauth/token", post(token::grant))
            .route("/health/live", get(health::live))
            .route("/health/ready", get(health::ready))
            .route("/.well-known/jwks.json", get(health::jwks));
        if settings.graphiql {
            router = router
                .route("/", get(|| async { Redirect::temporary("/graphiql") }))
                .route("/graphiql", get(graphiql::page))
                .route("/graphiql/config.json", get(graphiql::config))
                .route("/graphiql/assets/{name}", get(graphiql::asset));
        }
        router
            .with_state(self.clone())
            .merge(self.beside.clone())
            .fallback(health::nothing_here)
            .layer(origin::cors(&settings))
            .layer(middleware::from_fn_with_state(self, envelope::wrap))
    }
}
