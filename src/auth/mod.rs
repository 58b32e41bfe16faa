//! Who may do what. Pure: nothing here touches the database or the network.
//!
//! An [`Actor`] is somebody who proved who they are; a [`Permit`] is the proof that the rule was asked and said yes.
//! Each slice writes its rule once, as one exhaustive `match` in its `rules.rs`, by implementing [`Governed`].

mod actor;
mod permit;
pub mod scope;
mod signed_in;

pub use actor::{Actor, Badge};
pub use permit::{Action, Governed, Job, Permit, RecordRef};
pub use scope::Scopes;
pub use signed_in::SignedIn;
