//! What suggestions are made from, read when they are asked for; and whether they are wanted.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    application::{self, ApplicationStatus},
    event_exhibitor::{self, Column as Booth, ExhibitorStatus},
    event_registration::{self, Column as Registration, RegistrationStatus},
    job_position::{self, Column, EducationWanted, PositionFamily, PositionKind, PositionStatus},
    organization::{self, OrganizationStatus},
    position_major::{self, Column as Major},
    position_skill::{self, Column as Skill},
    recruitment_event::{self, RecruitmentEventStatus},
    suggestion_choice,
};
use futures_util::future::try_join3;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::{Gathering, Position, Wanted};
use crate::{
    auth::Actor,
    dictionaries::{
        self,
        region::{prefecture, province},
    },
    error::Result,
    platform::{clock, condition::exists, db::Db},
    talent::{events::exhibitors::store as exhibitors, positions::store as positions},
};

/// So many open positions are compared, those first whose last day comes first.
pub const CANDIDATES: u64 = 500;
/// So many booths at all the events for which somebody is registered.
const BOOTHS: u64 = 2_000;

/// What the student chose, if ever.
///
/// # Errors
/// When the database fails.
pub async fn choice(db: &impl ConnectionTrait, student: Uuid) -> Result<Option<suggestion_choice::Model>> {
    let own = suggestion_choice::Entity::find().filter(suggestion_choice::Column::StudentId.eq(student));
    Ok(own.one(db).await?)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    organization_id: Uuid,
    enterprise: String,
    title: String,
    family: PositionFamily,
    kind: PositionKind,
    pay_min: i64,
    pay_max: i64,
    region_code: String,
    education: EducationWanted,
    apply_by: NaiveDate,
}

/// The positions that the actor sees and could apply for today, of enterprises at this event if one is named: one
/// statement, and one each for their skills, their majors and the names of their places.
///
/// # Errors
/// When the database fails.
pub async fn positions(db: &Db, actor: &Actor, (event, today): (Option<Uuid>, NaiveDate)) -> Result<Vec<Position>> {
    let rows = open(db, actor, (event, today)).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let regions: BTreeSet<String> = rows.iter().flat_map(|row| chain(&row.region_code)).collect();
    let majors = position_major::Entity::find().filter(Major::PositionId.is_in(ids.iter().copied()));
    let skills = position_skill::Entity::find().filter(Skill::PositionId.is_in(ids));
    let (majors, skills, names) = try_join3(
        async { Ok(majors.order_by_asc(Major::Place).all(db.reader()).await?) },
        async { Ok(skills.order_by_asc(Skill::Place).all(db.reader()).await?) },
        dictionaries::names_of(db, regions),
    )
    .await?;
    let mut codes: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in majors {
        codes.entry(row.position_id).or_default().push(row.code);
    }
    let mut wanted: HashMap<Uuid, Vec<Wanted>> = HashMap::new();
    for position_skill::Model { position_id, name, level, required, .. } in skills {
        wanted.entry(position_id).or_default().push(Wanted { name, level, required });
    }
    let position = |row: Row| Position {
        places: chain(&row.region_code).iter().filter_map(|code| names.get(code).cloned()).collect(),
        majors: codes.remove(&row.id).unwrap_or_default(),
        skills: wanted.remove(&row.id).unwrap_or_default(),
        ..row.into()
    };
    Ok(rows.into_iter().map(position).collect())
}

async fn open(db: &Db, actor: &Actor, asked: (Option<Uuid>, NaiveDate)) -> Result<Vec<Row>> {
    Ok(candidates(actor, asked).into_model().all(db.reader()).await?)
}

/// The positions that are compared: found by the index of status and last day.
#[must_use]
pub fn candidates(actor: &Actor, (event, today): (Option<Uuid>, NaiveDate)) -> sea_orm::Select<job_position::Entity> {
    use application::Column as Application;
    // Taken back, it can be made again; any other is the last word for that position.
    let applied = application::Entity::find()
        .select_only()
        .column(Application::PositionId)
        .filter(Application::StudentId.eq(actor.user()))
        .filter(Application::Status.ne(ApplicationStatus::Withdrawn));
    let mut select = job_position::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::OrganizationId,
            Column::Title,
            Column::Family,
            Column::Kind,
            Column::PayMin,
            Column::PayMax,
            Column::RegionCode,
            Column::Education,
            Column::ApplyBy,
        ])
        .column_as(organization::Column::Name, "enterprise")
        .filter(positions::visible_to(actor))
        .filter(Column::Status.eq(PositionStatus::Published))
        .filter(Column::ApplyBy.gte(today))
        .filter(organization::Column::Status.eq(OrganizationStatus::Verified))
        .filter(Column::Id.not_in_subquery(applied.into_query()));
    if let Some(event) = event {
        select = select.filter(at(event, actor));
    }
    QuerySelect::query(&mut select)
        .inner_join(organization::Entity, same(organization::Column::Id, Column::OrganizationId));
    select.order_by_asc(Column::ApplyBy).order_by_asc(Column::Id).limit(CANDIDATES)
}

/// Positions of enterprises whose booths at this event the actor sees.
fn at(event: Uuid, actor: &Actor) -> Condition {
    let booth = Condition::all()
        .add(Booth::EventId.eq(event))
        .add(Booth::Status.eq(ExhibitorStatus::Confirmed))
        .add(exhibitors::visible_to(actor));
    exists(Booth::OrganizationId, Column::OrganizationId, booth)
}

#[derive(FromQueryResult)]
struct Coming {
    event_id: Uuid,
    title: String,
    starts_at: DateTime<Utc>,
    enterprise: Uuid,
}

/// The events that are not over, for which the actor is registered, and which enterprises are there; the next first.
///
/// # Errors
/// When the database fails.
pub async fn events(db: &Db, actor: &Actor) -> Result<Vec<Gathering>> {
    use recruitment_event::Column as Event;
    let held = [RegistrationStatus::Registered, RegistrationStatus::CheckedIn];
    let live =
        [RecruitmentEventStatus::Published, RecruitmentEventStatus::CheckInOpen, RecruitmentEventStatus::Running];
    let mut select = event_registration::Entity::find()
        .select_only()
        .column(Registration::EventId)
        .column(Event::Title)
        .column(Event::StartsAt)
        .column_as(Booth::OrganizationId, "enterprise")
        .filter(Registration::StudentId.eq(actor.user()))
        .filter(Registration::Status.is_in(held))
        .filter(Event::Status.is_in(live))
        .filter(Booth::Status.eq(ExhibitorStatus::Confirmed));
    QuerySelect::query(&mut select)
        .inner_join(recruitment_event::Entity, same(Event::Id, Registration::EventId))
        .inner_join(event_exhibitor::Entity, same(Booth::EventId, Registration::EventId));
    let select = select.order_by_asc(Event::StartsAt).order_by_asc(Event::Id).order_by_asc(Booth::Id).limit(BOOTHS);
    let mut events: Vec<(Uuid, Gathering)> = Vec::new();
    for Coming { event_id, title, starts_at, enterprise } in select.into_model().all(db.reader()).await? {
        match events.last_mut() {
            Some((event, gathering)) if *event == event_id => gathering.enterprises.push(enterprise),
            _ => {
                let enterprises = vec![enterprise];
                events.push((event_id, Gathering { title, day: clock::day(starts_at), enterprises }));
            }
        }
    }
    Ok(events.into_iter().map(|(_, gathering)| gathering).collect())
}

impl From<Row> for Position {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            organization: row.organization_id,
            enterprise: row.enterprise,
            title: row.title,
            family: row.family,
            kind: row.kind,
            pay: (row.pay_min, row.pay_max),
            region: row.region_code,
            places: Vec::new(),
            education: row.education,
            apply_by: row.apply_by,
            majors: Vec::new(),
            skills: Vec::new(),
        }
    }
}

/// The codes of the province, the prefecture and the county.
fn chain(code: &str) -> Vec<String> {
    let above = [province(code), prefecture(code)].into_iter().flatten();
    let mut codes: Vec<String> = above.chain([code.to_owned()]).collect();
    codes.dedup();
    codes
}

fn same(one: impl ColumnTrait, other: impl ColumnTrait) -> Expr {
    Expr::col(one.as_column_ref()).equals(other.as_column_ref())
}
