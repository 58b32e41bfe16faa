//! Résumés 简历: what a student tells enterprises about the own person.
//!
//! A student has one résumé. Every **save** makes a version that never changes, with a hash over what it says; the
//! newest is the current one. Contact data stands beside the content, because an enterprise reads it only under a
//! consent of its own, as it does the file that goes with the version: one of those that the student attached. The university's staff know that there is a résumé and read
//! nothing of it.
//!
//! An enterprise reads the current version, the contact data or a file only under a [`crate::talent::consents`] that
//! holds, and only once the read is written down: [`record_profile_reads`] and [`record_contact_reads`] are asked by the
//! planner before such a row is shown, whatever led to it.
//!
//! **Erasing** removes every version and file and takes every consent back. That there was a résumé, how often it was
//! saved and who read it when stays.

mod checks;
pub mod content;
mod export;
mod files;
pub mod graphql;
pub mod rules;
pub mod store;

pub use content::{ResumeContentInput, ResumeEraseInput, ResumeSaveInput};
pub use export::OwnResume;
pub use files::attach_files;

use entity::{document, resume, resume_version, share_consent::ShareCategory};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    documents,
    error::Result,
    platform::{
        db::{Db, Tx, Write},
        event::Event,
        id::Id,
        input::{Checks, expect_version},
    },
    talent::consents::{self, rules::reads, store as given},
};
use rules::{Action, Author, Own};

/// What the actor's own résumé says now; nothing where there is none, or it was erased.
///
/// # Errors
/// When the database fails.
pub async fn own_content(db: &Db, actor: &Actor) -> Result<Option<ResumeContentInput>> {
    store::current_of(db, actor.user()).await?.as_deref().map(ResumeContentInput::thaw).transpose()
}

/// Saves a version of the actor's own résumé.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; CONFLICT for a stale version.
pub async fn save(app: &App, actor: &Actor, input: &ResumeSaveInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            given::hold(&tx, actor.user()).await?;
            let write = tx.permit(actor, Own::Save, &Author::of(actor)).await?;
            let earlier = store::own(&tx, actor.user()).await?;
            expect_version(input.expected_version.unwrap_or(0), earlier.as_ref().map_or(0, |row| row.version))?;
            let mut checks = Checks::new();
            let content = checks::content(&mut checks, &input.content);
            let contact = checks::contact(&mut checks, &input.contact);
            checks.finish()?;
            let document_id = file(&tx, actor, (earlier.as_ref(), input.document_id)).await?;
            let major = content.major().map(str::to_owned);
            let (content, content_hash) = content.freeze()?;
            let version = resume_version::Model {
                id: write.id(),
                resume_id: earlier.as_ref().map_or_else(|| write.id(), |row| row.id),
                number: earlier.as_ref().map_or(0, |row| row.saved) + 1,
                content,
                content_hash,
                phone: contact.phone,
                email: contact.email,
                document_id,
                created_at: write.now(),
            };
            keep(&write, actor, (earlier, version, major)).await
        })
        .await
}

/// The file that goes with a version: confirmed, and attached to this very résumé.
async fn file(
    tx: &Tx,
    actor: &Actor,
    (resume, named): (Option<&resume::Model>, Option<Id<document::Entity>>),
) -> Result<Option<Uuid>> {
    let Some(named) = named else { return Ok(None) };
    let record = rules::record(resume.map_or_else(Uuid::nil, |row| row.id));
    Ok(Some(documents::attached(tx, actor, (record, named.key())).await?.id))
}

/// Keeps a version, in a résumé that is made for the first one.
async fn keep(
    write: &Write,
    actor: &Actor,
    (earlier, version, major): (Option<resume::Model>, resume_version::Model, Option<String>),
) -> Result<Uuid> {
    let (id, number) = (version.resume_id, version.number);
    let saved = Event::new("ResumeSaved").with("number", number);
    match earlier {
        None => {
            let row = resume::Model {
                id,
                student_id: actor.user(),
                university_id: actor.organization(),
                current_id: Some(version.id),
                saved: number,
                erased_at: None,
                major,
                version: 1,
                created_at: write.now(),
                updated_at: write.now(),
            };
            write.insert(row.into_active_model()).await?;
            write.emit_first(rules::record(id), saved).await?;
        }
        Some(row) => {
            let changes = resume::ActiveModel {
                // Where the student studies now.
                university_id: Set(actor.organization()),
                current_id: Set(Some(version.id)),
                saved: Set(number),
                erased_at: Set(None),
                major: Set(major),
                ..Default::default()
            };
            write.change::<resume::Entity>(id, row.version, changes).await?;
            write.emit_for(rules::record(id), saved).await?;
        }
    }
    write.insert(version.into_active_model()).await?;
    Ok(id)
}

/// Erases what the actor's own résumé says, with its files, and takes every consent back. Erased already, it stays so.
///
/// # Errors
/// `NOT_FOUND` for a résumé that the actor does not see, FORBIDDEN for another's.
pub async fn erase(app: &App, actor: &Actor, input: &ResumeEraseInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            given::hold(&tx, actor.user()).await?;
            // Consents before the résumé: in this order whoever reads takes them too.
            let consents = consents::withdraw_each(&tx, actor, None).await?;
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Erase, &facts).await?;
            let row = &facts.resume;
            if row.erased_at.is_some() {
                return Ok(row.id);
            }
            let versions = store::erase_versions(&write, row.id).await?;
            let files = documents::erase(&write, rules::record(row.id)).await?;
            let changes = resume::ActiveModel {
                current_id: Set(None),
                erased_at: Set(Some(write.now())),
                major: Set(None),
                ..Default::default()
            };
            write.change::<resume::Entity>(row.id, row.version, changes).await?;
            let erased = Event::new("ResumeErased").with("versions", versions).with("files", files);
            write.emit(erased.with("consents", consents)).await?;
            Ok(row.id)
        })
        .await
}

/// Writes down that the actor reads these versions; gives those that may be shown.
///
/// # Errors
/// When the database fails: then nothing is shown.
pub async fn record_profile_reads(db: &Db, actor: &Actor, versions: &[Uuid]) -> Result<Vec<Uuid>> {
    record(db, actor, (versions, ShareCategory::Profile)).await
}

/// As [`record_profile_reads`], for the contact data of these versions.
///
/// # Errors
/// As [`record_profile_reads`].
pub async fn record_contact_reads(db: &Db, actor: &Actor, versions: &[Uuid]) -> Result<Vec<Uuid>> {
    record(db, actor, (versions, ShareCategory::Contact)).await
}

/// Students read what is their own; of others' nothing is shown that is not written down.
async fn record(db: &Db, actor: &Actor, (versions, category): (&[Uuid], ShareCategory)) -> Result<Vec<Uuid>> {
    if !reads(actor) {
        return Ok(versions.to_vec());
    }
    let behind = store::behind(db.reader(), versions).await?;
    let mut opened: Vec<_> = behind.iter().map(|(_, opened)| *opened).collect();
    opened.sort_unstable_by_key(|opened| opened.resume);
    opened.dedup();
    let reads = consents::record_reads(db, actor, (&opened, category)).await?;
    let read = |resume: Uuid| reads.iter().any(|read| read.resume_id == resume);
    Ok(behind.into_iter().filter(|(_, opened)| read(opened.resume)).map(|(version, _)| version).collect())
}
