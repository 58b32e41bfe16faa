//! What every slice's `graphql.rs` is written with: views, the planner, payloads, connections and scalars.

mod caller;

pub use caller::Caller;
