//! Talent pipelines: a student of a university, an enterprise that the student chose, and everybody else.

use entity::{
    membership::Role,
    resume,
    share_consent::{self, ShareConsentStatus as Status, ShareConsentStep as Step, SharePurpose},
};
use hezuo::{
    organizations,
    talent::{consents, resumes, roster, suggestions},
};
use sea_orm::{ActiveEnum as _, Iterable as _};
use uuid::Uuid;

use super::{
    cast::{Cast, player},
    matrix::{Chapter, Player, named, steps},
};
use crate::support::rows;

pub(super) async fn chapters(cast: &Cast) -> String {
    rolls(cast).await + &own(cast) + &given(cast) + &written(cast)
}

fn players(cast: &Cast) -> Vec<Player> {
    let student = cast.north.with(Role::Student);
    let mut university = cast.north.players("the university");
    university.retain(|colleague| colleague.actor.user() != student.user());
    [
        vec![player("the student", student)],
        university,
        cast.alpha.players("the enterprise that the student chose"),
        cast.beta.players("another enterprise"),
        cast.yingshan.players("the county of both"),
        cast.south.players("another university"),
        cast.platform.players("the platform"),
    ]
    .concat()
}

/// Whom the university has on its rolls.
async fn rolls(cast: &Cast) -> String {
    use roster::rules::{Action, Facts, Rolls, RollsAction};
    let university = organizations::Facts { organization: cast.north.organization.row().await, members: Vec::new() };
    let actions = vec![RollsAction::Import, RollsAction::Invite, RollsAction::Remove];
    for action in &actions {
        match action {
            RollsAction::Import | RollsAction::Invite | RollsAction::Remove => {}
        }
    }
    let keeping = Chapter {
        title: "Rolls of a university 学籍名册",
        words: "Importing them, inviting whoever is on them, removing records.",
        players: players(cast),
        situations: vec![("always".to_owned(), Rolls(university))],
        actions: named(actions),
        open: None,
    };
    let actions = vec![Action::Read, Action::Edit];
    for action in &actions {
        match action {
            Action::Read | Action::Edit => {}
        }
    }
    let record = |student_id| Facts { record: rows::student_record(cast.north.key(), student_id) };
    let record = Chapter {
        title: "Student record 学籍记录",
        words: "On the university's rolls.",
        players: players(cast),
        situations: vec![
            ("nobody has come in by it".to_owned(), record(None)),
            ("the student has come in by it".to_owned(), record(Some(cast.north.with(Role::Student).user()))),
        ],
        actions: named(actions),
        open: None,
    };
    keeping.print() + &record.print()
}

/// What everyone does to the own data alone.
fn own(cast: &Cast) -> String {
    use consents::rules::{Own, Student};
    let student = Student(cast.north.with(Role::Student).user());
    let actions = vec![Own::Give, Own::WithdrawAll];
    for action in &actions {
        match action {
            Own::Give | Own::WithdrawAll => {}
        }
    }
    let consenting = Chapter {
        title: "Consenting 同意",
        words: "Everyone consents for the own person alone, acting as a student.",
        players: players(cast),
        situations: vec![("always".to_owned(), student)],
        actions: named(actions),
        open: None,
    };
    let actions = vec![resumes::rules::Own::Save, resumes::rules::Own::Export];
    for action in &actions {
        match action {
            resumes::rules::Own::Save | resumes::rules::Own::Export => {}
        }
    }
    let writing = Chapter {
        title: "Writing a résumé 撰写简历",
        words: "Everyone writes the own résumé alone, acting as a student.",
        players: players(cast),
        situations: vec![("always".to_owned(), resumes::rules::Author(student))],
        actions: named(actions),
        open: None,
    };
    let actions = vec![suggestions::rules::Own::Ask, suggestions::rules::Own::Choose];
    for action in &actions {
        match action {
            suggestions::rules::Own::Ask | suggestions::rules::Own::Choose => {}
        }
    }
    let asking = Chapter {
        title: "Suggested positions 岗位推荐",
        words: "Everyone asks, and chooses, for the own person alone, acting as a student.",
        players: players(cast),
        situations: vec![("always".to_owned(), suggestions::rules::Asker(student))],
        actions: named(actions),
        open: None,
    };
    consenting.print() + &writing.print() + &asking.print()
}

fn given(cast: &Cast) -> String {
    use consents::rules::{Action, Facts, NOTICE_VERSION};
    let facts = |status: Status, notice_version: i32| {
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let consent = share_consent::Model {
            id: Uuid::nil(),
            student_id: cast.north.with(Role::Student).user(),
            organization_id: cast.alpha.key(),
            purpose: SharePurpose::Recruitment,
            profile: true,
            contact: false,
            file: false,
            notice_version,
            status,
            expires_at: now,
            withdrawn_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        Facts { consent }
    };
    let mut situations: Vec<(String, Facts)> =
        Status::iter().map(|status| (status.to_value(), facts(status, NOTICE_VERSION))).collect();
    situations.push(("GIVEN (to an earlier notice)".to_owned(), facts(Status::Given, NOTICE_VERSION - 1)));
    let mut actions = vec![Action::Read, Action::Open];
    actions.extend(Step::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Open | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "Separate consent 单独同意",
        words: "A student lets one enterprise read the résumé; reading it under the consent is `shareConsent.open`.",
        players: players(cast),
        situations,
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}

fn written(cast: &Cast) -> String {
    use resumes::rules::{Action, Facts};
    let facts = |shared_with: Vec<Uuid>| {
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let resume = resume::Model {
            id: Uuid::nil(),
            student_id: cast.north.with(Role::Student).user(),
            university_id: cast.north.key(),
            current_id: Some(Uuid::nil()),
            saved: 1,
            erased_at: None,
            major: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        Facts { resume, shared_with }
    };
    let actions = vec![Action::Read, Action::Attach, Action::Erase];
    for action in &actions {
        match action {
            Action::Read | Action::Attach | Action::Erase => {}
        }
    }
    let chapter = Chapter {
        title: "Résumé 简历",
        words: "That there is one; what it says is read by the student and, written down, under a consent alone.",
        players: players(cast),
        situations: vec![
            ("shared with nobody".to_owned(), facts(vec![])),
            ("shared with the enterprise".to_owned(), facts(vec![cast.alpha.key()])),
        ],
        actions: named(actions),
        open: None,
    };
    chapter.print()
}
