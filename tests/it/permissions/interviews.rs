//! A session of the enterprise's, and a student's booking in it.

use chrono::{DateTime, Utc};
use entity::{
    application::ApplicationStatus,
    interview_booking::{InterviewBookingStatus, InterviewBookingStep},
    interview_session::{InterviewSessionStatus, InterviewSessionStep},
    interview_swap::{InterviewSwapStatus, InterviewSwapStep},
    interview_wait::{InterviewWaitStatus, InterviewWaitStep},
    membership::Role,
    recruitment_event::RecruitmentEventStatus,
};
use hezuo::talent::interviews::{bookings, sessions, swaps, waits};
use sea_orm::{ActiveEnum as _, Iterable as _};
use uuid::Uuid;

use super::{
    cast::{Cast, player},
    matrix::{Chapter, Player, named, steps},
};
use crate::support::{
    hired::{self, Between},
    met, rows,
};

pub(super) fn chapters(cast: &Cast) -> String {
    sessions(cast) + &bookings(cast) + &waits(cast) + &swaps(cast)
}

fn players(cast: &Cast) -> Vec<Player> {
    let student = cast.north.with(Role::Student);
    let mut university = cast.north.players("the university");
    university.retain(|colleague| colleague.actor.user() != student.user());
    [
        vec![player("the student", student)],
        university,
        cast.alpha.players("the enterprise"),
        cast.beta.players("another enterprise"),
        cast.yingshan.players("the county that holds the event"),
        cast.south.players("another university"),
        cast.platform.players("the platform"),
    ]
    .concat()
}

fn sessions(cast: &Cast) -> String {
    use sessions::rules::{Action, Facts};
    let officer = cast.yingshan.with(Role::CountyOfficer);
    let event = |status| rows::event(cast.yingshan.key(), officer, (status, Some("511322")));
    let facts = |status, event: Option<_>| Facts {
        session: met::session((cast.alpha.key(), Uuid::nil()), event.as_ref(), status),
        event,
        applied: false,
        booked: false,
        now: "2026-03-02T01:00:00Z".parse().unwrap(),
    };
    let mut situations: Vec<(String, Facts)> = InterviewSessionStatus::iter()
        .map(|status| (status.to_value(), facts(status, Some(event(RecruitmentEventStatus::Published)))))
        .collect();
    situations.push(("OPEN (on site)".to_owned(), facts(InterviewSessionStatus::Open, None)));
    let mut actions = vec![Action::Read];
    actions.extend(InterviewSessionStep::iter().map(Action::Take));
    let chapter = Chapter {
        title: "Interview session 面试场次",
        words: "Of the enterprise's, at an announced event of the county's, or on site. A student who has applied at the enterprise, and the university's staff, also see one on site while it is open; whoever has a booking in it, or waited for a place, sees it always.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn bookings(cast: &Cast) -> String {
    use bookings::rules::{Action, Facts};
    let between = Between {
        student: cast.north.with(Role::Student).user(),
        university: cast.north.key(),
        enterprise: cast.alpha.key(),
    };
    let application = hired::application(between, ApplicationStatus::Invited);
    let officer = cast.yingshan.with(Role::CountyOfficer);
    let facts = |status, now: &str, (session, event)| {
        let event = rows::event(cast.yingshan.key(), officer, (event, Some("511322")));
        let session = met::session((cast.alpha.key(), Uuid::nil()), Some(&event), session);
        Facts {
            booking: met::booking(&session, &application, status),
            session,
            event: Some(event),
            now: now.parse::<DateTime<Utc>>().unwrap(),
        }
    };
    let (early, open) = ("2026-03-02T01:00:00Z", (InterviewSessionStatus::Open, RecruitmentEventStatus::Published));
    let mut situations: Vec<(String, Facts)> =
        InterviewBookingStatus::iter().map(|status| (status.to_value(), facts(status, early, open))).collect();
    for (words, now, standing) in [
        ("half an hour before", "2026-03-04T00:30:00Z", open),
        ("it has begun", "2026-03-04T01:00:00Z", open),
        ("the session is closed", early, (InterviewSessionStatus::Closed, open.1)),
        ("the event is over", early, (open.0, RecruitmentEventStatus::Closed)),
    ] {
        let facts = facts(InterviewBookingStatus::Confirmed, now, standing);
        situations.push((format!("CONFIRMED ({words})"), facts));
    }
    let mut actions = vec![Action::Read, Action::ReadScores, Action::Score, Action::RequestSwap];
    actions.extend(InterviewBookingStep::iter().map(Action::Take));
    let chapter = Chapter {
        title: "Interview booking 面试预约",
        words: "Of a student, in a session of the enterprise's at an event of the county's; two days before unless it says otherwise.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn waits(cast: &Cast) -> String {
    use waits::rules::{Action, Facts};
    let between = Between {
        student: cast.north.with(Role::Student).user(),
        university: cast.north.key(),
        enterprise: cast.alpha.key(),
    };
    let application = hired::application(between, ApplicationStatus::Invited);
    let session = met::session((cast.alpha.key(), Uuid::nil()), None, InterviewSessionStatus::Open);
    let facts = |status, now: &str| Facts {
        wait: met::wait(&session, &application, (status, 1)),
        organizer: Some(cast.yingshan.key()),
        now: now.parse::<DateTime<Utc>>().unwrap(),
    };
    let mut situations: Vec<(String, Facts)> =
        InterviewWaitStatus::iter().map(|status| (status.to_value(), facts(status, "2026-03-04T00:00:00Z"))).collect();
    let late = facts(InterviewWaitStatus::Offered, "2026-03-04T00:30:00Z");
    situations.push(("OFFERED (the time to accept is over)".to_owned(), late));
    let mut actions = vec![Action::Read];
    actions.extend(InterviewWaitStep::iter().map(Action::Take));
    let chapter = Chapter {
        title: "Waiting list 面试候补",
        words: "A student who waits for a place in a session of the enterprise's at an event of the county's.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn swaps(cast: &Cast) -> String {
    use swaps::rules::{Action, Facts};
    let between = Between {
        student: cast.north.with(Role::Student).user(),
        university: cast.north.key(),
        enterprise: cast.alpha.key(),
    };
    let application = hired::application(between, ApplicationStatus::Invited);
    let session = met::session((cast.alpha.key(), Uuid::nil()), None, InterviewSessionStatus::Open);
    let booking = met::booking(&session, &application, InterviewBookingStatus::Confirmed);
    let facts = |status, place, now: &str| Facts {
        swap: met::swap(&booking, (status, Uuid::nil())),
        place,
        now: now.parse::<DateTime<Utc>>().unwrap(),
    };
    let early = "2026-03-04T00:59:59Z";
    let mut situations: Vec<(String, Facts)> =
        InterviewSwapStatus::iter().map(|status| (status.to_value(), facts(status, None, early))).collect();
    for (words, now) in
        [("a confirmed booking there", early), ("a confirmed booking there; one has begun", "2026-03-04T01:00:00Z")]
    {
        let facts = facts(InterviewSwapStatus::Requested, Some(Uuid::nil()), now);
        situations.push((format!("REQUESTED (whoever looks has {words})"), facts));
    }
    let mut actions = vec![Action::Read];
    actions.extend(InterviewSwapStep::iter().map(Action::Take));
    let chapter = Chapter {
        title: "Request to change interview slots 换时段",
        words: "Of a student, to somebody in another slot of the same session of the enterprise's. Whoever accepted it sees it too.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}
