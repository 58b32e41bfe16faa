//! The kernel's tests, on SQLite and, where PostgreSQL is found, on it alike: with the same support as the program `it`.

mod access;
mod documents;
mod failures;
mod inputs;
mod operations;
mod oracle;
mod pages;
mod plans;
#[path = "../../../tests/it/support/postgres.rs"]
mod postgres;
mod reads;
mod recorded;
mod rows;
#[path = "../../../tests/it/support/scratch.rs"]
mod scratch;
mod sound;
mod views;
mod world;
