//! Sources of a single record, or of a place without one: the words of views without rows.

use async_graphql::{OutputType, registry::Registry};
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::{
    column::Column,
    source::{Find, Given, Gives, Source},
    view::{RowView, View},
};
use crate::auth::Actor;

/// The record with the id given as argument `id`.
#[must_use]
pub fn by_id() -> FindOne {
    FindOne(Find::Id)
}

/// The record whose text column equals the argument named after it.
#[must_use]
pub fn find<C: ColumnTrait>(column: C) -> FindOne {
    FindOne(Find::Text(Column::of(column)))
}

/// The record that the actor's badge names: `own(Actor::user)`.
#[must_use]
pub fn own(key: fn(&Actor) -> Uuid) -> FindOne {
    FindOne(Find::Own(key))
}

/// See [`by_id`], [`find`] and [`own`].
#[derive(Debug)]
pub struct FindOne(Find);

impl<V: RowView> Gives<Option<V>, ()> for FindOne {
    fn source(self) -> Given {
        Given(Source::Row { find: self.0, target: V::definition })
    }

    fn register(registry: &mut Registry) -> String {
        <Option<V> as OutputType>::create_type_info(registry)
    }
}

/// A place without a row of its own, such as `viewer`.
#[must_use]
pub fn nested() -> NestedView {
    NestedView(())
}

/// See [`nested`].
#[derive(Debug)]
pub struct NestedView(());

impl<V: View> Gives<Option<V>, ()> for NestedView {
    fn source(self) -> Given {
        Given(Source::Nested { target: V::definition })
    }

    fn register(registry: &mut Registry) -> String {
        <Option<V> as OutputType>::create_type_info(registry)
    }
}
