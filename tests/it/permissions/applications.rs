//! A student's application at an enterprise, and what comes of it.

use chrono::{Days, TimeDelta};
use entity::{
    application::{ApplicationStatus, ApplicationStep, Engagement},
    membership::Role,
    negotiation::{NegotiationStatus, NegotiationStep},
    retention_check::{RetentionStatus, RetentionStep},
};
use hezuo::talent::{applications, employment, negotiations};
use sea_orm::{ActiveEnum as _, Iterable as _};

use super::{
    cast::{Cast, player},
    matrix::{Chapter, Player, named, steps},
};
use crate::support::hired::{self, Between};

pub(super) fn chapters(cast: &Cast) -> String {
    let between = Between {
        student: cast.north.with(Role::Student).user(),
        university: cast.north.key(),
        enterprise: cast.alpha.key(),
    };
    applications(cast, between) + &negotiations(cast, between) + &checks(cast, between)
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
        cast.yingshan.players("the county of both"),
        cast.south.players("another university"),
        cast.platform.players("the platform"),
    ]
    .concat()
}

fn applications(cast: &Cast, between: Between) -> String {
    use applications::rules::{Action, Facts};
    let now = hired::moment() - TimeDelta::minutes(1);
    let facts = |status| Facts { application: hired::application(between, status), negotiating: false, now };
    let mut situations: Vec<(String, Facts)> =
        ApplicationStatus::iter().map(|status| (status.to_value(), facts(status))).collect();
    let mut confirmed = facts(ApplicationStatus::Intention);
    confirmed.application.intention_confirmed_at = confirmed.application.intention_at;
    situations.push(("INTENTION (of both)".to_owned(), confirmed));
    let talking = Facts { negotiating: true, ..facts(ApplicationStatus::InNegotiation) };
    situations.push(("IN_NEGOTIATION (without an outcome)".to_owned(), talking));
    let mut internship = facts(ApplicationStatus::Accepted);
    internship.application.offer = Some(Engagement::Internship);
    situations.push(("ACCEPTED (an internship)".to_owned(), internship));
    for status in [ApplicationStatus::Intention, ApplicationStatus::Offered] {
        let late = Facts { now: now + TimeDelta::days(1), ..facts(status) };
        situations.push((format!("{} (without an answer in time)", status.to_value()), late));
    }
    let mut actions =
        vec![Action::Read, Action::ReadNotes, Action::Attach, Action::BookInterview, Action::WaitForInterview];
    actions.extend(ApplicationStep::iter().map(Action::Take));
    let chapter = Chapter {
        title: "Application 申请",
        words: "Of a student for a position of the enterprise; where there is an intention, the student declared it.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn negotiations(cast: &Cast, between: Between) -> String {
    use negotiations::rules::{Action, Facts};
    let facts = |status| {
        let application = hired::application(between, ApplicationStatus::InNegotiation);
        let negotiation = hired::negotiation(&application, status);
        let application = applications::rules::Facts { application, negotiating: true, now: hired::moment() };
        Facts { negotiation, application }
    };
    let mut actions = vec![Action::Read];
    actions.extend(NegotiationStep::iter().map(Action::Take));
    let chapter = Chapter {
        title: "Negotiation 后续洽谈",
        words: "About an application. What is overdue the county also sees, without names, as an `OverdueNegotiation`.",
        players: players(cast),
        situations: NegotiationStatus::iter().map(|status| (status.to_value(), facts(status))).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn checks(cast: &Cast, between: Between) -> String {
    use employment::rules::{Action, Facts};
    let facts = |status| {
        let record = hired::employment(&hired::application(between, ApplicationStatus::Onboarded));
        Facts { check: hired::check(&record, status), record, today: hired::day() }
    };
    let mut situations: Vec<(String, Facts)> =
        RetentionStatus::iter().map(|status| (status.to_value(), facts(status))).collect();
    let early = Facts { today: hired::day() - Days::new(1), ..facts(RetentionStatus::Open) };
    situations.push(("OPEN (before its day)".to_owned(), early));
    let mut actions = vec![Action::Read];
    actions.extend(RetentionStep::iter().map(Action::Take));
    let chapter = Chapter {
        title: "Employment and retention 去向登记与留任核查",
        words: "Whoever reads the check reads the employment record. A disputed one is the university's to settle.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}
