//! Applications, negotiations and employment as rows, for the few tests that ask a rule and not the API.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    application::{self, ApplicationSide, ApplicationStatus as Status, ClosingReason, Engagement},
    employment_record::{self, EmploymentEvidence},
    negotiation::{self, NegotiationStatus},
    retention_check::{self, RetentionStatus},
};
use hezuo::platform::id;
use uuid::Uuid;

/// When all of it happens; answers are due then.
pub(crate) fn moment() -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

/// The day of [`moment`].
pub(crate) fn day() -> NaiveDate {
    "2026-03-02".parse().unwrap()
}

/// Who applies where: a student of a university, at an enterprise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Between {
    pub(crate) student: Uuid,
    pub(crate) university: Uuid,
    pub(crate) enterprise: Uuid,
}

/// An application in this status, with whatever the table asks of it; an intention is the student's and not confirmed.
pub(crate) fn application(between: Between, status: Status) -> application::Model {
    use Status::{Accepted, Declined, InNegotiation, Intention, Offered, Onboarded, Rejected, Signed, Withdrawn};
    let intended = matches!(status, Intention | InNegotiation);
    let offered = matches!(status, Offered | Accepted | Signed | Onboarded | Declined);
    application::Model {
        id: id::new(moment()),
        position_id: Uuid::nil(),
        organization_id: between.enterprise,
        student_id: between.student,
        university_id: between.university,
        resume_id: Uuid::nil(),
        event_id: None,
        letter: None,
        status,
        closing_reason: matches!(status, Rejected | Withdrawn | Declined).then_some(ClosingReason::Personal),
        closing_note: None,
        interviewed_at: None,
        interview_note: None,
        intention: intended.then_some(Engagement::Employment),
        intention_by: intended.then_some(ApplicationSide::Student),
        intention_at: intended.then(moment),
        intention_confirmed_at: (status == InNegotiation).then(moment),
        intention_lapses_at: intended.then(moment),
        offer: offered.then_some(Engagement::Employment),
        offer_pay: offered.then_some(600_000),
        offer_starts_on: offered.then(day),
        offer_terms: None,
        offered_at: offered.then(moment),
        offer_answer_by: offered.then(day),
        accepted_at: matches!(status, Accepted | Signed | Onboarded).then(moment),
        onboarded_at: (status == Onboarded).then(moment),
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// A negotiation about an application, in this status.
pub(crate) fn negotiation(of: &application::Model, status: NegotiationStatus) -> negotiation::Model {
    use NegotiationStatus::{Agreed, Cancelled, Continued, Failed, Scheduled};
    negotiation::Model {
        id: id::new(moment()),
        application_id: of.id,
        organization_id: of.organization_id,
        position_id: of.position_id,
        round: 1,
        due_on: day(),
        topic: "薪酬".to_owned(),
        place: None,
        status,
        held_on: (!matches!(status, Scheduled | Cancelled)).then(day),
        outcome: matches!(status, Agreed | Continued | Failed).then(|| "谈妥".to_owned()),
        overdue_at: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// What the university recorded of an application.
pub(crate) fn employment(of: &application::Model) -> employment_record::Model {
    employment_record::Model {
        id: id::new(moment()),
        application_id: of.id,
        student_id: of.student_id,
        university_id: of.university_id,
        organization_id: of.organization_id,
        evidence: EmploymentEvidence::LabourContract,
        document_id: Uuid::nil(),
        signed_on: day(),
        onboarded_on: Some(day()),
        recorded_by_id: Uuid::nil(),
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// A check of a record, to which nobody has answered unless the status says so.
pub(crate) fn check(of: &employment_record::Model, status: RetentionStatus) -> retention_check::Model {
    let answered = status != RetentionStatus::Open;
    retention_check::Model {
        id: id::new(moment()),
        record_id: of.id,
        months: 3,
        due_on: day(),
        status,
        employer_says: answered.then_some(true),
        employer_at: answered.then(moment),
        graduate_says: answered.then_some(status == RetentionStatus::Retained),
        graduate_at: answered.then(moment),
        note: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}
