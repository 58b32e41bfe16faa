//! Positions of an enterprise, and questions to it.

use entity::{
    job_position::{PositionStatus, PositionStep},
    membership::Role,
    organization::OrganizationStatus,
    organization_question::{QuestionStatus, QuestionStep},
};
use hezuo::{
    organizations,
    talent::{
        positions::{self, rules::Employer},
        questions::{self, rules::Profile},
    },
};
use sea_orm::{ActiveEnum as _, Iterable as _};

use super::{
    cast::{Cast, player},
    matrix::{Chapter, Player, named, steps},
};
use crate::support::rows;

pub(super) async fn chapters(cast: &Cast) -> String {
    let enterprise = enterprise(cast).await;
    positions(cast, &enterprise) + &questions(cast, &enterprise)
}

/// Alpha, and its people: one of them is an officer of the county too.
async fn enterprise(cast: &Cast) -> organizations::Facts {
    let members = cast.alpha.actors.iter().chain([&cast.entangled]).map(hezuo::auth::Actor::user).collect();
    organizations::Facts { organization: cast.alpha.organization.row().await, members }
}

fn players(cast: &Cast) -> Vec<Player> {
    [
        cast.alpha.players("the enterprise"),
        cast.yingshan.players("its county"),
        vec![player("its county, who is a member of the enterprise too", &cast.entangled)],
        cast.beta.players("another enterprise of the county"),
        cast.north.players("a university"),
        cast.yilong.players("another county"),
        cast.platform.players("the platform"),
    ]
    .concat()
}

fn positions(cast: &Cast, enterprise: &organizations::Facts) -> String {
    use positions::rules::{Action, EmployerAction, Facts};
    let row = |status| rows::position(cast.alpha.admin(), status);
    let today = "2026-03-02".parse().unwrap();
    let facts = |position| Facts { position, enterprise: enterprise.clone(), today };
    let mut situations: Vec<(String, Facts)> =
        PositionStatus::iter().map(|status| (status.to_value(), facts(row(status)))).collect();
    let mut early = row(PositionStatus::Withdrawn);
    early.published_at = None;
    situations.push(("WITHDRAWN (before it was published)".to_owned(), facts(early)));
    let mut over = facts(row(PositionStatus::UnderReview));
    over.position.apply_by = "2026-03-01".parse().unwrap();
    situations.push(("UNDER_REVIEW (past its last day to apply)".to_owned(), over));
    let mut doubtful = facts(row(PositionStatus::Draft));
    doubtful.enterprise.organization.status = OrganizationStatus::Suspended;
    situations.push(("DRAFT (the enterprise is suspended)".to_owned(), doubtful));
    let mut actions = vec![Action::Read, Action::Edit, Action::Apply, Action::WalkIn];
    actions.extend(PositionStep::iter().map(Action::Take));
    let adding = Chapter {
        title: "Positions of an enterprise 企业岗位",
        words: "Adding one.",
        players: players(cast),
        situations: vec![("always".to_owned(), Employer(enterprise.clone()))],
        actions: named([EmployerAction::Create, EmployerAction::Import, EmployerAction::Interview]),
        open: None,
    };
    let chapter = Chapter {
        title: "Position 岗位",
        words: "Written by an enterprise, reviewed by its county.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    adding.print() + &chapter.print()
}

fn questions(cast: &Cast, enterprise: &organizations::Facts) -> String {
    use questions::rules::{Action, Facts, ProfileAction};
    let student = cast.north.with(Role::Student);
    let facts = |status| Facts { question: rows::question(student, cast.alpha.key(), status) };
    let mut actions = vec![Action::Read];
    actions.extend(QuestionStep::iter().map(Action::Take));
    let asking = Chapter {
        title: "Questions to an enterprise 企业问答",
        words: "Asking one.",
        players: players(cast),
        situations: vec![("always".to_owned(), Profile(enterprise.clone()))],
        actions: named([ProfileAction::Ask]),
        open: None,
    };
    let chapter = Chapter {
        title: "Question to an enterprise 企业提问",
        words: "Asked by the university's student.",
        players: players(cast),
        situations: QuestionStatus::iter().map(|status| (status.to_value(), facts(status))).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    asking.print() + &chapter.print()
}
