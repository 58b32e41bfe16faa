//! The network: GraphQL over HTTP, `WebSocket` and SSE, GraphiQL, health.
//!
//! A request passes, in this order: [`serve`] (the connection, its time-outs, the end of the server), `envelope` (its
//! id, its line in the log, panics, headers that protect browsers), and for GraphQL then `wire` (what was sent),
//! `visitor` (who sent it), [`document`] (may it be run at all), `run` (execution within its time) and `answer` (what
//! is sent back, with which status). Sockets and SSE use the same last four.
//!
//! [`explain`] tells how a query would be read, for `hezuo explain`: prepared in the same way, and not answered.
//!
//! [`router`] is all that a program needs; [`Site`] lets it say more.

mod accept;
mod answer;
mod broadcast;
mod endpoint;
mod engine;
mod envelope;
mod events;
mod explain;
mod fault;
mod graphiql;
mod health;
mod metrics;
mod origin;
mod patient;
mod persisted;
mod registered;
mod rounds;
mod run;
mod serving;
mod site;
mod socket;
mod table;
mod token;
mod visitor;
mod wire;

pub mod document;

pub use explain::{Question, explain};
pub use graphiql::{GraphiqlConfig, Persona, Tab};
pub use health::ask_readiness;
pub use metrics::metrics;
pub use persisted::{Documents, NoDocuments};
pub use registered::{Count, Registered, register};
pub use serving::serve;
pub use site::{Site, Times};

use crate::{app::App, schema::Api};

/// Everything the API answers, with nothing registered and nothing shown in GraphiQL.
pub fn router(app: App, api: Api) -> axum::Router {
    Site::new(app, api).router()
}
