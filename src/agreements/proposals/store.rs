//! The only place that touches the tables of proposals.

use std::collections::HashMap;

use entity::{
    agreement_proposal::{self, Column},
    agreement_proposal_vote as vote,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::rules::{Facts, Vote};
use crate::{
    agreements::store as agreements,
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
};

/// Proposals are seen with their agreement.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    agreements::seen_with(Column::AgreementId, actor)
}

/// What the parties said is seen with the proposal.
#[must_use]
pub fn votes_visible_to(actor: &Actor) -> Condition {
    exists(Column::Id, vote::Column::ProposalId, visible_to(actor))
}

/// The proposal with everything the rules need, if the actor sees it; its agreement locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = agreement_proposal::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    let agreement = agreements::facts(tx, actor, seen.ok_or_else(Error::not_found)?.agreement_id).await?;
    // Read again: until the agreement was locked, another answer could be given.
    let proposal = agreement_proposal::Entity::find_by_id(id).one(tx).await?.ok_or_else(Error::not_found)?;
    let votes = votes(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Facts { proposal, votes, agreement })
}

/// The facts of many proposals at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows =
        agreement_proposal::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let behind: Vec<Uuid> = rows.iter().map(|row| row.agreement_id).collect();
    let agreements = agreements::facts_of(db, actor, &behind).await?;
    let mut votes = votes(db.reader(), ids).await?;
    let facts = rows.into_iter().filter_map(|proposal| {
        let agreement = agreements.get(&proposal.agreement_id)?.clone();
        let votes = votes.remove(&proposal.id).unwrap_or_default();
        Some((proposal.id, Facts { proposal, votes, agreement }))
    });
    Ok(facts.collect())
}

async fn votes(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Vote>>> {
    let rows = vote::Entity::find()
        .filter(vote::Column::ProposalId.is_in(ids.iter().copied()))
        .order_by_asc(vote::Column::Id)
        .all(db)
        .await?;
    let mut votes: HashMap<Uuid, Vec<Vote>> = HashMap::new();
    for row in rows {
        let vote = Vote { organization: row.organization_id, voter: row.voter_id, agreed: row.agreed };
        votes.entry(row.proposal_id).or_default().push(vote);
    }
    Ok(votes)
}
