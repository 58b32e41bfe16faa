//! What a read will do: levels (one statement each) and shapes (what is written from their rows).
//!
//! A plan is made afresh for every request, because making it costs less than parsing the document: so variables,
//! filters, directives and visibility are simply known, and nothing needs invalidating.

use std::sync::Arc;

use async_graphql::{Positioned, ServerError, parser::types::Field};
use sea_orm::Condition;
use uuid::Uuid;

use super::{
    column::{Column, Sort},
    compute::Compute,
    leaf::Kind,
    page::Page,
    source::{Relation, Rule},
    view::Table,
};
use crate::error::Error;

/// Rows of one view at one place of the response, for all parents at once: one statement.
#[derive(Debug)]
pub(super) struct Level {
    /// `None` for a view without rows, which reads nothing itself.
    pub(super) rows: Option<RowsWanted>,
    pub(super) children: Vec<Child>,
    /// The facts that its fields need.
    pub(super) facts: Vec<Arc<dyn Compute>>,
    /// Where the row's key stands, when facts need it.
    pub(super) key_at: Option<usize>,
    /// How many rows are asked for at most, over all parents.
    pub(super) requested: u64,
}

/// A level below another.
#[derive(Debug)]
pub(super) struct Child {
    /// Where the parent's row holds the key that the child is found by; `None` when it does not depend on the parent.
    pub(super) by: Option<usize>,
    pub(super) level: Level,
}

/// The rows a level reads.
#[derive(Debug)]
pub(super) struct RowsWanted {
    pub(super) table: Table,
    pub(super) start: Start,
    /// What every row must fulfil to be seen by the actor in this list.
    pub(super) seen: Condition,
    /// Whether the actor may see rows of this view at all.
    pub(super) open: bool,
    /// What the caller asks of the rows besides.
    pub(super) filter: Option<Condition>,
    pub(super) selected: Vec<Selected>,
    pub(super) part: Part,
    /// Whether the rows themselves are asked for.
    pub(super) rows: bool,
    /// Whether their number is.
    pub(super) count: bool,
    /// Where the rows' own key stands, when every read of them is written down.
    pub(super) recorded_at: Option<usize>,
}

/// Which rows: where the statement begins.
#[derive(Clone, Debug)]
pub(super) enum Start {
    /// Those that fulfil the condition.
    Anywhere,
    /// Those with these keys.
    Keys(Vec<Uuid>),
    /// Those whose own key the parents name.
    Named,
    /// Those that belong to the parents.
    Related(Relation),
}

/// How many of them, and in which order.
#[derive(Debug)]
pub(super) enum Part {
    /// At most one for each key.
    One,
    /// All, in this order, up to a declared maximum for each parent.
    All { sort: Sort, at_most: u64 },
    /// One for each distinct value of these columns, in their order, with their number in the place of the key.
    Groups { by: &'static [Column], at_most: u64 },
    /// A page for each parent.
    Page(Page),
}

/// One column of the statement.
#[derive(Clone, Debug)]
pub(super) enum Selected {
    /// The key by which rows are dealt out to their parents; always first.
    Group,
    Column(Column),
    /// The column where the rule holds, else null.
    HeldBack(Column, Rule),
    /// Whether the rule holds.
    Allowed(Rule),
}

impl RowsWanted {
    /// The column by which rows are dealt out to their parents.
    pub(super) fn group(&self) -> Column {
        match self.start {
            Start::Related(Relation::By(column) | Relation::Through(column, _)) => column,
            _ => self.table.key,
        }
    }

    /// Where a column stands in the row; selects it if it is not yet.
    pub(super) fn place(&mut self, column: Column) -> usize {
        if column == self.group() {
            return 0;
        }
        let found = self.selected.iter().position(|selected| matches!(selected, Selected::Column(it) if *it == column));
        found.unwrap_or_else(|| self.add(Selected::Column(column)))
    }

    pub(super) fn add(&mut self, selected: Selected) -> usize {
        self.selected.push(selected);
        self.selected.len() - 1
    }
}

/// What is written for one object.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    pub(super) items: Vec<Item<'a>>,
}

/// One member of an object.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) key: &'a str,
    pub(super) field: &'a Positioned<Field>,
    /// Whether it may be null: where a failure below it stops.
    pub(super) null: bool,
    pub(super) value: What<'a>,
}

/// Where a member's value comes from. `child` is the place among the level's children, `by` the place of the key in
/// the row by which the child's rows are found.
#[derive(Debug)]
pub(super) enum What<'a> {
    TypeName(&'static str),
    Column {
        at: usize,
        kind: &'static Kind,
        mask: Option<Mask>,
    },
    Computed(ComputedItem),
    One {
        child: usize,
        by: Option<usize>,
        shape: Shape<'a>,
        /// What is said where a record is named and not shown.
        missing: Option<fn() -> Error>,
    },
    List {
        child: usize,
        by: Option<usize>,
        shape: Shape<'a>,
    },
    Connection {
        child: usize,
        by: Option<usize>,
        shape: ConnectionShape<'a>,
    },
    Nested(Shape<'a>),
    Nodes {
        children: Vec<(usize, Shape<'a>)>,
        entries: Vec<Option<(usize, Uuid)>>,
    },
    /// It cannot be planned: an argument is wrong.
    Broken(ServerError),
}

/// Where the row says whether the text may be read as it is, and what is made of it otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask {
    pub(super) allowed_at: usize,
    pub(super) mask: fn(&str) -> String,
}

#[derive(Debug)]
pub(super) struct ComputedItem {
    pub(super) compute: Arc<dyn Compute>,
    pub(super) places: Vec<usize>,
    /// Which of the level's facts.
    pub(super) facts: Option<usize>,
    /// The field with everything that is asked of its object.
    pub(super) field: Positioned<Field>,
}

/// What is written for a connection, in the order of the document.
#[derive(Debug)]
pub(super) struct ConnectionShape<'a> {
    pub(super) type_name: String,
    pub(super) members: Vec<(&'a str, Member<'a>)>,
    /// Where rows hold what the list is ordered by, and the key; when cursors are asked for.
    pub(super) cursor_at: Option<(usize, usize)>,
}

#[derive(Debug)]
pub(super) enum Member<'a> {
    TypeName,
    Nodes(Shape<'a>),
    Edges(Vec<(&'a str, EdgeMember<'a>)>),
    PageInfo(Vec<(&'a str, PageMember)>),
    TotalCount,
}

#[derive(Debug)]
pub(super) enum EdgeMember<'a> {
    TypeName,
    Cursor,
    Node(Shape<'a>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum PageMember {
    TypeName,
    HasNextPage,
    HasPreviousPage,
    StartCursor,
    EndCursor,
}
