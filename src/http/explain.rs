//! What a query would do, told to whoever debugs it: checked as a request is, then read and explained, not answered.

use async_graphql::{Request, ServerError, Variables, parser::types::OperationType};
use sea_orm::{ActiveEnum as _, DbBackend};

use super::{
    document::{self, Flaw, Operation, Parsed},
    envelope::name_of,
    registered::check::{at, validating},
};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Locale},
    graphql::{Caller, DirectlyAsked, Reads, present},
    platform::id,
    schema,
};

/// A query to be explained.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The document's file, for what is wrong with it.
    pub file: &'a str,
    /// The document.
    pub text: &'a str,
    /// Which of its operations, where there are several.
    pub operation: Option<&'a str>,
    /// The values of its variables, a JSON object.
    pub variables: Option<&'a str>,
    /// As whom it is read.
    pub actor: &'a Actor,
}

/// How the query is read: a tree of levels, with what the database does for each. No content of any row.
///
/// # Errors
/// Everything that is wrong with it, each with file, line and column where it has them.
pub async fn explain(app: &App, question: Question<'_>) -> Result<String, Vec<String>> {
    let told = |error: &Error| vec![format!("{}: {}", question.file, error.message(Locale::En))];
    let parsed = document::parse(question.text).map_err(|flaw| match flaw {
        Flaw::Syntax(error) => vec![at(question.file, &error)],
        Flaw::Refused(error) => told(&error),
    })?;
    let operation = parsed.operation(question.operation).map_err(|error| told(&error))?;
    let variables = variables(question.variables)?;
    check(question, &variables).await?;
    if operation.kind != OperationType::Query {
        let kind = name_of(operation.kind);
        return Err(vec![format!("{}: only queries can be explained, and this is a {kind}.", question.file)]);
    }
    parsed.provided(question.operation, &variables).map_err(|error| told(&error))?;
    let variables = parsed.with_flags(question.operation, variables);
    read(app, question, (&parsed, &operation, &variables)).await
}

fn variables(text: Option<&str>) -> Result<Variables, Vec<String>> {
    let Some(text) = text else { return Ok(Variables::default()) };
    match serde_json::from_str(text) {
        Ok(values @ serde_json::Value::Object(_)) => Ok(Variables::from_json(values)),
        Ok(_) => Err(vec!["The variables are not a JSON object.".to_owned()]),
        Err(error) => Err(vec![format!("The variables are not JSON ({error}).")]),
    }
}

/// Whether it is valid, without running it.
async fn check(question: Question<'_>, variables: &Variables) -> Result<(), Vec<String>> {
    let mut request = Request::new(question.text).variables(variables.clone());
    request.operation_name = question.operation.map(str::to_owned);
    let response = validating().execute(request).await;
    placed(question, response.errors)
}

fn placed(question: Question<'_>, errors: Vec<ServerError>) -> Result<(), Vec<String>> {
    let caller = Caller::default();
    let errors = errors.into_iter().map(|error| at(question.file, &present(error, &caller, "")));
    let errors: Vec<_> = errors.collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

async fn read(
    app: &App,
    question: Question<'_>,
    (parsed, operation, variables): (&Parsed, &Operation, &Variables),
) -> Result<String, Vec<String>> {
    let api = schema::build(app.clone());
    let Some(reads) = api.data::<Reads>() else { return Err(vec!["The schema has no reads.".to_owned()]) };
    let actor = question.actor;
    let caller = &Caller { actor: Some(actor.clone()), ..Caller::default() };
    let asked = DirectlyAsked { document: &parsed.document, operation: operation.name.as_deref(), variables, caller };
    let explained = match reads.explain(app, asked).await {
        Ok(explained) => explained,
        Err(errors) => return Err(placed(question, errors).err().unwrap_or_default()),
    };
    let database = if app.db().backend() == DbBackend::Sqlite { "SQLite" } else { "PostgreSQL" };
    let (name, role) = (operation.name.as_deref().unwrap_or(question.file), actor.role().to_value());
    let membership = id::show("membership", actor.membership());
    Ok(format!("{name} on {database}, as {role} ({membership})\n{explained}"))
}
