//! A university's rolls 学籍名册: whom it has as students, by their numbers.
//!
//! The staff **import** the rolls from a table ([`importing`]), as often as their own system says something new; what
//! people have **edited** since is kept. Whoever is on the rolls can be **invited** ([`inviting`]): by the token that the
//! staff hand over, the student comes in, and the record knows who it is from then on. A record by which nobody has come
//! in can be **removed**.
//!
//! Nobody outside the university's staff sees the rolls, but each student the own record.
//!
//! The university is locked before its records, and these before their invitations.

mod checks;
mod export;
pub mod graphql;
pub mod importing;
pub mod inviting;
mod merging;
pub mod rules;
pub mod store;

pub use export::OwnRecords;
pub use inviting::Invited;
pub use merging::Rolls;

use async_graphql::InputObject;
use entity::student_record;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    error::Result,
    identity::invitations,
    platform::{
        event::Event,
        id::Id,
        input::{Checks, expect_version},
    },
};
use rules::{Action, few};

/// What the rolls say of a student, but for the number.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct StudentRecordContentInput {
    /// The name, 1 to 200 characters.
    pub name: String,
    /// The major's code, such as 120203K.
    pub major: Option<String>,
    /// The class as the university calls it, up to 200 characters.
    pub class_name: Option<String>,
    /// The year of graduation, such as 2027.
    pub graduation_year: Option<i32>,
    /// The address to which an invitation can be sent.
    pub email: Option<String>,
}

/// A record to edit. Who may: the university's admins and staff.
#[derive(Clone, Debug, InputObject)]
pub struct StudentRecordEditInput {
    /// Which record.
    pub id: Id<student_record::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What it is to say.
    pub content: StudentRecordContentInput,
}

/// Records to remove. Who may: the university's admins and staff.
#[derive(Clone, Debug, InputObject)]
pub struct StudentRecordRemoveInput {
    /// Which records, at most 500: by none of them has anybody come in yet.
    pub ids: Vec<Id<student_record::Entity>>,
}

/// Edits what the rolls say of a student; imports leave it alone from then on.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; CONFLICT for a stale version.
pub async fn edit(app: &App, actor: &Actor, input: &StudentRecordEditInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Edit, &facts).await?;
            expect_version(input.expected_version, facts.record.version)?;
            let mut checks = Checks::new();
            checks.within("content");
            let content = checks::content(&mut checks, &input.content);
            checks.finish()?;
            let changes = student_record::ActiveModel {
                name: Set(content.name),
                major: Set(content.major),
                class_name: Set(content.class_name),
                graduates_in: Set(content.graduation_year),
                email: Set(content.email),
                ..Default::default()
            };
            write.change::<student_record::Entity>(facts.record.id, facts.record.version, changes).await?;
            write.emit(Event::new("StudentRecordEdited")).await?;
            Ok(facts.record.id)
        })
        .await
}

/// Removes records by which nobody has come in, all or none, and takes their invitations back. Returns how many.
///
/// # Errors
/// `NOT_FOUND` for a record that the actor does not see; `RULE_VIOLATED` for every one by which somebody has come in.
pub async fn remove(app: &App, actor: &Actor, input: &StudentRecordRemoveInput) -> Result<usize> {
    let ids = &input.ids.iter().map(|id| id.key()).collect::<Vec<Uuid>>();
    few(ids.len())?;
    app.db()
        .write(move |tx| async move {
            let rolls = store::rolls(&tx, actor).await?;
            let write = tx.permit(actor, rules::RollsAction::Remove, &rolls).await?;
            let records = store::of_ids(&tx, actor, ids).await?;
            rules::nobody_came_in(&records, ids)?;
            let gone: Vec<Uuid> = records.iter().map(|record| record.id).collect();
            store::remove(&write, &gone).await?;
            let open: Vec<Uuid> = records.iter().filter_map(|record| record.invitation_id).collect();
            invitations::take_back(&write, &open).await?;
            let removed = |id: &Uuid| (rules::record(*id), Event::new("StudentRecordRemoved"));
            write.emit_all(&gone.iter().map(removed).collect::<Vec<_>>()).await?;
            Ok(gone.len())
        })
        .await
}
