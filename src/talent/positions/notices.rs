//! Whom a position's steps concern: the county's officers while it waits for them, the enterprise when they decided.

use entity::{job_position::PositionStep as Step, notification::NoticeKind};

use super::rules::{self, Facts, RECRUITERS};
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    organizations,
    platform::db::Write,
};

/// Tells those concerned what came of a step.
pub(super) async fn tell(write: &Write, facts: &Facts, step: Step) -> Result<()> {
    let (kind, recipients) = match step {
        Step::Submit => (NoticeKind::PositionToReview, county(write, facts).await?),
        Step::Publish | Step::Return | Step::Block => (NoticeKind::PositionDecided, enterprise(facts)),
        Step::Expire => (NoticeKind::PositionExpired, enterprise(facts)),
        Step::Revise | Step::Extend | Step::Fill | Step::Withdraw => return Ok(()),
    };
    let mut notice = Notice::new(kind, rules::record(facts.position.id), recipients);
    if step == Step::Submit {
        notice = notice.due_on(facts.position.apply_by);
    }
    notify(write, &notice).await
}

fn enterprise(facts: &Facts) -> To {
    To::Members { organizations: vec![facts.position.organization_id], roles: RECRUITERS }
}

/// Everybody who could review it: the officers of the county's organizations in the enterprise's region.
async fn county(write: &Write, facts: &Facts) -> Result<To> {
    let organizations = organizations::counties_of(write.tx(), &facts.enterprise).await?;
    Ok(To::Members { organizations, roles: organizations::COUNTY })
}
