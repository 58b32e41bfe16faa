//! Hezuo 合作: the open GraphQL backend with which a university, a county government and the enterprises of that county
//! run their cooperation.
//!
//! Read in this order: [`error`] and [`auth`] (who may do what), [`platform`] (database, events, lifecycles),
//! [`graphql`] (how types are declared and read), then any slice, then [`schema`], [`http`] and [`cli`].

pub mod agreements;
pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod demo;
pub mod dictionaries;
pub mod documents;
pub mod error;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod notifications;
pub mod organizations;
pub mod platform;
pub mod schema;
pub mod search;
pub mod settings;
pub mod start;
pub mod talent;
#[cfg(test)]
mod tests;
pub mod traces;
pub mod workers;
