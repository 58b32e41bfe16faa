//! What every request is wrapped in: its id, one line in the log, safety from panics, headers that protect browsers.

use std::{panic::AssertUnwindSafe, time::Instant};

use async_graphql::parser::types::OperationType;
use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use serde_json::json;
use tracing::{Instrument as _, Span};

use super::{answer::Outcome, document::Operation, metrics, origin::REQUEST_ID, site::Site, visitor::locale};
use crate::{
    error::{Code, Error, Locale},
    platform::id,
    traces,
};

/// What a page of ours may load unless it says otherwise: nothing.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The id under which a request is in the log.
#[derive(Clone, Debug)]
pub(super) struct RequestId(String);

impl RequestId {
    /// The id of the request with these extensions.
    pub(super) fn of(extensions: &Extensions) -> String {
        extensions.get::<Self>().map(|id| id.0.clone()).unwrap_or_default()
    }
}

/// What a handler adds to its line in the log: never a token, never a variable.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    operation: Option<Operation>,
    cost: Option<u64>,
    code: Option<String>,
}

impl Logged {
    /// An operation whose results are still to come.
    pub(super) fn started(operation: Option<Operation>) -> Self {
        Self { operation, cost: None, code: None }
    }

    pub(super) fn new(operation: Option<Operation>, outcome: &Outcome) -> Self {
        Self { operation, cost: outcome.cost(), code: outcome.code().map(str::to_owned) }
    }
}

/// Runs a request inside its envelope.
pub(super) async fn wrap(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(|| id::new(site.app.db().clock().now()).simple().to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let locale = locale(request.headers());
    let mut line = Line::new(&id, &request);
    let answer = next.run(request).instrument(line.span.clone());
    let mut response = match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(response) => response,
        // The panic hook has written where and why.
        Err(_) => panicked(&id, locale),
    };
    protect(response.headers_mut(), site.app.settings().public_url.starts_with("https:"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    line.status = response.status();
    line.logged = response.extensions_mut().remove();
    response
}

/// A request's line in the log, written when it is answered or dropped.
struct Line {
    id: String,
    method: Method,
    path: String,
    began: Instant,
    span: Span,
    status: StatusCode,
    logged: Option<Logged>,
}

impl Line {
    fn new(id: &str, request: &Request) -> Self {
        Self {
            id: id.to_owned(),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            began: Instant::now(),
            span: span(id, request),
            // Nobody receives it: the client has gone away.
            status: StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
            logged: None,
        }
    }
}

/// The request's span, in the trace of whoever sent it.
fn span(id: &str, request: &Request) -> Span {
    let span = tracing::info_span!(
        target: traces::TARGET,
        "request",
        otel.name = format!("{} {}", request.method(), request.uri().path()),
        otel.kind = "server",
        request.id = id,
        http.request.method = %request.method(),
        url.path = request.uri().path(),
        http.response.status_code = tracing::field::Empty,
    );
    traces::continues(&span, request.headers());
    span
}

impl Drop for Line {
    fn drop(&mut self) {
        let operation = self.logged.as_ref().and_then(|logged| logged.operation.as_ref());
        metrics::answered(operation.map(|operation| operation.kind), self.status, self.began.elapsed());
        self.span.record("http.response.status_code", self.status.as_u16());
        if self.path.starts_with("/health/") && self.status == StatusCode::OK {
            return;
        }
        tracing::info!(
            target: "hezuo::http",
            {
                request.id = self.id,
                method = %self.method,
                path = self.path,
                status = self.status.as_u16(),
                duration_ms = metrics::milliseconds(self.began),
                operation.name = operation.and_then(|operation| operation.name.as_deref()),
                operation.type = operation.map(|operation| name_of(operation.kind)),
                cost = self.logged.as_ref().and_then(|logged| logged.cost),
                code = self.logged.as_ref().and_then(|logged| logged.code.as_deref()),
            },
            "answered a request"
        );
    }
}

/// `query`, `mutation` or `subscription`.
pub(super) fn name_of(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// The client's own id for the request, if it is harmless.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=64).contains(&id.len()) && id.bytes().all(harmless)).then(|| id.to_owned())
}

fn panicked(id: &str, locale: Locale) -> Response {
    tracing::error!(request.id = id, "a request panicked");
    let message = Error::internal("").message(locale).into_owned();
    let extensions = json!({ "code": Code::Internal.as_str(), "requestId": id });
    let body = json!({ "errors": [{ "message": message, "extensions": extensions }] });
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (StatusCode::INTERNAL_SERVER_ERROR, kind, body.to_string()).into_response()
}

/// Headers that a response has unless it set them itself.
fn protect(headers: &mut HeaderMap, encrypted: bool) {
    let mut set = |name: HeaderName, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    if encrypted {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
