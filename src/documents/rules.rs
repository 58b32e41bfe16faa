//! Who may do what to a document, the steps it passes through, and what its name must look like.

use entity::{
    Record,
    document::{self, DocumentStatus as Status, DocumentStep as Step},
};
use uuid::Uuid;

use super::{DocumentUploadCreateInput, media::Media};
use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Details, Problem, Result, Text},
    platform::{
        input::{Checks, NAME},
        lifecycle::{Lifecycle, Stepped},
    },
};

/// What the rules decide from. Whether the actor may attach files to the record at all is the record's own rule.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub document: document::Model,
}

/// Everything that can be done to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Take a step of its lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Take(Step::Receive) => "document.receive",
            Self::Take(Step::Confirm) => "document.confirm",
        }
    }
}

impl Lifecycle for document::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::AwaitingBytes;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::AwaitingBytes, Step::Receive, Status::Uploaded),
        (Status::Uploaded, Step::Confirm, Status::Confirmed),
    ];
    const STANDING: fn(&document::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            // Whoever holds the address that was given out, and nobody by a role.
            Action::Take(Step::Receive) => false,
            Action::Take(Step::Confirm) => {
                self.document.uploaded_by_id == actor.user() && self.document.organization_id == actor.organization()
            }
        }
    }

    fn record(&self) -> RecordRef {
        record(self.document.id)
    }
}

impl Stepped for Facts {
    type Record = document::Entity;

    const ROW: fn(&Self) -> &document::Model = |facts| &facts.document;
    const TAKE: fn(Step) -> Action = Action::Take;
}

/// The record of a document.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: document::Entity::PREFIX, id }
}

/// The name and the announced kind of a new document.
pub(super) fn announced(checks: &mut Checks, input: &DocumentUploadCreateInput) -> (String, Option<String>) {
    let name = checks.line("name", &input.name, NAME);
    checks.require(
        !name.contains(['/', '\\']),
        "name",
        "name is a path; expected the name of a file.",
        "name 应为文件名，不能是路径。",
    );
    let media_type = input.media_type.as_deref().filter(|name| !name.trim().is_empty());
    checks.require(
        media_type.is_none_or(|name| Media::named(name).is_some()),
        "mediaType",
        format!("mediaType is not accepted; expected one of {}.", Media::list()),
        format!("mediaType 不被接受，应为下列之一：{}。", Media::list()),
    );
    (name, media_type.and_then(Media::named).map(|media| media.name().to_owned()))
}

/// What arrived must be of an accepted kind, and of the one that was announced, if any.
///
/// # Errors
/// `INVALID_INPUT` with what was expected.
pub(super) fn expect_media(announced: Option<&str>, found: Option<Media>) -> Result<Media> {
    let expected = announced.map_or_else(Media::list, str::to_owned);
    match found {
        Some(media) if announced.is_none_or(|name| name == media.name()) => Ok(media),
        _ => {
            let message = Text::new(
                format!("The content of the file is of another kind; expected {expected}."),
                format!("文件内容类型不符，应为 {expected}。"),
            );
            Err(Problem::new(Code::InvalidInput, message).into())
        }
    }
}

/// The file must be the one that was sent, if the sender says which.
///
/// # Errors
/// CONFLICT with the hash of what arrived.
pub(super) fn expect_sha256(expected: Option<&str>, document: &document::Model) -> Result<()> {
    let arrived = document.sha256.as_deref().unwrap_or_default();
    if expected.is_none_or(|expected| expected.trim().eq_ignore_ascii_case(arrived)) {
        return Ok(());
    }
    let message = Text::new("Another file arrived than the one you describe.", "收到的文件与您所述不一致。");
    let details = Details { current_hash: Some(arrived.to_owned()), ..Details::default() };
    Err(Problem::new(Code::Conflict, message).at(["input", "expectedSha256"]).with(details).into())
}
