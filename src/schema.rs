//! The whole API: the slices' queries, mutations and subscriptions, merged.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

use crate::app::App;

/// The schema that is served.
pub type Api = Schema<Query, EmptyMutation, EmptySubscription>;

/// Everything that can be asked.
#[derive(Debug, Default)]
pub struct Query;

#[Object]
impl Query {
    /// The version of the server 服务器版本.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// Builds the schema around the running program.
#[must_use]
pub fn build(app: App) -> Api {
    Schema::build(Query, EmptyMutation, EmptySubscription).data(app).finish()
}
