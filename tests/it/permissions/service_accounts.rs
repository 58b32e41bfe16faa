//! Service accounts. What they themselves may do is their scopes: src/auth/scope.rs.

use entity::service_account::{self, ServiceAccountStatus, ServiceAccountStep};
use hezuo::identity::service_accounts;
use sea_orm::{ActiveEnum as _, Iterable as _};

use super::{
    cast::Cast,
    identity::{moment, people},
    matrix::{Chapter, named, steps},
};

pub(super) fn chapters(cast: &Cast) -> String {
    use service_accounts::rules::{Action, Facts};
    let (_, players) = people(cast);
    let facts = |status: ServiceAccountStatus| {
        let account = service_account::Model {
            id: cast.north.key(),
            organization_id: cast.north.key(),
            user_id: cast.north.key(),
            membership_id: cast.north.key(),
            name: "数据平台".to_owned(),
            scopes: "AGREEMENTS_READ".to_owned(),
            secret_hash: String::new(),
            previous_hash: None,
            previous_until: None,
            created_by_id: cast.north.key(),
            status,
            version: 1,
            created_at: moment(),
            updated_at: moment(),
        };
        (status.to_value(), Facts { account })
    };
    let mut actions = vec![Action::Read, Action::Rotate];
    actions.extend(ServiceAccountStep::iter().map(Action::Take));
    for action in &actions {
        match action {
            Action::Read | Action::Rotate | Action::Take(_) => {}
        }
    }
    let chapter = Chapter {
        title: "Service account 系统账号",
        words: "Of a university; other organizations likewise. What the account itself may do is its scopes.",
        players,
        situations: ServiceAccountStatus::iter().map(facts).collect(),
        actions: named(actions),
        open: Some(steps),
    };
    chapter.print()
}
