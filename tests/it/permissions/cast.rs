//! Everybody: each role in an organization of each relation, signed in once.

use entity::{membership::Role, organization::OrganizationKind as Kind};
use hezuo::{auth::Actor, identity::memberships::rules::fits};
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::matrix::Player;
use crate::support::{Organization, TestApp};

/// An organization with somebody in each of its roles.
pub(super) struct Troupe {
    pub(super) organization: Organization,
    pub(super) actors: Vec<Actor>,
}

/// All organizations.
pub(super) struct Cast {
    pub(super) north: Troupe,
    pub(super) south: Troupe,
    pub(super) yingshan: Troupe,
    pub(super) yilong: Troupe,
    pub(super) alpha: Troupe,
    pub(super) beta: Troupe,
    pub(super) gamma: Troupe,
    pub(super) platform: Troupe,
    /// A second officer of Yingshan: who registered Alpha.
    pub(super) registrar: Actor,
    /// An officer of Yingshan who is a member of Alpha too.
    pub(super) entangled: Actor,
    /// A second platform admin: who registered the universities and counties.
    pub(super) founder: Actor,
}

impl Cast {
    pub(super) async fn new(app: &TestApp) -> Self {
        let yingshan = app.county("511322").await;
        let yilong = app.county("511324").await;
        let alpha = app.enterprise(&yingshan, "Alpha").await;
        let recruiter = alpha.person(Role::EnterpriseRecruiter).await;
        Self {
            registrar: yingshan.officer().await.actor().await,
            entangled: yingshan.also(&recruiter, Role::CountyOfficer).await.actor().await,
            founder: app.platform().await.admin().await.actor().await,
            north: Troupe::of(app.university("North").await).await,
            south: Troupe::of(app.university("South").await).await,
            beta: Troupe::of(app.enterprise(&yingshan, "Beta").await).await,
            gamma: Troupe::of(app.enterprise(&yilong, "Gamma").await).await,
            platform: Troupe::of(app.platform().await).await,
            yingshan: Troupe::of(yingshan).await,
            yilong: Troupe::of(yilong).await,
            alpha: Troupe::of(alpha).await,
        }
    }
}

impl Troupe {
    async fn of(organization: Organization) -> Self {
        let mut actors = Vec::new();
        for role in Role::iter().filter(|role| fits(*role, organization.kind)) {
            actors.push(organization.person(role).await.actor().await);
        }
        Self { organization, actors }
    }

    pub(super) fn key(&self) -> Uuid {
        self.organization.key
    }

    /// Everybody of it, in this relation to a record.
    pub(super) fn players(&self, relation: &str) -> Vec<Player> {
        self.actors.iter().map(|actor| player(relation, actor)).collect()
    }

    /// Who has this role here.
    pub(super) fn with(&self, role: Role) -> &Actor {
        self.actors.iter().find(|actor| actor.role() == role).expect("a role of this organization")
    }

    /// Its admin.
    pub(super) fn admin(&self) -> &Actor {
        self.with(match self.organization.kind {
            Kind::University => Role::UniversityAdmin,
            Kind::County => Role::CountyAdmin,
            Kind::Enterprise => Role::EnterpriseAdmin,
            Kind::Platform => Role::PlatformAdmin,
        })
    }
}

/// Somebody in this relation to a record.
pub(super) fn player(relation: &str, actor: &Actor) -> Player {
    Player { relation: relation.to_owned(), role: actor.role(), actor: actor.clone() }
}
