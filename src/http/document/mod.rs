//! What a document may ask for, checked before anything is executed.
//!
//! A document of one kilobyte can stand for a billion fields: thirty fragments, each spread twice in the one before.
//! async-graphql's own checks walk all of them, so every document passes here first: a [`scan`] of its text that
//! needs no parser, then the parser, then a count that measures each fragment once, however often it is spread.

mod count;
mod known;
mod limits;
mod operation;
mod scan;
mod variables;

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use async_graphql::{
    ServerError,
    parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet},
};

pub use known::Known;
pub use limits::*;
pub use operation::Operation;
pub(super) use operation::pick;

use crate::error::{Code, Error, Problem, Text};

/// Why a document is not executed.
#[derive(Debug)]
pub enum Flaw {
    /// It is not GraphQL; the parser says where.
    Syntax(ServerError),
    /// It asks for too much, or for something that cannot be right.
    Refused(Error),
}

impl From<Error> for Flaw {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// A document within every limit. Which of its operations can be run is another question.
#[derive(Debug)]
pub struct Parsed {
    /// The parsed text.
    pub document: ExecutableDocument,
    /// Whether it asks for the schema itself.
    pub introspects: bool,
    /// Whether it was executed before, and so is valid.
    valid: AtomicBool,
}

/// Checks a document's text and parses it.
///
/// # Errors
/// LIMIT_EXCEEDED naming the limit and what the document has; INVALID_INPUT for what can never be run.
pub fn parse(text: &str) -> Result<Parsed, Flaw> {
    scan::scan(text)?;
    let document = async_graphql::parser::parse_query(text).map_err(|error| Flaw::Syntax(error.into()))?;
    let introspects = count::count(&document)?;
    Ok(Parsed { document, introspects, valid: AtomicBool::new(false) })
}

impl Parsed {
    /// A document made from one within the limits, which nobody has executed yet.
    #[must_use]
    pub(super) fn of(document: ExecutableDocument) -> Self {
        Self { document, introspects: false, valid: AtomicBool::new(false) }
    }

    /// Whether it was executed before, and so is valid.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.valid.load(Ordering::Relaxed)
    }

    /// It was executed, so it is valid.
    pub fn was_executed(&self) {
        self.valid.store(true, Ordering::Relaxed);
    }

    /// The field of a subscription, which has only one.
    #[must_use]
    pub fn subscribed(&self, name: Option<&str>) -> Option<&str> {
        match operation::pick(&self.document, name)?.selection_set.node.items.as_slice() {
            [selection] => match &selection.node {
                Selection::Field(field) => Some(&field.node.name.node),
                _ => None,
            },
            _ => None,
        }
    }

    /// The operation of that name, or the only one.
    ///
    /// # Errors
    /// INVALID_INPUT when there is none, when it is not said which, or when it would not do what it says.
    pub fn operation(&self, name: Option<&str>) -> Result<Operation, Error> {
        let operation = Operation::find(&self.document, name)?;
        match operation.kind {
            OperationType::Mutation => no_field_twice(&self.document, name)?,
            OperationType::Subscription => one_field(&self.document, name)?,
            OperationType::Query => {}
        }
        Ok(operation)
    }
}

/// `mutation { a: pay(…) a: pay(…) }`: merged into one field by the specification, run twice by async-graphql.
fn no_field_twice(document: &ExecutableDocument, name: Option<&str>) -> Result<(), Error> {
    let mut seen = HashSet::new();
    let Some(operation) = operation::pick(document, name) else { return Ok(()) };
    roots(document, &operation.selection_set.node, &mut |key| {
        if seen.insert(key.to_owned()) {
            return Ok(());
        }
        Err(invalid(
            format!("The mutation asks for \"{key}\" more than once; give each step its own alias."),
            format!("变更中“{key}”出现多次；请为每个步骤指定不同的别名。"),
        ))
    })
}

/// Calls `visit` with the response key of every field at the root, through fragments. Bounded by the counted limits.
fn roots(
    document: &ExecutableDocument,
    set: &SelectionSet,
    visit: &mut dyn FnMut(&str) -> Result<(), Error>,
) -> Result<(), Error> {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => visit(&field.node.response_key().node)?,
            Selection::InlineFragment(fragment) => roots(document, &fragment.node.selection_set.node, visit)?,
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    roots(document, &fragment.node.selection_set.node, visit)?;
                }
            }
        }
    }
    Ok(())
}

/// A subscription is exactly one field, written in the operation itself: async-graphql starts no others.
fn one_field(document: &ExecutableDocument, name: Option<&str>) -> Result<(), Error> {
    let Some(operation) = operation::pick(document, name) else { return Ok(()) };
    match operation.selection_set.node.items.as_slice() {
        [selection] if matches!(&selection.node, Selection::Field(_)) => Ok(()),
        _ => Err(invalid("A subscription selects exactly one field.", "一个订阅只能选择一个字段。")),
    }
}

pub(super) fn invalid(
    en: impl Into<std::borrow::Cow<'static, str>>,
    zh: impl Into<std::borrow::Cow<'static, str>>,
) -> Error {
    Problem::new(Code::InvalidInput, Text::new(en, zh)).into()
}

#[cfg(test)]
mod tests;
