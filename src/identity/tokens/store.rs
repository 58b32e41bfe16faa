//! Where a session stands: everything that decides whether its tokens are good, in one statement.

use chrono::{DateTime, Utc};
use entity::{
    membership::{self, MembershipStatus, Role},
    organization::{self, OrganizationKind},
    service_account, session,
    user::{self, UserStatus},
};
use sea_orm::{
    ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::error::{Error, Result};

/// A session with its person, membership and organization, as they are now.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Standing {
    /// The session.
    pub session: Uuid,
    /// The person.
    pub user: Uuid,
    /// The membership it acts under.
    pub membership: Uuid,
    /// The organization of that membership.
    pub organization: Uuid,
    /// The role of that membership.
    pub role: Role,
    /// The kind of that organization.
    pub side: OrganizationKind,
    /// Its region.
    pub region: Option<String>,
    /// Raised when every token of the person must end.
    pub epoch: i32,
    /// When the session ends unless it is used before.
    pub expires_at: DateTime<Utc>,
    /// When it was ended, if it was.
    pub ended_at: Option<DateTime<Utc>>,
    /// The service account, if it is one, and its scopes.
    pub service: Option<Uuid>,
    /// Its scopes, separated by spaces.
    pub scopes: Option<String>,
    /// Whether the person may sign in.
    pub user_status: UserStatus,
    /// Whether the membership is in force.
    pub membership_status: MembershipStatus,
}

impl Standing {
    /// The records on which access rests, besides the service account.
    #[must_use]
    pub fn records(&self) -> Vec<Uuid> {
        vec![self.session, self.user, self.membership, self.organization]
    }

    /// Whether somebody can act in this session at this moment.
    #[must_use]
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none()
            && now < self.expires_at
            && self.user_status == UserStatus::Active
            && self.membership_status == MembershipStatus::Active
    }
}

/// Where a session stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &impl ConnectionTrait, session: Uuid) -> Result<Option<Standing>> {
    let row = db.query_one(&statement(session)).await?;
    Ok(row.map(|row| Standing::from_query_result(&row, "")).transpose()?)
}

/// Where this person would stand in a session under this membership, without one.
///
/// # Errors
/// When the database fails.
pub async fn without_session(
    db: &impl ConnectionTrait,
    user: user::Model,
    membership: membership::Model,
) -> Result<Standing> {
    let organization = organization::Entity::find_by_id(membership.organization_id).one(db).await?;
    let organization = organization.ok_or_else(Error::not_found)?;
    Ok(Standing {
        session: Uuid::nil(),
        user: user.id,
        membership: membership.id,
        organization: organization.id,
        role: membership.role,
        side: organization.kind,
        region: organization.region_code,
        epoch: user.session_epoch,
        expires_at: DateTime::UNIX_EPOCH,
        ended_at: None,
        service: None,
        scopes: None,
        user_status: user.status,
        membership_status: membership.status,
    })
}

fn statement(session: Uuid) -> SelectStatement {
    let membership_of_session = Expr::col((session::Entity, session::Column::MembershipId))
        .equals((membership::Entity, membership::Column::Id));
    let user_of_session =
        Expr::col((session::Entity, session::Column::UserId)).equals((user::Entity, user::Column::Id));
    let organization_of_membership = Expr::col((membership::Entity, membership::Column::OrganizationId))
        .equals((organization::Entity, organization::Column::Id));
    let service_of_membership = Expr::col((service_account::Entity, service_account::Column::MembershipId))
        .equals((membership::Entity, membership::Column::Id));
    Query::select()
        .expr_as(Expr::col((session::Entity, session::Column::Id)), "session")
        .expr_as(Expr::col((user::Entity, user::Column::Id)), "user")
        .expr_as(Expr::col((membership::Entity, membership::Column::Id)), "membership")
        .expr_as(Expr::col((organization::Entity, organization::Column::Id)), "organization")
        .expr_as(Expr::col((membership::Entity, membership::Column::Role)), "role")
        .expr_as(Expr::col((organization::Entity, organization::Column::Kind)), "side")
        .expr_as(Expr::col((organization::Entity, organization::Column::RegionCode)), "region")
        .expr_as(Expr::col((user::Entity, user::Column::SessionEpoch)), "epoch")
        .expr_as(Expr::col((session::Entity, session::Column::ExpiresAt)), "expires_at")
        .expr_as(Expr::col((session::Entity, session::Column::EndedAt)), "ended_at")
        .expr_as(Expr::col((user::Entity, user::Column::Status)), "user_status")
        .expr_as(Expr::col((membership::Entity, membership::Column::Status)), "membership_status")
        .expr_as(Expr::col((service_account::Entity, service_account::Column::Id)), "service")
        .expr_as(Expr::col((service_account::Entity, service_account::Column::Scopes)), "scopes")
        .from(session::Entity)
        .inner_join(user::Entity, user_of_session)
        .inner_join(membership::Entity, membership_of_session)
        .inner_join(organization::Entity, organization_of_membership)
        .left_join(service_account::Entity, service_of_membership)
        .and_where(Expr::col((session::Entity, session::Column::Id)).eq(session))
        .take()
}
