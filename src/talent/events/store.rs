//! The only place that touches the table of recruitment events.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    event_exhibitor::{self, ExhibitorStatus},
    event_registration::{self, RegistrationStatus},
    membership::Role,
    organization::{self, OrganizationKind, OrganizationStatus},
    recruitment_event::{self, Column, RecruitmentEventStatus as Status},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::rules::{Facts, ORGANIZERS};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx},
    },
};

/// Once announced, everybody's; before, the organizer's, of the county that was asked to review it, and of the
/// enterprises named in it.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let asked = of_its_county(actor).map(|own| own.add(Column::SubmittedAt.is_not_null()));
    let named = exists(
        event_exhibitor::Column::EventId,
        Column::Id,
        event_exhibitor::Column::OrganizationId.eq(actor.organization()).into(),
    );
    let condition = Condition::any()
        .add(Column::PublishedAt.is_not_null())
        .add(Column::OrganizerId.eq(actor.organization()))
        .add(named);
    match asked {
        Some(asked) => condition.add(asked),
        None => condition,
    }
}

/// What belongs to an event is seen with it: rows whose column names an event that the actor sees.
#[must_use]
pub fn seen_with(event: impl ColumnTrait, actor: &Actor) -> Condition {
    exists(Column::Id, event, visible_to(actor))
}

/// The people who hold or review the event, and their auditors: whose numbers and drafts these are.
#[must_use]
pub fn inner_details_visible_to(actor: &Actor) -> Condition {
    if !actor.is(ORGANIZERS) && !actor.is(&[Role::Auditor]) {
        return Condition::all().add(Column::Id.is_null());
    }
    let own = Condition::any().add(Column::OrganizerId.eq(actor.organization()));
    match of_its_county(actor) {
        Some(county) => own.add(county.add(Column::SubmittedAt.is_not_null())),
        None => own,
    }
}

/// The article is everybody's once it is published, who sees the event.
#[must_use]
pub fn article_visible_to(actor: &Actor) -> Condition {
    Condition::any().add(Column::ArticlePublishedAt.is_not_null()).add(inner_details_visible_to(actor))
}

/// Events of the county that the actor acts for; none for other sides.
#[must_use]
pub fn of_its_county(actor: &Actor) -> Option<Condition> {
    let county = actor.side() == OrganizationKind::County && !actor.region().is_empty();
    county.then(|| Condition::all().add(Column::RegionCode.eq(actor.region())))
}

/// The event with everything the rules need, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let seen = recruitment_event::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id));
    behind(tx, seen.lock_exclusive().one(tx).await?).await
}

/// Whether the actor sees the event and it is not over yet.
///
/// # Errors
/// When the database fails.
pub async fn is_to_come(tx: &Tx, actor: &Actor, id: Uuid) -> Result<bool> {
    let seen = recruitment_event::Entity::find().filter(visible_to(actor)).filter(Column::Id.eq(id)).one(tx).await?;
    let over = [Status::Closed, Status::Reported, Status::Cancelled];
    Ok(seen.is_some_and(|event| !over.contains(&event.status)))
}

/// As [`facts`], for what belongs to an event and for jobs of the system, which see everything.
///
/// # Errors
/// `NOT_FOUND` when there is no such event.
pub async fn facts_behind(tx: &Tx, id: Uuid) -> Result<Facts> {
    behind(tx, recruitment_event::Entity::find_by_id(id).lock_exclusive().one(tx).await?).await
}

async fn behind(tx: &Tx, found: Option<recruitment_event::Model>) -> Result<Facts> {
    let event = found.ok_or_else(Error::not_found)?;
    let exhibitors = named(tx, &[event.id]).await?.remove(&event.id).unwrap_or_default();
    let verified = verified(tx, &[event.organizer_id]).await?.contains(&event.organizer_id);
    Ok(Facts { event, verified, exhibitors, now: tx.now() })
}

/// The facts of many events at once, for `openSteps`.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(db: &Db, _: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows = recruitment_event::Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db.reader()).await?;
    let organizers: Vec<Uuid> = rows.iter().map(|row| row.organizer_id).collect();
    let (mut named, verified) = (named(db.reader(), ids).await?, verified(db.reader(), &organizers).await?);
    let now = db.clock().now();
    let facts = rows.into_iter().map(|event| {
        let exhibitors = named.remove(&event.id).unwrap_or_default();
        (event.id, Facts { verified: verified.contains(&event.organizer_id), exhibitors, event, now })
    });
    Ok(facts.collect())
}

async fn named(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let rows: Vec<(Uuid, Uuid)> = event_exhibitor::Entity::find()
        .select_only()
        .columns([event_exhibitor::Column::EventId, event_exhibitor::Column::OrganizationId])
        .filter(event_exhibitor::Column::EventId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let mut named: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (event, organization) in rows {
        named.entry(event).or_default().push(organization);
    }
    Ok(named)
}

async fn verified(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .filter(organization::Column::Id.is_in(ids.iter().copied()))
        .filter(organization::Column::Status.eq(OrganizationStatus::Verified));
    Ok(rows.into_tuple().all(db).await?)
}

/// The county bodies of a region, whose people review its events.
///
/// # Errors
/// When the database fails.
pub async fn counties(tx: &Tx, region: &str) -> Result<Vec<Uuid>> {
    let rows = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .filter(organization::Column::Kind.eq(OrganizationKind::County))
        .filter(organization::Column::RegionCode.eq(region))
        .filter(organization::Column::Status.eq(OrganizationStatus::Verified));
    Ok(rows.into_tuple().all(tx).await?)
}

/// The enterprises whose booth at this event is not given up.
///
/// # Errors
/// When the database fails.
pub async fn exhibiting(tx: &Tx, event: Uuid) -> Result<Vec<Uuid>> {
    let gone = [ExhibitorStatus::Declined, ExhibitorStatus::Withdrawn];
    let rows = event_exhibitor::Entity::find()
        .select_only()
        .column(event_exhibitor::Column::OrganizationId)
        .filter(event_exhibitor::Column::EventId.eq(event))
        .filter(event_exhibitor::Column::Status.is_not_in(gone));
    Ok(rows.into_tuple().all(tx).await?)
}

/// The students who hold a place.
///
/// # Errors
/// When the database fails.
pub async fn registered(tx: &Tx, event: Uuid) -> Result<Vec<Uuid>> {
    let held = [RegistrationStatus::Registered, RegistrationStatus::CheckedIn];
    let rows = event_registration::Entity::find()
        .select_only()
        .column(event_registration::Column::StudentId)
        .filter(event_registration::Column::EventId.eq(event))
        .filter(event_registration::Column::Status.is_in(held));
    Ok(rows.into_tuple().all(tx).await?)
}

/// How many places are taken: by everybody who did not give theirs up.
///
/// # Errors
/// When the database fails.
pub async fn taken(tx: &Tx, event: Uuid) -> Result<u64> {
    let rows = event_registration::Entity::find()
        .filter(event_registration::Column::EventId.eq(event))
        .filter(event_registration::Column::Status.ne(RegistrationStatus::Cancelled));
    Ok(rows.count(tx).await?)
}

/// How many students registered for an event and how many of them came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Those who did not give their place up.
    pub registered: i32,
    /// Those who were checked in.
    pub checked_in: i32,
}

/// Who comes to those of these events whose numbers the actor sees: the organizer's and the county's people.
///
/// # Errors
/// When the database fails.
pub async fn attendances(db: &Db, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Attendance>> {
    let own = recruitment_event::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(inner_details_visible_to(actor))
        .filter(Column::Id.is_in(ids.iter().copied()));
    let own: Vec<Uuid> = own.into_tuple().all(db.reader()).await?;
    let mut attendances: HashMap<Uuid, Attendance> = own.iter().map(|id| (*id, Attendance::default())).collect();
    let rows: Vec<(Uuid, RegistrationStatus, i64)> = event_registration::Entity::find()
        .select_only()
        .columns([event_registration::Column::EventId, event_registration::Column::Status])
        .column_as(event_registration::Column::Id.count(), "count")
        .filter(event_registration::Column::EventId.is_in(own))
        .filter(event_registration::Column::Status.ne(RegistrationStatus::Cancelled))
        .group_by(event_registration::Column::EventId)
        .group_by(event_registration::Column::Status)
        .into_tuple()
        .all(db.reader())
        .await?;
    for (event, status, count) in rows {
        let attendance = attendances.entry(event).or_default();
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        attendance.registered += count;
        if status == RegistrationStatus::CheckedIn {
            attendance.checked_in = count;
        }
    }
    Ok(attendances)
}

/// Which moment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Check-in opens: so long before the event.
    CheckIn(TimeDelta),
    /// The event begins.
    Start,
    /// It is over.
    Close,
}

impl Due {
    /// Whether the moment has come for this event.
    #[must_use]
    pub fn has_come(self, event: &recruitment_event::Model, now: DateTime<Utc>) -> bool {
        match self {
            Self::CheckIn(before) => event.status == Status::Published && event.starts_at - before <= now,
            Self::Start => event.status == Status::CheckInOpen && event.starts_at <= now,
            Self::Close => event.status == Status::Running && event.ends_at <= now,
        }
    }
}

/// The events to which a moment has come, for the job: at most a hundred at a time.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &impl ConnectionTrait, due: Due, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let condition = match due {
        Due::CheckIn(before) => {
            Condition::all().add(Column::Status.eq(Status::Published)).add(Column::StartsAt.lte(now + before))
        }
        Due::Start => Condition::all().add(Column::Status.eq(Status::CheckInOpen)).add(Column::StartsAt.lte(now)),
        Due::Close => Condition::all().add(Column::Status.eq(Status::Running)).add(Column::EndsAt.lte(now)),
    };
    let ids = recruitment_event::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(condition)
        .order_by_asc(Column::StartsAt)
        .limit(100);
    Ok(ids.into_tuple().all(db).await?)
}
