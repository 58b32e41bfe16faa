//! What the columns of a table are: what is selected of each row, down to what has no fields.
//!
//! A column is called as the answer calls it: `student.displayName`, or by its alias; in Chinese, as the schema's
//! descriptions call it. What lies below a list of a row is in one cell, with semicolons between.

use std::collections::HashMap;

use async_graphql::{
    parser::types::{ExecutableDocument, Selection, SelectionSet},
    registry::{MetaType, Registry},
};
use serde_json::Value;

use super::{
    super::{document::pick, run::Prepared},
    file::Cell,
    no_list,
    pages::{NODES, rows},
    yes_or_no,
};
use crate::{
    error::{Code, Error, Locale, Problem, Text},
    graphql::chinese,
};

/// The most columns of a table.
const MOST: usize = 200;
/// What only says that something is a list.
const STRUCTURE: [&str; 3] = [NODES, "edges", "node"];

/// The columns of a table.
pub(super) struct Columns {
    columns: Vec<Column>,
    locale: Locale,
}

struct Column {
    title: String,
    /// Where it is, below the row.
    path: Vec<String>,
    /// What its values are called, if it has only a few.
    labels: HashMap<String, String>,
}

impl Columns {
    /// # Errors
    /// `INVALID_INPUT` for what is no list; `LIMIT_EXCEEDED` for too many columns.
    pub(super) fn of(registry: &Registry, asked: &Prepared, locale: Locale) -> Result<Self, Error> {
        let document = asked.document();
        let operation = pick(document, asked.operation.name.as_deref()).ok_or_else(no_list)?;
        let found = operation.selection_set.node.items.first().map(|selection| &selection.node);
        let Some(Selection::Field(list)) = found else { return Err(no_list()) };
        let mut walk = Walk { registry, document, locale, columns: Vec::new() };
        let of = walk.kind(&registry.query_type, &list.node.name.node).ok_or_else(no_list)?;
        let selected = &list.node.selection_set.node;
        match rows(selected) {
            Some(nodes) => {
                let of = walk.kind(named(&of), NODES).ok_or_else(no_list)?;
                walk.below(&nodes.selection_set.node, named(&of), &Place::default());
            }
            None if of.starts_with('[') => walk.below(selected, named(&of), &Place::default()),
            None => return Err(no_list()),
        }
        let columns = walk.columns;
        if columns.len() > MOST {
            let message = Text::new(
                format!("The table has {} columns; expected {MOST} at most.", columns.len()),
                format!("表格有 {} 列，最多 {MOST} 列。", columns.len()),
            );
            return Err(Problem::new(Code::LimitExceeded, message).into());
        }
        Ok(Self { columns, locale })
    }

    /// What the columns are called.
    pub(super) fn titles(self) -> Vec<String> {
        self.columns.into_iter().map(|column| column.title).collect()
    }

    /// The cells of a row; where something is missing for a reason, its code.
    pub(super) fn cells(&self, row: &Value, reasons: &[(Vec<&str>, &str)]) -> Vec<Cell> {
        self.columns.iter().map(|column| self.cell(column, row, reasons)).collect()
    }

    fn cell(&self, column: &Column, row: &Value, reasons: &[(Vec<&str>, &str)]) -> Cell {
        let mut found = Vec::new();
        gather(row, &column.path, &mut found);
        if let [Value::Number(number)] = found.as_slice() {
            return Cell::Number(number.clone());
        }
        let texts: Vec<String> = found.into_iter().map(|value| self.text(column, value)).collect();
        if texts.is_empty() {
            let reason =
                reasons.iter().find(|(path, _)| column.path.iter().map(String::as_str).zip(path).all(|(a, b)| a == *b));
            return reason.map_or(Cell::Empty, |(_, code)| Cell::Text((*code).to_owned()));
        }
        Cell::Text(texts.join("; "))
    }

    fn text(&self, column: &Column, value: &Value) -> String {
        match value {
            Value::String(text) => column.labels.get(text).unwrap_or(text).clone(),
            Value::Bool(is) => yes_or_no(self.locale, *is).to_owned(),
            other => other.to_string(),
        }
    }
}

/// Everything at the end of a path, through lists; what is null is not there.
fn gather<'row>(value: &'row Value, path: &[String], found: &mut Vec<&'row Value>) {
    match (value, path) {
        (Value::Null, _) => {}
        (Value::Array(items), _) => items.iter().for_each(|item| gather(item, path, found)),
        (value, []) => found.push(value),
        (value, [next, rest @ ..]) => {
            if let Some(member) = value.get(next) {
                gather(member, rest, found);
            }
        }
    }
}

/// Where a selection stands.
#[derive(Clone, Default)]
struct Place {
    path: Vec<String>,
    title: Vec<String>,
}

/// A walk through what is selected.
struct Walk<'a> {
    registry: &'a Registry,
    document: &'a ExecutableDocument,
    locale: Locale,
    columns: Vec<Column>,
}

impl Walk<'_> {
    /// The type of a field, as the schema writes it.
    fn kind(&self, of: &str, field: &str) -> Option<String> {
        Some(self.registry.types.get(of)?.field_by_name(field)?.ty.clone())
    }

    fn below(&mut self, set: &SelectionSet, of: &str, place: &Place) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let (name, key) = (&field.node.name.node, field.node.response_key().node.to_string());
                    let mut place = place.clone();
                    let is_structure =
                        STRUCTURE.contains(&name.as_str()) && !field.node.selection_set.node.items.is_empty();
                    if !is_structure {
                        place.title.push(self.title(of, name, (field.node.alias.is_some(), &key)));
                    }
                    place.path.push(key);
                    let kind = self.kind(of, name).unwrap_or_default();
                    if field.node.selection_set.node.items.is_empty() {
                        self.column(place, named(&kind));
                    } else {
                        self.below(&field.node.selection_set.node, named(&kind), &place);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(of, |on| on.node.on.node.as_str());
                    self.below(&fragment.node.selection_set.node, on, place);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.below(&fragment.node.selection_set.node, on, place);
                    }
                }
            }
        }
    }

    fn title(&self, of: &str, name: &str, (is_alias, key): (bool, &str)) -> String {
        if self.locale == Locale::En || is_alias {
            return key.to_owned();
        }
        let description = self.registry.types.get(of).and_then(|of| of.field_by_name(name)?.description.as_deref());
        match chinese(description.unwrap_or_default()) {
            "" => key.to_owned(),
            label => label.to_owned(),
        }
    }

    fn column(&mut self, place: Place, kind: &str) {
        if self.columns.iter().any(|column| column.path == place.path) {
            return;
        }
        let labels = match self.registry.types.get(kind) {
            Some(MetaType::Enum { enum_values, .. }) if self.locale == Locale::Zh => {
                let labelled = enum_values.values().map(|value| {
                    (value.name.clone(), chinese(value.description.as_deref().unwrap_or_default()).to_owned())
                });
                labelled.filter(|(_, label)| !label.is_empty()).collect()
            }
            _ => HashMap::new(),
        };
        self.columns.push(Column { title: place.title.join("."), path: place.path, labels });
    }
}

/// The name in a type such as `[Agreement!]!`.
fn named(kind: &str) -> &str {
    kind.trim_matches(['[', ']', '!'])
}
