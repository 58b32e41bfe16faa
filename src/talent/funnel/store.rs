//! The only place that counts for the funnel. It reads the records themselves: each keeps when a stage was reached, in the
//! transaction that also wrote the event log, and keeps it whatever comes of it.

use std::collections::HashMap;

use entity::{
    application::{self, Column as Application, Engagement},
    employment_record,
    event_exhibitor::{self, ExhibitorStatus},
    event_registration::{self, Column as Registration},
    job_position, recruitment_event, resume,
    retention_check::{self, RetentionStatus},
};
use sea_orm::{
    ActiveEnum as _, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait as _, QueryFilter,
    QuerySelect,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{
    Key, Sought, Stage, TalentFunnelGroupBy as By,
    rules::{self, Figures, Scope},
};
use crate::{
    auth::Actor,
    error::Result,
    organizations,
    platform::{condition::exists, db::Db},
    talent::events::store as events,
};

/// No more groups than this.
const GROUPS: u64 = 500;

/// What one question to the database is about.
#[derive(Clone, Copy)]
struct Asked<'a> {
    actor: &'a Actor,
    scope: Scope,
    sought: &'a Sought,
    by: Option<By>,
    backend: DbBackend,
}

/// The figures of everybody, or of each group in the order of the keys, at most 500: one statement.
///
/// # Errors
/// When the database fails.
pub async fn count(
    db: &Db,
    actor: &Actor,
    (scope, sought, by): (Scope, &Sought, Option<By>),
) -> Result<Vec<(Option<Key>, Figures)>> {
    let asked = Asked { actor, scope, sought, by, backend: db.backend() };
    let mut groups = Vec::new();
    for row in db.reader().query_all(&asked.statement()).await? {
        let key = match by {
            None => None,
            Some(By::Event | By::Enterprise) => row.try_get::<Option<Uuid>>("", "key")?.map(Key::Record),
            Some(_) => row.try_get::<Option<String>>("", "key")?.map(Key::Word),
        };
        let mut figures = Figures::default();
        for stage in 0..Stage::COUNT {
            figures.reached[stage] = row.try_get("", &format!("n{stage}"))?;
            figures.with_previous[stage] = row.try_get("", &format!("p{stage}"))?;
            figures.with_first[stage] = row.try_get("", &format!("f{stage}"))?;
        }
        groups.push((key, figures));
    }
    groups.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(groups)
}

/// What these groups are called: events and enterprises that the actor sees.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &Db, actor: &Actor, (by, keys): (By, &[Option<Key>])) -> Result<HashMap<Key, String>> {
    let record = |key: &Option<Key>| match key {
        Some(Key::Record(id)) => Some(*id),
        _ => None,
    };
    let ids: Vec<Uuid> = keys.iter().filter_map(record).collect();
    let names: Vec<(Uuid, String)> = match by {
        By::Event => {
            use recruitment_event::Column as Event;
            let seen = recruitment_event::Entity::find().filter(events::visible_to(actor)).filter(Event::Id.is_in(ids));
            seen.select_only().columns([Event::Id, Event::Title]).into_tuple().all(db.reader()).await?
        }
        By::Enterprise => organizations::names(db, actor, &ids).await?,
        By::Major | By::Family | By::Month | By::Engagement => Vec::new(),
    };
    Ok(names.into_iter().map(|(id, name)| (Key::Record(id), name)).collect())
}

impl Asked<'_> {
    /// Of each student, by key, which stages were reached; and of that, how many students.
    fn statement(self) -> SelectStatement {
        let first = self.by.map_or(Stage::Attended, rules::first).max(self.sought.first());
        let mut reached: Option<SelectStatement> = None;
        for stage in Stage::ALL.into_iter().filter(|stage| *stage >= first) {
            match &mut reached {
                None => reached = Some(self.reached(stage)),
                Some(all) => drop(all.union(UnionType::All, self.reached(stage))),
            }
        }
        let mut students = Query::select().column("student").group_by_col("student").take();
        students.from_subquery(reached.unwrap_or_default(), "reached");
        let mut counts = Query::select();
        if self.by.is_some() {
            students.column("key").group_by_col("key");
            counts.column("key").group_by_col("key").order_by("key", sea_orm::Order::Asc).limit(GROUPS);
        }
        for stage in 0..Stage::COUNT {
            let reached = format!("MAX(CASE WHEN stage = {stage} THEN 1 ELSE 0 END)");
            students.expr_as(Expr::cust(reached), format!("s{stage}"));
            let (previous, first) = (stage.saturating_sub(1), first.place());
            for (name, what) in [
                ("n", format!("COALESCE(SUM(s{stage}), 0)")),
                ("p", format!("COALESCE(SUM(s{stage} * s{previous}), 0)")),
                ("f", format!("COALESCE(SUM(s{stage} * s{first}), 0)")),
            ] {
                counts.expr_as(Expr::cust(what), format!("{name}{stage}"));
            }
        }
        counts.from_subquery(students, "students").take()
    }

    /// Who reached this stage.
    fn reached(self, stage: Stage) -> SelectStatement {
        use employment_record::Column as Employment;
        use retention_check::Column as Check;
        match stage {
            Stage::Attended => self.attended(),
            Stage::Interviewed => self.applied(stage, Application::InterviewedAt, Expr::cust("NULL")),
            Stage::Intention => self.applied(
                stage,
                Application::IntentionConfirmedAt,
                Expr::col(Application::Intention.as_column_ref()),
            ),
            Stage::Offered => {
                self.applied(stage, Application::OfferedAt, Expr::col(Application::Offer.as_column_ref()))
            }
            Stage::Accepted => {
                self.applied(stage, Application::AcceptedAt, Expr::col(Application::Offer.as_column_ref()))
            }
            Stage::Signed => {
                let mut signed = self.applied(stage, Employment::CreatedAt, employment());
                signed.inner_join(employment_record::Entity, same(Employment::ApplicationId, Application::Id));
                signed
            }
            Stage::Onboarded => self.applied(stage, Application::OnboardedAt, employment()),
            Stage::Retained => {
                // A check that both have answered changes no more.
                let mut retained = self.applied(stage, Check::UpdatedAt, employment());
                retained
                    .inner_join(employment_record::Entity, same(Employment::ApplicationId, Application::Id))
                    .inner_join(retention_check::Entity, same(Check::RecordId, Employment::Id))
                    .and_where(Check::Status.eq(RetentionStatus::Retained));
                retained
            }
        }
    }

    /// Who was checked in at an event.
    fn attended(self) -> SelectStatement {
        let mut rows = self.begin(Stage::Attended, event_registration::Entity, Registration::StudentId);
        let key = match self.by {
            Some(By::Event) => Some(Expr::col(Registration::EventId.as_column_ref())),
            Some(By::Month) => Some(self.month("recruitment_event.starts_at")),
            Some(By::Major) => Some(Expr::col(resume::Column::Major.as_column_ref())),
            Some(By::Enterprise | By::Family | By::Engagement) | None => None,
        };
        if self.by == Some(By::Month) {
            rows.inner_join(recruitment_event::Entity, same(recruitment_event::Column::Id, Registration::EventId));
        }
        if let Some(key) = key {
            rows.expr_as(key, "key");
        }
        rows.cond_where(Registration::CheckedInAt.lte(self.sought.as_of));
        rows.cond_where(self.counted_registrations());
        self.sought(&mut rows, (Registration::EventId, Registration::UniversityId));
        rows
    }

    /// Whose application got so far.
    fn applied(self, stage: Stage, at: impl ColumnTrait, engagement: Expr) -> SelectStatement {
        let mut rows = self.begin(stage, application::Entity, Application::StudentId);
        if let Some(engaged) = self.sought.engagement {
            rows.and_where(engagement.clone().eq(engaged.to_value()));
        }
        if self.by == Some(By::Month) {
            rows.left_join(recruitment_event::Entity, same(recruitment_event::Column::Id, Application::EventId));
        }
        if self.by == Some(By::Family) || self.sought.family.is_some() {
            rows.inner_join(job_position::Entity, same(job_position::Column::Id, Application::PositionId));
        }
        let key = match self.by {
            Some(By::Event) => Some(Expr::col(Application::EventId.as_column_ref())),
            Some(By::Enterprise) => Some(Expr::col(Application::OrganizationId.as_column_ref())),
            Some(By::Major) => Some(Expr::col(resume::Column::Major.as_column_ref())),
            Some(By::Family) => Some(Expr::col(job_position::Column::Family.as_column_ref())),
            Some(By::Month) => Some(self.month("COALESCE(recruitment_event.starts_at, application.created_at)")),
            Some(By::Engagement) => Some(engagement),
            None => None,
        };
        if let Some(key) = key {
            rows.expr_as(key, "key");
        }
        rows.cond_where(at.lte(self.sought.as_of)).cond_where(self.counted_applications());
        if let Some(enterprise) = self.sought.organization {
            rows.and_where(Application::OrganizationId.eq(enterprise));
        }
        if let Some(family) = self.sought.family {
            rows.and_where(job_position::Column::Family.eq(family));
        }
        self.sought(&mut rows, (Application::EventId, Application::UniversityId));
        rows
    }

    /// Stage and student of each row, with what the student studies where that is asked.
    fn begin<E: EntityTrait>(self, stage: Stage, from: E, student: impl ColumnTrait) -> SelectStatement {
        let mut rows = Query::select()
            .expr_as(Expr::cust(stage.place().to_string()), "stage")
            .expr_as(Expr::col(student.as_column_ref()), "student")
            .from(from)
            .take();
        if self.by == Some(By::Major) || self.sought.major.is_some() {
            rows.left_join(resume::Entity, same(resume::Column::StudentId, student));
        }
        rows
    }

    fn sought(self, rows: &mut SelectStatement, (event, university): (impl ColumnTrait, impl ColumnTrait)) {
        if let Some(key) = self.sought.event {
            rows.and_where(event.eq(key));
        }
        if let Some(key) = self.sought.university {
            rows.and_where(university.eq(key));
        }
        if let Some(major) = &self.sought.major {
            rows.and_where(resume::Column::Major.eq(major.as_str()));
        }
    }

    fn counted_registrations(self) -> Condition {
        use event_exhibitor::Column as Booth;
        let own = self.actor.organization();
        match self.scope {
            Scope::University => Condition::all().add(Registration::UniversityId.eq(own)),
            Scope::Enterprise => {
                let booth = Condition::all().add(Booth::OrganizationId.eq(own));
                exists(Booth::EventId, Registration::EventId, booth.add(Booth::Status.eq(ExhibitorStatus::Confirmed)))
            }
            Scope::County => self.at_events_of_the_county(Registration::EventId),
            Scope::Platform => Condition::all(),
        }
    }

    fn counted_applications(self) -> Condition {
        let own = self.actor.organization();
        match self.scope {
            Scope::University => Condition::all().add(Application::UniversityId.eq(own)),
            Scope::Enterprise => Condition::all().add(Application::OrganizationId.eq(own)),
            Scope::County => Condition::any()
                .add(self.at_events_of_the_county(Application::EventId))
                .add(organizations::in_region(self.actor.region(), Application::OrganizationId)),
            Scope::Platform => Condition::all(),
        }
    }

    fn at_events_of_the_county(self, event: impl ColumnTrait) -> Condition {
        use recruitment_event::Column as Event;
        let held = Condition::any()
            .add(Event::OrganizerId.eq(self.actor.organization()))
            .add(Event::RegionCode.eq(self.actor.region()));
        exists(Event::Id, event, held)
    }

    /// The month of a moment, in China.
    fn month(self, moment: &str) -> Expr {
        Expr::cust(match self.backend {
            DbBackend::Postgres => format!("to_char({moment} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"),
            _ => format!("strftime('%Y-%m', {moment}, '+8 hours')"),
        })
    }
}

/// Only a job is ever recorded as signed (I10).
fn employment() -> Expr {
    Expr::cust(format!("'{}'", Engagement::Employment.to_value()))
}

fn same(one: impl ColumnTrait, other: impl ColumnTrait) -> Expr {
    Expr::col(one.as_column_ref()).equals(other.as_column_ref())
}
