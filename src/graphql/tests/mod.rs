//! The kernel's tests, on SQLite and, when `HEZUO_TEST_POSTGRES` names a server, on PostgreSQL alike.

mod access;
mod documents;
mod failures;
mod inputs;
mod operations;
mod oracle;
mod pages;
mod reads;
mod rows;
mod sound;
mod views;
mod world;
