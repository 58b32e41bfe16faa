//! Whom an organization's steps concern: those who verify it while it waits, its own admins and whoever registered it when
//! they have decided.

use entity::{
    membership::Role,
    notification::NoticeKind,
    organization::{OrganizationKind as Kind, OrganizationStep as Step},
};

use super::{
    rules::{self, ADMINS, COUNTY, Facts},
    store,
};
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
};

/// Tells those who can verify an organization that it waits for them: enterprises the county of their region, all others
/// the platform.
pub(super) async fn registered(write: &Write, facts: &Facts) -> Result<()> {
    let to = match facts.organization.kind {
        Kind::Enterprise => To::Members { organizations: store::counties_of(write.tx(), facts).await?, roles: COUNTY },
        Kind::University | Kind::County | Kind::Platform => {
            To::Members { organizations: store::platforms(write.tx()).await?, roles: &[Role::PlatformAdmin] }
        }
    };
    send(write, facts, (NoticeKind::OrganizationToVerify, to)).await
}

/// Tells the organization's admins what was decided about it, and whoever registered it what came of that.
pub(super) async fn decided(write: &Write, facts: &Facts, step: Step) -> Result<()> {
    let (organizations, roles) = (vec![facts.organization.id], ADMINS);
    let people = match step {
        Step::Verify | Step::Reject => facts.organization.registered_by_id.into_iter().collect(),
        Step::Suspend | Step::Reinstate | Step::Cease | Step::Merge => Vec::new(),
    };
    send(write, facts, (NoticeKind::OrganizationDecided, To::MembersAnd { organizations, roles, people })).await
}

async fn send(write: &Write, facts: &Facts, (kind, recipients): (NoticeKind, To)) -> Result<()> {
    notify(write, &Notice::new(kind, rules::record(facts.organization.id), recipients)).await
}
