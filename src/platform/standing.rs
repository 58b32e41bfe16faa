//! Whether somebody who asks still is who they were when the request came in.
//!
//! A token is checked when a request arrives. Until its write commits, the membership may be ended, the person disabled
//! or the session revoked by another request. So every write asks once more, inside its own transaction, and holds the
//! answer until it commits: on PostgreSQL the rows are locked against change, on SQLite there is one writer anyway.

use entity::{
    Record as _,
    membership::{self, MembershipStatus},
    organization, service_account, session,
    user::{self, UserStatus},
};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait as _, LockType, Query, SelectStatement},
};

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

/// Whether person, session and membership are in force, unchanged, and stay so until the transaction ends.
///
/// # Errors
/// UNAUTHENTICATED when one of them is not.
pub(super) async fn still_stands(tx: &Tx, actor: &Actor) -> Result<()> {
    tx.query_one(&statement(tx, actor)).await?.map(drop).ok_or_else(Error::unauthenticated)
}

fn statement(tx: &Tx, actor: &Actor) -> SelectStatement {
    use membership::Column as Membership;
    use session::Column as Session;
    let of_session = Expr::col((membership::Entity, Membership::Id)).equals((session::Entity, Session::MembershipId));
    let of_person = Expr::col((user::Entity, user::Column::Id)).equals((session::Entity, Session::UserId));
    Query::select()
        .column((session::Entity, Session::Id))
        .from(session::Entity)
        .inner_join(membership::Entity, of_session)
        .inner_join(user::Entity, of_person)
        .and_where(Expr::col((session::Entity, Session::Id)).eq(actor.session()))
        .and_where(Expr::col((session::Entity, Session::EndedAt)).is_null())
        .and_where(Expr::col((session::Entity, Session::ExpiresAt)).gt(tx.now()))
        .and_where(Expr::col((user::Entity, user::Column::Id)).eq(actor.user()))
        .and_where(Expr::col((user::Entity, user::Column::Status)).eq(UserStatus::Active))
        .and_where(Expr::col((membership::Entity, Membership::Id)).eq(actor.membership()))
        .and_where(Expr::col((membership::Entity, Membership::Status)).eq(MembershipStatus::Active))
        .and_where(Expr::col((membership::Entity, Membership::OrganizationId)).eq(actor.organization()))
        .and_where(Expr::col((membership::Entity, Membership::Role)).eq(actor.membership_role()))
        .lock(LockType::Share)
        .take()
}
