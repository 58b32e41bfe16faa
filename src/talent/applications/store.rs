//! The only place that touches the table of applications.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    application::{self, ApplicationStatus as Status, Column},
    negotiation::{self, NegotiationStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::rules::{Facts, PLACED, RECRUITERS, STAFF};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
};

/// The student, the enterprise's recruiters and the staff of the student's university.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    between(actor, (Column::StudentId, Column::OrganizationId, Column::UniversityId))
}

/// Rows whose columns name the actor as the student, or an organization for which the actor recruits or looks after
/// students: of what there is between a student and an enterprise.
#[must_use]
pub fn between<C: ColumnTrait>(actor: &Actor, (student, enterprise, university): (C, C, C)) -> Condition {
    let mut seen = Condition::any().add(student.eq(actor.user()));
    if actor.is(RECRUITERS) {
        seen = seen.add(enterprise.eq(actor.organization()));
    }
    if actor.is(STAFF) {
        seen = seen.add(university.eq(actor.organization()));
    }
    seen
}

/// What the enterprise noted is for its own people, and not for whom it is about.
#[must_use]
pub fn notes_visible_to(actor: &Actor) -> Condition {
    let own = Condition::all().add(Column::OrganizationId.eq(actor.organization()));
    let own = own.add(Column::StudentId.ne(actor.user()));
    if actor.is(RECRUITERS) { own } else { own.add(Expr::val(1).eq(0)) }
}

/// What belongs to an application is seen with it: rows whose column names an application that the actor sees.
#[must_use]
pub fn seen_with(application: impl ColumnTrait, actor: &Actor) -> Condition {
    exists(Column::Id, application, visible_to(actor))
}

/// The application with everything the rules need, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = application::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    complete(tx, seen.lock_exclusive().one(tx).await?.ok_or_else(Error::not_found)?).await
}

/// As [`facts`], for what belongs to an application that was found already, and for jobs of the system.
///
/// # Errors
/// `NOT_FOUND` when there is no such application.
pub async fn facts_behind(tx: &Tx, id: Uuid) -> Result<Facts> {
    let found = application::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    complete(tx, found.ok_or_else(Error::not_found)?).await
}

async fn complete(tx: &Tx, application: application::Model) -> Result<Facts> {
    let negotiating = negotiating(tx, &[application.id]).await?.contains(&application.id);
    Ok(Facts { application, negotiating, now: tx.now() })
}

/// The facts of many applications at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = application::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let (negotiating, now) = (negotiating(db.reader(), ids).await?, db.clock().now());
    let facts = rows.into_iter().map(|application| {
        let negotiating = negotiating.contains(&application.id);
        (application.id, Facts { application, negotiating, now })
    });
    Ok(facts.collect())
}

async fn negotiating(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let open = negotiation::Entity::find()
        .select_only()
        .column(negotiation::Column::ApplicationId)
        .filter(negotiation::Column::ApplicationId.is_in(ids.iter().copied()))
        .filter(negotiation::Column::Status.is_in([NegotiationStatus::Scheduled, NegotiationStatus::Held]));
    Ok(open.into_tuple().all(db).await?.into_iter().collect())
}

/// Whether the student has applied for the position and not taken it back. Ask it with the student's résumé locked.
///
/// # Errors
/// When the database fails.
pub async fn has_applied(tx: &Tx, position: Uuid, student: Uuid) -> Result<bool> {
    let own = application::Entity::find()
        .filter(Column::PositionId.eq(position))
        .filter(Column::StudentId.eq(student))
        .filter(Column::Status.ne(Status::Withdrawn));
    Ok(own.one(tx).await?.is_some())
}

/// Whether anybody has applied for the position, whatever came of it. Ask it with the position locked.
///
/// # Errors
/// When the database fails.
pub async fn any_for(tx: &Tx, position: Uuid) -> Result<bool> {
    let any = application::Entity::find().select_only().column(Column::Id).filter(Column::PositionId.eq(position));
    Ok(any.into_tuple::<Uuid>().one(tx).await?.is_some())
}

/// The student's latest application for the position, whatever came of it. Ask it with the position locked.
///
/// # Errors
/// When the database fails.
pub async fn latest(tx: &Tx, position: Uuid, student: Uuid) -> Result<Option<application::Model>> {
    let own = application::Entity::find().filter(Column::PositionId.eq(position)).filter(Column::StudentId.eq(student));
    Ok(own.order_by_desc(Column::Id).one(tx).await?)
}

/// How many places of the position are held by offers. Ask it with the position locked.
///
/// # Errors
/// When the database fails.
pub async fn placed(tx: &Tx, position: Uuid) -> Result<u64> {
    let placed =
        application::Entity::find().filter(Column::PositionId.eq(position)).filter(Column::Status.is_in(PLACED));
    Ok(placed.count(tx).await?)
}

/// How many have accepted an offer for the position. Ask it with the position locked.
///
/// # Errors
/// When the database fails.
pub async fn accepted(tx: &Tx, position: Uuid) -> Result<u64> {
    let accepted = application::Entity::find().filter(Column::PositionId.eq(position)).filter(Column::Status.is_in([
        Status::Accepted,
        Status::Signed,
        Status::Onboarded,
    ]));
    Ok(accepted.count(tx).await?)
}

/// The applications whose answer is late, for the job: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn late(db: &impl ConnectionTrait, now: DateTime<Utc>, today: NaiveDate) -> Result<Vec<Uuid>> {
    let intentions = Condition::all()
        .add(Column::Status.eq(Status::Intention))
        .add(Column::IntentionConfirmedAt.is_null())
        .add(Column::IntentionLapsesAt.lte(now));
    let offers = Condition::all().add(Column::Status.eq(Status::Offered)).add(Column::OfferAnswerBy.lt(today));
    let ids = application::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Condition::any().add(intentions).add(offers))
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}

/// Everything that a student has applied for, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all_of(tx: &Tx, student: Uuid) -> Result<Vec<application::Model>> {
    let own = application::Entity::find().filter(Column::StudentId.eq(student)).order_by_asc(Column::Id);
    Ok(own.all(tx).await?)
}
