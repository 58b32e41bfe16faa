//! What ending an agreement would mean: everything that rests on it, before anybody ends it.

use async_graphql::Enum;
use entity::{
    Record, agreement, amendment,
    cooperation_item::{self, ItemStatus},
};
use sea_orm::prelude::async_trait::async_trait;
use uuid::Uuid;

use super::{amendments, items, store};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result},
    platform::id,
};

/// How many of each kind are shown.
const SHOWN: u64 = 500;
/// Items, amendments and special agreements.
const KINDS: u64 = 3;

/// What becomes of a record when the agreement that it rests on is terminated 影响.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "TerminationEffect")]
pub enum Effect {
    /// It ends with the agreement 随之终止.
    Ends,
    /// It can still be brought to its end, but nothing new begins 仅可办结.
    RunsOut,
    /// It stays as it is, without the agreement above it 继续有效.
    Stays,
}

/// A record that rests on an agreement 受影响的记录.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The record's id; `node` finds it 标识.
    pub id: String,
    /// What people call it: its number or its title 名称.
    pub name: String,
    /// What becomes of it 影响.
    pub effect: Effect,
}

impl Dependent {
    /// A record of table `T`.
    #[must_use]
    pub fn new<T: Record>(key: Uuid, name: String, effect: Effect) -> Self {
        Self { id: id::show(T::PREFIX, key), name, effect }
    }
}

/// A later slice whose records rest on agreements: workstations, training bases, internships. `schema.rs` registers it.
#[async_trait]
pub trait Dependents: Send + Sync {
    /// Of how many kinds these records are.
    fn kinds(&self) -> u64;

    /// The slice's records that rest on this agreement and that the actor sees, at most 500 of each kind, in an order
    /// that does not change.
    ///
    /// # Errors
    /// When the database fails.
    async fn on(&self, app: &App, actor: &Actor, agreement: Uuid) -> Result<Vec<Dependent>>;
}

/// The later slices that were registered.
pub type Registered = Vec<Box<dyn Dependents>>;

/// How many records may be read to tell what an end would mean: so many of each kind.
#[must_use]
pub fn most_dependents(later: &Registered) -> u64 {
    let kinds = later.iter().fold(KINDS, |sum, slice| sum.saturating_add(slice.kinds()));
    SHOWN.saturating_mul(kinds)
}

/// Everything that rests on an agreement and that the actor sees: items, amendments, special agreements, and what the
/// later slices say; at most 500 of each.
///
/// # Errors
/// `NOT_FOUND` when there is no such agreement that the actor sees.
pub async fn termination_impact(
    app: &App,
    actor: &Actor,
    agreement: Uuid,
    later: &Registered,
) -> Result<Vec<Dependent>> {
    let db = app.db().reader();
    if !store::sees(db, actor, agreement).await? {
        return Err(Error::not_found());
    }
    let mut dependents = Vec::new();
    for (id, title, status) in items::store::live(db, actor, agreement, SHOWN).await? {
        let effect = if status == ItemStatus::Submitted { Effect::RunsOut } else { Effect::Ends };
        dependents.push(Dependent::new::<cooperation_item::Entity>(id, title, effect));
    }
    for (id, title) in amendments::store::open(db, actor, agreement, SHOWN).await? {
        dependents.push(Dependent::new::<amendment::Entity>(id, title, Effect::Ends));
    }
    for (id, number) in store::live_under(db, actor, agreement, SHOWN).await? {
        dependents.push(Dependent::new::<agreement::Entity>(id, number, Effect::Stays));
    }
    for slice in later {
        dependents.extend(slice.on(app, actor, agreement).await?);
    }
    Ok(dependents)
}
