//! Reading a list to its end: the query as it was sent, asked for one page after the other.

use std::sync::Arc;

use async_graphql::{
    Name, Positioned, Value,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
        },
    },
};

use super::{
    super::{
        document::{Parsed, invalid},
        run::{Prepared, Reader},
    },
    no_list,
};
use crate::{
    error::Error,
    graphql::{Cost, LARGEST},
};

/// Under this name a page says whether and where to read on.
pub(super) const PAGE: &str = "tablePage";
/// What a page calls its rows.
pub(super) const NODES: &str = "nodes";
/// Where a page begins.
const AFTER: &str = "tableAfter";
/// What says which page it is.
const PAGING: [&str; 4] = ["first", "after", "last", "before"];

/// A query of one list, to be read page by page.
pub(super) struct Pages {
    parsed: Arc<Parsed>,
    /// The list's name, and its name in the answer.
    name: String,
    field: String,
    /// The rows' name in the answer; nothing for a list that comes at once.
    nodes: Option<String>,
}

impl Pages {
    /// # Errors
    /// `INVALID_INPUT` for what is no query of exactly one list, or says which page it wants.
    pub(super) fn of(prepared: &Prepared) -> Result<Self, Error> {
        if prepared.operation.kind != OperationType::Query {
            return Err(no_list());
        }
        let mut document = prepared.document().clone();
        let operation = operation(&mut document, prepared.operation.name.as_deref()).ok_or_else(no_list)?;
        let list = only_field(operation).ok_or_else(no_list)?;
        let (name, field) = (list.name.node.to_string(), list.response_key().node.to_string());
        let nodes = rows(&list.selection_set.node).map(|nodes| nodes.response_key().node.to_string());
        if nodes.is_some() {
            if list.arguments.iter().any(|(name, _)| PAGING.contains(&name.node.as_str())) {
                return Err(invalid(
                    "A table is the whole list; leave first, after, last and before out.",
                    "表格包含整个列表，请去掉 first、after、last、before。",
                ));
            }
            let (page, paged) = paging()?;
            list.arguments.extend(paged.arguments);
            list.selection_set.node.items.extend(paged.selection_set.node.items);
            operation.variable_definitions.extend(page.variable_definitions);
        }
        Ok(Self { parsed: Arc::new(Parsed::of(document)), name, field, nodes })
    }

    /// The list's name in the answer.
    pub(super) fn field(&self) -> &str {
        &self.field
    }

    /// The list's name in the schema.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The rows' name in the answer; nothing for a list that comes at once.
    pub(super) fn nodes(&self) -> Option<&str> {
        self.nodes.as_deref()
    }

    /// The page after this cursor: a request of its own, as far as its cost is concerned.
    pub(super) fn page(&self, asked: &Prepared, reader: &Reader, after: Option<String>) -> (Prepared, Reader) {
        let (mut asked, mut reader) = (asked.again(self.parsed.clone()), reader.clone());
        let cost = Cost::default();
        (asked.caller.cost, reader.caller.cost) = (cost.clone(), cost);
        if self.nodes.is_some() {
            asked.variables.insert(Name::new(AFTER), after.map_or(Value::Null, Value::String));
        }
        (asked, reader)
    }
}

/// The rows, if a list comes in pages.
pub(super) fn rows(list: &SelectionSet) -> Option<&Field> {
    list.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) if field.node.name.node == NODES => Some(&field.node),
        _ => None,
    })
}

/// The operation of that name, or the only one.
fn operation<'doc>(
    document: &'doc mut ExecutableDocument,
    name: Option<&str>,
) -> Option<&'doc mut OperationDefinition> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => Some(&mut operation.node),
        DocumentOperations::Multiple(all) => all.get_mut(name?).map(|operation| &mut operation.node),
    }
}

/// What makes a query of a list one of a page: taken over from a query that is one.
fn paging() -> Result<(OperationDefinition, Field), Error> {
    let text = format!(
        "query(${AFTER}: String) {{ list(first: {LARGEST}, after: ${AFTER}) {{ {PAGE}: pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let mut document = parse_query(text).map_err(Error::internal)?;
    let operation = operation(&mut document, None).ok_or_else(no_list)?;
    let list = only_field(operation).ok_or_else(no_list)?.clone();
    Ok((operation.clone(), list))
}

/// The one field of an operation.
fn only_field(operation: &mut OperationDefinition) -> Option<&mut Field> {
    match operation.selection_set.node.items.as_mut_slice() {
        [Positioned { node: Selection::Field(field), .. }] => Some(&mut field.node),
        _ => None,
    }
}
