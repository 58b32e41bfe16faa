//! The only place that touches the table of student records.

use std::collections::{BTreeSet, HashMap};

use entity::student_record::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait as _, IntoActiveModel as _, Iterable, ModelTrait as _, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, OnConflict, Query},
};
use uuid::Uuid;

use super::rules::{Facts, Rolls};
use crate::{
    auth::Actor,
    error::{Error, Result},
    organizations::{self, merge::Merging},
    platform::db::{Tx, Write},
    talent::resumes::rules::STAFF,
};

/// Rows, or numbers, in one statement.
const BATCH: usize = 500;

/// The rolls are the university's staff's; of a record, also the student's who came in by it.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    if actor.is(STAFF) {
        return Condition::all().add(Column::OrganizationId.eq(actor.organization()));
    }
    Condition::all().add(Column::StudentId.eq(actor.user()))
}

/// The rolls of the actor's own organization, which is locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn rolls(tx: &Tx, actor: &Actor) -> Result<Rolls> {
    Ok(Rolls(organizations::facts_behind(tx, actor.organization()).await?))
}

/// The record, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    row.map(|record| Facts { record }).ok_or_else(Error::not_found)
}

/// All of these records, once each, locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when the actor does not see one of them.
pub async fn of_ids(tx: &Tx, actor: &Actor, ids: &[Uuid]) -> Result<Vec<Model>> {
    let named: BTreeSet<Uuid> = ids.iter().copied().collect();
    let rows = Entity::find().filter(visible_to(actor)).filter(Column::Id.is_in(named.iter().copied()));
    let rows = rows.order_by_asc(Column::Id).lock_exclusive().all(tx).await?;
    if rows.len() == named.len() { Ok(rows) } else { Err(Error::not_found()) }
}

/// A university's records with these numbers, by number; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn of_numbers(tx: &Tx, university: Uuid, numbers: &[&str]) -> Result<HashMap<String, Model>> {
    let mut known = HashMap::new();
    for batch in numbers.chunks(BATCH) {
        let rows = Entity::find()
            .filter(Column::OrganizationId.eq(university))
            .filter(Column::Number.is_in(batch.iter().copied()))
            .order_by_asc(Column::Id)
            .lock_exclusive();
        known.extend(rows.all(tx).await?.into_iter().map(|row| (row.number.clone(), row)));
    }
    Ok(known)
}

/// The records by which somebody has come in.
///
/// # Errors
/// When the database fails.
pub async fn of_student(tx: &Tx, student: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::StudentId.eq(student)).order_by_asc(Column::Id).all(tx).await?)
}

/// Adds records.
///
/// # Errors
/// When the database fails.
pub async fn add(write: &Write, rows: Vec<Model>) -> Result<()> {
    write.insert_all(rows.into_iter().map(Model::into_active_model).collect()).await
}

/// Rewrites records that the transaction has locked, some hundred in a statement: each is thereby changed once.
///
/// # Errors
/// When the database fails.
pub async fn rewrite(write: &Write, rows: &[Model]) -> Result<()> {
    use Column::{ClassName, Email, GraduatesIn, Imported, InvitationId, Major, Name, UpdatedAt, Version};
    for batch in rows.chunks(BATCH) {
        let mut insert = Query::insert();
        insert.into_table(Entity).columns(Column::iter());
        for row in batch {
            let cell = |column| match column {
                UpdatedAt => write.now().into(),
                column => Expr::val(row.get(column)),
            };
            insert.values_panic(Column::iter().map(cell));
        }
        let changed = [ClassName, Email, GraduatesIn, Imported, InvitationId, Major, Name, UpdatedAt];
        let mut there = OnConflict::column(Column::Id);
        there.update_columns(changed).value(Version, Expr::col((Entity, Version)).add(1));
        insert.on_conflict(there);
        write.execute(&insert).await?;
    }
    Ok(())
}

/// Removes records.
///
/// # Errors
/// When the database fails.
pub async fn remove(write: &Write, ids: &[Uuid]) -> Result<()> {
    let gone = Query::delete().from_table(Entity).and_where(Column::Id.is_in(ids.iter().copied())).take();
    write.execute(&gone).await.map(drop)
}

/// The record that waits for this invitation to be accepted, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for(tx: &Tx, invitation: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::InvitationId.eq(invitation)).lock_exclusive().one(tx).await?)
}

/// How many numbers both universities use.
///
/// # Errors
/// When the database fails.
pub async fn numbers_of_both(tx: &Tx, merging: Merging) -> Result<u64> {
    let other = Alias::new("other");
    let theirs = Query::select()
        .expr(Expr::cust("1"))
        .from_as(Entity, other.clone())
        .and_where(Expr::col((other.clone(), Column::OrganizationId)).eq(merging.into))
        .and_where(Expr::col((other, Column::Number)).equals((Entity, Column::Number)))
        .take();
    let shared = Entity::find().filter(Column::OrganizationId.eq(merging.from)).filter(Expr::exists(theirs));
    Ok(sea_orm::PaginatorTrait::count(shared, tx).await?)
}
