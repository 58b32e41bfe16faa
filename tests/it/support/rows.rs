//! Rows as the database holds them, for the few tests that ask a rule and not the API.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    agreement::{self, AgreementKind, AgreementStatus, RenewalPolicy},
    agreement_proposal::{self, ProposalStatus, ProposedStep},
    event_exhibitor::{self, ExhibitorStatus},
    event_registration::{self, RegistrationStatus},
    job_position::{self, EducationWanted, PositionFamily, PositionKind, PositionStatus},
    organization::{self, OrganizationKind, OrganizationStatus},
    organization_question::{self, QuestionStatus, QuestionTopic},
    recruitment_event::{self, RecruitmentEventKind, RecruitmentEventStatus},
    student_record,
};
use hezuo::{auth::Actor, platform::id};
use uuid::Uuid;

fn moment() -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

/// An agreement of a county, drafted by somebody, in this status.
pub(crate) fn agreement(county: Uuid, author: &Actor, status: AgreementStatus) -> agreement::Model {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let id = id::new(moment());
    agreement::Model {
        id,
        number: id.to_string(),
        kind: AgreementKind::Framework,
        title: "Framework agreement".to_owned(),
        terms: "The parties help each other.".to_owned(),
        county_id: county,
        drafted_by_id: author.organization(),
        author_id: author.user(),
        parent_id: None,
        predecessor_id: None,
        starts_on: Some(day("2026-01-01")),
        ends_on: day("2028-12-31"),
        notice_by: None,
        renewal_policy: RenewalPolicy::None,
        status,
        status_reason: None,
        current_version_id: None,
        content_hash: (status != AgreementStatus::Draft).then(|| "0".repeat(64)),
        party_set: id.to_string(),
        submitted_at: None,
        signed_at: Some(moment()),
        activated_at: None,
        ended_at: None,
        termination_ground: None,
        terminated_by_id: None,
        termination_document_id: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// What a party has proposed for an agreement, not decided yet.
pub(crate) fn proposal(
    agreement: &agreement::Model,
    (step, organization): (ProposedStep, Uuid),
) -> agreement_proposal::Model {
    agreement_proposal::Model {
        id: id::new(moment()),
        agreement_id: agreement.id,
        step,
        organization_id: organization,
        proposer_id: Uuid::nil(),
        reason: "The flood.".to_owned(),
        document_id: None,
        status: ProposalStatus::Open,
        closed_at: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// An event held by somebody for a county, in this status; it begins a day after the tests do.
pub(crate) fn event(
    organizer: Uuid,
    author: &Actor,
    (status, region): (RecruitmentEventStatus, Option<&str>),
) -> recruitment_event::Model {
    use RecruitmentEventStatus as Status;
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let announced = !matches!(status, Status::Draft | Status::Submitted | Status::Cancelled);
    recruitment_event::Model {
        id: id::new(moment()),
        kind: RecruitmentEventKind::Online,
        organizer_id: organizer,
        author_id: author.user(),
        region_code: region.map(str::to_owned),
        title: "园区群面".to_owned(),
        description: "岗位。".to_owned(),
        place: "园区".to_owned(),
        starts_at: at("2026-03-03T01:00:00Z"),
        ends_at: at("2026-03-03T09:00:00Z"),
        registration_opens_at: at("2026-03-01T01:00:00Z"),
        registration_closes_at: at("2026-03-03T01:00:00Z"),
        capacity: 70,
        booths: 12,
        programme: None,
        article: None,
        article_published_at: None,
        status,
        status_reason: None,
        submitted_by_id: None,
        submitted_at: (status != Status::Draft).then(moment),
        published_by_id: announced.then(|| author.user()),
        published_at: announced.then(moment),
        check_in_opened_at: None,
        closed_at: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// An enterprise's booth there.
pub(crate) fn booth(
    event: &recruitment_event::Model,
    enterprise: Uuid,
    status: ExhibitorStatus,
) -> event_exhibitor::Model {
    event_exhibitor::Model {
        id: id::new(moment()),
        event_id: event.id,
        organization_id: enterprise,
        booth: None,
        status,
        status_reason: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// A student's registration for it.
pub(crate) fn place(
    event: &recruitment_event::Model,
    (student, university): (Uuid, Uuid),
    status: RegistrationStatus,
) -> event_registration::Model {
    use RegistrationStatus as Status;
    event_registration::Model {
        id: id::new(moment()),
        event_id: event.id,
        student_id: student,
        university_id: university,
        status,
        status_reason: None,
        checked_in_at: (status == Status::CheckedIn).then(moment),
        scan_client_id: None,
        missed_at: matches!(status, Status::NoShow | Status::Excused).then(moment),
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// An organization of a region, in this status.
pub(crate) fn organization(
    kind: OrganizationKind,
    region: Option<&str>,
    status: OrganizationStatus,
) -> organization::Model {
    let id = id::new(moment());
    organization::Model {
        id,
        kind,
        parent_id: None,
        name: id.to_string(),
        name_en: None,
        credit_code: id.to_string(),
        region_code: region.map(str::to_owned),
        industry_code: None,
        size_class: None,
        school_code: None,
        profile: None,
        production: None,
        talent_cultivation: None,
        research_platforms: None,
        website: None,
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        staff_count: None,
        internal_note: None,
        registered_by_id: None,
        status,
        status_reason: None,
        verified_at: None,
        merged_into_id: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// A position of somebody's enterprise, in this status; shown to everybody where the status says so.
pub(crate) fn position(author: &Actor, status: PositionStatus) -> job_position::Model {
    use PositionStatus::{Blocked, Draft, Expired, Filled, UnderReview, Withdrawn};
    let published = !matches!(status, Draft | UnderReview | Blocked);
    let closed = matches!(status, Filled | Expired | Withdrawn);
    job_position::Model {
        id: id::new(moment()),
        organization_id: author.organization(),
        reference: None,
        imported: None,
        event_id: None,
        author_id: author.user(),
        title: "Engineer".to_owned(),
        family: PositionFamily::Quality,
        kind: PositionKind::Employment,
        description: "Measures.".to_owned(),
        requirements: "Exact.".to_owned(),
        headcount: 1,
        pay_min: 1,
        pay_max: 1,
        region_code: "511322".to_owned(),
        address: "1, First Road".to_owned(),
        education: EducationWanted::Any,
        apply_by: "2026-12-31".parse().unwrap(),
        status,
        status_reason: None,
        submitted_at: None,
        published_at: published.then(moment),
        posted_at: moment(),
        closed_at: closed.then(moment),
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// A student on a university's rolls, and who came in by it.
pub(crate) fn student_record(university: Uuid, student_id: Option<Uuid>) -> student_record::Model {
    let id = id::new(moment());
    student_record::Model {
        id,
        organization_id: university,
        number: id.to_string(),
        name: "Li Hua".to_owned(),
        major: None,
        class_name: None,
        graduates_in: None,
        email: None,
        invitation_id: None,
        student_id,
        imported: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}

/// A question to an enterprise, in this status.
pub(crate) fn question(asker: &Actor, enterprise: Uuid, status: QuestionStatus) -> organization_question::Model {
    let answered = status == QuestionStatus::Answered;
    organization_question::Model {
        id: id::new(moment()),
        organization_id: enterprise,
        topic: QuestionTopic::Other,
        question: "Which?".to_owned(),
        asker_id: asker.user(),
        asker_organization_id: asker.organization(),
        asker_role: asker.role(),
        answer: answered.then(|| "This.".to_owned()),
        answered_by_id: None,
        answered_at: answered.then(moment),
        status,
        status_reason: None,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    }
}
