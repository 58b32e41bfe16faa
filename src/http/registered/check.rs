//! Whether documents could be run: the limits every document keeps, and the schema, without running anything.

use std::sync::Arc;

use async_graphql::{
    Request, Response, Value,
    async_trait::async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    parser::types::DocumentOperations,
};

use super::files::Found;
use crate::{
    error::Locale,
    http::document::{self, Flaw},
    schema::{self, Api},
};

/// What is wrong with them: file, line and column, and the sentence that a client would read.
pub(super) async fn problems(documents: &[Found]) -> Vec<String> {
    let api = validating();
    let mut problems = Vec::new();
    for Found { place, text } in documents {
        let parsed = match document::parse(text) {
            Ok(parsed) => parsed,
            Err(Flaw::Syntax(error)) => {
                problems.push(at(place, &error));
                continue;
            }
            Err(Flaw::Refused(error)) => {
                problems.push(format!("{place}: {}", error.message(Locale::En)));
                continue;
            }
        };
        // The whole document is validated, whichever of its operations is named.
        let mut request = Request::new(text);
        if let DocumentOperations::Multiple(operations) = &parsed.document.operations {
            request.operation_name = operations.keys().next().map(ToString::to_string);
        }
        let response = api.execute(request).await;
        problems.extend(response.errors.iter().map(|error| at(place, error)));
    }
    problems
}

/// The schema, to say whether requests are valid: it runs none of them.
pub(in crate::http) fn validating() -> Api {
    schema::builder().extension(ValidationOnly).finish()
}

/// An error with its file, line and column.
pub(in crate::http) fn at(place: &str, error: &async_graphql::ServerError) -> String {
    match error.locations.first() {
        Some(found) => format!("{place}:{}:{}: {}", found.line, found.column, error.message),
        None => format!("{place}: {}", error.message),
    }
}

/// Stops where execution would begin.
struct ValidationOnly;

impl ExtensionFactory for ValidationOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for ValidationOnly {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::new(Value::Null)
    }
}
