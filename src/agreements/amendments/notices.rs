//! Whom an amendment's steps concern: everyone who speaks for a party that signs.

use entity::{
    amendment::{AmendmentStatus as Status, AmendmentStep as Step},
    notification::NoticeKind,
};

use super::rules::{self, Facts};
use crate::{
    agreements::{notices, rules::SPEAKERS},
    error::Result,
    notifications::{Notice, To, notify},
    platform::{db::Write, lifecycle::Quorum},
};

/// Tells what a step means for the parties, if it means anything yet.
pub(super) async fn tell(write: &Write, facts: &Facts, (step, quorum): (Step, Quorum)) -> Result<()> {
    match after(step, quorum, facts.amendment.status) {
        Some(kind) => send(write, facts, kind).await,
        None => Ok(()),
    }
}

/// A scan waits for a second person.
pub(super) async fn scan_to_confirm(write: &Write, facts: &Facts) -> Result<()> {
    send(write, facts, NoticeKind::ScanToConfirm).await
}

fn after(step: Step, quorum: Quorum, before: Status) -> Option<NoticeKind> {
    match (step, quorum) {
        (Step::Submit, _) => Some(NoticeKind::AmendmentReviewRequested),
        (Step::Approve, Quorum::Reached) => Some(NoticeKind::AmendmentSignatureRequested),
        (Step::Sign, Quorum::Reached) | (Step::Reject, _) => Some(NoticeKind::AmendmentDecided),
        // Nobody else has seen a draft.
        (Step::Withdraw, _) if before != Status::Draft => Some(NoticeKind::AmendmentDecided),
        _ => None,
    }
}

async fn send(write: &Write, facts: &Facts, kind: NoticeKind) -> Result<()> {
    let recipients = To::Members { organizations: notices::parties(&facts.agreement), roles: SPEAKERS };
    notify(write, &Notice::new(kind, rules::record(facts.amendment.id), recipients)).await
}
