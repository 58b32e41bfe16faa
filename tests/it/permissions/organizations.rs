//! Organizations: one chapter for each kind.

use entity::organization::{self, OrganizationKind as Kind, OrganizationStatus as Status, OrganizationStep as Step};
use hezuo::organizations::rules::{Action, Facts};
use sea_orm::{ActiveEnum as _, Iterable as _};

use super::{
    cast::{Cast, Troupe, player},
    matrix::{Chapter, Player, named, steps},
};

pub(super) async fn chapters(cast: &Cast) -> String {
    let mut text = String::new();
    for (kind, troupe) in [
        (Kind::Enterprise, &cast.alpha),
        (Kind::University, &cast.north),
        (Kind::County, &cast.yingshan),
        (Kind::Platform, &cast.platform),
    ] {
        text.push_str(&chapter(cast, kind, troupe).await);
    }
    text
}

async fn chapter(cast: &Cast, kind: Kind, own: &Troupe) -> String {
    let (title, words) = match kind {
        Kind::Enterprise => {
            ("Organization: an enterprise 企业", "Registered and verified by its county, by two different people.")
        }
        Kind::University => {
            ("Organization: a university 高校", "Registered and verified by the platform, by two different people.")
        }
        Kind::County => {
            ("Organization: a county 县级单位", "Registered and verified by the platform, by two different people.")
        }
        Kind::Platform => ("Organization: the platform 平台", "There from the first start."),
    };
    let chapter = Chapter {
        title,
        words,
        players: players(cast, kind),
        situations: situations(cast, own).await,
        actions: named(actions()),
        open: Some(steps),
    };
    chapter.print()
}

/// Everything that can be done. The match has no `_`: who adds an action adds it to the list.
fn actions() -> Vec<Action> {
    let mut actions = vec![Action::Read, Action::Register, Action::Update, Action::Absorb];
    actions.extend(Step::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Register | Action::Update | Action::Absorb | Action::Take(_) => {}
        }
    }
    actions
}

/// In every status; the members are all people of the organization, and one officer who should not be.
async fn situations(cast: &Cast, own: &Troupe) -> Vec<(String, Facts)> {
    let database = own.organization.row().await;
    let registrar = if database.kind == Kind::Enterprise { &cast.registrar } else { &cast.founder };
    let members = own.actors.iter().chain([&cast.entangled]).map(hezuo::auth::Actor::user).collect::<Vec<_>>();
    let facts = |status: Status| Facts {
        organization: organization::Model { status, registered_by_id: Some(registrar.user()), ..database.clone() },
        members: members.clone(),
    };
    Status::iter().map(|status| (status.to_value(), facts(status))).collect()
}

fn players(cast: &Cast, kind: Kind) -> Vec<Player> {
    let platform =
        [cast.platform.players("the platform"), vec![player("the platform, who registered it", &cast.founder)]]
            .concat();
    let others = [
        cast.south.players("another university"),
        cast.yilong.players("another county"),
        cast.gamma.players("an enterprise elsewhere"),
    ]
    .concat();
    match kind {
        Kind::Enterprise => [
            cast.alpha.players("its own people"),
            cast.yingshan.players("its county"),
            vec![player("its county, who registered it", &cast.registrar)],
            vec![player("its county, who is a member of it too", &cast.entangled)],
            cast.beta.players("another enterprise of the county"),
            others,
            platform,
        ]
        .concat(),
        Kind::University => [cast.north.players("its own people"), others, platform].concat(),
        Kind::County => [
            cast.yingshan.players("its own people"),
            cast.alpha.players("an enterprise of the county"),
            others,
            platform,
        ]
        .concat(),
        Kind::Platform => [cast.platform.players("its own people"), others].concat(),
    }
}
