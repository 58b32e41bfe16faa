//! One program with all tests: it links once, and every test shares the databases' templates.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails where it stands")]
#![expect(clippy::too_many_lines, reason = "a story is told whole")]
#![expect(clippy::needless_pass_by_value, reason = "values written on the spot are given away")]

mod agreements;
mod amendments;
mod architecture;
mod authorization;
mod bad_input;
mod budgets;
mod cast;
mod cli;
mod delegations;
mod demo;
mod documents;
mod explain;
mod harness;
mod http;
mod identity;
mod inbox;
mod indexes;
mod items;
mod killed;
mod labels;
mod lifecycle;
mod mobile;
mod notifications;
mod organizations;
mod pending;
mod permissions;
mod proposals;
mod registered;
mod repeats;
mod restored;
mod schema;
mod settings;
mod statements;
mod support;
mod tables;
mod talent;
mod traces;
mod trail;
mod variables;
mod visibility;
mod writers;
