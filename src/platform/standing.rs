//! Whether somebody who asks still is who they were when the request came in.
//!
//! A token is checked when a request arrives. Until its write commits, the membership may be ended, the person disabled
//! or the session revoked by another request. So every write asks once more, inside its own transaction, and holds the
//! answer until it commits: on PostgreSQL the rows are locked against change, on SQLite there is one writer anyway.

use chrono::{DateTime, Utc};
use entity::{
    Record as _,
    membership::{self, MembershipStatus, Role},
    organization, service_account, session,
    user::{self, UserStatus},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _, RelationDef};
use uuid::Uuid;

use super::db::Tx;
use crate::{
    auth::Actor,
    error::{Error, Result},
};

/// Whether what somebody may do rests on records of this kind.
pub(super) fn rests_on(kind: &str) -> bool {
    [
        session::Entity::PREFIX,
        user::Entity::PREFIX,
        membership::Entity::PREFIX,
        organization::Entity::PREFIX,
        service_account::Entity::PREFIX,
    ]
    .contains(&kind)
}

/// Whether person, session and membership are in force, unchanged, and stay so until the transaction ends. They are found by
/// their keys alone: asked for a student of the organization, a database may well look through all of its students.
///
/// # Errors
/// UNAUTHENTICATED when one of them is not.
pub(super) async fn still_stands(tx: &Tx, actor: &Actor) -> Result<()> {
    let found = session::Entity::find_by_id(actor.session())
        .select_only()
        .columns([session::Column::EndedAt, session::Column::ExpiresAt])
        .join(JoinType::InnerJoin, person())
        .column(user::Column::Status)
        .join(JoinType::InnerJoin, place())
        .columns([membership::Column::Status, membership::Column::OrganizationId, membership::Column::Role])
        .filter(user::Column::Id.eq(actor.user()))
        .filter(membership::Column::Id.eq(actor.membership()))
        .lock_shared();
    let stands = found.into_tuple().one(tx).await?.is_some_and(|found: Found| {
        let (ended_at, expires_at, person, membership, organization, role) = found;
        ended_at.is_none()
            && expires_at > tx.now()
            && person == UserStatus::Active
            && membership == MembershipStatus::Active
            && organization == actor.organization()
            && role == actor.membership_role()
    });
    if stands { Ok(()) } else { Err(Error::unauthenticated()) }
}

/// When the session was ended, until when it is good, and where person and membership stand.
type Found = (Option<DateTime<Utc>>, DateTime<Utc>, UserStatus, MembershipStatus, Uuid, Role);

fn person() -> RelationDef {
    session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id).into()
}

fn place() -> RelationDef {
    let of = session::Entity::belongs_to(membership::Entity).from(session::Column::MembershipId);
    of.to(membership::Column::Id).into()
}
