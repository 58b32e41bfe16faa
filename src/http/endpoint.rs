//! `/graphql`: GraphQL over HTTP (<https://graphql.github.io/graphql-over-http/draft/>).

use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::{StreamExt, future, stream};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use super::{
    accept::{Accepted, Form, accepted},
    answer::Outcome,
    document::{Operation, invalid},
    envelope::{Logged, RequestId},
    events::Events,
    fault::Fault,
    run::{Prepared, Reader},
    serving::Connection,
    site::Site,
    visitor::{Visitor, authorization, stranger},
    wire::Asked,
};
use crate::{error::Error, graphql::Caller};

/// Bytes of a request's body.
pub(super) const MAX_BODY: usize = 1 << 20;
/// How long a client may take to send its body.
const BODY_PATIENCE: Duration = Duration::from_secs(20);
const ALLOW: HeaderValue = HeaderValue::from_static("GET, HEAD, POST");

/// Answers one request.
pub(super) async fn answer(State(site): State<Site>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let connection = parts.extensions.get::<Connection>().cloned();
    let caller = stranger(&site.app, &parts.headers, connection.as_ref());
    let reader = Reader { caller: caller.clone(), request_id: RequestId::of(&parts.extensions) };
    let accepted = accepted(&parts.headers);
    let mut progress = Progress::default();
    let prepared = prepare(&site, (&parts, body), caller, &mut progress).await;
    let events = accepted.is_some_and(|accepted| accepted.events && progress.wants_events(accepted));
    let fixed = prepared.as_ref().is_err_and(|fault| fault.status.is_some());
    if events && !fixed {
        let results = match prepared {
            Ok(prepared) => site.news(prepared, reader.clone()),
            Err(fault) => stream::once(future::ready(Outcome::failed(fault, &reader).into())).boxed(),
        };
        let mut response = Events { site, reader, connection, visitor: progress.visitor, results }.respond();
        response.extensions_mut().insert(Logged::started(progress.operation));
        return response;
    }
    let table = accepted.map(|accepted| accepted.best).filter(|form| form.is_table());
    let outcome = match (prepared, table) {
        (Ok(prepared), Some(form)) => match site.table(prepared, &reader, form).await {
            Ok(mut response) => {
                response.extensions_mut().insert(Logged::started(progress.operation));
                return response;
            }
            Err(outcome) => outcome,
        },
        (Ok(prepared), None) => site.run(prepared, &reader).await,
        (Err(fault), _) => Outcome::failed(fault, &reader),
    };
    let mut response = outcome.respond(form(accepted), &parts.method, &parts.headers);
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, ALLOW);
    }
    response.extensions_mut().insert(Logged::new(progress.operation, &outcome));
    response
}

/// How far a request came, whether or not it went on.
#[derive(Default)]
struct Progress {
    visitor: Option<Visitor>,
    operation: Option<Operation>,
}

impl Progress {
    /// A subscription is answered with events wherever they are accepted; anything else where they are liked best.
    fn wants_events(&self, accepted: Accepted) -> bool {
        let subscription = |operation: &Operation| operation.kind == OperationType::Subscription;
        accepted.best == Form::Events || self.operation.as_ref().is_some_and(subscription)
    }
}

/// The form of a single answer; why there is no table is told in the newest.
fn form(accepted: Option<Accepted>) -> Form {
    match accepted.map(|accepted| accepted.best) {
        Some(form) if form.is_table() => Form::GraphqlResponse,
        Some(Form::Events) | None => Form::Json,
        Some(form) => form,
    }
}

/// Everything before execution.
async fn prepare(
    site: &Site,
    (parts, body): (&Parts, Body),
    caller: Caller,
    progress: &mut Progress,
) -> Result<Prepared, Fault> {
    let accepted = accepted(&parts.headers).ok_or_else(|| {
        Fault::http(
            StatusCode::NOT_ACCEPTABLE,
            "Accept must allow application/graphql-response+json or application/json.",
            "Accept 必须允许 application/graphql-response+json 或 application/json。",
        )
    })?;
    let asked = match parts.method {
        Method::POST => {
            json_only(&parts.headers)?;
            Asked::from_json(&read(body).await?)?
        }
        Method::GET | Method::HEAD => Asked::from_uri(&parts.uri)?,
        _ => return Err(Fault::http(StatusCode::METHOD_NOT_ALLOWED, "Use POST or GET.", "请使用 POST 或 GET。")),
    };
    let arrival = Visitor::arrive(&site.app, authorization(&parts.headers), caller);
    let visitor = timeout(site.request_time(), arrival).await.map_err(|_| Error::timeout())??;
    progress.visitor = Some(visitor.clone());
    let prepared = site.prepare(asked, visitor).await?;
    progress.operation = Some(prepared.operation.clone());
    may_run(&prepared.operation, &parts.method, accepted)?;
    Ok(prepared)
}

/// GET is safe by definition, so it runs no mutation; a subscription needs a form that can carry many results.
fn may_run(operation: &Operation, method: &Method, accepted: Accepted) -> Result<(), Fault> {
    match operation.kind {
        OperationType::Mutation if *method != Method::POST => {
            Err(Fault::http(StatusCode::METHOD_NOT_ALLOWED, "A mutation needs POST.", "变更操作必须使用 POST。"))
        }
        OperationType::Subscription if !accepted.events => Err(invalid(
            "Subscribe over the WebSocket at /graphql/ws, or with Accept: text/event-stream.",
            "订阅请使用 /graphql/ws 的 WebSocket，或使用 Accept: text/event-stream。",
        )
        .into()),
        _ => Ok(()),
    }
}

/// Only JSON: browsers send other types to strangers' servers without asking first.
fn json_only(headers: &HeaderMap) -> Result<(), Fault> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    if json && charset.is_none_or(|(_, charset)| charset.trim_matches('"').eq_ignore_ascii_case("utf-8")) {
        return Ok(());
    }
    Err(Fault::http(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Content-Type must be application/json in UTF-8.",
        "Content-Type 必须是 UTF-8 编码的 application/json。",
    ))
}

/// The body, counted while it arrives: what its headers say is not believed.
async fn read(body: Body) -> Result<Bytes, Fault> {
    let collected = timeout(BODY_PATIENCE, Limited::new(body, MAX_BODY).collect()).await;
    match collected {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let en = "The body is longer than 1 MiB.";
            Err(Fault::http(StatusCode::PAYLOAD_TOO_LARGE, en, "请求体超过 1 MiB。"))
        }
        Ok(Err(_)) => Err(Fault::http(StatusCode::BAD_REQUEST, "The body could not be read.", "无法读取请求体。")),
        Err(_) => Err(Fault::http(StatusCode::REQUEST_TIMEOUT, "The body came too slowly.", "请求体接收超时。")),
    }
}
