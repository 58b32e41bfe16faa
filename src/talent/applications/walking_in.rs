//! Walking in 现场应聘: a student who stands there and has not applied yet. The recruiter has the student's code.

use entity::{
    application::{self, ApplicationStatus as Status, ApplicationStep as Step},
    event_registration, job_position,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{finish, new, resumes, rules, store, told};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::Write,
};

/// The application of a student who is at an event, for a position of the actor's enterprise, as far as to the
/// invitation: the one that there is, or a new one. No consent comes with it: the résumé stays closed until the student
/// opens it. The position is locked.
///
/// # Errors
/// `RULE_VIOLATED` for a student without a résumé, and for one who has taken an application for the position back;
/// FORBIDDEN for the own application.
pub(in crate::talent) async fn invited(
    write: &Write,
    actor: &Actor,
    (position, registration): (&job_position::Model, &event_registration::Model),
) -> Result<application::Model> {
    let known = store::latest(write.tx(), position.id, registration.student_id).await?;
    let id = match known {
        Some(known) if known.status == Status::Withdrawn => {
            return Err(Error::rule(
                "The student has taken an application for this position back, and may apply again.",
                "该学生已撤回对此岗位的申请，可由学生本人重新申请。",
            ));
        }
        Some(known) => known.id,
        None => submit(write, (position, registration)).await?,
    };
    for (from, step) in [(Status::Submitted, Step::Shortlist), (Status::Shortlisted, Step::Invite)] {
        let facts = store::facts_behind(write.tx(), id).await?;
        let own = write.tx().permit(actor, rules::Action::Take(step), &facts).await?;
        if facts.application.status == from {
            finish(&own, &facts, (actor, step), application::ActiveModel::default()).await?;
        }
    }
    Ok(store::facts_behind(write.tx(), id).await?.application)
}

async fn submit(
    write: &Write,
    (position, registration): (&job_position::Model, &event_registration::Model),
) -> Result<Uuid> {
    let resume = resumes::store::own(write.tx(), registration.student_id).await?;
    let Some(resume) = resume.filter(|resume| resume.erased_at.is_none()) else {
        return Err(Error::rule(
            "The student has no résumé here; it is written first.",
            "该学生尚未填写简历，请先由学生填写。",
        ));
    };
    let student = (registration.student_id, registration.university_id);
    let links = (position.id, resume.id, Some(registration.event_id));
    let row = application::ActiveModel {
        organization_id: Set(position.organization_id),
        ..new(write, write.id(), (student, links))
    };
    let application = write.add(row).await?;
    write.emit_first(rules::record(application.id), told("ApplicationSubmitted", &application)).await?;
    Ok(application.id)
}
