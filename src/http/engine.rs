//! What executes: any schema, seen without its three type parameters.

use async_graphql::{ObjectType, Request, Response, Schema, SubscriptionType};
use futures_util::{FutureExt, future::BoxFuture, stream::BoxStream};

use crate::graphql::{Joinable, Reads};

/// Executes operations. Implemented by every schema.
pub trait Engine: Send + Sync + 'static {
    /// Runs a query or a mutation.
    fn execute(&self, request: Request) -> BoxFuture<'_, Response>;
    /// Runs any operation, a subscription for as long as the stream is read.
    fn stream(&self, request: Request) -> BoxStream<'static, Response>;
    /// Its reads that need no executor, if it has such.
    fn reads(&self) -> Option<&Reads>;
    /// Its subscriptions that many can listen to as one, if it has such.
    fn joinable(&self) -> Option<&Joinable>;
}

impl<Q, M, S> Engine for Schema<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    fn execute(&self, request: Request) -> BoxFuture<'_, Response> {
        Self::execute(self, request).boxed()
    }

    fn stream(&self, request: Request) -> BoxStream<'static, Response> {
        self.execute_stream(request)
    }

    fn reads(&self) -> Option<&Reads> {
        self.data::<Reads>()
    }

    fn joinable(&self) -> Option<&Joinable> {
        self.data::<Joinable>()
    }
}
