//! Users, memberships, invitations and sessions as clients see them, gathered for the schema.

use async_graphql::MergedObject;

pub use super::{
    delegations::graphql::Delegation,
    identities::graphql::Identity,
    invitations::graphql::Invitation,
    issuers::graphql::{Issuer, SignInOption},
    memberships::graphql::Membership,
    people::graphql::{Person, User},
    sessions::graphql::{Session, SessionTokens, Viewer},
};
use super::{
    delegations::graphql::{DelegationMutations, DelegationQueries},
    exchange::graphql::ExchangeMutations,
    identities::graphql::{IdentityListMutations, IdentityListQueries},
    invitations::graphql::{InvitationMutations, InvitationQueries},
    issuers::graphql::{IssuerMutations, IssuerQueries, SignInQueries},
    memberships::graphql::{MembershipMutations, MembershipQueries},
    password_resets::graphql::PasswordResetMutations,
    people::graphql::{UserMutations, UserQueries},
    service_accounts::graphql::{ServiceAccountMutations, ServiceAccountQueries},
    sessions::graphql::{SessionMutations, SessionQueries},
};
use crate::graphql::{Definition, View as _};

/// Queries about who is who.
#[derive(Debug, Default, MergedObject)]
pub struct IdentityQueries(
    SessionQueries,
    UserQueries,
    MembershipQueries,
    InvitationQueries,
    DelegationQueries,
    ServiceAccountQueries,
    SingleSignOnQueries,
);

/// Mutations about who is who.
#[derive(Debug, Default, MergedObject)]
pub struct IdentityMutations(
    SessionMutations,
    UserMutations,
    PasswordResetMutations,
    MembershipMutations,
    InvitationMutations,
    DelegationMutations,
    ServiceAccountMutations,
    SingleSignOnMutations,
);

/// Queries about single sign-on.
#[derive(Debug, Default, MergedObject)]
pub struct SingleSignOnQueries(SignInQueries, IssuerQueries, IdentityListQueries);

/// Mutations of single sign-on.
#[derive(Debug, Default, MergedObject)]
pub struct SingleSignOnMutations(ExchangeMutations, IssuerMutations, IdentityListMutations);

/// The views with which a read begins here.
#[must_use]
pub fn roots() -> Vec<&'static Definition> {
    vec![
        SessionQueries::definition(),
        UserQueries::definition(),
        MembershipQueries::definition(),
        InvitationQueries::definition(),
        IssuerQueries::definition(),
        IdentityListQueries::definition(),
        DelegationQueries::definition(),
        ServiceAccountQueries::definition(),
    ]
}
