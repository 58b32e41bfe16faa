//! Whom an event's steps concern: its organizer, the county that reviews it, the enterprises and the students that come.

use entity::{membership::Role, notification::NoticeKind, recruitment_event::RecruitmentEventStep as Step};

use super::{
    rules::{self, EXHIBITORS, Facts, ORGANIZERS, REVIEWERS},
    store,
};
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
};

/// Those who hold events and those who exhibit: no role is of both.
const BOTH: &[Role] = &[
    Role::UniversityAdmin,
    Role::UniversityStaff,
    Role::CountyAdmin,
    Role::CountyOfficer,
    Role::EnterpriseAdmin,
    Role::EnterpriseRecruiter,
];

/// Tells those concerned what came of a step.
pub(super) async fn tell(write: &Write, facts: &Facts, step: Step) -> Result<()> {
    let told = match step {
        Step::Submit => (NoticeKind::EventToReview, reviewers(write, facts).await?),
        Step::Return => (NoticeKind::EventReturned, organizer(facts)),
        Step::Publish => (NoticeKind::EventPublished, organizer_and_exhibitors(write, facts).await?),
        Step::Cancel => (NoticeKind::EventCancelled, everybody(write, facts).await?),
        Step::OpenCheckIn | Step::Start | Step::Close | Step::Report => return Ok(()),
    };
    send(write, facts, told).await
}

/// Tells those who come that the event has another time or place.
pub(super) async fn moved(write: &Write, facts: &Facts) -> Result<()> {
    send(write, facts, (NoticeKind::EventMoved, everybody(write, facts).await?)).await
}

async fn reviewers(write: &Write, facts: &Facts) -> Result<To> {
    Ok(match &facts.event.region_code {
        Some(region) => To::Members { organizations: store::counties(write.tx(), region).await?, roles: REVIEWERS },
        None => To::Members { organizations: vec![facts.event.organizer_id], roles: &[Role::UniversityAdmin] },
    })
}

fn organizer(facts: &Facts) -> To {
    To::Members { organizations: vec![facts.event.organizer_id], roles: ORGANIZERS }
}

async fn organizer_and_exhibitors(write: &Write, facts: &Facts) -> Result<To> {
    let mut organizations = store::exhibiting(write.tx(), facts.event.id).await?;
    organizations.push(facts.event.organizer_id);
    Ok(To::Members { organizations, roles: BOTH })
}

async fn everybody(write: &Write, facts: &Facts) -> Result<To> {
    let organizations = store::exhibiting(write.tx(), facts.event.id).await?;
    let people = store::registered(write.tx(), facts.event.id).await?;
    Ok(To::MembersAnd { organizations, roles: EXHIBITORS, people })
}

async fn send(write: &Write, facts: &Facts, (kind, recipients): (NoticeKind, To)) -> Result<()> {
    notify(write, &Notice::new(kind, rules::record(facts.event.id), recipients)).await
}
