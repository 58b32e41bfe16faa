//! The only place that touches the tables of agreements.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    agreement::{self, AgreementStatus as Status, Column},
    agreement_number,
    agreement_party::{self, PartyRole},
    agreement_proposal::{self, ProposalStatus},
    agreement_review, agreement_signature, agreement_version,
    organization::{self, OrganizationStatus},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use super::{
    facts::{DECIDED_ON, ENDED, Facts, PROPOSED_ON, Party, Review, Signature},
    rules::is_scan,
};
use crate::{
    auth::Actor,
    error::{Error, Result},
    identity::delegations::{self, InForce},
    platform::{
        clock,
        condition::exists,
        db::{Db, Tx, Write},
    },
};

/// Which agreements the actor sees: those that name the own organization, drafts only where it drafts them. A draft that
/// was given up was never shown to the others: it has no frozen text.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let own = Condition::all().add(agreement_party::Column::OrganizationId.eq(actor.organization()));
    let shared = Condition::all().add(Column::Status.ne(Status::Draft)).add(Column::ContentHash.is_not_null());
    exists(agreement_party::Column::AgreementId, Column::Id, own)
        .add(Condition::any().add(Column::DraftedById.eq(actor.organization())).add(shared))
}

/// As [`visible_to`], asked of the rows of the parties, which repeat what it takes: one for each agreement that the actor
/// sees.
#[must_use]
pub fn counted_for(actor: &Actor) -> Condition {
    use agreement_party::Column::{DraftedById, OrganizationId, Shared};
    let own = actor.organization();
    Condition::all().add(OrganizationId.eq(own)).add(Condition::any().add(DraftedById.eq(own)).add(Shared.eq(true)))
}

/// What belongs to an agreement is seen with it: rows whose column names an agreement that the actor sees.
#[must_use]
pub fn seen_with(agreement: impl ColumnTrait, actor: &Actor) -> Condition {
    exists(Column::Id, agreement, visible_to(actor))
}

/// The agreement with everything the rules need, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = agreement::Entity::find()
        .filter(visible_to(actor))
        .filter(Column::Id.eq(id))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or_else(Error::not_found)?;
    complete(tx, vec![row], clock::day(tx.now())).await?.remove(&id).ok_or_else(Error::not_found)
}

/// As [`facts`], for a job of the system, which sees everything, and for what is done to a record of the agreement that
/// the actor was found to see.
///
/// # Errors
/// `NOT_FOUND` when there is no such agreement.
pub async fn facts_behind(tx: &Tx, id: Uuid) -> Result<Facts> {
    let row = agreement::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or_else(Error::not_found)?;
    complete(tx, vec![row], clock::day(tx.now())).await?.remove(&id).ok_or_else(Error::not_found)
}

/// The facts of many agreements at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = agreement::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    complete(db.reader(), rows, clock::day(db.clock().now())).await
}

/// As many statements for many agreements as for one, and only for what the rules ask where these agreements stand:
/// words, signatures and deputies while they are decided on, proposals once all have signed.
async fn complete(
    db: &impl ConnectionTrait,
    rows: Vec<agreement::Model>,
    today: NaiveDate,
) -> Result<HashMap<Uuid, Facts>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let decided_on = rows.iter().filter(|row| DECIDED_ON.contains(&row.status));
    let versions: Vec<Uuid> = decided_on.filter_map(|row| row.current_version_id).collect();
    let signed = rows.iter().filter(|row| PROPOSED_ON.contains(&row.status)).map(|row| row.id).collect::<Vec<_>>();
    let mut facts: HashMap<Uuid, Facts> = rows
        .into_iter()
        .map(|agreement| {
            let (parties, reviews, signatures, delegations) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            (agreement.id, Facts { agreement, parties, reviews, signatures, delegations, proposal: None, today })
        })
        .collect();
    for (agreement, party) in parties(db, &ids).await? {
        facts.entry(agreement).and_modify(|facts| facts.parties.push(party));
    }
    if !versions.is_empty() {
        for (agreement, review) in reviews(db, &versions).await? {
            facts.entry(agreement).and_modify(|facts| facts.reviews.push(review));
        }
        for (agreement, signature) in signatures(db, &versions).await? {
            facts.entry(agreement).and_modify(|facts| facts.signatures.push(signature));
        }
        deputize(db, &mut facts, today).await?;
    }
    if !signed.is_empty() {
        for proposal in open_proposals(db, &signed).await? {
            facts.entry(proposal.agreement_id).and_modify(|facts| facts.proposal = Some(proposal));
        }
    }
    Ok(facts)
}

/// Adds who may decide in whose stead.
async fn deputize(db: &impl ConnectionTrait, facts: &mut HashMap<Uuid, Facts>, today: NaiveDate) -> Result<()> {
    let organizations: Vec<Uuid> =
        facts.values().flat_map(|facts| &facts.parties).map(|party| party.organization).collect();
    let delegations = delegations::in_force(db, &organizations, today).await?;
    for facts in facts.values_mut() {
        let concerns = |given: &&InForce| facts.binds(given.organization);
        facts.delegations = delegations.iter().filter(concerns).copied().collect();
    }
    Ok(())
}

async fn reviews(db: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<(Uuid, Review)>> {
    let rows = agreement_review::Entity::find()
        .filter(agreement_review::Column::VersionId.is_in(versions.iter().copied()))
        .all(db)
        .await?;
    let reviews = rows.into_iter().map(|row| {
        let review = Review {
            organization: row.organization_id,
            reviewer: row.reviewer_id,
            on_behalf_of: row.on_behalf_of_id,
            decision: row.decision,
        };
        (row.agreement_id, review)
    });
    Ok(reviews.collect())
}

async fn signatures(db: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<(Uuid, Signature)>> {
    let rows = agreement_signature::Entity::find()
        .filter(agreement_signature::Column::VersionId.is_in(versions.iter().copied()))
        .filter(agreement_signature::Column::VoidedAt.is_null())
        .all(db)
        .await?;
    let signatures = rows.into_iter().map(|row| {
        let signature = Signature {
            id: row.id,
            organization: row.organization_id,
            signer: row.signer_id,
            on_behalf_of: row.on_behalf_of_id,
            counts: counts(&row),
        };
        (row.agreement_id, signature)
    });
    Ok(signatures.collect())
}

/// A scan counts only after a second person has confirmed it.
fn counts(row: &agreement_signature::Model) -> bool {
    row.confirmed_at.is_some() || !is_scan(row.evidence)
}

async fn parties(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<(Uuid, Party)>> {
    let rows: Vec<(Uuid, Uuid, PartyRole, OrganizationStatus)> = agreement_party::Entity::find()
        .select_only()
        .columns([
            agreement_party::Column::AgreementId,
            agreement_party::Column::OrganizationId,
            agreement_party::Column::Role,
        ])
        .column(organization::Column::Status)
        .join(
            JoinType::InnerJoin,
            agreement_party::Entity::belongs_to(organization::Entity)
                .from(agreement_party::Column::OrganizationId)
                .to(organization::Column::Id)
                .into(),
        )
        .filter(agreement_party::Column::AgreementId.is_in(ids.iter().copied()))
        .order_by_asc(agreement_party::Column::Position)
        .into_tuple()
        .all(db)
        .await?;
    let parties = rows.into_iter().map(|(agreement, organization, role, status)| {
        (agreement, Party { organization, role, verified: status == OrganizationStatus::Verified })
    });
    Ok(parties.collect())
}

async fn open_proposals(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<agreement_proposal::Model>> {
    Ok(agreement_proposal::Entity::find()
        .filter(agreement_proposal::Column::AgreementId.is_in(ids.iter().copied()))
        .filter(agreement_proposal::Column::Status.eq(ProposalStatus::Open))
        .all(db)
        .await?)
}

/// The parties as rows, in the order of the cover.
///
/// # Errors
/// When the database fails.
pub async fn party_rows(tx: &Tx, agreement: Uuid) -> Result<Vec<agreement_party::Model>> {
    let rows = agreement_party::Entity::find().filter(agreement_party::Column::AgreementId.eq(agreement));
    Ok(rows.order_by_asc(agreement_party::Column::Position).all(tx).await?)
}

/// Replaces the parties of a draft.
///
/// # Errors
/// When the database refuses one.
pub async fn replace_parties(write: &Write, agreement: Uuid, parties: Vec<agreement_party::ActiveModel>) -> Result<()> {
    let gone = Query::delete()
        .from_table(agreement_party::Entity)
        .and_where(agreement_party::Column::AgreementId.eq(agreement))
        .take();
    write.execute(&gone).await?;
    write.insert_all(parties).await
}

/// The next number in a series such as `511322-2026`; issued once, also when drafts are made at the same time.
///
/// # Errors
/// When the database fails.
pub async fn next_number(write: &Write, series: &str) -> Result<i32> {
    let count = Query::insert()
        .into_table(agreement_number::Entity)
        .columns([agreement_number::Column::Series, agreement_number::Column::Last])
        .values_panic([series.into(), 1.into()])
        .on_conflict(
            OnConflict::column(agreement_number::Column::Series)
                .value(
                    agreement_number::Column::Last,
                    Expr::col((agreement_number::Entity, agreement_number::Column::Last)).add(1),
                )
                .to_owned(),
        )
        .take();
    write.execute(&count).await?;
    let row = agreement_number::Entity::find_by_id(series.to_owned()).one(write.tx()).await?;
    row.map(|row| row.last).ok_or_else(|| Error::internal("an agreement series without a number"))
}

/// The number of versions that were frozen so far.
///
/// # Errors
/// When the database fails.
pub async fn last_version(tx: &Tx, agreement: Uuid) -> Result<i32> {
    let last: Option<Option<i32>> = agreement_version::Entity::find()
        .select_only()
        .column_as(agreement_version::Column::Number.max(), "last")
        .filter(agreement_version::Column::AgreementId.eq(agreement))
        .into_tuple()
        .one(tx)
        .await?;
    Ok(last.flatten().unwrap_or_default())
}

/// Another live agreement of the same kind between the same parties in the same time, that is neither parent nor
/// predecessor of this one (I5).
///
/// # Errors
/// When the database fails.
pub async fn rival(tx: &Tx, of: &agreement::Model, starts_on: NaiveDate) -> Result<Option<agreement::Model>> {
    let related: Vec<Uuid> = [Some(of.id), of.parent_id, of.predecessor_id].into_iter().flatten().collect();
    let rivals = agreement::Entity::find()
        .filter(Column::PartySet.eq(&of.party_set))
        .filter(Column::Kind.eq(of.kind))
        .filter(Column::Id.is_not_in(related))
        .filter(Condition::any().add(Column::ParentId.is_null()).add(Column::ParentId.ne(of.id)))
        .filter(Condition::any().add(Column::PredecessorId.is_null()).add(Column::PredecessorId.ne(of.id)))
        .filter(Column::Status.is_in([
            Status::InReview,
            Status::AwaitingSignature,
            Status::Signed,
            Status::Active,
            Status::Suspended,
        ]))
        .filter(Column::EndsOn.gte(starts_on))
        .filter(Condition::any().add(Column::StartsOn.is_null()).add(Column::StartsOn.lte(of.ends_on)));
    Ok(rivals.one(tx).await?)
}

/// Keys and numbers of the special agreements under this one that have not ended and that the actor sees.
///
/// # Errors
/// When the database fails.
pub async fn live_under(
    db: &impl ConnectionTrait,
    actor: &Actor,
    parent: Uuid,
    limit: u64,
) -> Result<Vec<(Uuid, String)>> {
    Ok(agreement::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Number])
        .filter(visible_to(actor))
        .filter(Column::ParentId.eq(parent))
        .filter(Column::Status.is_not_in(ENDED))
        .order_by_asc(Column::Number)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// Whether the actor sees this agreement.
///
/// # Errors
/// When the database fails.
pub async fn sees(db: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<bool> {
    let seen = agreement::Entity::find().select_only().column(Column::Id).filter(visible_to(actor));
    Ok(seen.filter(Column::Id.eq(id)).into_tuple::<Uuid>().one(db).await?.is_some())
}

/// The signatures under withdrawn text no longer count.
///
/// # Errors
/// When the database fails.
pub async fn void_signatures(write: &Write, version: Uuid) -> Result<()> {
    let void = Query::update()
        .table(agreement_signature::Entity)
        .value(agreement_signature::Column::VoidedAt, write.now())
        .and_where(agreement_signature::Column::VersionId.eq(version))
        .take();
    write.execute(&void).await.map(drop)
}

/// Confirms a scan, as its second person.
///
/// # Errors
/// When the database fails.
pub async fn confirm_signature(write: &Write, signature: Uuid, person: Uuid) -> Result<()> {
    let row = agreement_signature::ActiveModel {
        id: Set(signature),
        confirmed_by_id: Set(Some(person)),
        confirmed_at: Set(Some(write.now())),
        ..Default::default()
    };
    write.update(row).await.map(drop)
}

/// The agreements to which a date has come, for the jobs: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &impl ConnectionTrait, due: Due, today: NaiveDate) -> Result<Vec<Uuid>> {
    let condition = match due {
        Due::Begin => Condition::all().add(Column::Status.eq(Status::Signed)).add(Column::StartsOn.lte(today)),
        Due::End => Condition::all()
            .add(Column::Status.is_in([Status::Active, Status::Suspended, Status::AwaitingSignature]))
            .add(Column::EndsOn.lt(today)),
    };
    let ids = agreement::Entity::find().select_only().column(Column::Id).filter(condition).limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Active agreements whose notice date lies between two days.
///
/// # Errors
/// When the database fails.
pub async fn noticed_within(db: &impl ConnectionTrait, first: NaiveDate, last: NaiveDate) -> Result<Vec<Uuid>> {
    let ids = agreement::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(Status::Active))
        .filter(Column::NoticeBy.between(first, last));
    Ok(ids.into_tuple().all(db).await?)
}

/// Which date has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The first day: signed agreements begin.
    Begin,
    /// The day after the last: agreements in force expire, those never signed are cancelled.
    End,
}
