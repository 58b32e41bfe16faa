//! Notifications 通知: what waits for a person, and what they should know.
//!
//! Other slices write them with [`notify`], inside the transaction of what happened: the notification and its cause are
//! committed together or not at all. It goes to people, or to everyone who holds certain roles in certain organizations
//! at that moment, and never to whoever did it. What must not be told twice, such as a reminder, carries a word that is
//! unique for each recipient. A notification says what kind of thing waits and names the record; whoever opens it reads
//! the record, with the rights they have then. It is **read** when its owner says so.

mod feed;
pub mod graphql;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

pub use feed::Feed;
pub use store::{count_for, readdress};

use async_graphql::InputObject;
use chrono::NaiveDate;
use entity::{
    membership::Role,
    notification::{self, NoticeKind},
};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Actor, RecordRef},
    error::{Error, Result},
    graphql::DateTime,
    platform::{db::Write, id::Id, input::Checks},
};
use rules::{Action, Inbox};

/// The most notifications that one request names.
const MOST: usize = 100;

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What kind of thing waits or happened.
    pub kind: NoticeKind,
    /// The record that it is about.
    pub record: RecordRef,
    /// Who should know.
    pub recipients: To,
    /// The day until which it waits.
    pub due_on: Option<NaiveDate>,
    /// What makes it the same notice: nobody gets it twice.
    pub once: Option<String>,
}

/// Who should know something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Everyone who holds one of these roles in one of these organizations now.
    Members {
        /// The organizations.
        organizations: Vec<Uuid>,
        /// The roles.
        roles: &'static [Role],
    },
    /// These people.
    People(Vec<Uuid>),
    /// As [`To::Members`], and these people too.
    MembersAnd {
        /// The organizations.
        organizations: Vec<Uuid>,
        /// The roles.
        roles: &'static [Role],
        /// The people.
        people: Vec<Uuid>,
    },
}

impl Notice {
    /// A notice that waits for no day and may be given again.
    #[must_use]
    pub fn new(kind: NoticeKind, record: RecordRef, recipients: To) -> Self {
        Self { kind, record, recipients, due_on: None, once: None }
    }

    /// The same notice, waiting until that day.
    #[must_use]
    pub fn due_on(mut self, day: NaiveDate) -> Self {
        self.due_on = Some(day);
        self
    }

    /// The same notice, never given twice to anybody: `renewal:agreement_01h…:90`.
    #[must_use]
    pub fn once(mut self, word: impl Into<String>) -> Self {
        self.once = Some(word.into());
        self
    }
}

/// Tells whoever should know, in the transaction of what happened.
///
/// # Errors
/// When the database fails.
pub async fn notify(write: &Write, notice: &Notice) -> Result<()> {
    let mut recipients = store::recipients(write.tx(), &notice.recipients).await?;
    let doer = write.permit().actor().map(Actor::user);
    recipients.retain(|recipient| Some(recipient.user) != doer);
    let rows = recipients.into_iter().map(|recipient| notification::Model {
        id: write.id(),
        user_id: recipient.user,
        organization_id: recipient.organization,
        kind: notice.kind,
        record_kind: notice.record.kind.to_owned(),
        record_id: notice.record.id,
        due_on: notice.due_on,
        once: notice.once.clone(),
        created_at: write.now(),
        read_at: None,
    });
    store::insert(write, rows.collect()).await
}

/// Notifications that were read. Who may: their owner.
#[derive(Clone, Debug, InputObject)]
pub struct NotificationMarkReadInput {
    /// Which ones, 1 to 100.
    pub ids: Vec<Id<notification::Entity>>,
}

/// Everything up to a moment was read. Who may: its owner.
#[derive(Clone, Debug, InputObject)]
pub struct NotificationMarkAllReadInput {
    /// `createdAt` of the newest notification that you have seen; later ones stay unread.
    pub until: DateTime,
}

/// Marks notifications as read; those that are read already stay so. Reading leaves no trail: it is nobody's business
/// but the reader's.
///
/// # Errors
/// `NOT_FOUND` when one is not the actor's; `INVALID_INPUT` for none or too many.
pub async fn mark_read(app: &App, actor: &Actor, input: &NotificationMarkReadInput) -> Result<u64> {
    let mut checks = Checks::new();
    checks.require(
        (1..=MOST).contains(&input.ids.len()),
        "ids",
        format!("ids: expected 1 to {MOST}."),
        format!("ids 应为 1 至 {MOST} 个。"),
    );
    checks.finish()?;
    let mut ids: Vec<Uuid> = input.ids.iter().map(|id| id.key()).collect();
    ids.sort_unstable();
    ids.dedup();
    app.db()
        .write(|tx| {
            let ids = &ids;
            async move {
                let write = tx.permit(actor, Action::MarkRead, &Inbox::of(actor)).await?;
                if store::count(&tx, actor, ids).await? < ids.len() as u64 {
                    return Err(Error::not_found());
                }
                store::mark_read(&write, actor, ids).await
            }
        })
        .await
}

/// Marks everything as read that came until then.
///
/// # Errors
/// When the database fails.
pub async fn mark_all_read(app: &App, actor: &Actor, input: &NotificationMarkAllReadInput) -> Result<u64> {
    app.db()
        .write(move |tx| async move {
            let write = tx.permit(actor, Action::MarkRead, &Inbox::of(actor)).await?;
            store::mark_read_until(&write, actor, input.until.0).await
        })
        .await
}
