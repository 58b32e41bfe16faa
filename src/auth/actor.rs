//! Who asks.

use entity::{membership::Role, organization::OrganizationKind};
use uuid::Uuid;

/// Somebody signed in, acting under exactly one membership.
///
/// Only [`crate::identity::caller`] makes one, after it has checked the token and that neither the user nor the
/// membership has been ended since. Holding an `Actor` is therefore proof of authentication.
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
    /// The role of that membership.
    pub role: Role,
    /// The side: the kind of that organization.
    pub side: OrganizationKind,
    /// The region of that organization, GB/T 2260; empty for none.
    pub region: String,
    /// The session, so that a subscription ends with it.
    pub session: Uuid,
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

    /// The role held there.
    #[must_use]
    pub fn role(&self) -> Role {
        self.0.role
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

    /// Whether the role is one of these.
    #[must_use]
    pub fn is(&self, roles: &[Role]) -> bool {
        roles.contains(&self.0.role)
    }
}
