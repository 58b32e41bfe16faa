//! Users, memberships, invitations and sessions as clients see them, gathered for the schema.

use async_graphql::MergedObject;

pub use super::{
    invitations::graphql::Invitation,
    memberships::graphql::Membership,
    people::graphql::{Person, User},
    sessions::graphql::{Session, SessionTokens, Viewer},
};
use super::{
    invitations::graphql::{InvitationMutations, InvitationQueries},
    memberships::graphql::{MembershipMutations, MembershipQueries},
    people::graphql::{UserMutations, UserQueries},
    sessions::graphql::{SessionMutations, SessionQueries},
};
use crate::graphql::{Definition, View as _};

/// Queries about who is who.
#[derive(Debug, Default, MergedObject)]
pub struct IdentityQueries(SessionQueries, UserQueries, MembershipQueries, InvitationQueries);

/// Mutations about who is who.
#[derive(Debug, Default, MergedObject)]
pub struct IdentityMutations(SessionMutations, UserMutations, MembershipMutations, InvitationMutations);

/// The views with which a read begins here.
#[must_use]
pub fn roots() -> Vec<&'static Definition> {
    vec![
        SessionQueries::definition(),
        UserQueries::definition(),
        MembershipQueries::definition(),
        InvitationQueries::definition(),
    ]
}
