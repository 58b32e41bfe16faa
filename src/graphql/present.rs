//! The last words of an error: what the client reads, in the caller's language, and what only the log may know.

use async_graphql::{ErrorExtensionValues, ServerError, Value};

use super::Caller;
use crate::error::{Code, Error};

/// An error as the client sees it. Ours say what they say; async-graphql's own (a document or value that does not fit
/// the schema) are `INVALID_INPUT`; everything else is INTERNAL, its cause in the log under the request's id.
#[must_use]
pub fn present(error: ServerError, caller: &Caller, request_id: &str) -> ServerError {
    if let Some(own) = error.source::<Error>() {
        let own = own.clone();
        return ours(error, &own, caller, request_id);
    }
    if error.source.is_some() {
        let own = Error::internal(error.message.clone());
        return ours(error, &own, caller, request_id);
    }
    let mut extensions = error.extensions.clone().unwrap_or_default();
    if extensions.get("code").is_none() {
        extensions.set("code", Code::InvalidInput.as_str());
    }
    ServerError { extensions: Some(extensions), ..error }
}

fn ours(error: ServerError, own: &Error, caller: &Caller, request_id: &str) -> ServerError {
    let mut extensions = own.extensions();
    if let Error::Internal(cause) = own {
        tracing::error!(request.id = request_id, cause = %cause, path = ?error.path, "a request failed");
        extensions.set("requestId", request_id);
    }
    let message = own.message(caller.locale).into_owned();
    ServerError { message, source: None, extensions: Some(extensions), ..error }
}

/// `extensions.cost`: the records asked for and how many are allowed.
#[must_use]
pub fn cost(caller: &Caller, limit: u32) -> Value {
    let mut cost = ErrorExtensionValues::default();
    cost.set("requested", caller.cost.requested());
    cost.set("limit", limit);
    async_graphql::to_value(cost).unwrap_or_default()
}
