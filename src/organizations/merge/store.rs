//! The rows that a merge of organizations locks and moves.

use std::{fmt, marker::PhantomData};

use entity::{
    Record,
    organization::{self, Column, Entity, OrganizationKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, Iden, Iterable, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect,
    prelude::async_trait::async_trait,
    sea_query::{CaseStatement, Expr, ExprTrait, LockType, Query},
};
use uuid::Uuid;

use super::{Effect, Mergeable, Merging, Weight};
use crate::{
    auth::{Actor, RecordRef},
    error::Result,
    organizations::{
        rules::{Facts, record},
        store,
    },
    platform::{
        db::{Tx, Write},
        event::Event,
    },
};

/// Merges come one after the other: each holds the platform's row until it is done, so that none of them finds what
/// another is about to change, however they hang together.
///
/// # Errors
/// When the database fails.
pub async fn wait_for_others(tx: &Tx) -> Result<()> {
    let platform = Entity::find().select_only().column(Column::Id).filter(Column::Kind.eq(OrganizationKind::Platform));
    platform.lock(LockType::NoKeyUpdate).into_tuple::<Uuid>().all(tx).await.map(drop)?;
    Ok(())
}

/// The duplicate and the one that stays, if the actor sees both; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when one is missing or not to be seen.
pub async fn both(tx: &Tx, actor: &Actor, merging: Merging) -> Result<(Facts, Facts)> {
    // In the order of their keys, as whoever locks several.
    if merging.from <= merging.into {
        let from = store::facts(tx, actor, merging.from).await?;
        return Ok((from, store::facts(tx, actor, merging.into).await?));
    }
    let into = store::facts(tx, actor, merging.into).await?;
    Ok((store::facts(tx, actor, merging.from).await?, into))
}

/// The organizations above this one, the nearest first.
///
/// # Errors
/// When the database fails.
pub async fn above(tx: &Tx, organization: &organization::Model) -> Result<Vec<Uuid>> {
    let mut above = Vec::new();
    let mut next = organization.parent_id;
    while let Some(id) = next.filter(|id| !above.contains(id)) {
        above.push(id);
        let parent = Entity::find_by_id(id).select_only().column(Column::ParentId);
        next = parent.into_tuple::<Option<Uuid>>().one(tx).await?.flatten();
    }
    Ok(above)
}

/// The organizations under this one, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn under(tx: &Tx, organization: Uuid) -> Result<Vec<organization::Model>> {
    let rows = Entity::find().filter(Column::ParentId.eq(organization)).order_by_asc(Column::Id);
    Ok(rows.lock_exclusive().all(tx).await?)
}

/// What was under the duplicate is under the one that stays.
///
/// # Errors
/// When the database fails.
pub async fn move_under(write: &Write, merging: Merging) -> Result<()> {
    for row in under(write.tx(), merging.from).await? {
        let changes = organization::ActiveModel { parent_id: Set(Some(merging.into)), ..Default::default() };
        write.change::<Entity>(row.id, row.version, changes).await?;
        let moved = Event::new("OrganizationMoved").with("from", merging.from).with("into", merging.into);
        write.emit_for(record(row.id), moved).await?;
    }
    Ok(())
}

/// The records of one table, by the columns that name organizations. For records that mean the same when their
/// organization turns out to be another one; whatever would not implements [`Mergeable`] itself.
pub struct Following<E: EntityTrait> {
    columns: Vec<E::Column>,
    table: PhantomData<fn() -> E>,
}

impl<E: EntityTrait> fmt::Debug for Following<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Following").field("columns", &self.columns).finish()
    }
}

impl<E: EntityTrait> Following<E> {
    /// The records that name organizations in these columns.
    #[must_use]
    pub fn by(columns: impl IntoIterator<Item = E::Column>) -> Self {
        Self { columns: columns.into_iter().collect(), table: PhantomData }
    }
}

#[async_trait]
impl<E> Mergeable for Following<E>
where
    E: EntityTrait<Column: Send + Sync> + Record,
{
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        let named = naming::<E>(tx, &self.columns, merging.from).await?;
        weight.add(E::PREFIX, Effect::Moves, named.len());
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        let named = naming::<E>(write.tx(), &self.columns, merging.from).await?;
        follow::<E>(write, &self.columns, merging).await?;
        for id in named {
            let moved = Event::new("OrganizationOfRecordMerged").with("from", merging.from).with("into", merging.into);
            write.emit_for(RecordRef { kind: E::PREFIX, id }, moved).await?;
        }
        Ok(())
    }
}

/// The records of a table that name the organization in one of these columns, locked until the transaction ends.
async fn naming<E: EntityTrait>(tx: &Tx, columns: &[E::Column], organization: Uuid) -> Result<Vec<Uuid>> {
    let Some(key) = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) else { return Ok(Vec::new()) };
    let named = columns.iter().fold(Condition::any(), |named, column| named.add(column.eq(organization)));
    let rows = E::find().select_only().column(key).filter(named).order_by_asc(key).lock_exclusive();
    Ok(rows.into_tuple().all(tx).await?)
}

/// Where the records of a table name the duplicate in one of these columns, they name the one that stays; each is
/// thereby changed once.
async fn follow<E: EntityTrait>(write: &Write, columns: &[E::Column], merging: Merging) -> Result<()> {
    let mut update = Query::update();
    update.table(E::default());
    let mut named = Condition::any();
    for column in columns {
        let moved = CaseStatement::new().case(column.eq(merging.from), merging.into).finally(Expr::col(*column));
        update.value(*column, moved);
        named = named.add(column.eq(merging.from));
    }
    for column in E::Column::iter() {
        match column.unquoted() {
            "version" => update.value(column, Expr::col(column).add(1)),
            "updated_at" => update.value(column, write.now()),
            _ => &mut update,
        };
    }
    write.execute(update.cond_where(named)).await.map(drop)
}

/// What was merged into the duplicate before leads to the one that stays: an old id is one step from where it leads.
///
/// # Errors
/// When the database fails.
pub async fn lead_on(write: &Write, merging: Merging) -> Result<()> {
    let mut update = Query::update();
    update.table(Entity).value(Column::MergedIntoId, merging.into).and_where(Column::MergedIntoId.eq(merging.from));
    write.execute(&update).await.map(drop)
}
