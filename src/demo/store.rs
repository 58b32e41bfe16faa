//! What the demo reads and writes by itself: whether it has been told, and its records' ids for the examples.

use chrono::{DateTime, Utc};
use entity::{
    agreement::{self, AgreementKind, AgreementStatus},
    amendment::{self, AmendmentStatus},
    application::{self, ApplicationStatus},
    cooperation_item, employment_record, event_registration, installation,
    job_position::{self, PositionStatus},
    negotiation, organization,
    recruitment_event::{self, RecruitmentEventKind},
    resume, retention_check, user,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    auth::{Job, Permit, RecordRef},
    error::{Error, Result},
    platform::db::Db,
};

const TOLD: &str = "demo.told_at";
const STORY: &str = "demo.story";

/// When the story was told, and which edition.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) at: DateTime<Utc>,
    pub(super) edition: String,
}

/// The mark of a database that holds the demo.
pub(super) async fn told(db: &Db) -> Result<Option<Told>> {
    let value = async |name: &str| {
        let row = installation::Entity::find_by_id(name.to_owned()).one(db.reader()).await?;
        Ok::<_, Error>(row.map(|row| row.value))
    };
    let (Some(at), Some(edition)) = (value(TOLD).await?, value(STORY).await?) else { return Ok(None) };
    Ok(Some(Told { at: at.parse().map_err(Error::internal)?, edition }))
}

/// Marks the database as the demo's.
pub(super) async fn mark_told(db: &Db, told: &Told) -> Result<()> {
    db.write(move |tx| async move {
        let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "installation", id: Uuid::nil() }));
        let rows = [(TOLD, told.at.to_rfc3339()), (STORY, told.edition.clone())];
        let rows = rows.map(|(name, value)| installation::ActiveModel { name: Set(name.into()), value: Set(value) });
        write.insert_all(rows.into()).await
    })
    .await
}

/// Whether nobody is in this database yet.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(db: &Db) -> Result<bool> {
    Ok(user::Entity::find().count(db.reader()).await? == 0)
}

/// An agreement of the story as it stands.
pub(super) async fn agreement(db: &Db, id: Uuid) -> Result<agreement::Model> {
    agreement::Entity::find_by_id(id).one(db.reader()).await?.ok_or_else(Error::not_found)
}

/// An item of the story as it stands.
pub(super) async fn item(db: &Db, id: Uuid) -> Result<cooperation_item::Model> {
    cooperation_item::Entity::find_by_id(id).one(db.reader()).await?.ok_or_else(Error::not_found)
}

/// A recruitment event of the story as it stands.
pub(super) async fn recruitment_event(db: &Db, id: Uuid) -> Result<recruitment_event::Model> {
    recruitment_event::Entity::find_by_id(id).one(db.reader()).await?.ok_or_else(Error::not_found)
}

/// The group interview in the park.
pub(super) async fn group_interview(db: &Db) -> Result<Uuid> {
    let held = recruitment_event::Entity::find()
        .filter(recruitment_event::Column::Kind.eq(RecruitmentEventKind::ParkGroupInterview));
    held.one(db.reader()).await?.map(|row| row.id).ok_or_else(|| Error::internal("the demo has no group interview"))
}

/// The registration for the event that is still to come.
pub(super) async fn registration(db: &Db) -> Result<event_registration::Model> {
    let held = event_registration::Entity::find()
        .filter(event_registration::Column::Status.eq(event_registration::RegistrationStatus::Registered));
    held.one(db.reader()).await?.ok_or_else(|| Error::internal("the demo has no registration to come"))
}

/// An amendment of the story as it stands.
pub(super) async fn amendment(db: &Db, id: Uuid) -> Result<amendment::Model> {
    amendment::Entity::find_by_id(id).one(db.reader()).await?.ok_or_else(Error::not_found)
}

/// The current version of a résumé of the story.
pub(super) async fn current_version(db: &Db, resume: Uuid) -> Result<Uuid> {
    let found = resume::Entity::find_by_id(resume).one(db.reader()).await?;
    found.and_then(|row| row.current_id).ok_or_else(Error::not_found)
}

/// The amendment that waits to be approved.
pub(super) async fn amendment_in_review(db: &Db) -> Result<amendment::Model> {
    let waiting = amendment::Entity::find().filter(amendment::Column::Status.eq(AmendmentStatus::InReview));
    waiting.one(db.reader()).await?.ok_or_else(|| Error::internal("the demo has no amendment in review"))
}

/// The draft that waits to be submitted.
pub(super) async fn draft(db: &Db) -> Result<agreement::Model> {
    let draft = agreement::Entity::find().filter(agreement::Column::Status.eq(AgreementStatus::Draft));
    draft.one(db.reader()).await?.ok_or_else(|| Error::internal("the demo has no draft"))
}

/// The agreement of a kind that is in force.
pub(super) async fn in_force(db: &Db, kind: AgreementKind) -> Result<agreement::Model> {
    let in_force = agreement::Entity::find()
        .filter(agreement::Column::Kind.eq(kind))
        .filter(agreement::Column::Status.eq(AgreementStatus::Active));
    in_force.one(db.reader()).await?.ok_or_else(|| Error::internal("the demo has no such agreement in force"))
}

/// The special agreement that waits to be approved.
pub(super) async fn special(db: &Db) -> Result<agreement::Model> {
    let special = agreement::Entity::find().filter(agreement::Column::Kind.eq(AgreementKind::Special));
    special.one(db.reader()).await?.ok_or_else(|| Error::internal("the demo has no special agreement"))
}

/// The position that waits for the county.
pub(super) async fn position_in_review(db: &Db) -> Result<job_position::Model> {
    let waiting = job_position::Entity::find().filter(job_position::Column::Status.eq(PositionStatus::UnderReview));
    waiting.one(db.reader()).await?.ok_or_else(|| Error::internal("the demo has no position in review"))
}

/// The position with this title.
pub(super) async fn position(db: &Db, title: &str) -> Result<Uuid> {
    let titled = job_position::Entity::find().filter(job_position::Column::Title.eq(title)).one(db.reader()).await?;
    titled.map(|row| row.id).ok_or_else(|| Error::internal("the demo has no such position"))
}

/// The application whose intention waits to be confirmed.
pub(super) async fn application(db: &Db) -> Result<application::Model> {
    let waiting = application::Entity::find().filter(application::Column::Status.eq(ApplicationStatus::Intention));
    waiting.one(db.reader()).await?.ok_or_else(|| Error::internal("the demo has no intention"))
}

/// The version at which an application stands.
pub(super) async fn application_version(db: &Db, id: Uuid) -> Result<i32> {
    let row = application::Entity::find_by_id(id).one(db.reader()).await?.ok_or_else(Error::not_found)?;
    Ok(row.version)
}

/// The negotiation that belongs to an application.
pub(super) async fn negotiation(db: &Db, application: Uuid) -> Result<Uuid> {
    let own = negotiation::Entity::find().filter(negotiation::Column::ApplicationId.eq(application));
    own.one(db.reader()).await?.map(|row| row.id).ok_or_else(Error::not_found)
}

/// The check after three months that belongs to an application.
pub(super) async fn first_check(db: &Db, application: Uuid) -> Result<Uuid> {
    let own = employment_record::Entity::find().filter(employment_record::Column::ApplicationId.eq(application));
    let record = own.one(db.reader()).await?.ok_or_else(Error::not_found)?;
    let first = retention_check::Entity::find()
        .filter(retention_check::Column::RecordId.eq(record.id))
        .filter(retention_check::Column::Months.eq(3));
    first.one(db.reader()).await?.map(|row| row.id).ok_or_else(Error::not_found)
}

/// The version at which an organization stands.
pub(super) async fn organization_version(db: &Db, id: Uuid) -> Result<i32> {
    let row = organization::Entity::find_by_id(id).one(db.reader()).await?.ok_or_else(Error::not_found)?;
    Ok(row.version)
}

/// An organization of the story, by its name.
pub(super) async fn organization(db: &Db, name: &str) -> Result<Uuid> {
    let row = organization::Entity::find().filter(organization::Column::Name.eq(name)).one(db.reader()).await?;
    row.map(|row| row.id).ok_or_else(|| Error::internal("the demo's cast is incomplete"))
}
