//! Which operation of a document is run.

use async_graphql::{
    Name,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};

use super::invalid;
use crate::error::Error;

/// The operation that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Its name in the document, if it has one.
    pub name: Option<String>,
}

impl Operation {
    /// Finds it by name, or the only one.
    ///
    /// # Errors
    /// `INVALID_INPUT` when there is none of that name, or several and no name was given.
    pub(super) fn find(document: &ExecutableDocument, name: Option<&str>) -> Result<Self, Error> {
        if let Some(operation) = pick(document, name) {
            let only = match &document.operations {
                DocumentOperations::Single(_) => None,
                DocumentOperations::Multiple(all) => name.or_else(|| all.keys().next().map(Name::as_str)),
            };
            return Ok(Self { kind: operation.ty, name: only.map(str::to_owned) });
        }
        Err(match name {
            Some(_) => invalid("The document has no operation of this name.", "文档中没有该名称的操作。"),
            None => invalid(
                "The document has several operations; operationName must say which to run.",
                "文档包含多个操作，请用 operationName 指定要执行的操作。",
            ),
        })
    }
}

/// The operation of that name, or the only one.
pub(in crate::http) fn pick<'doc>(
    document: &'doc ExecutableDocument,
    name: Option<&str>,
) -> Option<&'doc OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name).map(|operation| &operation.node),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().map(|operation| &operation.node)
        }
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => None,
    }
}
