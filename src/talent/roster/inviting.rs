//! Inviting whoever is on the rolls.

use async_graphql::InputObject;
use entity::student_record;
use sea_orm::{ActiveValue::Set, prelude::async_trait::async_trait};
use uuid::Uuid;

use super::{
    rules::{self, RollsAction, few, is_verified, nobody_came_in},
    store,
};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    identity::invitations::{self, Awaiting},
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
    },
};

/// Records whose students are to be invited. Who may: the university's admins and staff.
#[derive(Clone, Debug, InputObject)]
pub struct StudentRecordInviteInput {
    /// Which records, at most 500: by none of them has anybody come in yet. An earlier invitation is taken back.
    pub ids: Vec<Id<student_record::Entity>>,
}

/// A student who was invited, and the token, which nobody can show again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The record.
    pub record: Uuid,
    /// The token.
    pub token: String,
}

/// Invites whoever stands in these records, all or none; earlier invitations are taken back.
///
/// # Errors
/// `NOT_FOUND` for a record that the actor does not see; `RULE_VIOLATED` for every one by which somebody has come in, and
/// unless the university is verified.
pub async fn invite(app: &App, actor: &Actor, input: &StudentRecordInviteInput) -> Result<Vec<Invited>> {
    let ids = &input.ids.iter().map(|id| id.key()).collect::<Vec<Uuid>>();
    few(ids.len())?;
    app.db()
        .write(move |tx| async move {
            let rolls = store::rolls(&tx, actor).await?;
            let write = tx.permit(actor, RollsAction::Invite, &rolls).await?;
            is_verified(&rolls)?;
            let mut records = store::of_ids(&tx, actor, ids).await?;
            nobody_came_in(&records, ids)?;
            let earlier: Vec<Uuid> = records.iter().filter_map(|record| record.invitation_id).collect();
            invitations::take_back(&write, &earlier).await?;
            let invited = issue(app, &write, records.iter_mut()).await?;
            store::rewrite(&write, &records).await?;
            let event = |record: &student_record::Model| (rules::record(record.id), told(record));
            write.emit_all(&records.iter().map(event).collect::<Vec<_>>()).await?;
            Ok(invited)
        })
        .await
}

fn told(record: &student_record::Model) -> Event {
    let event = Event::new("StudentRecordInvited");
    record.invitation_id.into_iter().fold(event, |event, id| event.with("invitation", id))
}

/// Issues an invitation for each record, and notes it there; the records are yet to be written.
pub(super) async fn issue<'record>(
    app: &App,
    write: &Write,
    records: impl IntoIterator<Item = &'record mut student_record::Model>,
) -> Result<Vec<Invited>> {
    let records: Vec<_> = records.into_iter().collect();
    let emails = records.iter().map(|record| record.email.clone());
    let issued = invitations::issue_to_students(app, write, emails).await?;
    let note = |(record, issued): (&mut student_record::Model, invitations::Issued)| {
        record.invitation_id = Some(issued.id);
        Invited { record: record.id, token: issued.token }
    };
    Ok(records.into_iter().zip(issued).map(note).collect())
}

/// The records that wait for their students.
#[derive(Debug)]
pub struct OnTheRolls;

#[async_trait]
impl Awaiting for OnTheRolls {
    async fn awaits(&self, tx: &Tx, invitation: Uuid) -> Result<bool> {
        Ok(store::waiting_for(tx, invitation).await?.is_some())
    }

    async fn came_in(&self, write: &Write, invitation: Uuid, user: Uuid) -> Result<()> {
        let Some(record) = store::waiting_for(write.tx(), invitation).await? else { return Ok(()) };
        let changes = student_record::ActiveModel { student_id: Set(Some(user)), ..Default::default() };
        write.change::<student_record::Entity>(record.id, record.version, changes).await?;
        write.emit_for(rules::record(record.id), Event::new("StudentRecordJoined").with("user", user)).await
    }
}
