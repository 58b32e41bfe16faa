//! Who asks.

use entity::{membership::Role, organization::OrganizationKind};
use uuid::Uuid;

use super::Scopes;

/// Somebody signed in, acting under exactly one membership.
///
/// Only [`crate::identity::caller`] makes one, after it has checked the token and that neither the user nor the
/// membership has been ended since. Holding an `Actor` is therefore proof of authentication. On the command line, and
/// nowhere else, [`crate::identity::reading_as`] makes one without a session, to which no permit is ever given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor(Badge);

/// What an [`Actor`] is made of, as its token and membership say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Badge {
    /// The person, or the person a service account answers to.
    pub user: Uuid,
    /// The membership this session acts under.
    pub membership: Uuid,
    /// The organization of that membership.
    pub organization: Uuid,
    /// The role whose rights are used: that of the membership, or for a service account that of its organization's admin.
    pub role: Role,
    /// The side: the kind of that organization.
    pub side: OrganizationKind,
    /// The region of that organization, GB/T 2260; empty for none.
    pub region: String,
    /// The session, so that a subscription ends with it.
    pub session: Uuid,
    /// What a service account was granted; nothing for people, to whom everything is open that their role allows.
    pub scopes: Option<Scopes>,
}

impl Actor {
    /// Held to a single caller by `tests/it/architecture.rs`.
    pub(crate) fn new(badge: Badge) -> Self {
        Self(badge)
    }

    /// The person.
    #[must_use]
    pub fn user(&self) -> Uuid {
        self.0.user
    }

    /// The membership this session acts under.
    #[must_use]
    pub fn membership(&self) -> Uuid {
        self.0.membership
    }

    /// The organization acted for.
    #[must_use]
    pub fn organization(&self) -> Uuid {
        self.0.organization
    }

    /// The role whose rights are used there. For a service account that of the organization's admin, cut to its scopes.
    #[must_use]
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// The role of the membership, as the trail names it.
    #[must_use]
    pub fn membership_role(&self) -> Role {
        if self.0.scopes.is_some() { Role::ServiceAccount } else { self.0.role }
    }

    /// Whether a root field of the schema is open: to people always, to a service account by its scopes.
    #[must_use]
    pub fn may_ask(&self, field: &str) -> bool {
        self.0.scopes.as_ref().is_none_or(|scopes| scopes.open_field(field))
    }

    /// Whether a view of the schema may be shown at all: to people always, to a service account by its scopes.
    #[must_use]
    pub fn may_see(&self, view: &str) -> bool {
        self.0.scopes.as_ref().is_none_or(|scopes| scopes.show(view))
    }

    /// University, county, enterprise or platform.
    #[must_use]
    pub fn side(&self) -> OrganizationKind {
        self.0.side
    }

    /// The region of the organization acted for, GB/T 2260; empty for none.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.0.region
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> Uuid {
        self.0.session
    }

    /// Everything of the actor on which rights rest: whoever has the same sees the same, in whatever session.
    #[must_use]
    pub fn rights(&self) -> Badge {
        Badge { session: Uuid::nil(), ..self.0.clone() }
    }

    /// Whether the role is one of these.
    #[must_use]
    pub fn is(&self, roles: &[Role]) -> bool {
        roles.contains(&self.0.role)
    }
}
