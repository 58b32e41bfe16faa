//! Counting: the rows of a table in groups, one row of a view for each group.
//!
//! ```ignore
//! view! {
//!     /// How many agreements a county has in one status.
//!     pub AgreementCount of agreement, seen by store::visible_to;
//!
//!     /// The county.
//!     county: Option<Organization> = one(CountyId);
//!     /// How many.
//!     count: i32 = group_size();
//! }
//!
//! agreement_counts: Option<Vec<AgreementCount>> = all().filter::<AgreementFilter>().grouped_by([CountyId]).at_most(100);
//! ```

use async_graphql::{OutputType, registry::Registry};
use sea_orm::ColumnTrait;

use super::{
    column::Column,
    leaf::Kind,
    source::{Given, Gives, ListOf, Rows, Source},
    view::{Definition, RowView},
};

/// How a group's size is read.
pub(super) static SIZE: Kind = Kind::Int;

/// How many rows are in the group.
#[must_use]
pub fn group_size() -> GroupSize {
    GroupSize(())
}

/// See [`group_size`].
#[derive(Debug)]
pub struct GroupSize(());

impl Gives<i32, ()> for GroupSize {
    fn source(self) -> Given {
        Given(Source::GroupSize)
    }

    fn register(registry: &mut Registry) -> String {
        <i32 as OutputType>::create_type_info(registry)
    }
}

/// Groups of the rows of a list. See [`ListOf::grouped_by`].
#[derive(Debug)]
pub struct Grouped<E> {
    list: ListOf<E>,
    by: Vec<Column>,
}

/// Groups of which there are never more than a declared maximum.
#[derive(Debug)]
pub struct FewGroups<E> {
    groups: Grouped<E>,
    at_most: u64,
}

impl<E> ListOf<E> {
    /// One for each distinct value of these columns, in their order.
    #[must_use]
    pub fn grouped_by<C: ColumnTrait<EntityName = E>, const N: usize>(self, columns: [C; N]) -> Grouped<E> {
        Grouped { list: self, by: columns.map(Column::of).to_vec() }
    }
}

impl<E> Grouped<E> {
    /// More groups than this are a fault of ours, answered with INTERNAL.
    #[must_use]
    pub fn at_most(self, at_most: u64) -> FewGroups<E> {
        FewGroups { groups: self, at_most }
    }
}

impl<V: RowView> Gives<Option<Vec<V>>, ()> for FewGroups<V::Entity> {
    fn source(self) -> Given {
        let Grouped { list, by } = self.groups;
        Given(Source::Groups(Groups { rows: list.rows, by, at_most: self.at_most, target: V::definition }))
    }

    fn register(registry: &mut Registry) -> String {
        <Option<Vec<V>> as OutputType>::create_type_info(registry)
    }
}

/// Rows in groups.
#[derive(Debug)]
pub(super) struct Groups {
    pub(super) rows: Rows,
    pub(super) by: Vec<Column>,
    pub(super) at_most: u64,
    pub(super) target: fn() -> &'static Definition,
}

impl Groups {
    /// The fields of the view that a group has no value for.
    pub(super) fn strangers(&self) -> impl Iterator<Item = &'static str> {
        (self.target)().fields.iter().filter(|field| !self.holds(&field.source)).map(|field| field.name.as_str())
    }

    fn holds(&self, source: &Source) -> bool {
        match source {
            Source::Column(from) => from.held_back.is_none() && self.by.contains(&from.column),
            Source::One { key, only: None, .. } => self.by.contains(key),
            Source::GroupSize => true,
            _ => false,
        }
    }
}
