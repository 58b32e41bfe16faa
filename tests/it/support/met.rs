//! Interview sessions and bookings as rows, for the few tests that ask a rule and not the API.

use chrono::{DateTime, Utc};
use entity::{
    application,
    interview_booking::{self, InterviewBookingStatus},
    interview_session::{self, InterviewSessionStatus},
    interview_swap::{self, InterviewSwapStatus},
    interview_wait::{self, InterviewWaitStatus},
    recruitment_event,
};
use hezuo::platform::id;
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A session of an enterprise, perhaps at an event, in this status.
pub(crate) fn session(
    (enterprise, author): (Uuid, Uuid),
    event: Option<&recruitment_event::Model>,
    status: InterviewSessionStatus,
) -> interview_session::Model {
    interview_session::Model {
        id: id::new(at("2026-03-02T01:00:00Z")),
        organization_id: enterprise,
        event_id: event.map(|event| event.id),
        author_id: author,
        place: "园区".to_owned(),
        room: "A1".to_owned(),
        starts_at: at("2026-03-04T01:00:00Z"),
        ends_at: at("2026-03-04T02:00:00Z"),
        slot_minutes: 15,
        buffer_minutes: 5,
        group_size: 1,
        status,
        status_reason: (status == InterviewSessionStatus::Cancelled).then(|| "停电。".to_owned()),
        version: 1,
        created_at: at("2026-03-02T01:00:00Z"),
        updated_at: at("2026-03-02T01:00:00Z"),
    }
}

/// A booking in a session for an application, in this status; the interview is at nine on 4 March in China.
pub(crate) fn booking(
    session: &interview_session::Model,
    of: &application::Model,
    status: InterviewBookingStatus,
) -> interview_booking::Model {
    use InterviewBookingStatus::{CheckedIn, Done, Excused};
    interview_booking::Model {
        id: id::new(at("2026-03-02T01:00:00Z")),
        slot_id: id::new(at("2026-03-02T01:00:00Z")),
        session_id: session.id,
        application_id: of.id,
        organization_id: session.organization_id,
        event_id: session.event_id,
        student_id: of.student_id,
        university_id: of.university_id,
        begins_at: session.starts_at,
        ends_at: at("2026-03-04T01:15:00Z"),
        late_from: at("2026-03-03T01:00:00Z"),
        status,
        status_reason: (status == Excused).then(|| "生病".to_owned()),
        checked_in_at: matches!(status, CheckedIn | Done).then(|| session.starts_at),
        technology_question: None,
        version: 1,
        created_at: at("2026-03-02T01:00:00Z"),
        updated_at: at("2026-03-02T01:00:00Z"),
    }
}

/// A place in the waiting list of a session for an application, in this status; what is kept is kept until half past eight.
pub(crate) fn wait(
    session: &interview_session::Model,
    of: &application::Model,
    (status, number): (InterviewWaitStatus, i32),
) -> interview_wait::Model {
    use InterviewWaitStatus::{Accepted, Closed, Left, Waiting};
    let kept = !matches!(status, Waiting | Left | Closed);
    interview_wait::Model {
        id: id::new(at("2026-03-02T01:00:00Z")),
        session_id: session.id,
        application_id: of.id,
        organization_id: session.organization_id,
        event_id: session.event_id,
        student_id: of.student_id,
        university_id: of.university_id,
        number,
        minutes: 30,
        status,
        slot_id: kept.then(|| id::new(at("2026-03-02T01:00:00Z"))),
        offered_at: kept.then(|| at("2026-03-04T00:00:00Z")),
        accept_by: kept.then(|| at("2026-03-04T00:30:00Z")),
        booking_id: (status == Accepted).then(|| id::new(at("2026-03-04T00:00:00Z"))),
        version: 1,
        created_at: at("2026-03-02T01:00:00Z"),
        updated_at: at("2026-03-02T01:00:00Z"),
    }
}

/// A request to change places for a booking, in this status; to be accepted until nine, by this student.
pub(crate) fn swap(of: &interview_booking::Model, (status, by): (InterviewSwapStatus, Uuid)) -> interview_swap::Model {
    let accepted = status == InterviewSwapStatus::Accepted;
    interview_swap::Model {
        id: id::new(at("2026-03-02T01:00:00Z")),
        session_id: of.session_id,
        booking_id: of.id,
        organization_id: of.organization_id,
        event_id: of.event_id,
        student_id: of.student_id,
        university_id: of.university_id,
        offered_id: of.slot_id,
        wanted_id: id::new(at("2026-03-02T01:00:00Z")),
        accept_by: of.begins_at,
        status,
        accepted_by_id: accepted.then_some(by),
        accepted_booking_id: accepted.then(|| id::new(at("2026-03-02T01:00:00Z"))),
        version: 1,
        created_at: at("2026-03-02T01:00:00Z"),
        updated_at: at("2026-03-02T01:00:00Z"),
    }
}
