//! `node` and `nodes`: any record by its id, whatever its type.

use std::collections::BTreeMap;

use async_graphql::registry::{MetaType, Registry};

use super::{
    source::{Given, Gives, Source},
    view::Definition,
};
use crate::view;

/// The interface's name.
pub(super) const NODE: &str = "Node";
/// The most ids that `nodes` takes.
pub(super) const MOST: usize = 100;

/// Any record with an id of its own. Only [`NodeQueries`] reads it.
#[derive(Debug)]
pub struct Node;

view! {
    /// Any record by its id.
    pub NodeQueries root;

    /// The record with this id; null when there is none that you may see 按标识查询任意记录.
    node: Option<Node> = node();
    /// The records with these ids, in this order; null for those that do not exist or are not yours 按标识批量查询.
    nodes: Option<Vec<Option<Node>>> = nodes();
}

/// Which views `node` and `nodes` find: by the readable half of the id. Belongs into the schema's data.
#[derive(Debug, Default)]
pub struct Nodes(BTreeMap<&'static str, &'static Definition>);

impl Nodes {
    /// Every view that says `is Node` and can be reached from these.
    pub fn reached_from(roots: impl IntoIterator<Item = &'static Definition>) -> Self {
        let views = reached_from(roots);
        let nodes = views.into_iter().filter(|view| view.node);
        Self(nodes.filter_map(|view| Some((view.table?.prefix, view))).collect())
    }

    pub(super) fn find(&self, prefix: &str) -> Option<&'static Definition> {
        self.0.get(prefix).copied()
    }
}

/// Every view that can be reached from these, themselves included.
pub fn reached_from(roots: impl IntoIterator<Item = &'static Definition>) -> Vec<&'static Definition> {
    let mut open: Vec<_> = roots.into_iter().collect();
    let mut views = BTreeMap::new();
    while let Some(view) = open.pop() {
        if views.insert(view.name, view).is_none() {
            open.extend(view.targets());
        }
    }
    views.into_values().collect()
}

/// The record with the id given as argument `id`.
#[must_use]
pub(super) fn node() -> AnyNode {
    AnyNode(())
}

/// The records with the ids given as argument `ids`.
#[must_use]
pub(super) fn nodes() -> AnyNodes {
    AnyNodes(())
}

/// See [`node`].
#[derive(Debug)]
pub(super) struct AnyNode(());
/// See [`nodes`].
#[derive(Debug)]
pub(super) struct AnyNodes(());

impl Gives<Option<Node>, ()> for AnyNode {
    fn source(self) -> Given {
        Given(Source::Node)
    }

    fn register(registry: &mut Registry) -> String {
        super::register::interface(registry);
        NODE.to_owned()
    }
}

impl Gives<Option<Vec<Option<Node>>>, ()> for AnyNodes {
    fn source(self) -> Given {
        Given(Source::Nodes)
    }

    fn register(registry: &mut Registry) -> String {
        super::register::interface(registry);
        format!("[{NODE}]")
    }
}

/// Registers that a type implements the interface.
pub(super) fn implement(registry: &mut Registry, name: &str) {
    super::register::interface(registry);
    registry.add_implements(name, NODE);
    if let Some(MetaType::Interface { possible_types, .. }) = registry.types.get_mut(NODE) {
        possible_types.insert(name.to_owned());
    }
}
