//! What an enterprise is told of its sessions that it did not do itself.

use entity::{interview_session, notification::NoticeKind};

use super::rules;
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
    talent::applications::rules::RECRUITERS,
};

/// Tells the enterprise that a session was called off with an event that nobody tells it of.
pub(super) async fn called_off(write: &Write, row: &interview_session::Model) -> Result<()> {
    let recruiters = To::Members { organizations: vec![row.organization_id], roles: RECRUITERS };
    notify(write, &Notice::new(NoticeKind::InterviewCancelled, rules::record(row.id), recruiters)).await
}
