//! How the API is declared and how it is read. Every slice's `graphql.rs` is written with what is here.
//!
//! # Declaring
//!
//! A GraphQL object type is a **view**: one line for each field says its name, its type and where it comes from.
//!
//! ```ignore
//! view! {
//!     /// What a county and its partners have promised each other.
//!     pub Agreement of agreement, seen by store::visible_to, is Node;
//!
//!     /// Its id.
//!     id: ID = column(Id);
//!     /// Where it stands.
//!     status: AgreementStatus = column(Status);
//!     /// The county that hosts the cooperation.
//!     county: Option<Organization> = one(CountyId);
//!     /// Everyone who signs.
//!     parties: Vec<AgreementParty> = many(agreement_party::Column::AgreementId).order(agreement_party::Column::Position, Order::Asc).at_most(20);
//!     /// What has been promised, and by when.
//!     items: Connection<CooperationItem> = many(cooperation_item::Column::AgreementId).filter::<ItemFilter>().order_by::<ItemOrder>();
//!     /// What you can do now: show exactly these buttons.
//!     open_steps: Vec<AgreementStep> = facts(store::facts_of, Stepped::open_steps);
//! }
//!
//! view! {
//!     /// What can be asked about agreements.
//!     pub Queries root;
//!
//!     /// One agreement.
//!     agreement: Option<Agreement> = by_id();
//!     /// The agreements you may see.
//!     agreements: Connection<Agreement> = all().filter::<AgreementFilter>().order_by::<AgreementOrder>();
//! }
//! ```
//!
//! Left of `=` stand name and GraphQL type, right of it an ordinary expression: the sources are listed in [`source`],
//! filters and orders in [`filter`]. A column's name needs no path. The `///` become the schema's descriptions. `seen
//! by` cannot be left out: it says which rows an actor sees, and stands in every statement about the view, counts
//! included. A pairing that cannot be is a compile error at its field; [`Definition::problems`] says what only a look at
//! the columns can tell, and a test asks it for every view. **To add a field, add a line.**
//!
//! `Agreement(key)` is a value: return `Option<Agreement>` from a resolver, in a [`Payload`] or from a subscription, and
//! it is read as its selection asks, or null when the caller may not see the row. A slice's `Queries` is an object type
//! that `schema.rs` merges with the others. Inputs, enums and mutations are async-graphql's own.
//!
//! # How a read runs
//!
//! 1. [`resolve`]: async-graphql asks for a field. [`select`] gathers what the document asks there, merged, fragments
//!    and directives followed.
//! 2. [`planner`] walks that once and makes a [`plan`]: *levels*, each one flat statement for the rows of one relation
//!    under all its parents, and *shapes*, what is written from them. It counts the rows asked for; too many are refused
//!    before the first statement.
//! 3. [`read`] runs each level's statement ([`sql`], both dialects) and, from the keys it found, the levels below it;
//!    siblings side by side. Two levels deep is two statements, however many rows there are.
//! 4. [`write`] writes the rows, column by column ([`cell`]), into one JSON text, which goes into the response as it is.
//!
//! A document that was executed once, and reads nothing but views, is planned, read and written without async-graphql
//! from then on ([`direct`]). Statements go over connections of their own ([`crate::platform::lanes`]).
//!
//! [`Explained`] is the same read told instead of answered: `hezuo explain` prints it.
//!
//! There are no resolvers for fields and no loaders, so that reading row by row cannot be written.

mod body;
mod caller;
mod cell;
mod column;
mod compute;
mod connection;
mod declared;
mod direct;
mod explain;
pub mod filter;
mod groups;
mod joinable;
pub mod json;
mod labels;
mod leaf;
mod node;
mod page;
mod payload;
mod plan;
mod planner;
mod present;
mod read;
pub mod register;
pub mod resolve;
mod root;
mod scalars;
mod select;
mod single;
pub mod source;
mod sql;
mod statement;
#[cfg(test)]
mod tests;
mod variables;
mod view;
mod words;
mod write;

pub use body::body;
pub use caller::{Caller, Cost, asked, program};
pub use compute::{Cells, Loader, compute, facts};
pub use declared::DeclaredList;
pub use direct::{Asked as DirectlyAsked, Reads};
pub use explain::Explained;
pub use filter::{Between, Filter, OneOf, OrderBy, OrderDirection, OrderField};
pub use groups::group_size;
pub use joinable::Joinable;
pub use labels::{EnumLabels, LabelQueries, ValueLabels, chinese};
pub use leaf::{Leaf, Place, Written};
pub use node::{Node, NodeQueries, Nodes, reached_from};
pub use page::LARGEST;
pub use payload::{Payload, UserError};
pub use present::{cost, present};
pub use resolve::{SeenBy, counted};
pub use root::Root;
pub use scalars::{BigInt, CreditCode, Date, DateTime, Money, RegionCode, Url};
pub use single::{by_id, find, nested, own};
pub use source::{all, column, list_where, many, one, through};
pub use view::{Connection, Definition, Field, Recorder, RowView, View, field};
pub use words::Words;

pub use async_graphql::ID;

pub use crate::view;
