//! What whoever waits is told.

use entity::{interview_wait, notification::NoticeKind};

use super::rules;
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
};

/// Tells the student that a place is kept, to be accepted in time.
pub(super) async fn offered(write: &Write, row: &interview_wait::Model) -> Result<()> {
    tell(write, row, NoticeKind::InterviewPlaceOffered).await
}

/// Tells the student that the waiting is over, and not by an own doing.
pub(super) async fn ended(write: &Write, row: &interview_wait::Model) -> Result<()> {
    tell(write, row, NoticeKind::InterviewWaitEnded).await
}

async fn tell(write: &Write, row: &interview_wait::Model, kind: NoticeKind) -> Result<()> {
    let student = To::People(vec![row.student_id]);
    notify(write, &Notice::new(kind, rules::record(row.id), student)).await
}
