//! Machinery that knows no domain: the database, the clock, keys, input checks, lifecycles and the event log.

pub mod access;
mod base;
pub mod budget;
pub mod checkpoint;
pub mod clock;
pub mod condition;
mod connect;
pub mod db;
pub mod denials;
pub mod event;
pub mod failure;
pub mod fetch;
pub mod files;
pub mod generations;
pub mod id;
pub mod idempotency;
pub mod input;
pub mod jwks;
pub mod keyring;
pub mod latest;
pub mod lifecycle;
pub mod migrate;
pub mod password;
pub mod ready;
pub mod seal;
mod standing;
pub mod trail;
