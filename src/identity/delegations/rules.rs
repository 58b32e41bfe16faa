//! Who may let somebody decide in their stead, and who may take that back.

use chrono::NaiveDate;
use entity::{
    Record,
    delegation::{self, DelegationStatus as Status, DelegationStep as Step},
    membership::{MembershipStatus, Role},
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    identity::memberships::rules::{self as memberships, admin_of, is_admin, is_platform_admin},
    platform::{
        input::Checks,
        lifecycle::{Lifecycle, Stepped},
    },
};

/// A delegation lasts this many days at most.
const DAYS: i64 = 366;
/// Who never decides for an organization, in nobody's stead: who audits it, who studies there, and machines.
pub const NEVER: &[Role] = &[Role::Auditor, Role::Student, Role::ServiceAccount];

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub delegation: delegation::Model,
}

/// Everything that can be done to a delegation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Take a step of the lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "delegation.read",
            Self::Take(Step::Revoke) => "delegation.revoke",
        }
    }
}

impl Lifecycle for delegation::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Granted;
    const MOVES: &'static [(Status, Step, Status)] = &[(Status::Granted, Step::Revoke, Status::Revoked)];
    const STANDING: fn(&delegation::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        let row = &self.delegation;
        let administers = is_admin(actor) && row.organization_id == actor.organization();
        match action {
            Action::Read => administers || [row.delegator_id, row.deputy_id].contains(&actor.user()),
            Action::Take(Step::Revoke) => administers || row.delegator_id == actor.user(),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.delegation.id)
    }
}

impl Stepped for Facts {
    type Record = delegation::Entity;

    const ROW: fn(&Self) -> &delegation::Model = |facts| &facts.delegation;
    const TAKE: fn(Step) -> Action = Action::Take;
}

/// What granting is decided from: the membership of whoever would be the deputy.
#[derive(Clone, Debug)]
pub struct DeputyFacts(pub memberships::Facts);

/// The one thing that is done to a deputy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant;

impl auth::Action for Grant {
    fn name(self) -> &'static str {
        "delegation.grant"
    }
}

impl Governed for DeputyFacts {
    type Action = Grant;

    fn allows(&self, actor: &Actor, _: Grant) -> bool {
        is_admin(actor) && !is_platform_admin(actor) && self.0.membership.organization_id == actor.organization()
    }

    fn record(&self) -> RecordRef {
        memberships::record(self.0.membership.id)
    }
}

impl DeputyFacts {
    /// A deputy is another member, who decides nothing in an own right.
    pub fn check(&self, checks: &mut Checks, actor: &Actor) {
        let row = &self.0.membership;
        checks.require(
            row.user_id != actor.user(),
            "membershipId",
            "That is you: somebody else decides in your stead.",
            "受托人不能是您本人。",
        );
        checks.require(
            row.status == MembershipStatus::Active && !NEVER.contains(&row.role) && row.role != admin_of(self.0.kind),
            "membershipId",
            "Expected a membership in force of somebody who is no admin, auditor or student and no system.",
            "受托人应为本单位在任成员，且不是管理员、审计、学生或系统账号。",
        );
    }
}

/// First and last day: in order, not over, and not for ever.
pub fn check_period(checks: &mut Checks, (starts_on, ends_on): (NaiveDate, NaiveDate), today: NaiveDate) {
    checks.period(("startsOn", "endsOn"), starts_on, ends_on);
    checks.require(
        ends_on >= today,
        "endsOn",
        format!("endsOn ({ends_on}) is in the past; expected {today} or later."),
        format!("endsOn（{ends_on}）已过，应为 {today} 或之后。"),
    );
    checks.require(
        (ends_on - starts_on).num_days() < DAYS,
        "endsOn",
        format!("A delegation lasts {DAYS} days at most."),
        format!("委托期限最长 {DAYS} 天。"),
    );
}

/// The record of a delegation.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: delegation::Entity::PREFIX, id }
}
