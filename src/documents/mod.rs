//! Documents 文件: scans and attachments of records, sent and fetched beside the API.
//!
//! A file comes in three movements. Whoever may attach files to a record asks for an **address** ([`create_upload`]);
//! the record's own slice decides, through [`Attach`]. The bytes are sent there once, within a quarter of an hour
//! ([`receive`]): counted, hashed, and recognised by their content. Then the sender **confirms** that it is the right
//! file ([`confirm`]), and from then on it is attached: whoever sees the files of the record sees it. Reading it needs
//! a **link** ([`download`]), which is good for five minutes and for whoever holds it.

mod attach;
pub mod graphql;
pub mod http;
pub mod jobs;
mod links;
pub mod media;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

pub use attach::{Attach, attachable};

use async_graphql::InputObject;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use entity::document::{self, DocumentStep as Step};
use futures_util::Stream;
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Actor, Job, Permit, RecordRef},
    error::{Error, Result},
    graphql::ID,
    platform::{
        db::{Tx, Write},
        event::{Event, sha256},
        files::{self, Stored},
        id::{self, Id},
        input::Checks,
        lifecycle::{Lifecycle, Stepped as _},
    },
};
use media::Media;
use rules::{Action, Facts};

/// How long an address waits for its bytes.
const UPLOAD_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// A file that is going to be sent. Who may: whoever may attach files to the record.
#[derive(Clone, Debug, InputObject)]
pub struct DocumentUploadCreateInput {
    /// The record that it belongs to: an agreement, an amendment or a cooperation item.
    pub record_id: ID,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// What it is, such as application/pdf; if it is given, nothing else is taken. Left out: any accepted kind.
    pub media_type: Option<String>,
}

/// The confirmation that the right file arrived. Who may: the person who asked for the address.
#[derive(Clone, Debug, InputObject)]
pub struct DocumentConfirmInput {
    /// Which document.
    pub id: Id<document::Entity>,
    /// SHA-256 of the file as you sent it, 64 hexadecimal digits; another is a CONFLICT.
    pub expected_sha256: Option<String>,
}

/// A wish to read a file. Who may: whoever sees the document.
#[derive(Clone, Debug, InputObject)]
pub struct DocumentDownloadCreateInput {
    /// Which document.
    pub id: Id<document::Entity>,
}

/// An address at which a file is sent or fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The document.
    pub document: Uuid,
    /// The address; whoever holds it may use it.
    pub url: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// What arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What it is.
    pub media: Media,
    /// How much, and its hash.
    pub stored: Stored,
}

/// Gives an address to which a file can be sent, once.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `NOT_FOUND` for a record that you cannot see.
pub async fn create_upload(app: &App, actor: &Actor, input: &DocumentUploadCreateInput) -> Result<Address> {
    let token = id::secret_token("upload")?;
    let hash = sha256(token.as_bytes());
    let created = app.db().write(|tx| {
        let hash = hash.clone();
        async move {
            let (kind, record) = named(&input.record_id)?;
            let write = kind.permit(&tx, actor, record).await?;
            let mut checks = Checks::new();
            let (name, media_type) = rules::announced(&mut checks, input);
            checks.finish()?;
            let (id, now) = (write.id(), write.now());
            let expires_at = now + UPLOAD_WITHIN;
            let row = document::Model {
                id,
                organization_id: actor.organization(),
                uploaded_by_id: actor.user(),
                record_kind: kind.kind().to_owned(),
                record_id: record,
                name,
                media_type,
                bytes: None,
                sha256: None,
                storage_key: String::new(),
                status: document::Entity::INITIAL,
                upload_token_hash: Some(hash),
                upload_expires_at: Some(expires_at),
                version: 1,
                created_at: now,
                updated_at: now,
            };
            write.insert(row.into_active_model()).await?;
            let event = Event::new("DocumentAnnounced").with("record", id::show(kind.kind(), record));
            write.emit_first(rules::record(id), event).await?;
            Ok((id, expires_at))
        }
    });
    let (document, expires_at) = created.await?;
    Ok(Address { document, url: links::upload(app, document, &token), expires_at })
}

/// Takes the bytes that come to an address. Of several who send at the same time, exactly one succeeds; one who fails
/// may try again until the address expires.
///
/// # Errors
/// `NOT_FOUND` when the address was used, has expired or never was; `LIMIT_EXCEEDED` when the file is too large;
/// `INVALID_INPUT` when it is not of an accepted kind.
pub async fn receive<S, E>(app: &App, (document, token): (Uuid, &str), bytes: S) -> Result<Received>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Send,
    E: std::error::Error + Send + Sync,
{
    let now = app.db().clock().now();
    let address = (document, &*sha256(token.as_bytes()));
    store::awaited(app.db().reader(), address, now).await?.ok_or_else(Error::not_found)?;
    let place = files::place(id::new(now));
    let stored = app.files().put(&place, bytes, app.settings().max_file_bytes).await?;
    let received = keep(app, address, (&place, &stored)).await;
    if received.is_err() {
        app.files().remove(&place).await?;
    }
    received
}

/// Recognises a file that is in the store, and makes it the document's.
async fn keep(app: &App, address: (Uuid, &str), (place, stored): (&str, &Stored)) -> Result<Received> {
    let found = recognise(app, place, stored.bytes).await?;
    let bytes = i64::try_from(stored.bytes).map_err(Error::internal)?;
    let kept = app.db().write(|tx| async move {
        // Somebody else who holds the address may have been faster.
        let document = store::awaited(&tx, address, tx.now()).await?.ok_or_else(Error::not_found)?;
        let media = rules::expect_media(document.media_type.as_deref(), found)?;
        let facts = Facts { document };
        let changes = document::ActiveModel {
            media_type: Set(Some(media.name().to_owned())),
            bytes: Set(Some(bytes)),
            sha256: Set(Some(stored.sha256.clone())),
            storage_key: Set(place.to_owned()),
            upload_token_hash: Set(None),
            ..Default::default()
        };
        let write = tx.under(Permit::system(Job::ReceiveUpload, rules::record(facts.document.id)));
        let event = Event::new("DocumentReceived").with("bytes", bytes).with("sha256", &stored.sha256);
        write.take(&facts.stands_alone(), Step::Receive, changes, event).await?;
        Ok(media)
    });
    Ok(Received { media: kept.await?, stored: stored.clone() })
}

async fn recognise(app: &App, place: &str, length: u64) -> Result<Option<Media>> {
    if length < media::HEAD {
        return Ok(None);
    }
    let head = app.files().part(place, 0..media::HEAD).await?;
    if !media::is_archive(&head) {
        return Ok(Media::of_head(&head));
    }
    let tail = app.files().part(place, length.saturating_sub(media::TAIL)..length).await?;
    let Some(directory) = media::directory(&tail, length).filter(|range| !range.is_empty()) else { return Ok(None) };
    Ok(Media::of_directory(&app.files().part(place, directory).await?))
}

/// Says that it is the right file, which attaches it to its record.
///
/// # Errors
/// `ILLEGAL_STEP` unless the bytes have arrived; CONFLICT when they are not the expected ones; FORBIDDEN for whoever may
/// no longer attach files to the record.
pub async fn confirm(app: &App, actor: &Actor, input: &DocumentConfirmInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Confirm), &facts).await?;
            let row = &facts.document;
            let record = attach::permit(&tx, actor, (&row.record_kind, row.record_id)).await?;
            let stands = facts.stands(actor);
            stands.may(Step::Confirm)?;
            rules::expect_sha256(input.expected_sha256.as_deref(), row)?;
            let changes = document::ActiveModel::default();
            write.take(&stands, Step::Confirm, changes, Event::new("DocumentConfirmed")).await?;
            record.emit(Event::new("DocumentAttached").with("document", Id::<document::Entity>::new(row.id))).await?;
            Ok(row.id)
        })
        .await
}

/// Gives a link with which a file can be fetched.
///
/// # Errors
/// `NOT_FOUND` for a document that you cannot see, or whose bytes have not arrived.
pub async fn download(app: &App, actor: &Actor, input: &DocumentDownloadCreateInput) -> Result<Address> {
    let row = store::with_bytes(app.db().reader(), actor, input.id.key()).await?.ok_or_else(Error::not_found)?;
    let kind = attach::kind(&row.record_kind).ok_or_else(Error::not_found)?;
    let given_out = kind.give_out(app.db(), actor, row.record_id).await?;
    links::download(app, row.id, given_out)
}

/// The documents of a record, oldest first, for slices that give out everything that is kept about somebody.
///
/// # Errors
/// When the database fails.
pub async fn of_record(tx: &Tx, record: RecordRef) -> Result<Vec<document::Model>> {
    store::of_record(tx, record).await
}

/// Removes the documents of a record whose content is erased; says how many. Their bytes are swept.
///
/// # Errors
/// When the database fails.
pub async fn erase(write: &Write, record: RecordRef) -> Result<u64> {
    store::erase(write, record).await
}

/// The confirmed document of the actor's own organization that is attached to this record: what other slices ask when
/// a document is named as evidence.
///
/// # Errors
/// `INVALID_INPUT` on `documentId` when there is none.
pub async fn attached(tx: &Tx, actor: &Actor, named: (RecordRef, Uuid)) -> Result<document::Model> {
    let found = store::attached(tx, actor.organization(), named).await?;
    found.ok_or_else(|| {
        let mut checks = Checks::new();
        checks.invalid(
            "documentId",
            "documentId: expected a document that your organization attached to this record and confirmed.",
            "documentId 应为本单位已上传并确认的该记录附件。",
        );
        checks.finish().err().unwrap_or_else(Error::not_found)
    })
}

/// The record that an id names, of a kind that takes files.
fn named(id: &str) -> Result<(&'static dyn Attach, Uuid)> {
    let mut checks = Checks::new();
    let found = id::read(id).and_then(|(prefix, key)| Some((attach::kind(prefix)?, key)));
    checks.require(
        found.is_some(),
        "recordId",
        "recordId: expected the id of a record that takes files, such as an agreement.",
        "recordId 应为可附文件的记录标识，例如协议。",
    );
    checks.finish()?;
    found.ok_or_else(Error::not_found)
}
