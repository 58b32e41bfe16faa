//! The kernel's tests, on SQLite and, when `HEZUO_TEST_POSTGRES` names a server, on PostgreSQL alike.

mod reads;
mod rows;
mod world;
