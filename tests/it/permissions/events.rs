//! Recruitment events: a university holds one for a county, an enterprise exhibits, a student comes.

use entity::{
    event_exhibitor::{ExhibitorStatus, ExhibitorStep},
    event_registration::{RegistrationStatus, RegistrationStep},
    membership::Role,
    recruitment_event::{self, RecruitmentEventStatus as Status, RecruitmentEventStep as Step},
};
use hezuo::talent::{
    events::{exhibitors::rules as exhibitors, rules as events},
    registrations::rules as registrations,
};
use sea_orm::{ActiveEnum as _, Iterable as _};

use super::{
    cast::{Cast, player},
    matrix::{Chapter, Player, named, steps},
};
use crate::support::rows;

pub(super) fn chapters(cast: &Cast) -> String {
    [event(cast), booth(cast), place(cast)].concat()
}

fn players(cast: &Cast) -> Vec<Player> {
    [
        cast.north.players("the university that holds it"),
        cast.yingshan.players("the county for which it is held"),
        cast.alpha.players("an enterprise with a booth"),
        cast.beta.players("an enterprise without one"),
        cast.south.players("another university"),
        cast.yilong.players("another county"),
        cast.platform.players("the platform"),
    ]
    .concat()
}

/// On its day, in the morning.
fn row(cast: &Cast, status: Status) -> recruitment_event::Model {
    let mut event = rows::event(cast.north.key(), cast.north.admin(), (status, Some("511322")));
    event.submitted_by_id = Some(cast.north.admin().user());
    event
}

fn facts(cast: &Cast, status: Status, now: &str) -> events::Facts {
    let exhibitors = vec![cast.alpha.key()];
    events::Facts { event: row(cast, status), verified: true, exhibitors, now: now.parse().unwrap() }
}

fn event(cast: &Cast) -> String {
    let mut situations: Vec<(String, events::Facts)> =
        Status::iter().map(|status| (status.to_value(), facts(cast, status, "2026-03-03T00:30:00Z"))).collect();
    let mut own = facts(cast, Status::Submitted, "2026-03-03T00:30:00Z");
    own.event.region_code = None;
    situations.push(("SUBMITTED (for no county)".to_owned(), own));
    situations.push(("PUBLISHED (the day before)".to_owned(), facts(cast, Status::Published, "2026-03-02T01:00:00Z")));
    situations.push(("RUNNING (in its time)".to_owned(), facts(cast, Status::Running, "2026-03-03T02:00:00Z")));
    let mut announced = facts(cast, Status::Cancelled, "2026-03-03T00:30:00Z");
    announced.event.published_at = Some(announced.now);
    situations.push(("CANCELLED (it was announced)".to_owned(), announced));
    let chapter = Chapter {
        title: "Recruitment event 招聘活动",
        words: "A university holds it for a county; its admin has submitted it. An enterprise is named in it. The day is \
            its own, before it begins.",
        players: players(cast),
        situations,
        actions: named(event_actions()),
        open: Some(steps),
    };
    chapter.print()
}

/// Everything that can be done. The match has no `_`: who adds an action adds it to the list.
fn event_actions() -> Vec<events::Action> {
    use events::Action;
    let mut actions = vec![Action::Read, Action::Edit, Action::Move];
    actions.extend(Step::iter().map(Action::Take));
    actions.extend([
        Action::Tell,
        Action::Invite,
        Action::RequestBooth,
        Action::Register,
        Action::CheckIn,
        Action::Attach,
    ]);
    for action in &actions {
        match action {
            Action::Read
            | Action::Edit
            | Action::Move
            | Action::Take(_)
            | Action::Tell
            | Action::Invite
            | Action::RequestBooth
            | Action::Register
            | Action::CheckIn
            | Action::Attach => {}
        }
    }
    actions
}

fn booth(cast: &Cast) -> String {
    let facts = |status: ExhibitorStatus, standing: Status| {
        let event = row(cast, standing);
        exhibitors::Facts { exhibitor: rows::booth(&event, cast.alpha.key(), status), event }
    };
    let mut situations: Vec<(String, exhibitors::Facts)> =
        ExhibitorStatus::iter().map(|status| (status.to_value(), facts(status, Status::Published))).collect();
    for (standing, words) in [(Status::Submitted, "the event is not announced"), (Status::Closed, "the event is over")]
    {
        situations.push((format!("CONFIRMED ({words})"), facts(ExhibitorStatus::Confirmed, standing)));
    }
    let mut actions = vec![exhibitors::Action::Read];
    actions.extend(ExhibitorStep::iter().map(exhibitors::Action::Take));
    let chapter = Chapter {
        title: "Exhibitor 参展企业",
        words: "A university holds the event for a county; the event is announced, unless it says otherwise.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn place(cast: &Cast) -> String {
    let student = cast.south.with(Role::Student);
    let facts = |status: RegistrationStatus, now: &str| {
        let event = row(cast, Status::CheckInOpen);
        registrations::Facts {
            registration: rows::place(&event, (student.user(), cast.south.key()), status),
            event,
            exhibitors: vec![cast.alpha.key()],
            now: now.parse().unwrap(),
        }
    };
    let mut situations: Vec<(String, registrations::Facts)> =
        RegistrationStatus::iter().map(|status| (status.to_value(), facts(status, "2026-03-03T00:30:00Z"))).collect();
    let begun = facts(RegistrationStatus::Registered, "2026-03-03T01:00:00Z");
    situations.push(("REGISTERED (the event has begun)".to_owned(), begun));
    let mut actions = vec![registrations::Action::Read];
    actions.extend(RegistrationStep::iter().map(registrations::Action::Take));
    let mut people = players(cast);
    people.retain(|other| other.actor.user() != student.user());
    people.insert(0, player("the student", student));
    let chapter = Chapter {
        title: "Registration 活动报名",
        words: "A student of another university registered; check-in is open.",
        players: people,
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}
