//! Why a request got no result at all, and how that is told.

use async_graphql::{ErrorExtensionValues, ServerError};
use axum::http::StatusCode;

use super::document::Flaw;
use crate::error::{Code, Error, Locale, Problem, Text};

/// Why nothing was executed, or nothing came of it.
#[derive(Debug)]
pub(super) struct Fault {
    /// Set where HTTP itself has a status for it, whatever the client accepts.
    pub(super) status: Option<StatusCode>,
    /// In a box, so that every `Result` stays small.
    pub(super) cause: Box<Cause>,
}

/// What went wrong.
#[derive(Debug)]
pub(super) enum Cause {
    /// One of our own failures.
    Ours(Error),
    /// The text is not GraphQL; the parser's words, with their place.
    Syntax(ServerError),
    /// The client named a document that nobody registered. Clients know this code and send the text.
    UnknownDocument,
}

impl Fault {
    /// A failure with a status of its own.
    pub(super) fn http(status: StatusCode, en: &'static str, zh: &'static str) -> Self {
        let error = Problem::new(Code::InvalidInput, Text::new(en, zh)).into();
        Self { status: Some(status), cause: Box::new(Cause::Ours(error)) }
    }

    /// The client named a document that nobody registered.
    pub(super) fn unknown_document() -> Self {
        Self { status: None, cause: Box::new(Cause::UnknownDocument) }
    }

    /// The status for a client that understands `application/graphql-response+json`.
    pub(super) fn status(&self) -> StatusCode {
        self.status.unwrap_or_else(|| match &*self.cause {
            Cause::Ours(error) => status_of(error.code()),
            Cause::Syntax(_) => StatusCode::BAD_REQUEST,
            Cause::UnknownDocument => StatusCode::NOT_FOUND,
        })
    }

    /// The same failure as GraphQL tells it; `graphql::present` gives it its words.
    pub(super) fn into_error(self, locale: Locale) -> ServerError {
        match *self.cause {
            Cause::Ours(error) => {
                let mut told = ServerError::new(error.message(locale), None);
                told.extensions = Some(error.extensions());
                told.source = Some(std::sync::Arc::new(error));
                told
            }
            Cause::Syntax(error) => error,
            Cause::UnknownDocument => {
                let mut told = ServerError::new("PersistedQueryNotFound", None);
                let mut extensions = ErrorExtensionValues::default();
                extensions.set("code", "PERSISTED_QUERY_NOT_FOUND");
                told.extensions = Some(extensions);
                told
            }
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { status: None, cause: Box::new(Cause::Ours(error)) }
    }
}

impl From<Flaw> for Fault {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Syntax(error) => Self { status: None, cause: Box::new(Cause::Syntax(error)) },
            Flaw::Refused(error) => error.into(),
        }
    }
}

/// What HTTP calls a request that failed with this code before anything was executed.
pub(super) fn status_of(code: Code) -> StatusCode {
    match code {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::InvalidInput
        | Code::IllegalStep
        | Code::RuleViolated
        | Code::Conflict
        | Code::CapacityFull
        | Code::SlotTaken
        | Code::Duplicate
        | Code::ConsentRequired
        | Code::NotFound
        | Code::LimitExceeded => StatusCode::BAD_REQUEST,
    }
}
