//! The only place that touches the tables of amendments.

use std::collections::HashMap;

use entity::{
    agreement::{self, AgreementStatus},
    agreement_version,
    amendment::{self, Column},
    amendment_decision as decision,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};
use uuid::Uuid;

use super::{
    diff::{self, Change},
    rules::{Decision, Facts, OPEN},
};
use crate::{
    agreements::{content::Content, rules::is_scan, store as agreements},
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx, Write},
    },
};

/// What was never submitted is its drafting organization's; other amendments are seen with their agreement.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let submitted = agreements::seen_with(Column::AgreementId, actor).add(Column::ContentHash.is_not_null());
    Condition::any().add(Column::DraftedById.eq(actor.organization())).add(submitted)
}

/// What belongs to an amendment is seen with it: rows whose column names an amendment that the actor sees.
#[must_use]
pub fn seen_with(amendment: impl ColumnTrait, actor: &Actor) -> Condition {
    exists(Column::Id, amendment, visible_to(actor))
}

/// Approvals and signatures are seen with the amendment.
#[must_use]
pub fn decisions_visible_to(actor: &Actor) -> Condition {
    seen_with(decision::Column::AmendmentId, actor)
}

/// The amendment with everything the rules need, if the actor sees it; its agreement locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = amendment::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    behind(tx, seen.ok_or_else(Error::not_found)?).await
}

/// As [`facts`], for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such amendment.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<Facts> {
    let found = amendment::Entity::find_by_id(id).one(tx).await?;
    behind(tx, found.ok_or_else(Error::not_found)?).await
}

async fn behind(tx: &Tx, found: amendment::Model) -> Result<Facts> {
    let id = found.id;
    let agreement = agreements::facts_behind(tx, found.agreement_id).await?;
    // Read again: until the agreement was locked, another step could be taken.
    let amendment = amendment::Entity::find_by_id(id).one(tx).await?.ok_or_else(Error::not_found)?;
    let decisions = decisions(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Facts { amendment, decisions, agreement })
}

/// The facts of many amendments at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = amendment::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let behind: Vec<Uuid> = rows.iter().map(|row| row.agreement_id).collect();
    let agreements = agreements::facts_of(db, actor, &behind).await?;
    let mut decisions = decisions(db.reader(), ids).await?;
    let facts = rows.into_iter().filter_map(|amendment| {
        let agreement = agreements.get(&amendment.agreement_id)?.clone();
        let decisions = decisions.remove(&amendment.id).unwrap_or_default();
        Some((amendment.id, Facts { amendment, decisions, agreement }))
    });
    Ok(facts.collect())
}

async fn decisions(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Decision>>> {
    let rows =
        decision::Entity::find().filter(decision::Column::AmendmentId.is_in(ids.iter().copied())).all(db).await?;
    let mut decisions: HashMap<Uuid, Vec<Decision>> = HashMap::new();
    for row in rows {
        let decision = Decision {
            id: row.id,
            kind: row.kind,
            organization: row.organization_id,
            person: row.decided_by_id,
            counts: row.confirmed_at.is_some() || !row.evidence.is_some_and(is_scan),
        };
        decisions.entry(row.amendment_id).or_default().push(decision);
    }
    Ok(decisions)
}

/// The signatures under an amendment, as rows.
///
/// # Errors
/// When the database fails.
pub async fn signatures(tx: &Tx, amendment: Uuid) -> Result<Vec<decision::Model>> {
    Ok(decision::Entity::find()
        .filter(decision::Column::AmendmentId.eq(amendment))
        .filter(decision::Column::Kind.eq(decision::AmendmentDecisionKind::Signature))
        .order_by_asc(decision::Column::Id)
        .all(tx)
        .await?)
}

/// Confirms a scan, as its second person.
///
/// # Errors
/// When the database fails.
pub async fn confirm_signature(write: &Write, signature: Uuid, person: Uuid) -> Result<()> {
    let row = decision::ActiveModel {
        id: Set(signature),
        confirmed_by_id: Set(Some(person)),
        confirmed_at: Set(Some(write.now())),
        ..Default::default()
    };
    write.update(row).await.map(drop)
}

/// The number of amendments to an agreement so far.
///
/// # Errors
/// When the database fails.
pub async fn last_number(tx: &Tx, agreement: Uuid) -> Result<i32> {
    let last: Option<Option<i32>> = amendment::Entity::find()
        .select_only()
        .column_as(Column::Number.max(), "last")
        .filter(Column::AgreementId.eq(agreement))
        .into_tuple()
        .one(tx)
        .await?;
    Ok(last.flatten().unwrap_or_default())
}

/// What each of these amendments changes: three statements, however many.
///
/// # Errors
/// When the database fails.
pub async fn changes_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Change>>> {
    let rows = amendment::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let bases = agreement_version::Entity::find()
        .filter(agreement_version::Column::AgreementId.is_in(rows.iter().map(|row| row.agreement_id)))
        .filter(agreement_version::Column::ContentHash.is_in(rows.iter().map(|row| row.base_hash.as_str())))
        .all(db.reader())
        .await?;
    let changes = rows.iter().map(|row| {
        let mut versions = bases.iter().filter(|base| base.agreement_id == row.agreement_id);
        let base = versions.find(|base| base.content_hash == row.base_hash);
        let base = base.ok_or_else(|| Error::internal("an amendment of a text that was never frozen"))?;
        let base: Content = serde_json::from_str(&base.content).map_err(Error::internal)?;
        Ok((row.id, diff::changes(&base, row)))
    });
    changes.collect()
}

/// Amendments on their way whose agreement has ended, for the job: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn orphaned(db: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    let ended = Query::select()
        .column(agreement::Column::Id)
        .from(agreement::Entity)
        .and_where(agreement::Column::Status.is_in([AgreementStatus::Terminated, AgreementStatus::Expired]))
        .take();
    let ids = amendment::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.is_in(OPEN))
        .filter(Column::AgreementId.in_subquery(ended))
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Keys and titles of the amendments of an agreement that are on their way and that the actor sees.
///
/// # Errors
/// When the database fails.
pub async fn open(
    db: &impl ConnectionTrait,
    actor: &Actor,
    agreement: Uuid,
    limit: u64,
) -> Result<Vec<(Uuid, String)>> {
    Ok(amendment::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Title])
        .filter(visible_to(actor))
        .filter(Column::AgreementId.eq(agreement))
        .filter(Column::Status.is_in(OPEN))
        .order_by_asc(Column::Number)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}
