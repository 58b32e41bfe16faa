//! Fields that a rule works out: from the row's own columns, or from facts loaded once for all rows of a level.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    marker::PhantomData,
    sync::Arc,
};

use async_graphql::registry::Registry;
use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{ColumnTrait, DbErr, QueryResult, TryGetable};
use uuid::Uuid;

use super::{
    column::Column,
    leaf::{Place, Written},
    source::{Given, Gives, Source},
};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::Db,
};

/// Facts of many rows, by key.
pub(super) type Facts = Box<dyn Any + Send + Sync>;

/// What a computed field may look at.
pub(super) struct Inputs<'a> {
    pub(super) row: &'a QueryResult,
    /// Where the declared columns stand in the row.
    pub(super) places: &'a [usize],
    pub(super) key: Uuid,
    pub(super) facts: Option<&'a Facts>,
    pub(super) actor: &'a Actor,
}

/// A computed field, whatever its types.
pub(super) trait Compute: Send + Sync + fmt::Debug {
    /// The columns it needs.
    fn columns(&self) -> &[Column];

    /// The facts it needs, if any.
    fn loader(&self) -> Option<&dyn Loads>;

    /// Works the value out and writes it. False when the row has no facts.
    fn write(&self, inputs: &Inputs<'_>, place: &Place<'_>, out: &mut String) -> Result<bool>;
}

/// A loader, whatever its facts.
pub(super) trait Loads: Send + Sync {
    /// Two fields with one loader load once.
    fn id(&self) -> TypeId;

    fn load<'a>(&'a self, db: &'a Db, actor: &'a Actor, keys: &'a [Uuid]) -> BoxFuture<'a, Result<Facts>>;
}

/// Columns of a row, as a tuple: `(String, Option<NaiveDate>)`.
pub trait Cells: Sized {
    #[doc(hidden)]
    fn read(row: &QueryResult, places: &[usize]) -> Result<Self, DbErr>;
}

macro_rules! cells {
    ($($cell:ident)+) => {
        impl<$($cell: TryGetable),+> Cells for ($($cell,)+) {
            fn read(row: &QueryResult, places: &[usize]) -> Result<Self, DbErr> {
                let mut places = places.iter();
                let missing = || DbErr::Type("a computed field declares fewer columns than it reads".into());
                Ok(($(row.try_get_by_index::<$cell>(*places.next().ok_or_else(missing)?)?,)+))
            }
        }
    };
}

cells!(A);
cells!(A B);
cells!(A B C);
cells!(A B C D);
cells!(A B C D E);
cells!(A B C D E F);

/// What a function makes of the row's own columns: `compute([EndsOn], |(ends_on,): (NaiveDate,), _| …)`.
#[must_use]
pub fn compute<C, A, F, T, const N: usize>(columns: [C; N], work_out: F) -> Computed<A, F, T>
where
    C: ColumnTrait,
    F: Fn(A, &Actor) -> T,
{
    Computed { columns: columns.map(Column::of).to_vec(), work_out, types: PhantomData }
}

/// See [`compute`].
pub struct Computed<A, F, T> {
    columns: Vec<Column>,
    work_out: F,
    types: PhantomData<fn(A) -> T>,
}

impl<A, F, T, M> Gives<T, M> for Computed<A, F, T>
where
    A: Cells + 'static,
    F: Fn(A, &Actor) -> T + Send + Sync + 'static,
    T: Written<M> + 'static,
    M: 'static,
{
    fn source(self) -> Given {
        let rule = ColumnRule { rule: self, marker: PhantomData::<fn(M)> };
        Given(Source::Computed { compute: Arc::new(rule), null: T::NULL })
    }

    fn register(registry: &mut Registry) -> String {
        T::register(registry)
    }
}

struct ColumnRule<A, F, T, M> {
    rule: Computed<A, F, T>,
    marker: PhantomData<fn(M)>,
}

impl<A, F, T, M> fmt::Debug for ColumnRule<A, F, T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.columns.fmt(f)
    }
}

impl<A, F, T, M> Compute for ColumnRule<A, F, T, M>
where
    A: Cells,
    F: Fn(A, &Actor) -> T + Send + Sync,
    T: Written<M>,
{
    fn columns(&self) -> &[Column] {
        &self.rule.columns
    }

    fn loader(&self) -> Option<&dyn Loads> {
        None
    }

    fn write(&self, inputs: &Inputs<'_>, place: &Place<'_>, out: &mut String) -> Result<bool> {
        let cells = A::read(inputs.row, inputs.places)?;
        (self.rule.work_out)(cells, inputs.actor).write(place, out)?;
        Ok(true)
    }
}

/// `async fn(db, actor, keys) -> Result<HashMap<key, facts>>`: how a store loads the facts of many rows at once. The
/// database brings the clock along, for what depends on the day.
pub trait Loader<'a, X>: Fn(&'a Db, &'a Actor, &'a [Uuid]) -> Self::Loading {
    /// The loading.
    type Loading: Future<Output = Result<HashMap<Uuid, X>>> + Send + 'a;
}

impl<'a, X, L, Loading> Loader<'a, X> for L
where
    L: Fn(&'a Db, &'a Actor, &'a [Uuid]) -> Loading,
    Loading: Future<Output = Result<HashMap<Uuid, X>>> + Send + 'a,
{
    type Loading = Loading;
}

/// What a rule makes of a row's facts, which a store loads once for all rows of a level.
#[must_use]
pub fn facts<L, X, F, T>(loader: L, work_out: F) -> FromFacts<L, X, F, T>
where
    L: for<'a> Loader<'a, X>,
    F: Fn(&X, &Actor) -> T,
{
    FromFacts { loader, work_out, types: PhantomData }
}

/// See [`facts`].
pub struct FromFacts<L, X, F, T> {
    loader: L,
    work_out: F,
    types: PhantomData<fn(X) -> T>,
}

impl<L, X, F, T, M> Gives<T, M> for FromFacts<L, X, F, T>
where
    L: for<'a> Loader<'a, X> + Send + Sync + 'static,
    X: Send + Sync + 'static,
    F: Fn(&X, &Actor) -> T + Send + Sync + 'static,
    T: Written<M> + 'static,
    M: 'static,
{
    fn source(self) -> Given {
        let rule = FactsRule { rule: self, marker: PhantomData::<fn(M)> };
        Given(Source::Computed { compute: Arc::new(rule), null: T::NULL })
    }

    fn register(registry: &mut Registry) -> String {
        T::register(registry)
    }
}

struct FactsRule<L, X, F, T, M> {
    rule: FromFacts<L, X, F, T>,
    marker: PhantomData<fn(M)>,
}

impl<L, X, F, T, M> fmt::Debug for FactsRule<L, X, F, T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<X>())
    }
}

impl<L, X, F, T, M> Loads for FactsRule<L, X, F, T, M>
where
    L: for<'a> Loader<'a, X> + Send + Sync + 'static,
    X: Send + Sync + 'static,
    F: Fn(&X, &Actor) -> T + Send + Sync,
{
    fn id(&self) -> TypeId {
        TypeId::of::<L>()
    }

    fn load<'a>(&'a self, db: &'a Db, actor: &'a Actor, keys: &'a [Uuid]) -> BoxFuture<'a, Result<Facts>> {
        let loading = (self.rule.loader)(db, actor, keys);
        async move { Ok(Box::new(loading.await?) as Facts) }.boxed()
    }
}

impl<L, X, F, T, M> Compute for FactsRule<L, X, F, T, M>
where
    L: for<'a> Loader<'a, X> + Send + Sync + 'static,
    X: Send + Sync + 'static,
    F: Fn(&X, &Actor) -> T + Send + Sync,
    T: Written<M>,
{
    fn columns(&self) -> &[Column] {
        &[]
    }

    fn loader(&self) -> Option<&dyn Loads> {
        Some(self)
    }

    fn write(&self, inputs: &Inputs<'_>, place: &Place<'_>, out: &mut String) -> Result<bool> {
        let all = inputs.facts.and_then(|facts| facts.downcast_ref::<HashMap<Uuid, X>>());
        let all = all.ok_or_else(|| Error::internal("facts were not loaded"))?;
        let Some(facts) = all.get(&inputs.key) else { return Ok(false) };
        (self.rule.work_out)(facts, inputs.actor).write(place, out)?;
        Ok(true)
    }
}
