//! Where in the response the rows of each level stand: a plan's levels know their rows and its shapes the names.

use async_graphql::ServerError;
use uuid::Uuid;

use super::super::{
    plan::{EdgeMember, Item, Level, Member, Shape, What},
    read::Loaded,
};
use crate::error::{Error, Result};

/// A level with what it read, at its place in the response.
pub(super) struct Place<'a> {
    /// Where its rows stand: `agreements.nodes.parties`.
    pub(super) path: String,
    pub(super) level: &'a Level,
    pub(super) loaded: &'a Loaded,
    /// The keys of its parents.
    pub(super) keys: Vec<Uuid>,
    /// The fields that need each of its facts.
    pub(super) facts: Vec<Vec<String>>,
    pub(super) below: Vec<Self>,
}

impl<'a> Place<'a> {
    /// The ground below a field of the root, with every level on it.
    pub(super) fn ground(level: &'a Level, loaded: &'a Loaded, item: &Item<'_>) -> Result<Self> {
        let mut ground = Self::new(String::new(), (level, loaded), Vec::new());
        ground.item("", item)?;
        Ok(ground)
    }

    fn new(path: String, (level, loaded): (&'a Level, &'a Loaded), keys: Vec<Uuid>) -> Self {
        Self { path, level, loaded, keys, facts: vec![Vec::new(); level.facts.len()], below: Vec::new() }
    }

    fn shape(&mut self, path: &str, shape: &Shape<'_>) -> Result<()> {
        shape.items.iter().try_for_each(|item| self.item(path, item))
    }

    fn item(&mut self, path: &str, item: &Item<'_>) -> Result<()> {
        let path = &join(path, item.key);
        match &item.value {
            What::Computed(computed) => {
                if let Some(fields) = computed.facts.and_then(|facts| self.facts.get_mut(facts)) {
                    fields.push(item.key.to_owned());
                }
            }
            What::Nested(shape) => self.shape(path, shape)?,
            What::Nodes { children, .. } => {
                for (child, shape) in children {
                    self.child(path, *child)?.shape(path, shape)?;
                }
            }
            What::One { child, shape, .. } | What::List { child, shape, .. } => {
                self.child(path, *child)?.shape(path, shape)?;
            }
            What::Connection { child, shape, .. } => {
                let place = self.child(path, *child)?;
                for (key, shape) in shape.members.iter().flat_map(of_rows) {
                    place.shape(&join(path, &key), shape)?;
                }
            }
            What::TypeName(_) | What::Column { .. } | What::Broken(_) => {}
        }
        Ok(())
    }

    fn child(&mut self, path: &str, child: usize) -> Result<&mut Self> {
        let (planned, loaded) = (self.level.children.get(child), self.loaded.children.get(child));
        let Some((planned, loaded)) = planned.zip(loaded) else {
            return Err(Error::internal("a level was planned and not read"));
        };
        let keys = self.loaded.keys_at(planned.by)?;
        self.below.push(Self::new(path.to_owned(), (&planned.level, loaded), keys));
        self.below.last_mut().ok_or_else(|| Error::internal("a level was read and not found"))
    }
}

/// What a connection shows of its rows, with the names that lead there.
fn of_rows<'s, 'a>((key, member): &'s (&'a str, Member<'a>)) -> Vec<(String, &'s Shape<'a>)> {
    match member {
        Member::Nodes(shape) => vec![((*key).to_owned(), shape)],
        Member::Edges(members) => {
            let nodes = members.iter().filter_map(|(node, member)| match member {
                EdgeMember::Node(shape) => Some((join(key, node), shape)),
                EdgeMember::TypeName | EdgeMember::Cursor => None,
            });
            nodes.collect()
        }
        Member::TypeName | Member::PageInfo(_) | Member::TotalCount => Vec::new(),
    }
}

/// What of a field cannot be planned.
pub(super) fn wrong(item: &Item<'_>) -> Vec<ServerError> {
    let in_shape = |shape: &Shape<'_>| shape.items.iter().flat_map(wrong).collect::<Vec<_>>();
    match &item.value {
        What::Broken(error) => vec![error.clone()],
        What::Nested(shape) | What::One { shape, .. } | What::List { shape, .. } => in_shape(shape),
        What::Nodes { children, .. } => children.iter().flat_map(|(_, shape)| in_shape(shape)).collect(),
        What::Connection { shape, .. } => {
            shape.members.iter().flat_map(of_rows).flat_map(|(_, shape)| in_shape(shape)).collect()
        }
        What::TypeName(_) | What::Column { .. } | What::Computed(_) => Vec::new(),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
