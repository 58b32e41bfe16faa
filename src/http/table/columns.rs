//! What the columns of a table are: what is selected of each row, down to what has no fields.
//!
//! A column is called as the answer calls it: `student.displayName`, or by its alias; in Chinese, as the schema's
//! descriptions call it. An alias is the whole name; otherwise the unit is named, too. What lies below a list of a row is in one cell, with semicolons between.

use async_graphql::{
    parser::types::{ExecutableDocument, Selection, SelectionSet},
    registry::Registry,
};
use serde_json::Value;

use super::{
    super::{document::pick, run::Prepared},
    file::Cell,
    no_list,
    pages::{NODES, rows},
    values::Kind,
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
    /// What its values are.
    kind: Kind,
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
        match found.as_slice() {
            [] => {
                let mut reasons = reasons.iter();
                let above = |path: &[&str]| column.path.iter().zip(path).all(|(own, other)| own == other);
                reasons.find(|(path, _)| above(path)).map_or(Cell::Empty, |(_, code)| Cell::Text((*code).to_owned()))
            }
            [value] => column.kind.cell(value, self.locale),
            several => {
                let texts = several.iter().map(|value| column.kind.cell(value, self.locale).into_text());
                Cell::Text(texts.collect::<Vec<_>>().join("; "))
            }
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
                        self.column(place, (named(&kind), field.node.alias.is_some()));
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

    fn column(&mut self, place: Place, (kind, is_alias): (&str, bool)) {
        if self.columns.iter().any(|column| column.path == place.path) {
            return;
        }
        let kind = Kind::of(self.registry, kind, self.locale);
        let mut title = place.title.join(".");
        if !is_alias {
            title = kind.titled(&title, self.locale);
        }
        self.columns.push(Column { title, path: place.path, kind });
    }
}

/// The name in a type such as `[Agreement!]!`.
fn named(kind: &str) -> &str {
    kind.trim_matches(['[', ']', '!'])
}
