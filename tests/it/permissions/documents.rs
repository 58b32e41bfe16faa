//! Documents. Whether somebody may attach files to a record at all, and read them, is that record's rule.

use entity::document::{self, DocumentStatus as Status, DocumentStep as Step};
use hezuo::documents::rules::{Action, Facts};
use sea_orm::{ActiveEnum as _, Iterable as _};
use uuid::Uuid;

use super::{
    cast::{Cast, player},
    matrix::{Chapter, named, steps},
};

pub(super) fn chapters(cast: &Cast) -> String {
    let sender = cast.north.admin();
    let facts = |status: Status| {
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let document = document::Model {
            id: Uuid::nil(),
            organization_id: sender.organization(),
            uploaded_by_id: sender.user(),
            record_kind: "agreement".to_owned(),
            record_id: Uuid::nil(),
            name: "scan.pdf".to_owned(),
            media_type: None,
            bytes: None,
            sha256: None,
            storage_key: String::new(),
            status,
            upload_token_hash: None,
            upload_expires_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        (status.to_value(), Facts { document })
    };
    let mut colleagues = cast.north.players("a colleague");
    colleagues.retain(|colleague| colleague.actor.user() != sender.user());
    let chapter = Chapter {
        title: "Document 文件",
        words: "Sent by somebody who may attach files to its record; read by whoever sees the record's files.",
        players: [vec![player("who sends it", sender)], colleagues, cast.yingshan.players("another organization")]
            .concat(),
        situations: Status::iter().map(facts).collect(),
        actions: named(actions()),
        open: Some(steps),
    };
    chapter.print()
}

/// Everything that can be done. The match has no `_`: who adds an action adds it to the list.
fn actions() -> Vec<Action> {
    let actions: Vec<Action> = Step::iter().map(Action::Take).collect();
    for action in &actions {
        match action {
            Action::Take(_) => {}
        }
    }
    actions
}
