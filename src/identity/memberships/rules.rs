//! Who may do what to a membership, and which roles an organization has.

use entity::{
    Record,
    membership::{self, MembershipStatus as Status, MembershipStep as Step, Role},
    organization::OrganizationKind as Kind,
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Error, Result},
    platform::lifecycle::{Lifecycle, Stepped},
};

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub membership: membership::Model,
    /// The kind of its organization.
    pub kind: Kind,
    /// The users who administer that organization now.
    pub admins: Vec<Uuid>,
}

/// Everything that can be done to a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See who is a member.
    Read,
    /// Take a step of the lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "membership.read",
            Self::Take(Step::End) => "membership.end",
            Self::Take(Step::Resume) => "membership.resume",
        }
    }
}

impl Lifecycle for membership::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Active;
    const MOVES: &'static [(Status, Step, Status)] =
        &[(Status::Active, Step::End, Status::Ended), (Status::Ended, Step::Resume, Status::Active)];
    const STANDING: fn(&membership::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read | Action::Take(Step::End) => {
                self.is_own(actor) || is_platform_admin(actor) || self.is_administered_by(actor)
            }
            // Only by another invitation, which its holder accepts.
            Action::Take(Step::Resume) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.membership.id)
    }
}

impl Stepped for Facts {
    type Record = membership::Entity;

    const ROW: fn(&Self) -> &membership::Model = |facts| &facts.membership;
    const TAKE: fn(Step) -> Action = Action::Take;

    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        step != Step::End || self.must_leave_an_admin().is_ok()
    }
}

impl Facts {
    fn is_own(&self, actor: &Actor) -> bool {
        self.membership.user_id == actor.user()
    }

    fn is_administered_by(&self, actor: &Actor) -> bool {
        is_admin(actor) && self.membership.organization_id == actor.organization()
    }

    /// An organization is never left without an admin.
    ///
    /// # Errors
    /// `RULE_VIOLATED` when this is the last admin's membership.
    pub fn must_leave_an_admin(&self) -> Result<()> {
        let is_admin = self.membership.role == admin_of(self.kind);
        if is_admin && self.admins.iter().all(|admin| *admin == self.membership.user_id) {
            return Err(last_admin());
        }
        Ok(())
    }
}

/// An organization needs somebody to invite its people.
#[must_use]
pub fn last_admin() -> Error {
    Error::rule(
        "This is the last administrator of the organization; invite another one first.",
        "这是该单位最后一名管理员，请先邀请另一名管理员。",
    )
}

/// The role that administers an organization of this kind.
#[must_use]
pub fn admin_of(kind: Kind) -> Role {
    match kind {
        Kind::University => Role::UniversityAdmin,
        Kind::County => Role::CountyAdmin,
        Kind::Enterprise => Role::EnterpriseAdmin,
        Kind::Platform => Role::PlatformAdmin,
    }
}

/// Whether the actor administers the own organization.
#[must_use]
pub fn is_admin(actor: &Actor) -> bool {
    actor.role() == admin_of(actor.side())
}

/// Whether the actor administers the platform.
#[must_use]
pub fn is_platform_admin(actor: &Actor) -> bool {
    actor.side() == Kind::Platform && is_admin(actor)
}

/// Whether an organization of this kind has such a role.
#[must_use]
pub fn fits(role: Role, kind: Kind) -> bool {
    match role {
        Role::UniversityAdmin | Role::UniversityStaff | Role::Professor | Role::Student => kind == Kind::University,
        Role::CountyAdmin | Role::CountyOfficer => kind == Kind::County,
        Role::EnterpriseAdmin | Role::EnterpriseRecruiter => kind == Kind::Enterprise,
        Role::Auditor => matches!(kind, Kind::University | Kind::County),
        Role::PlatformAdmin => kind == Kind::Platform,
        Role::ServiceAccount => true,
    }
}

/// The record of a membership.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: membership::Entity::PREFIX, id }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;
    use Role::{
        Auditor, CountyAdmin, CountyOfficer, EnterpriseAdmin, EnterpriseRecruiter, PlatformAdmin, Professor,
        ServiceAccount, Student, UniversityAdmin, UniversityStaff,
    };

    #[test]
    fn which_roles_an_organization_has() {
        let roles = |kind| Role::iter().filter(|role| fits(*role, kind)).collect::<Vec<_>>();
        assert_eq!(
            roles(Kind::University),
            [UniversityAdmin, UniversityStaff, Professor, Student, Auditor, ServiceAccount]
        );
        assert_eq!(roles(Kind::County), [CountyAdmin, CountyOfficer, Auditor, ServiceAccount]);
        assert_eq!(roles(Kind::Enterprise), [EnterpriseAdmin, EnterpriseRecruiter, ServiceAccount]);
        assert_eq!(roles(Kind::Platform), [PlatformAdmin, ServiceAccount]);
        assert!(Kind::iter().all(|kind| fits(admin_of(kind), kind)));
    }
}
