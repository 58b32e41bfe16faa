//! Whom the steps of a booking concern: the other side.

use entity::{
    interview_booking::{self, InterviewBookingStep as Step},
    notification::NoticeKind,
};

use super::rules;
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
    talent::applications::rules::RECRUITERS,
};

/// Tells the enterprise that somebody has booked.
pub(super) async fn booked(write: &Write, row: &interview_booking::Model) -> Result<()> {
    send(write, row, (NoticeKind::InterviewBooked, recruiters(row))).await
}

/// Tells a student who walked in which place it is.
pub(super) async fn walked_in(write: &Write, row: &interview_booking::Model) -> Result<()> {
    send(write, row, (NoticeKind::InterviewBooked, student(row))).await
}

/// Tells the other side what came of it.
pub(super) async fn tell(write: &Write, row: &interview_booking::Model, step: Step) -> Result<()> {
    let told = match step {
        Step::CheckIn | Step::Finish => return Ok(()),
        Step::Move => (NoticeKind::InterviewMoved, recruiters(row)),
        Step::Cancel | Step::CancelLate => (NoticeKind::InterviewCancelled, recruiters(row)),
        Step::CallOff => (NoticeKind::InterviewCancelled, student(row)),
        Step::Miss => (NoticeKind::InterviewMissed, student(row)),
        Step::Excuse => (NoticeKind::InterviewExcused, student(row)),
    };
    send(write, row, told).await
}

fn student(row: &interview_booking::Model) -> To {
    To::People(vec![row.student_id])
}

fn recruiters(row: &interview_booking::Model) -> To {
    To::Members { organizations: vec![row.organization_id], roles: RECRUITERS }
}

async fn send(write: &Write, row: &interview_booking::Model, (kind, recipients): (NoticeKind, To)) -> Result<()> {
    notify(write, &Notice::new(kind, rules::record(row.id), recipients)).await
}
