//! What the views declare, for tests over all of them: their lists, so that the database is asked for an index for each,
//! and whether their rows may be withheld.

use super::{
    column::Column,
    source::{Relation, Rows, Source},
    view::{Definition, Table},
};

/// A list that the schema offers, in one of the orders in which it can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredList {
    /// The view and its field: `Agreement.items`.
    pub field: String,
    /// The table of its rows.
    pub table: &'static str,
    /// The table's key, which breaks ties.
    pub key: &'static str,
    /// The column that names the parent; none at the root.
    pub parent: Option<&'static str>,
    /// The link table between parent and rows, its column that names the parent, its column that names the row.
    pub link: Option<(&'static str, &'static str, &'static str)>,
    /// The column that it is ordered by.
    pub order: &'static str,
    /// Whether that column may be empty.
    pub nullable: bool,
    /// The most rows that there ever are under one parent.
    pub at_most: Option<u64>,
}

impl Definition {
    /// The type's name in the schema.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it shows rows, of which not everybody sees every one.
    #[must_use]
    pub fn has_rows(&self) -> bool {
        self.table.is_some()
    }

    /// Whether every read of its rows is written down.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.table.is_some_and(|table| table.recorded.is_some())
    }

    /// The lists of this view, each once for every column that it can be ordered by.
    #[must_use]
    pub fn lists(&self) -> Vec<DeclaredList> {
        let mut lists = Vec::new();
        for field in &self.fields {
            let (rows, at_most, target) = match &field.source {
                Source::List { rows, at_most, target } => (rows, Some(*at_most), target()),
                Source::Connection { rows, target, .. } => (rows, None, target()),
                _ => continue,
            };
            let Some(table) = target.table else { continue };
            let name = format!("{}.{}", self.name, field.name);
            lists.extend(orders(rows, table).into_iter().map(|order| list(&name, (rows, table), order, at_most)));
        }
        lists
    }
}

/// The columns that a list can be ordered by, its own order first.
fn orders(rows: &Rows, table: Table) -> Vec<Column> {
    let mut columns = vec![rows.order.map_or(table.key, |order| order.column)];
    for column in rows.order_by.map(|order_by| (order_by.columns)()).unwrap_or_default() {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

fn list(field: &str, (rows, table): (&Rows, Table), order: Column, at_most: Option<u64>) -> DeclaredList {
    let (parent, link) = match rows.relation {
        Relation::All => (None, None),
        Relation::By(column) => (Some(column.name), None),
        Relation::Through(from, to) => (None, Some((from.table, from.name, to.name))),
    };
    DeclaredList {
        field: field.to_owned(),
        table: table.name,
        key: table.key.name,
        parent,
        link,
        order: order.name,
        nullable: order.nullable,
        at_most,
    }
}
