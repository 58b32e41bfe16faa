//! What a mutation answers: the record it changed, or what the caller can put right.

use std::borrow::Cow;

use async_graphql::{
    Context, ContextSelectionSet, Object, OutputType, Positioned, ServerResult, SimpleObject, TypeName, Value,
    parser::types::Field, registry::Registry,
};

use super::Caller;
use crate::error::{Code, Details, Error, Problem, Result};

/// The answer of a mutation: `AgreementPayload` for an `Agreement`. Null when the mutation is refused, so that it never
/// takes what the request did before with it.
#[derive(Clone, Debug)]
pub struct Payload<T>(Outcome<T>);

impl<T> Payload<T> {
    /// Problems are data; everything else stays an error.
    ///
    /// # Errors
    /// What the caller cannot put right.
    pub fn of(outcome: Result<T>) -> Result<Self> {
        match outcome {
            Ok(result) => Ok(Self(Outcome(Ok(result)))),
            Err(Error::Problems(problems)) => Ok(Self(Outcome(Err(problems)))),
            Err(error) => Err(error),
        }
    }
}

impl<T: OutputType> OutputType for Payload<T> {
    fn type_name() -> Cow<'static, str> {
        <Outcome<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        Self::type_name().into_owned()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Outcome<T> as OutputType>::create_type_info(registry);
        Self::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

/// What came of it: the record, or what the caller can put right.
#[derive(Clone, Debug)]
struct Outcome<T>(std::result::Result<T, Vec<Problem>>);

impl<T: OutputType> TypeName for Outcome<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Payload", T::type_name()).into()
    }
}

/// What a mutation did, or why it did nothing.
#[Object(name_type)]
impl<T: OutputType> Outcome<T> {
    /// The record as it is now; null when there are errors 办理结果.
    async fn result(&self) -> Option<&T> {
        self.0.as_ref().ok()
    }

    /// Everything you can put right, all at once; empty when it worked 需更正的问题.
    async fn user_errors(&self, ctx: &Context<'_>) -> Vec<UserError> {
        let problems = self.0.as_ref().err().map(Vec::as_slice).unwrap_or_default();
        problems.iter().map(|problem| UserError::of(problem, Caller::of(ctx))).collect()
    }
}

/// Something you can put right 可更正的问题.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// What kind of problem; programs branch on it 错误代码.
    pub code: Code,
    /// What is wrong and what was expected, in your language 说明.
    pub message: String,
    /// Where in the arguments: `["input", "parties", "0", "organizationId"]`; empty for the whole input 位置.
    pub path: Vec<String>,
    /// What a program needs to go on; only what the code speaks of is set 详情.
    pub details: Option<Details>,
}

impl UserError {
    fn of(problem: &Problem, caller: &Caller) -> Self {
        let details = (problem.details != Details::default()).then(|| problem.details.clone());
        Self {
            code: problem.code,
            message: problem.message.in_locale(caller.locale).to_owned(),
            path: problem.path.clone(),
            details,
        }
    }
}
