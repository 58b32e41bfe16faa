//! The words a client reads when something failed: a stand-in until `graphql` presents errors itself.

use async_graphql::{ErrorExtensionValues, ServerError, Value};

use crate::error::{Code, Error, Locale};

/// Gives every error its code, the reader's language, and nothing of an internal cause.
pub(super) fn present(errors: Vec<ServerError>, locale: Locale, request_id: &str) -> Vec<ServerError> {
    errors.into_iter().map(|error| one(error, locale, request_id)).collect()
}

fn one(mut error: ServerError, locale: Locale, request_id: &str) -> ServerError {
    if let Some(ours) = error.source::<Error>().cloned() {
        error.message = ours.message(locale).into_owned();
        error.extensions = Some(ours.extensions());
        if let Error::Internal(cause) = ours {
            tracing::error!(request.id = request_id, cause = %cause, "a request failed");
            code(&mut error, Code::Internal, request_id);
        }
    } else if error.extensions.as_ref().is_none_or(|extensions| extensions.get("code").is_none()) {
        if error.path.is_empty() {
            code(&mut error, Code::InvalidInput, request_id);
        } else {
            tracing::error!(request.id = request_id, cause = error.message, "a request failed");
            error.message = Error::internal("").message(locale).into_owned();
            code(&mut error, Code::Internal, request_id);
        }
    }
    error
}

fn code(error: &mut ServerError, code: Code, request_id: &str) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("code", code.as_str());
    if code == Code::Internal {
        extensions.set("requestId", Value::from(request_id));
    }
}
