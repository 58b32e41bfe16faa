//! The trail 办理记录: who did what, when, to which record. Written by every use case, read as `history`.

pub mod graphql;
pub mod store;
