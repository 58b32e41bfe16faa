//! The only place that touches the table of questions.

use std::collections::HashMap;

use entity::organization_question::{self, Column, QuestionStatus};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::rules::Facts;
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::db::{Db, Tx},
};

/// Answered ones are everybody's; all others the asker's and the enterprise's.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    Condition::any()
        .add(Column::Status.eq(QuestionStatus::Answered))
        .add(Column::OrganizationId.eq(actor.organization()))
        .add(Column::AskerId.eq(actor.user()))
}

/// Where the actor reads who asked by name: the own questions, and those of the own organization's people.
#[must_use]
pub fn asker_visible_to(actor: &Actor) -> Condition {
    Condition::any().add(Column::AskerId.eq(actor.user())).add(Column::AskerOrganizationId.eq(actor.organization()))
}

/// Where the actor reads who answered by name: the enterprise's own people.
#[must_use]
pub fn answerer_visible_to(actor: &Actor) -> Condition {
    Condition::all().add(Column::OrganizationId.eq(actor.organization()))
}

/// The question, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = organization_question::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    let question = seen.lock_exclusive().one(tx).await?.ok_or_else(Error::not_found)?;
    Ok(Facts { question })
}

/// The facts of many questions at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = organization_question::Entity::find().filter(Column::Id.is_in(ids.iter().copied()));
    let rows = rows.all(db.reader()).await?;
    Ok(rows.into_iter().map(|question| (question.id, Facts { question })).collect())
}

/// How many questions of the actor wait for an answer.
///
/// # Errors
/// When the database fails.
pub async fn count_open(tx: &Tx, actor: &Actor) -> Result<u64> {
    let open = organization_question::Entity::find()
        .filter(Column::AskerId.eq(actor.user()))
        .filter(Column::Status.eq(QuestionStatus::Open));
    Ok(open.count(tx).await?)
}
