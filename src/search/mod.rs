//! Search 搜索: everything that the actor may see, by words.
//!
//! Each slice declares what of its records is searched ([`crate::platform::search::Searched`]); nothing of a student is.
//! Here they are asked side by side, ranked together and cut: what people call a record stands first, and a piece of its
//! text around what was found. What the actor does not see is found by no word and counted in no number.

pub mod graphql;
pub mod ranking;

use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    error::Result,
    platform::search::{Query, Registered},
};
use ranking::Piece;

/// A record that was found, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The TypeID prefix.
    pub kind: &'static str,
    /// The key.
    pub id: Uuid,
    /// What people call it.
    pub title: Vec<Piece>,
    /// Where the words stand, as GraphQL names the field.
    pub field: String,
    /// A piece of that field.
    pub snippet: Vec<Piece>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many of each kind, where there are any.
    pub counts: Vec<(&'static str, i64)>,
    /// The best.
    pub hits: Vec<Hit>,
}

/// Looks for words in records of these kinds, of all where none is named; gives the best.
///
/// # Errors
/// `INVALID_INPUT` when there is nothing to look for, or too much.
pub async fn search(
    app: &App,
    actor: &Actor,
    (text, kinds, first): (&str, &[&str], usize),
    registered: &Registered,
) -> Result<Found> {
    let query = Query::read(text)?;
    let wanted = registered.iter().filter(|kind| kinds.is_empty() || kinds.contains(&kind.kind()));
    let found = try_join_all(wanted.map(|kind| kind.find(app.db(), actor, &query))).await?;
    let counts = found.iter().filter(|hits| hits.total > 0).map(|hits| (hits.kind, hits.total)).collect();
    Ok(Found { counts, hits: ranking::best(&query, found, first) })
}
