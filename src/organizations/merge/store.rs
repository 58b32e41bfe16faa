//! The rows that a merge of organizations locks and moves.

use entity::organization::{self, Column, Entity, OrganizationKind};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockType, Query},
};
use uuid::Uuid;

use super::Merging;
use crate::{
    auth::Actor,
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

/// What was merged into the duplicate before leads to the one that stays: an old id is one step from where it leads.
///
/// # Errors
/// When the database fails.
pub async fn lead_on(write: &Write, merging: Merging) -> Result<()> {
    let mut update = Query::update();
    update.table(Entity).value(Column::MergedIntoId, merging.into).and_where(Column::MergedIntoId.eq(merging.from));
    write.execute(&update).await.map(drop)
}
