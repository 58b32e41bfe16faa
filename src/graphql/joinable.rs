//! Subscriptions that many can listen to as one.

use std::collections::BTreeSet;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet};

use super::view::Definition;

/// The fields of the subscription's root that tell whoever has the same rights the same, and only of what is to come: who
/// joins later has missed nothing that was meant for them. Belongs into the schema's data.
#[derive(Clone, Debug, Default)]
pub struct Joinable {
    fields: &'static [&'static str],
    alone: BTreeSet<&'static str>,
}

impl Joinable {
    /// These fields.
    #[must_use]
    pub fn new(fields: &'static [&'static str]) -> Self {
        Self { fields, alone: BTreeSet::new() }
    }

    /// But for documents that ask for rows of which every read is written down, in these views: each listener's is one.
    #[must_use]
    pub fn unless_recorded(mut self, views: &[&'static Definition]) -> Self {
        self.alone = views.iter().flat_map(|view| view.recorded_fields()).collect();
        self
    }

    /// Whether this field is one of them.
    #[must_use]
    pub fn names(&self, field: &str) -> bool {
        self.fields.contains(&field)
    }

    /// Whether a document that subscribes to this field can be joined by others. Fields are told by their names alone:
    /// one of the same name elsewhere makes a document run by itself, which costs time and is right.
    #[must_use]
    pub fn joins(&self, field: &str, document: &ExecutableDocument) -> bool {
        let operations: Vec<&SelectionSet> = match &document.operations {
            DocumentOperations::Single(only) => vec![&only.node.selection_set.node],
            DocumentOperations::Multiple(all) => all.values().map(|one| &one.node.selection_set.node).collect(),
        };
        let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
        self.names(field) && !operations.into_iter().chain(fragments).any(|set| self.asks(set))
    }

    fn asks(&self, set: &SelectionSet) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selection::Field(field) => {
                self.alone.contains(field.node.name.node.as_str()) || self.asks(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => self.asks(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => false,
        })
    }
}
