//! The only place that touches spent ID tokens, and which identity opened which session.

use entity::{
    issuer, membership, organization, session, session_identity, spent_id_token,
    user_identity::{self, IdentityStatus},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    error::Result,
    platform::db::{Tx, Write},
};

/// How many organizations may stand above one.
const DEPTH: usize = 8;

/// Who somebody is who was bound before: for the sign-in limits, which are kinder to whoever signs in from a known
/// address.
///
/// # Errors
/// When the database fails.
pub async fn user_of(db: &impl ConnectionTrait, url: &str, subject: &str) -> Result<Option<Uuid>> {
    use user_identity::{Column, Entity};
    let issuers =
        Query::select().column(issuer::Column::Id).from(issuer::Entity).and_where(issuer::Column::Url.eq(url)).take();
    Ok(Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::IssuerId.in_subquery(issuers))
        .filter(Column::Subject.eq(subject))
        .filter(Column::Status.eq(IdentityStatus::Bound))
        .order_by_asc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?)
}

/// Those of these memberships that an issuer of this organization reaches: its own, and those of the departments below
/// it. Enterprises stand below their county and are nobody's departments: an organization of another kind is out of
/// reach.
///
/// # Errors
/// When the database fails.
pub async fn within(
    tx: &Tx,
    reach: &organization::Model,
    memberships: Vec<membership::Model>,
) -> Result<Vec<membership::Model>> {
    let mut reached = Vec::new();
    for membership in memberships {
        if is_within(tx, reach, membership.organization_id).await? {
            reached.push(membership);
        }
    }
    Ok(reached)
}

/// Whether an issuer of this organization reaches another one.
///
/// # Errors
/// When the database fails.
pub async fn is_within(tx: &Tx, reach: &organization::Model, organization: Uuid) -> Result<bool> {
    let mut next = Some(organization);
    for _ in 0..DEPTH {
        let Some(id) = next else { return Ok(false) };
        if id == reach.id {
            return Ok(true);
        }
        let row = organization::Entity::find_by_id(id).one(tx).await?;
        next = row.filter(|row| row.kind == reach.kind).and_then(|row| row.parent_id);
    }
    Ok(false)
}

/// The organization whose issuer opened this session, if one did.
///
/// # Errors
/// When the database fails.
pub async fn reach_of(tx: &Tx, session: Uuid) -> Result<Option<organization::Model>> {
    let identity = Query::select()
        .column(session_identity::Column::IdentityId)
        .from(session_identity::Entity)
        .and_where(session_identity::Column::SessionId.eq(session))
        .take();
    let issuer = Query::select()
        .column(user_identity::Column::IssuerId)
        .from(user_identity::Entity)
        .and_where(user_identity::Column::Id.in_subquery(identity))
        .take();
    let organizations = Query::select()
        .column(issuer::Column::OrganizationId)
        .from(issuer::Entity)
        .and_where(issuer::Column::Id.in_subquery(issuer))
        .take();
    Ok(organization::Entity::find().filter(organization::Column::Id.in_subquery(organizations)).one(tx).await?)
}

/// The open sessions that this identity opened; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn sessions_of(tx: &Tx, identity: Uuid) -> Result<Vec<Uuid>> {
    let opened = opened_by(Condition::all().add(session_identity::Column::IdentityId.eq(identity)));
    open_among(tx, opened).await
}

/// The open sessions that this issuer's tokens opened; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn sessions_of_issuer(tx: &Tx, issuer: Uuid) -> Result<Vec<Uuid>> {
    let identities = Query::select()
        .column(user_identity::Column::Id)
        .from(user_identity::Entity)
        .and_where(user_identity::Column::IssuerId.eq(issuer))
        .take();
    let opened = opened_by(Condition::all().add(session_identity::Column::IdentityId.in_subquery(identities)));
    open_among(tx, opened).await
}

fn opened_by(which: Condition) -> SelectStatement {
    Query::select().column(session_identity::Column::SessionId).from(session_identity::Entity).cond_where(which).take()
}

async fn open_among(tx: &Tx, opened: SelectStatement) -> Result<Vec<Uuid>> {
    let rows = session::Entity::find()
        .filter(session::Column::Id.in_subquery(opened))
        .filter(session::Column::EndedAt.is_null())
        .order_by_asc(session::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Remembers which identity opened a session.
///
/// # Errors
/// When the database fails.
pub async fn opened(write: &Write, session: Uuid, identity: Uuid) -> Result<()> {
    let row = session_identity::ActiveModel { session_id: Set(session), identity_id: Set(identity) };
    write.insert(row).await.map(drop)
}

/// Whether a token was exchanged before.
///
/// # Errors
/// When the database fails.
pub async fn is_spent(tx: &Tx, hash: &str) -> Result<bool> {
    Ok(spent_id_token::Entity::find_by_id(hash.to_owned()).one(tx).await?.is_some())
}

/// Spends a token.
///
/// # Errors
/// When it was spent before.
pub async fn spend(write: &Write, row: spent_id_token::Model) -> Result<()> {
    write.insert(spent_id_token::ActiveModel::from(row)).await.map(drop)
}

/// Forgets spent tokens that have expired.
///
/// # Errors
/// When the database fails.
pub async fn forget(write: &Write) -> Result<()> {
    let mut delete = Query::delete();
    delete.from_table(spent_id_token::Entity).and_where(spent_id_token::Column::ExpiresAt.lte(write.now()));
    write.execute(&delete).await.map(drop)
}
