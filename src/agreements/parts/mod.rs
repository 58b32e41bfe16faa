//! What an agreement consists of, as clients see it: its parties, frozen texts, reviews and signatures.

pub mod graphql;
pub mod store;
