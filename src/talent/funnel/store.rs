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
    ActiveEnum as _, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter,
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
pub const GROUPS: u64 = 500;

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
    for row in db.steady().query_all(&asked.statement()).await? {
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
    /// Of each student, by key, which stages were reached, as the bits of a number; how many students reached just these;
    /// and of that, how many each stage. Registrations are read once, and so are applications, but for groups of which the
    /// stages of one application can be in different ones.
    fn statement(self) -> SelectStatement {
        let first = self.by.map_or(Stage::Attended, rules::first).max(self.sought.first());
        let mut reached = self.applied(first);
        let mut all = if first == Stage::Attended { self.attended() } else { reached.remove(0) };
        for rows in reached {
            all.union(UnionType::All, rows);
        }
        let mut students = Query::select().expr_as(self.together(), "stages").group_by_col("student").take();
        let mut alike = Query::select().column("stages").group_by_col("stages").take();
        alike.expr_as(Expr::cust("CAST(COUNT(*) AS integer)"), "students");
        let mut counts = Query::select();
        if self.by.is_some() {
            students.column("key").group_by_col("key");
            alike.column("key").group_by_col("key");
            counts.column("key").group_by_col("key").order_by("key", sea_orm::Order::Asc).limit(GROUPS);
        }
        for stage in Stage::ALL {
            let (place, previous) = (stage.place(), stage.place().saturating_sub(1));
            for (name, of) in [("n", place), ("p", previous), ("f", first.place())] {
                counts.expr_as(students_with(bit(stage) | 1 << of), format!("{name}{place}"));
            }
        }
        // Nobody is in a group without having reached anything there.
        students.and_having(self.together().gt(0));
        alike.from_subquery(students.from_subquery(all, "reached").take(), "of_students");
        counts.from_subquery(alike, "alike").take()
    }

    /// The bits of several rows, in one number.
    fn together(self) -> Expr {
        match self.backend {
            DbBackend::Postgres => Expr::cust("BIT_OR(stages)"),
            _ => {
                Expr::cust(format!("({})", Stage::ALL.map(|stage| format!("MAX(stages & {})", bit(stage))).join(" | ")))
            }
        }
    }

    /// Whose applications got so far, from this stage on.
    fn applied(self, first: Stage) -> Vec<SelectStatement> {
        let stages = |of: &[Stage]| of.iter().copied().filter(|stage| *stage >= first).collect::<Vec<_>>();
        let apart: &[&[Stage]] = match self.by {
            Some(By::Engagement) => &[
                &[Stage::Intention],
                &[Stage::Offered, Stage::Accepted],
                &[Stage::Signed, Stage::Onboarded, Stage::Retained],
            ],
            _ => &[&Stage::ALL[1..]],
        };
        apart.iter().map(|of| self.applications(&stages(of))).collect()
    }

    /// Who was checked in at an event.
    fn attended(self) -> SelectStatement {
        let attended = Expr::cust(bit(Stage::Attended).to_string());
        let mut rows = self.begin(event_registration::Entity, Registration::StudentId, attended);
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

    /// Who reached these stages by an application, and which.
    fn applications(self, stages: &[Stage]) -> SelectStatement {
        let reached = stages.iter().map(|stage| self.flag(*stage)).reduce(ExprTrait::add);
        let reached = reached.unwrap_or_else(|| Expr::cust("0"));
        let mut rows = self.begin(application::Entity, Application::StudentId, reached);
        if stages.iter().any(|stage| matches!(stage, Stage::Signed | Stage::Retained)) {
            join_employment(&mut rows);
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
            Some(By::Engagement) => stages.first().map(|stage| engagement(*stage)),
            None => None,
        };
        if let Some(key) = key {
            rows.expr_as(key, "key");
        }
        // Whatever came of an application, there was an interview first.
        rows.and_where(reached_at(Stage::Interviewed).lte(self.sought.as_of)).cond_where(self.counted_applications());
        if let Some(enterprise) = self.sought.organization {
            rows.and_where(Application::OrganizationId.eq(enterprise));
        }
        if let Some(family) = self.sought.family {
            rows.and_where(job_position::Column::Family.eq(family));
        }
        self.sought(&mut rows, (Application::EventId, Application::UniversityId));
        rows
    }

    /// The bit of this stage, if an application reached it; or 0.
    fn flag(self, stage: Stage) -> Expr {
        let mut reached = Condition::all().add(reached_at(stage).lte(self.sought.as_of));
        if let Some(engaged) = self.sought.engagement {
            reached = reached.add(engagement(stage).eq(engaged.to_value()));
        }
        Expr::case(reached, Expr::cust(bit(stage).to_string())).finally(Expr::cust("0")).into()
    }

    /// The student of each row and which stages were reached, with what the student studies where that is asked.
    fn begin<E: EntityTrait>(self, from: E, student: impl ColumnTrait, reached: Expr) -> SelectStatement {
        let mut rows = Query::select().expr_as(Expr::col(student.as_column_ref()), "student").from(from).take();
        rows.expr_as(reached, "stages");
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

/// The place of this stage in a number.
fn bit(stage: Stage) -> u32 {
    1 << stage.place()
}

/// How many students reached all of these stages.
fn students_with(stages: u32) -> Expr {
    Expr::cust(format!("COALESCE(SUM(CASE WHEN stages & {stages} = {stages} THEN students ELSE 0 END), 0)"))
}

/// When an application reached this stage.
fn reached_at(stage: Stage) -> Expr {
    match stage {
        Stage::Attended | Stage::Interviewed => Expr::col(Application::InterviewedAt.as_column_ref()),
        Stage::Intention => Expr::col(Application::IntentionConfirmedAt.as_column_ref()),
        Stage::Offered => Expr::col(Application::OfferedAt.as_column_ref()),
        Stage::Accepted => Expr::col(Application::AcceptedAt.as_column_ref()),
        Stage::Signed => Expr::col(employment_record::Column::CreatedAt.as_column_ref()),
        Stage::Onboarded => Expr::col(Application::OnboardedAt.as_column_ref()),
        // A check that both have answered changes no more.
        Stage::Retained => Expr::col(retention_check::Column::UpdatedAt.as_column_ref()),
    }
}

/// What was aimed at when an application reached this stage. Only a job is ever recorded as signed (I10).
fn engagement(stage: Stage) -> Expr {
    match stage {
        Stage::Attended | Stage::Interviewed => Expr::cust("NULL"),
        Stage::Intention => Expr::col(Application::Intention.as_column_ref()),
        Stage::Offered | Stage::Accepted => Expr::col(Application::Offer.as_column_ref()),
        Stage::Signed | Stage::Onboarded | Stage::Retained => {
            Expr::cust(format!("'{}'", Engagement::Employment.to_value()))
        }
    }
}

/// With the employment record of each application, and its checks at which both said: still there.
fn join_employment(rows: &mut SelectStatement) {
    use employment_record::Column as Employment;
    use retention_check::Column as Check;
    let retained = same(Check::RecordId, Employment::Id).and(Check::Status.eq(RetentionStatus::Retained));
    rows.left_join(employment_record::Entity, same(Employment::ApplicationId, Application::Id))
        .left_join(retention_check::Entity, retained);
}

fn same(one: impl ColumnTrait, other: impl ColumnTrait) -> Expr {
    Expr::col(one.as_column_ref()).equals(other.as_column_ref())
}
