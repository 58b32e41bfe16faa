//! From what was asked to what came of it, for every transport.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request, Response, ServerError, Value, Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use tracing::{Instrument as _, Span};

use super::{
    answer::Outcome,
    document::{self, Operation, Parsed, invalid},
    envelope::name_of,
    fault::{Fault, status_of},
    metrics,
    site::Site,
    visitor::Visitor,
    wire::Asked,
};
use crate::{
    error::{Code, Error},
    graphql::{self, Caller, DirectlyAsked},
    traces,
};

/// A request that may be executed.
pub(super) struct Prepared {
    pub(super) text: String,
    parsed: Arc<Parsed>,
    pub(super) variables: Variables,
    pub(super) caller: Caller,
    /// Which operation of its document.
    pub(super) operation: Operation,
}

/// To whom the outcome is told, and under which name it is in the log.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) caller: Caller,
    pub(super) request_id: String,
}

impl Reader {
    fn present(&self, error: ServerError) -> ServerError {
        graphql::present(error, &self.caller, &self.request_id)
    }
}

impl Site {
    /// How long a request may take.
    pub(super) fn request_time(&self) -> Duration {
        Duration::from_secs(self.app.settings().request_timeout_seconds.into())
    }

    /// Finds and checks the document; nothing is executed yet.
    pub(super) async fn prepare(&self, asked: Asked, visitor: Visitor) -> Result<Prepared, Fault> {
        let text = self.text(asked.query, asked.sha256.as_deref()).await?;
        let name = asked.operation_name.as_deref();
        let parsed = self.parsed(&text)?;
        let operation = parsed.operation(name)?;
        if parsed.introspects && !self.app.settings().introspection {
            return Err(invalid("This server does not show its schema.", "本服务器未开放内省查询。").into());
        }
        parsed.provided(name, &asked.variables)?;
        // Every request costs something, whatever it reads; what it reads is added when that is known.
        self.app.budgets().spend(&visitor.caller.purse(), 1, self.app.db().clock().now())?;
        let variables = parsed.with_flags(name, asked.variables);
        Ok(Prepared { text, parsed, variables, caller: visitor.caller, operation })
    }

    /// The document with this text, parsed now or before.
    fn parsed(&self, text: &str) -> Result<Arc<Parsed>, Fault> {
        if let Some(parsed) = self.known.find(text) {
            return Ok(parsed);
        }
        let parsed = Arc::new(document::parse(text)?);
        self.known.keep(text, &parsed);
        Ok(parsed)
    }

    /// The document itself: as sent, or as registered under the hash that was sent.
    async fn text(&self, sent: Option<String>, sha256: Option<&str>) -> Result<String, Fault> {
        let only = self.documents.only();
        let Some(sha256) = sha256 else {
            return match sent {
                Some(text) if !only => Ok(text),
                _ => Err(Error::unregistered().into()),
            };
        };
        if let Some(registered) = self.documents.find(sha256).await? {
            return Ok(registered.to_string());
        }
        match sent {
            Some(_) if only => Err(Error::unregistered().into()),
            Some(text) if hash(&text) == sha256 => Ok(text),
            Some(_) => Err(invalid("sha256Hash is not the hash of query.", "sha256Hash 与 query 不一致。").into()),
            None => Err(Fault::unknown_document()),
        }
    }

    /// Runs a query or a mutation within its time. Dropping it stops the work, in the database as well.
    pub(super) async fn run(&self, prepared: Prepared, reader: &Reader) -> Outcome {
        let _running = metrics::running();
        let span = span(&prepared.operation);
        let execution = self.execute(prepared).instrument(span);
        match tokio::time::timeout(self.request_time(), execution).await {
            Ok(response) => {
                let mut outcome = Outcome::new(response, reader);
                if outcome.executed {
                    let cost = graphql::cost(&reader.caller, self.app.settings().max_cost);
                    outcome.result.extensions.insert("cost".to_owned(), cost);
                }
                outcome
            }
            Err(_) => Outcome::failed(Error::timeout().into(), reader),
        }
    }

    /// Past the executor where that is possible.
    async fn execute(&self, prepared: Prepared) -> Response {
        if let Some(reads) = self.engine.reads().filter(|_| prepared.parsed.is_valid())
            && let Some(response) = reads.answer(&self.app, prepared.directly()).await
        {
            return response;
        }
        let parsed = prepared.parsed.clone();
        let response = self.engine.execute(prepared.request()).await;
        if was_executed(&response) {
            parsed.was_executed();
        }
        response
    }

    /// Runs any operation: a subscription for as long as the stream is read, anything else once.
    pub(super) fn stream(&self, prepared: Prepared, reader: Reader) -> BoxStream<'static, Outcome> {
        if prepared.operation.kind != OperationType::Subscription {
            let site = self.clone();
            return stream::once(async move { site.run(prepared, &reader).await }).boxed();
        }
        let running = metrics::running();
        let results = self.results(prepared, reader);
        results
            .map(move |outcome| {
                let _ = &running;
                metrics::rendered();
                metrics::sent();
                outcome
            })
            .boxed()
    }

    /// What a subscription tells, to whomever.
    pub(super) fn results(&self, prepared: Prepared, reader: Reader) -> BoxStream<'static, Outcome> {
        self.engine.stream(prepared.request()).map(move |response| Outcome::new(response, &reader)).boxed()
    }
}

impl Prepared {
    /// The same request for another document, which asks for as much.
    pub(super) fn again(&self, parsed: Arc<Parsed>) -> Self {
        Self {
            text: self.text.clone(),
            parsed,
            variables: self.variables.clone(),
            caller: self.caller.clone(),
            operation: self.operation.clone(),
        }
    }

    fn request(self) -> Request {
        let mut request = Request::new(self.text).variables(self.variables).data(self.caller);
        request.operation_name = self.operation.name;
        request.set_parsed_query(self.parsed.document.clone());
        request
    }

    /// The field of a subscription.
    pub(super) fn subscribed(&self) -> Option<&str> {
        self.parsed.subscribed(self.operation.name.as_deref())
    }

    /// What was asked, parsed.
    pub(super) fn document(&self) -> &ExecutableDocument {
        &self.parsed.document
    }

    fn directly(&self) -> DirectlyAsked<'_> {
        DirectlyAsked {
            document: &self.parsed.document,
            operation: self.operation.name.as_deref(),
            variables: &self.variables,
            caller: &self.caller,
        }
    }
}

/// The executor gives every error of a field its path; what has none was refused before.
fn was_executed(response: &Response) -> bool {
    response.data != Value::Null
        || response.errors.is_empty()
        || response.errors.iter().any(|error| !error.path.is_empty())
}

/// The span of an operation, named after it: `query OurAgreements`.
fn span(operation: &Operation) -> Span {
    let (kind, name) = (name_of(operation.kind), operation.name.as_deref().unwrap_or_default());
    tracing::info_span!(
        target: traces::TARGET,
        "operation",
        otel.name = format!("{kind} {name}").trim_end(),
        graphql.operation.name = name,
        graphql.operation.type = kind,
    )
}

impl Outcome {
    /// What a schema answered.
    pub(super) fn new(mut response: Response, reader: &Reader) -> Self {
        let executed = was_executed(&response);
        response.errors = std::mem::take(&mut response.errors).into_iter().map(|error| reader.present(error)).collect();
        let status = status_of(first_code(&response).unwrap_or(Code::InvalidInput));
        Self { result: response, executed, status, fixed: false }
    }

    /// Nothing was executed.
    pub(super) fn failed(fault: Fault, reader: &Reader) -> Self {
        let (status, fixed) = (fault.status(), fault.status.is_some());
        let error = reader.present(fault.into_error(reader.caller.locale));
        Self { result: Response::from_errors(vec![error]), executed: false, status, fixed }
    }

    /// The code of the first error.
    pub(super) fn code(&self) -> Option<&str> {
        code_of(&self.result)
    }

    /// What it cost, if it was counted.
    pub(super) fn cost(&self) -> Option<u64> {
        let Value::Object(cost) = self.result.extensions.get("cost")? else { return None };
        let Value::Number(requested) = cost.get("requested")? else { return None };
        requested.as_u64()
    }
}

fn code_of(response: &Response) -> Option<&str> {
    match response.errors.first()?.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

fn first_code(response: &Response) -> Option<Code> {
    let code = code_of(response)?;
    [Code::Unauthenticated, Code::Forbidden, Code::RateLimited, Code::Timeout, Code::Internal]
        .into_iter()
        .find(|one| one.as_str() == code)
}

fn hash(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(half.into(), 16).unwrap_or_default());
        }
        text
    })
}
