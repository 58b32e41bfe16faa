//! Where a view's field comes from: the words on the right of `=` in `view!`.
//!
//! | word | gives |
//! |---|---|
//! | `column(C)` | what one column holds; `.only_if(rule)` holds it back, `.or_masked(f)` masks it instead |
//! | `one(FK)` | the record that a column names: `Option<View>`; `.only_if(rule)` holds it back, `.or_else(f)` says why it is not shown |
//! | `many(FK)` | the records that name this one: `Connection<View>`, or `Vec<View>` with `.at_most(n)` |
//! | `through(A, B)` | the records that a link table ties to this one |
//! | `compute([C, …], f)` | what a function makes of the row's own columns |
//! | `facts(loader, f)` | what a rule makes of facts, loaded once for all rows of a level |
//!
//! and for views without rows: `by_id()`, `find(C)`, `all()`, `list_where(rule)`, `own(key)`, `nested()`; and for
//! counting, [`super::groups`].

use std::{marker::PhantomData, sync::Arc};

use async_graphql::{Context, ID, InputType, OutputType, ServerResult, registry::Registry};
use entity::Record;
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order};
use uuid::Uuid;

use super::{
    column::{Column, Sort},
    compute::Compute,
    filter::{Filter, OrderBy, OrderDirection, OrderField},
    groups::Groups,
    leaf::{Kind, Leaf, Maybe, Plain},
    view::{Connection, Definition, RowView},
};
use crate::{auth::Actor, error::Error};

/// A view, named without building it: views may refer to each other in circles.
pub(super) type Of = fn() -> &'static Definition;
/// Which rows an actor gets.
pub type Rule = fn(&Actor) -> Condition;

/// Where a field comes from, for the planner alone.
#[derive(Debug)]
pub struct Given(pub(super) Source);

#[derive(Debug)]
pub(super) enum Source {
    Column(FromColumn),
    One { key: Column, only: Option<Rule>, missing: Option<fn() -> Error>, target: Of },
    List { rows: Rows, at_most: u64, target: Of },
    Connection { rows: Rows, null: bool, target: Of },
    Computed { compute: Arc<dyn Compute>, null: bool },
    Groups(Groups),
    GroupSize,
    Row { find: Find, target: Of },
    Nested { target: Of },
    Node,
    Nodes,
}

#[derive(Debug)]
pub(super) struct FromColumn {
    pub(super) column: Column,
    pub(super) kind: Kind,
    pub(super) null: bool,
    pub(super) held_back: Option<HeldBack>,
}

/// A field that not everyone who sees the row may read.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldBack {
    pub(super) unless: Rule,
    pub(super) mask: Option<fn(&str) -> String>,
}

/// Which rows a list holds and how it may be asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) relation: Relation,
    pub(super) only: Option<Rule>,
    pub(super) filter: Option<FilterInput>,
    pub(super) order_by: Option<OrderInput>,
    pub(super) order: Option<Sort>,
}

/// How rows belong to their parent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Relation {
    /// To none: every row.
    All,
    /// By a column that names the parent.
    By(Column),
    /// By a link table: its column that names the parent, its column that names the row.
    Through(Column, Column),
}

/// How a view without rows finds a single row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Find {
    /// By the argument `id`.
    Id,
    /// By an argument named after a column.
    Text(Column),
    /// By who asks.
    Own(fn(&Actor) -> Uuid),
}

/// A filter's condition, and its text, to which cursors are bound.
pub(super) type Narrowed = (Condition, String);

#[derive(Clone, Copy, Debug)]
pub(super) struct FilterInput {
    pub(super) register: fn(&mut Registry) -> String,
    pub(super) read: fn(&Context<'_>) -> ServerResult<Option<Narrowed>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct OrderInput {
    pub(super) register: fn(&mut Registry) -> String,
    pub(super) read: fn(&Context<'_>) -> ServerResult<Option<Sort>>,
    /// Everything that can be asked for.
    pub(super) columns: fn() -> Vec<Column>,
}

/// Whether a source gives a field of type `T`. `M` is found by the compiler; never write it.
#[diagnostic::on_unimplemented(
    message = "this source does not give a `{T}`",
    note = "`one` gives `Option<View>`; `many` gives `Connection<View>`, or `Vec<View>` after `.at_most(n)`; both views must be of the column's table"
)]
pub trait Gives<T, M> {
    #[doc(hidden)]
    fn source(self) -> Given;
    #[doc(hidden)]
    fn register(registry: &mut Registry) -> String;
}

/// What one column holds.
#[must_use]
pub fn column<C: ColumnTrait>(column: C) -> ColumnField<C> {
    ColumnField { column, held_back: None }
}

/// See [`column`].
#[derive(Debug)]
pub struct ColumnField<C> {
    column: C,
    held_back: Option<HeldBack>,
}

impl<C> ColumnField<C> {
    /// Held back (null) in rows that do not fulfil the rule, decided in the database.
    #[must_use]
    pub fn only_if(mut self, rule: Rule) -> Self {
        self.held_back = Some(HeldBack { unless: rule, mask: None });
        self
    }

    /// Masked rather than null where [`Self::only_if`] holds it back.
    #[must_use]
    pub fn or_masked(mut self, mask: fn(&str) -> String) -> Self {
        if let Some(held_back) = &mut self.held_back {
            held_back.mask = Some(mask);
        }
        self
    }
}

impl<C: ColumnTrait> ColumnField<C> {
    fn read_as(self, kind: Kind, null: bool) -> Source {
        Source::Column(FromColumn { column: Column::of(self.column), kind, null, held_back: self.held_back })
    }
}

impl<C: ColumnTrait, T: Leaf<M>, M> Gives<T, Plain<M>> for ColumnField<C> {
    fn source(self) -> Given {
        Given(self.read_as(T::kind().0, false))
    }

    fn register(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }
}

impl<C: ColumnTrait, T: Leaf<M>, M> Gives<Option<T>, Maybe<M>> for ColumnField<C> {
    fn source(self) -> Given {
        Given(self.read_as(T::kind().0, true))
    }

    fn register(registry: &mut Registry) -> String {
        <Option<T> as OutputType>::create_type_info(registry)
    }
}

/// The row's own key. Another table's is written `Id<organization::Entity>`, so that its prefix is known.
impl<C: ColumnTrait<EntityName: Record>> Gives<ID, Plain<ID>> for ColumnField<C> {
    fn source(self) -> Given {
        Given(self.read_as(Kind::Key(C::EntityName::PREFIX), false))
    }

    fn register(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }
}

/// The record that a column of this row names. Null when there is none, or none that the actor may see.
#[must_use]
pub fn one<C: ColumnTrait>(column: C) -> One {
    One { key: Column::of(column), only: None, missing: None }
}

/// See [`one`].
#[derive(Debug)]
pub struct One {
    key: Column,
    only: Option<Rule>,
    missing: Option<fn() -> Error>,
}

impl One {
    /// Held back (null) in rows that do not fulfil the rule, decided in the database.
    #[must_use]
    pub fn only_if(mut self, rule: Rule) -> Self {
        self.only = Some(rule);
        self
    }

    /// Where a record is named that the actor may not see, this is said beside the null: that a consent is missing.
    #[must_use]
    pub fn or_else(mut self, missing: fn() -> Error) -> Self {
        self.missing = Some(missing);
        self
    }
}

impl<V: RowView> Gives<Option<V>, ()> for One {
    fn source(self) -> Given {
        Given(Source::One { key: self.key, only: self.only, missing: self.missing, target: V::definition })
    }

    fn register(registry: &mut Registry) -> String {
        <Option<V> as OutputType>::create_type_info(registry)
    }
}

/// The records whose column names this row.
#[must_use]
pub fn many<C: ColumnTrait>(column: C) -> ListOf<C::EntityName> {
    ListOf::of(Relation::By(Column::of(column)))
}

/// The records that a link table ties to this row: its column that names this one, its column that names the other.
#[must_use]
pub fn through<C: ColumnTrait, E>(from: C, to: C) -> ListOf<E> {
    ListOf::of(Relation::Through(Column::of(from), Column::of(to)))
}

/// Every record that the actor may see.
#[must_use]
pub fn all<E>() -> ListOf<E> {
    ListOf::of(Relation::All)
}

/// Every record that the actor may see and that fulfils a rule about the actor.
#[must_use]
pub fn list_where<E>(rule: Rule) -> ListOf<E> {
    all().only(rule)
}

/// Rows of `E`. See [`many`], [`through`], [`all`] and [`list_where`].
#[derive(Debug)]
pub struct ListOf<E> {
    pub(super) rows: Rows,
    entity: PhantomData<fn() -> E>,
}

/// A list that is never longer than a declared maximum.
#[derive(Debug)]
pub struct AtMost<E> {
    list: ListOf<E>,
    at_most: u64,
}

impl<E> ListOf<E> {
    fn of(relation: Relation) -> Self {
        let rows = Rows { relation, only: None, filter: None, order_by: None, order: None };
        Self { rows, entity: PhantomData }
    }

    /// Only rows that fulfil a rule about the actor.
    #[must_use]
    pub fn only(mut self, rule: Rule) -> Self {
        self.rows.only = Some(rule);
        self
    }

    /// The order, unless the caller asks for another. Without it: as they were made.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "reads as `.order(Position, Order::Asc)`")]
    pub fn order(mut self, column: impl ColumnTrait<EntityName = E>, order: Order) -> Self {
        self.rows.order = Some(Sort { column: Column::of(column), descending: order == Order::Desc });
        self
    }

    /// Takes the argument `filter`.
    #[must_use]
    pub fn filter<F: Filter<E>>(mut self) -> Self {
        let read = |ctx: &Context<'_>| {
            let (_, filter) = ctx.param_value::<Option<F>>("filter", None)?;
            Ok(filter.map(|filter| (filter.condition(), filter.to_value().to_string())))
        };
        self.rows.filter = Some(FilterInput { register: <Option<F>>::create_type_info, read });
        self
    }

    /// Takes the argument `orderBy`.
    #[must_use]
    pub fn order_by<F: OrderField<E>>(mut self) -> Self
    where
        E: EntityTrait,
    {
        let read = |ctx: &Context<'_>| {
            let (_, order) = ctx.param_value::<Option<OrderBy<F>>>("orderBy", None)?;
            Ok(order.map(|order| Sort {
                column: Column::of(order.field.column()),
                descending: order.direction == OrderDirection::Desc,
            }))
        };
        let columns = || F::items().iter().map(|item| Column::of(item.value.column())).collect();
        self.rows.order_by = Some(OrderInput { register: <Option<OrderBy<F>>>::create_type_info, read, columns });
        self
    }

    /// A plain list. More rows than this are a fault of ours, answered with INTERNAL: use it where a rule bounds them.
    #[must_use]
    pub fn at_most(self, at_most: u64) -> AtMost<E> {
        AtMost { list: self, at_most }
    }
}

impl<V: RowView> Gives<Connection<V>, ()> for ListOf<V::Entity> {
    fn source(self) -> Given {
        Given(Source::Connection { rows: self.rows, null: false, target: V::definition })
    }

    fn register(registry: &mut Registry) -> String {
        super::connection::register(V::definition(), <V as OutputType>::create_type_info, registry)
    }
}

/// At the root, where the list may be refused: null then.
impl<V: RowView> Gives<Option<Connection<V>>, ()> for ListOf<V::Entity> {
    fn source(self) -> Given {
        Given(Source::Connection { rows: self.rows, null: true, target: V::definition })
    }

    fn register(registry: &mut Registry) -> String {
        let list = <Self as Gives<Connection<V>, ()>>::register(registry);
        list.trim_end_matches('!').to_owned()
    }
}

impl<V: RowView> Gives<Vec<V>, ()> for AtMost<V::Entity> {
    fn source(self) -> Given {
        Given(Source::List { rows: self.list.rows, at_most: self.at_most, target: V::definition })
    }

    fn register(registry: &mut Registry) -> String {
        <Vec<V> as OutputType>::create_type_info(registry)
    }
}
