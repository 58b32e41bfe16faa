//! Whom the steps of an application concern: the other side.

use entity::{
    application::{self, ApplicationStep as Step},
    notification::NoticeKind,
};

use super::rules::{self, Facts, RECRUITERS, STAFF};
use crate::{
    auth::Actor,
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
};

/// Tells the enterprise that somebody has applied.
pub(super) async fn submitted(write: &Write, application: &application::Model) -> Result<()> {
    send(write, application, (NoticeKind::ApplicationSubmitted, recruiters(application))).await
}

/// Tells the other side what came of a step; the university's staff what it has to record.
pub(super) async fn tell(write: &Write, facts: &Facts, (actor, step): (&Actor, Step)) -> Result<()> {
    let row = &facts.application;
    let by_student = facts.side(actor) == Some(application::ApplicationSide::Student);
    let other = || if by_student { recruiters(row) } else { student(row) };
    let told = match step {
        Step::Shortlist | Step::RecordInterview | Step::RecordOnboarding => return Ok(()),
        Step::Invite => (NoticeKind::InterviewInvited, student(row)),
        Step::DeclareIntention => (NoticeKind::IntentionDeclared, other()),
        Step::ConfirmIntention => (NoticeKind::IntentionConfirmed, other()),
        Step::OpenNegotiation => (NoticeKind::NegotiationScheduled, student(row)),
        Step::Offer => (NoticeKind::OfferMade, student(row)),
        Step::Accept => {
            let staff = (NoticeKind::SigningToRecord, staff(row));
            send(write, row, staff).await?;
            (NoticeKind::OfferAnswered, recruiters(row))
        }
        Step::Decline => (NoticeKind::OfferAnswered, recruiters(row)),
        Step::RecordSigning => (NoticeKind::EmploymentRecorded, both(row)),
        Step::RecordNoShow | Step::Reject | Step::Withdraw | Step::Lapse => (NoticeKind::ApplicationClosed, other()),
    };
    send(write, row, told).await
}

/// Tells both sides that nobody answered in time.
pub(super) async fn lapsed(write: &Write, facts: &Facts) -> Result<()> {
    send(write, &facts.application, (NoticeKind::ApplicationClosed, both(&facts.application))).await
}

fn student(row: &application::Model) -> To {
    To::People(vec![row.student_id])
}

/// The enterprise's people who recruit.
pub(in crate::talent) fn recruiters(row: &application::Model) -> To {
    To::Members { organizations: vec![row.organization_id], roles: RECRUITERS }
}

fn staff(row: &application::Model) -> To {
    To::Members { organizations: vec![row.university_id], roles: STAFF }
}

/// The student and the enterprise's people who recruit.
pub(in crate::talent) fn both(row: &application::Model) -> To {
    To::MembersAnd { organizations: vec![row.organization_id], roles: RECRUITERS, people: vec![row.student_id] }
}

async fn send(write: &Write, row: &application::Model, (kind, recipients): (NoticeKind, To)) -> Result<()> {
    let mut notice = Notice::new(kind, rules::record(row.id), recipients);
    if kind == NoticeKind::OfferMade {
        notice.due_on = row.offer_answer_by;
    }
    notify(write, &notice).await
}
