//! What a document comes to when every fragment is written out, computed without writing any out.
//!
//! Each fragment is measured once and remembered, so the work is proportional to the text. Sums saturate.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{Directive, ExecutableDocument, Selection, SelectionSet},
};

use super::{
    invalid,
    limits::{
        MAX_ALIASES, MAX_DEPTH, MAX_DIRECTIVES, MAX_FIELDS, MAX_INTROSPECTION_DEPTH, MAX_INTROSPECTION_FIELDS,
        MAX_INTROSPECTION_LISTS, MAX_INTROSPECTIONS, MAX_NESTING, MAX_OPERATIONS, MAX_ROOT_FIELDS, hold,
    },
};
use crate::error::Error;

/// The introspection fields that answer with lists, one for every type or field of the schema.
const LISTS: [&str; 5] = ["types", "fields", "inputFields", "interfaces", "possibleTypes"];

/// Counts the whole document and holds it to the limits; says whether it asks for the schema.
pub(super) fn count(document: &ExecutableDocument) -> Result<bool, Error> {
    let operations = u64::try_from(document.operations.iter().len()).unwrap_or(u64::MAX);
    hold(("Operations of the document", "文档操作数"), operations, MAX_OPERATIONS)?;
    let mut counter = Counter { document, fragments: HashMap::new() };
    let mut total = Size::default();
    for (_, operation) in document.operations.iter() {
        let size = counter.set(&operation.node.selection_set.node, 1)?;
        hold(("Fields at the root", "根字段数"), size.width, MAX_ROOT_FIELDS)?;
        let mut directives = Size { directives: len(&operation.node.directives), ..Size::default() };
        for variable in &operation.node.variable_definitions {
            directives.add(Size { directives: len(&variable.node.directives), ..Size::default() });
        }
        total.add(size);
        total.add(directives);
    }
    total.hold()?;
    // Validation would look at it, unmeasured, only to say the same.
    if let Some(name) = document.fragments.keys().find(|name| !counter.fragments.contains_key(name.as_str())) {
        return Err(invalid(format!("The fragment \"{name}\" is never used."), format!("片段“{name}”未被使用。")));
    }
    Ok(total.schema.roots > 0)
}

/// What a selection set comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    fields: u64,
    aliases: u64,
    directives: u64,
    /// Fields at its own level.
    width: u64,
    /// Fields within each other.
    depth: u64,
    /// Selection sets within each other, fragments counted.
    height: u64,
    /// Lists of an introspection within each other.
    lists: u64,
    schema: Schema,
}

/// What the introspections in it come to, apart from everything else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Schema {
    roots: u64,
    fields: u64,
    depth: u64,
    lists: u64,
}

impl Size {
    /// Side by side.
    fn add(&mut self, other: Self) {
        for (mine, other) in [
            (&mut self.fields, other.fields),
            (&mut self.aliases, other.aliases),
            (&mut self.directives, other.directives),
            (&mut self.width, other.width),
            (&mut self.schema.roots, other.schema.roots),
            (&mut self.schema.fields, other.schema.fields),
        ] {
            *mine = mine.saturating_add(other);
        }
        self.depth = self.depth.max(other.depth);
        self.height = self.height.max(other.height);
        self.lists = self.lists.max(other.lists);
        self.schema.depth = self.schema.depth.max(other.schema.depth);
        self.schema.lists = self.schema.lists.max(other.schema.lists);
    }

    /// Below a field of that name.
    fn below(mut self, name: &str) -> Self {
        self.width = 1;
        if name == "__schema" || name == "__type" {
            // Introspection is deeper than any limit that suits data, and is held to limits of its own.
            self.schema.roots = self.schema.roots.saturating_add(1);
            self.schema.fields = self.schema.fields.saturating_add(self.fields);
            self.schema.depth = self.schema.depth.max(self.depth);
            self.schema.lists = self.schema.lists.max(self.lists);
            (self.fields, self.depth, self.lists) = (1, 1, 0);
        } else {
            self.fields = self.fields.saturating_add(1);
            self.depth += 1;
            self.lists += u64::from(LISTS.contains(&name));
        }
        self
    }

    fn hold(&self) -> Result<(), Error> {
        hold(("Depth of nested selections", "选择集嵌套层数"), self.height, MAX_NESTING)?;
        hold(("Depth of fields", "字段深度"), self.depth, MAX_DEPTH)?;
        hold(("Fields", "字段数"), self.fields, MAX_FIELDS)?;
        hold(("Aliases", "别名数"), self.aliases, MAX_ALIASES)?;
        hold(("Directives", "指令数"), self.directives, MAX_DIRECTIVES)?;
        let schema = &self.schema;
        hold(("Introspections", "内省次数"), schema.roots, MAX_INTROSPECTIONS)?;
        hold(("Depth of an introspection", "内省深度"), schema.depth, MAX_INTROSPECTION_DEPTH)?;
        hold(("Fields of introspections", "内省字段数"), schema.fields, MAX_INTROSPECTION_FIELDS)?;
        hold(("Nested lists of an introspection", "内省列表嵌套层数"), schema.lists, MAX_INTROSPECTION_LISTS)
    }
}

struct Counter<'doc> {
    document: &'doc ExecutableDocument,
    /// `None` while a fragment is being measured: meeting it then means that it contains itself.
    fragments: HashMap<&'doc str, Option<Size>>,
}

impl<'doc> Counter<'doc> {
    /// A selection set that is `level` deep in what has been followed so far.
    fn set(&mut self, set: &'doc SelectionSet, level: u64) -> Result<Size, Error> {
        // A chain of fragments must not exhaust the stack.
        hold(("Depth of nested selections", "选择集嵌套层数"), level, MAX_NESTING)?;
        let mut size = Size::default();
        for selection in &set.items {
            size.add(self.selection(&selection.node, level)?);
        }
        size.height += 1;
        Ok(size)
    }

    fn selection(&mut self, selection: &'doc Selection, level: u64) -> Result<Size, Error> {
        let mut size = match selection {
            Selection::Field(field) => {
                let set = &field.node.selection_set.node;
                let inner = if set.items.is_empty() { Size::default() } else { self.set(set, level + 1)? };
                let mut size = inner.below(&field.node.name.node);
                size.aliases = size.aliases.saturating_add(u64::from(field.node.alias.is_some()));
                size
            }
            Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node, level + 1)?,
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level + 1)?,
        };
        size.directives = size.directives.saturating_add(len(selection.directives()));
        Ok(size)
    }

    /// An unknown fragment has no size: validation will say that it is unknown.
    fn fragment(&mut self, name: &'doc str, level: u64) -> Result<Size, Error> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                return Err(invalid(
                    format!("The fragment \"{name}\" contains itself."),
                    format!("片段“{name}”包含了自身。"),
                ));
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        self.fragments.insert(name, None);
        let mut size = self.set(&fragment.node.selection_set.node, level)?;
        size.directives = size.directives.saturating_add(len(&fragment.node.directives));
        self.fragments.insert(name, Some(size));
        Ok(size)
    }
}

fn len(directives: &[Positioned<Directive>]) -> u64 {
    u64::try_from(directives.len()).unwrap_or(u64::MAX)
}
