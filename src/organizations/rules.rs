//! Who may do what to an organization, and the steps it passes through.

use entity::{
    Record,
    membership::Role,
    organization::{self, OrganizationKind as Kind, OrganizationStatus as Status, OrganizationStep as Step},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from: the organization, and who its people are.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub organization: organization::Model,
    /// The users with a membership in force.
    pub members: Vec<Uuid>,
}

/// Everything that can be done to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See that it exists, and its public profile.
    Read,
    /// Register another one under it: a college, a bureau, a park, or an enterprise of the county.
    Register,
    /// Change its profile and contacts.
    Update,
    /// Take a step of its lifecycle.
    Take(Step),
    /// Let it take a duplicate's records over.
    Absorb,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "organization.read",
            Self::Register => "organization.register",
            Self::Update => "organization.update",
            Self::Take(Step::Verify) => "organization.verify",
            Self::Take(Step::Reject) => "organization.reject",
            Self::Take(Step::Suspend) => "organization.suspend",
            Self::Take(Step::Reinstate) => "organization.reinstate",
            Self::Take(Step::Cease) => "organization.cease",
            Self::Take(Step::Merge) => "organization.merge",
            Self::Absorb => "organization.absorb",
        }
    }
}

impl Lifecycle for organization::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Pending;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Pending, Step::Verify, Status::Verified),
        (Status::Pending, Step::Reject, Status::Rejected),
        (Status::Verified, Step::Suspend, Status::Suspended),
        (Status::Suspended, Step::Reinstate, Status::Verified),
        (Status::Verified, Step::Cease, Status::Ceased),
        (Status::Suspended, Step::Cease, Status::Ceased),
        (Status::Pending, Step::Merge, Status::Merged),
        (Status::Verified, Step::Merge, Status::Merged),
        (Status::Suspended, Step::Merge, Status::Merged),
    ];
    const STANDING: fn(&organization::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => {
                self.is_public()
                    || self.is_own(actor)
                    || self.organization.merged_into_id == Some(actor.organization())
                    || actor.is(&[Role::PlatformAdmin])
                    || self.is_enterprise_of(actor)
            }
            Action::Register => self.may_register(actor),
            Action::Update => self.is_own(actor) && actor.is(ADMINS) && self.organization.status != Status::Merged,
            Action::Take(Step::Verify | Step::Reject) => self.may_oversee(actor) && self.is_outsider(actor),
            Action::Take(Step::Suspend | Step::Reinstate | Step::Cease) => {
                self.may_oversee(actor) && !self.members.contains(&actor.user())
            }
            Action::Take(Step::Merge) | Action::Absorb => self.may_merge(actor),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.organization.id)
    }
}

impl Stepped for Facts {
    type Record = organization::Entity;

    const ROW: fn(&Self) -> &organization::Model = |facts| &facts.organization;
    const TAKE: fn(Step) -> Action = Action::Take;
}

/// The roles that administer their own organization.
pub const ADMINS: &[Role] = &[Role::UniversityAdmin, Role::CountyAdmin, Role::EnterpriseAdmin, Role::PlatformAdmin];
/// The roles that act for a county towards enterprises.
pub const COUNTY: &[Role] = &[Role::CountyAdmin, Role::CountyOfficer];

impl Facts {
    fn is_own(&self, actor: &Actor) -> bool {
        self.organization.id == actor.organization()
    }

    /// What was verified is public register data, also under the id it had before it was merged.
    fn is_public(&self) -> bool {
        match self.organization.status {
            Status::Verified => true,
            Status::Merged => self.organization.verified_at.is_some(),
            Status::Pending | Status::Rejected | Status::Suspended | Status::Ceased => false,
        }
    }

    /// An enterprise of the region that the actor's county is.
    #[must_use]
    pub fn is_enterprise_of(&self, actor: &Actor) -> bool {
        self.organization.kind == Kind::Enterprise
            && actor.is(COUNTY)
            && !actor.region().is_empty()
            && self.organization.region_code.as_deref() == Some(actor.region())
    }

    /// Enterprises are the county's to verify; all others the platform's.
    fn may_oversee(&self, actor: &Actor) -> bool {
        match self.organization.kind {
            Kind::Enterprise => self.is_enterprise_of(actor),
            Kind::University | Kind::County => actor.is(&[Role::PlatformAdmin]),
            Kind::Platform => false,
        }
    }

    /// The platform's admin, who is a member of neither of the two.
    fn may_merge(&self, actor: &Actor) -> bool {
        self.organization.kind != Kind::Platform
            && actor.is(&[Role::PlatformAdmin])
            && !self.members.contains(&actor.user())
    }

    /// Nobody verifies an organization they belong to or registered themselves.
    fn is_outsider(&self, actor: &Actor) -> bool {
        !self.members.contains(&actor.user()) && self.organization.registered_by_id != Some(actor.user())
    }

    /// Under the platform: its admin. Under a university: its admin. Under a county: its admin and officers.
    fn may_register(&self, actor: &Actor) -> bool {
        self.is_own(actor)
            && self.organization.status != Status::Merged
            && match self.organization.kind {
                Kind::Platform => actor.is(&[Role::PlatformAdmin]),
                Kind::University => actor.is(&[Role::UniversityAdmin]),
                Kind::County => actor.is(COUNTY),
                Kind::Enterprise => false,
            }
    }
}

/// Whether the registering organization may have one of this kind under it.
#[must_use]
pub fn may_contain(parent: Kind, child: Kind) -> bool {
    match parent {
        Kind::Platform => child != Kind::Platform,
        Kind::University => child == Kind::University,
        Kind::County => matches!(child, Kind::County | Kind::Enterprise),
        Kind::Enterprise => false,
    }
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Verify => "OrganizationVerified",
        Step::Reject => "OrganizationRejected",
        Step::Suspend => "OrganizationSuspended",
        Step::Reinstate => "OrganizationReinstated",
        Step::Cease => "OrganizationCeased",
        Step::Merge => "OrganizationMerged",
    }
}

/// The record of an organization.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: organization::Entity::PREFIX, id }
}
