//! The one test program.

mod http;
