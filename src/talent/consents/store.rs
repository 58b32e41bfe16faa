//! The only place that touches the tables of consents and of what was read under them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    organization::{self, OrganizationStatus},
    resume_access::{self, Column as Access},
    share_consent::{Column, Entity, Model, ShareCategory, ShareConsentStatus as Status, SharePurpose},
    user,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use super::rules::{Facts, NOTICE_VERSION, reads};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
};

/// Which consents the actor sees: whoever gave them, also after the studies, and an enterprise those that hold for it.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::StudentId.eq(actor.user()));
    if reads(actor) { own.add(received(actor, None)) } else { own }
}

/// Which reads the actor sees: those of the own résumé, an enterprise its own under a consent that holds.
#[must_use]
pub fn accesses_visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Access::StudentId.eq(actor.user()));
    if reads(actor) { own.add(exists(Column::Id, Access::ConsentId, received(actor, None))) } else { own }
}

/// Whether the student that a column names consents that the actor's enterprise reads this, or anything at all. A
/// consent whose last day is past counts until the job has ended it, a minute at most: nothing is shown under it, because
/// whoever reads is asked again ([`super::record_reads`]).
#[must_use]
pub fn shared_by(student: impl ColumnTrait, actor: &Actor, category: Option<ShareCategory>) -> Condition {
    exists(Column::StudentId, student, received(actor, category))
}

/// Consents that hold for the actor's enterprise, and cover the category.
fn received(actor: &Actor, category: Option<ShareCategory>) -> Condition {
    if !reads(actor) {
        return Condition::all().add(Column::Id.is_null());
    }
    let given = Condition::all()
        .add(Column::OrganizationId.eq(actor.organization()))
        .add(Column::Status.eq(Status::Given))
        .add(Column::NoticeVersion.eq(NOTICE_VERSION));
    match category {
        Some(category) => given.add(covering(category).eq(true)),
        None => given,
    }
}

fn covering(category: ShareCategory) -> Column {
    match category {
        ShareCategory::Profile => Column::Profile,
        ShareCategory::Contact => Column::Contact,
        ShareCategory::File => Column::File,
    }
}

/// Whoever changes what a student has consented to holds the student: one after the other, and before anything else is
/// locked.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &Tx, student: Uuid) -> Result<()> {
    let row = user::Entity::find_by_id(student).select_only().column(user::Column::Id).lock(LockType::NoKeyUpdate);
    row.into_tuple::<Uuid>().one(tx).await?;
    Ok(())
}

/// Holds the enterprise as it stands: whoever suspends it or merges it into another waits.
///
/// # Errors
/// When the database fails.
pub async fn hold_receiver(tx: &Tx, organization: Uuid) -> Result<()> {
    let row = organization::Entity::find_by_id(organization).select_only().column(organization::Column::Id);
    row.lock_shared().into_tuple::<Uuid>().one(tx).await?;
    Ok(())
}

/// The consent, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    row.map(|consent| Facts { consent }).ok_or_else(Error::not_found)
}

/// The facts of many consents at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Facts { consent: row })).collect())
}

/// As [`facts`], for a job of the system, which sees everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such consent.
pub async fn facts_for_job(tx: &Tx, id: Uuid) -> Result<Facts> {
    let row = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.map(|consent| Facts { consent }).ok_or_else(Error::not_found)
}

/// What a student has consented to and not taken back, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn given_by(tx: &Tx, student: Uuid) -> Result<Vec<Facts>> {
    let rows = Entity::find()
        .filter(Column::StudentId.eq(student))
        .filter(Column::Status.eq(Status::Given))
        .order_by_asc(Column::Id)
        .lock_exclusive();
    Ok(rows.all(tx).await?.into_iter().map(|consent| Facts { consent }).collect())
}

/// The consent for this enterprise and purpose that was not taken back, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn given_for(tx: &Tx, student: Uuid, (organization, purpose): (Uuid, SharePurpose)) -> Result<Option<Facts>> {
    let row = Entity::find()
        .filter(Column::StudentId.eq(student))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::Status.eq(Status::Given))
        .lock_exclusive();
    Ok(row.one(tx).await?.map(|consent| Facts { consent }))
}

/// Consents of these students that hold now for the enterprise, while it is verified; nobody takes one back before the
/// transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn live(tx: &Tx, (organization, students): (Uuid, &[Uuid]), now: DateTime<Utc>) -> Result<Vec<Model>> {
    let verified = organization::Column::Status.eq(OrganizationStatus::Verified);
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::StudentId.is_in(students.iter().copied()))
        .filter(Column::Status.eq(Status::Given))
        .filter(Column::NoticeVersion.eq(NOTICE_VERSION))
        .filter(Column::ExpiresAt.gt(now))
        .filter(exists(organization::Column::Id, Column::OrganizationId, verified.into()))
        .order_by_asc(Column::Id)
        .lock_shared();
    Ok(rows.all(tx).await?)
}

/// When something was last read under this consent.
///
/// # Errors
/// When the database fails.
pub async fn last_read(tx: &Tx, consent: Uuid) -> Result<Option<DateTime<Utc>>> {
    let rows = resume_access::Entity::find().select_only().column(Access::At).filter(Access::ConsentId.eq(consent));
    Ok(rows.order_by_desc(Access::At).order_by_desc(Access::Id).into_tuple().one(tx).await?)
}

/// A read that was written down.
///
/// # Errors
/// When the database fails.
pub async fn access(tx: &Tx, id: Uuid) -> Result<Option<resume_access::Model>> {
    Ok(resume_access::Entity::find_by_id(id).one(tx).await?)
}

/// Consents that hold no more although nobody took them back: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn outlived(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let over = Condition::any().add(Column::ExpiresAt.lte(now)).add(Column::NoticeVersion.lt(NOTICE_VERSION));
    let ids = Entity::find().select_only().column(Column::Id).filter(Column::Status.eq(Status::Given)).filter(over);
    Ok(ids.limit(100).into_tuple().all(db).await?)
}

/// The consents of a student, oldest first, and what was read under them.
///
/// # Errors
/// When the database fails.
pub async fn all_of(db: &impl ConnectionTrait, student: Uuid) -> Result<(Vec<Model>, Vec<resume_access::Model>)> {
    let consents = Entity::find().filter(Column::StudentId.eq(student)).order_by_asc(Column::Id).all(db).await?;
    let accesses = resume_access::Entity::find().filter(Access::StudentId.eq(student));
    Ok((consents, accesses.order_by_asc(Access::At).order_by_asc(Access::Id).all(db).await?))
}

/// The consents that were given to an enterprise, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn given_to(tx: &Tx, organization: Uuid) -> Result<Vec<Facts>> {
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Status.eq(Status::Given))
        .order_by_asc(Column::Id)
        .lock_exclusive();
    Ok(rows.all(tx).await?.into_iter().map(|consent| Facts { consent }).collect())
}
