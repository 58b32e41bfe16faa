//! The only place that touches the tables of cooperation items.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::{
    agreement::{self, AgreementStatus},
    cooperation_item::{self, Column, ItemStatus},
    cooperation_item_drop_vote as drop_vote,
    membership::{self, MembershipStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::rules::{DropVote, Execution, Facts, UNDONE};
use crate::{
    agreements::{facts::ENDED, store as agreements},
    auth::Actor,
    error::{Error, Result},
    platform::{
        clock,
        condition::exists,
        db::{Db, Tx, Write},
    },
};

/// Items are seen with their agreement; and, unless it is a draft, by the responsible organization and person.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let responsible = Condition::any()
        .add(Column::ResponsibleId.eq(actor.organization()))
        .add(Column::ResponsibleUserId.eq(actor.user()));
    let submitted = Condition::all().add(agreement::Column::Status.ne(AgreementStatus::Draft));
    Condition::any()
        .add(agreements::seen_with(Column::AgreementId, actor))
        .add(exists(agreement::Column::Id, Column::AgreementId, submitted).add(responsible))
}

/// What belongs to an item is seen with it: rows whose column names an item that the actor sees.
#[must_use]
pub fn seen_with(item: impl ColumnTrait, actor: &Actor) -> Condition {
    exists(Column::Id, item, visible_to(actor))
}

/// Who wants an item dropped is seen with the item.
#[must_use]
pub fn drop_votes_visible_to(actor: &Actor) -> Condition {
    seen_with(drop_vote::Column::ItemId, actor)
}

/// The item with everything the rules need, if the actor sees it; its agreement locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = cooperation_item::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    behind(tx, seen.ok_or_else(Error::not_found)?).await
}

/// As [`facts`], for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such item.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<Facts> {
    let found = cooperation_item::Entity::find_by_id(id).one(tx).await?;
    behind(tx, found.ok_or_else(Error::not_found)?).await
}

async fn behind(tx: &Tx, found: cooperation_item::Model) -> Result<Facts> {
    let id = found.id;
    let agreement = agreements::facts_behind(tx, found.agreement_id).await?;
    // Read again: until the agreement was locked, another step could be taken.
    let item = cooperation_item::Entity::find_by_id(id).one(tx).await?.ok_or_else(Error::not_found)?;
    let dropping = drop_votes(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Facts { item, dropping, agreement })
}

/// The facts of many items at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = cooperation_item::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let behind: Vec<Uuid> = rows.iter().map(|row| row.agreement_id).collect();
    let agreements = agreements::facts_of(db, actor, &behind).await?;
    let mut dropping = drop_votes(db.reader(), ids).await?;
    let facts = rows.into_iter().filter_map(|item| {
        let agreement = agreements.get(&item.agreement_id)?.clone();
        let dropping = dropping.remove(&item.id).unwrap_or_default();
        Some((item.id, Facts { item, dropping, agreement }))
    });
    Ok(facts.collect())
}

async fn drop_votes(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<DropVote>>> {
    let rows = drop_vote::Entity::find()
        .filter(drop_vote::Column::ItemId.is_in(ids.iter().copied()))
        .order_by_asc(drop_vote::Column::CreatedAt)
        .order_by_asc(drop_vote::Column::Id)
        .all(db)
        .await?;
    let mut votes: HashMap<Uuid, Vec<DropVote>> = HashMap::new();
    for row in rows {
        let vote = DropVote { organization: row.organization_id, voter: row.voter_id, reason: row.reason };
        votes.entry(row.item_id).or_default().push(vote);
    }
    Ok(votes)
}

/// Who agreed to drop the item spoke of it as it stood before this step.
///
/// # Errors
/// When the database fails.
pub async fn void_drop_votes(write: &Write, item: Uuid) -> Result<()> {
    let void = Query::delete().from_table(drop_vote::Entity).and_where(drop_vote::Column::ItemId.eq(item)).take();
    write.execute(&void).await.map(drop)
}

/// Whether the person acts for the organization.
///
/// # Errors
/// When the database fails.
pub async fn is_member(tx: &Tx, organization: Uuid, user: Uuid) -> Result<bool> {
    let membership = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(organization))
        .filter(membership::Column::UserId.eq(user))
        .filter(membership::Column::Status.eq(MembershipStatus::Active));
    Ok(membership.one(tx).await?.is_some())
}

/// Items that were not done when their agreement ended, for the job: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn lapsing(db: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    let ended = Query::select()
        .column(agreement::Column::Id)
        .from(agreement::Entity)
        .and_where(agreement::Column::Status.is_in(ENDED))
        .take();
    let ids = cooperation_item::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.is_in(UNDONE))
        .filter(Column::AgreementId.in_subquery(ended))
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Items not done yet whose day lies between a week ago and this day, in agreements in force.
///
/// # Errors
/// When the database fails.
pub async fn due_within(db: &impl ConnectionTrait, (today, last): (NaiveDate, NaiveDate)) -> Result<Vec<Uuid>> {
    let active = Query::select()
        .column(agreement::Column::Id)
        .from(agreement::Entity)
        .and_where(agreement::Column::Status.eq(AgreementStatus::Active))
        .take();
    let ids = cooperation_item::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.is_in(UNDONE))
        .filter(Column::DueOn.between(today - Days::new(7), last))
        .filter(Column::AgreementId.in_subquery(active));
    Ok(ids.into_tuple().all(db).await?)
}

/// Keys, titles and statuses of the items of an agreement that are neither accepted nor given up, the next due first.
///
/// # Errors
/// When the database fails.
pub async fn live(
    db: &impl ConnectionTrait,
    actor: &Actor,
    agreement: Uuid,
    limit: u64,
) -> Result<Vec<(Uuid, String, ItemStatus)>> {
    Ok(cooperation_item::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Title, Column::Status])
        .filter(visible_to(actor))
        .filter(Column::AgreementId.eq(agreement))
        .filter(Condition::any().add(Column::Status.is_in(UNDONE)).add(Column::Status.eq(ItemStatus::Submitted)))
        .order_by_asc(Column::DueOn)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// How far each of these agreements has been kept until today: one statement, however many.
///
/// # Errors
/// When the database fails.
pub async fn executions(db: &Db, _: &Actor, agreements: &[Uuid]) -> Result<HashMap<Uuid, Execution>> {
    let today = clock::day(db.clock().now());
    let accepted = Column::Status.eq(ItemStatus::Accepted);
    let due = accepted.clone().or(Column::DueOn.lt(today));
    let rows: Vec<(Uuid, i64, i64)> = cooperation_item::Entity::find()
        .select_only()
        .column(Column::AgreementId)
        .expr_as(count_where(accepted), "accepted")
        .expr_as(count_where(due), "due")
        .filter(Column::AgreementId.is_in(agreements.iter().copied()))
        .group_by(Column::AgreementId)
        .into_tuple()
        .all(db.reader())
        .await?;
    let mut executions: HashMap<_, _> = agreements.iter().map(|id| (*id, Execution::default())).collect();
    executions.extend(rows.into_iter().map(|(id, accepted, due)| (id, Execution { accepted, due })));
    Ok(executions)
}

fn count_where(condition: Expr) -> Expr {
    let counted: Expr = CaseStatement::new().case(condition, 1).into();
    counted.count()
}
