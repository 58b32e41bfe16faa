//! Whom a booth's steps concern: the other side.

use entity::{event_exhibitor::ExhibitorStep as Step, notification::NoticeKind};

use super::rules::{self, Facts};
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
    talent::events::rules::{EXHIBITORS, ORGANIZERS},
};

/// Tells the other side what came of a step.
pub(super) async fn tell(write: &Write, facts: &Facts, step: Step) -> Result<()> {
    let by_organizer = write.permit().actor().is_some_and(|actor| actor.organization() == facts.event.organizer_id);
    let kind = match step {
        Step::Request => NoticeKind::BoothRequested,
        Step::Invite => NoticeKind::BoothOffered,
        Step::Confirm | Step::Accept | Step::Decline | Step::Withdraw => NoticeKind::BoothDecided,
    };
    let recipients = if by_organizer {
        To::Members { organizations: vec![facts.exhibitor.organization_id], roles: EXHIBITORS }
    } else {
        To::Members { organizations: vec![facts.event.organizer_id], roles: ORGANIZERS }
    };
    notify(write, &Notice::new(kind, rules::record(facts.exhibitor.id), recipients)).await
}
