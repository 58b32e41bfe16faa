//! Fills an empty database with as much as the performance goals speak of:
//! `cargo bench --bench seed -- --database URL [--times 10]`, on SQLite or PostgreSQL.
//!
//! One university, 20 counties, 1,979 enterprises, 10,000 agreements with 30,000 parties, their frozen texts and 40,000
//! items; 5,000 students, 40 recruitment events where 200 of the enterprises offer 20,000 positions, 200,000 applications
//! for them and what came of those. `--times` multiplies all but university and counties. Each county and enterprise has an
//! admin. 97 more students have not applied for anything yet, but consented that all of the 200 read their résumés. Keys
//! are the same every time, but for those of the people. The last line is JSON: how to sign in, and records to ask for. A
//! server can be started on the database afterwards like on any other.

#![expect(clippy::print_stderr, reason = "a bench prints")]
#![expect(clippy::unwrap_used, reason = "a bench fails where it stands")]

#[path = "seed/applications.rs"]
mod applications;
#[path = "seed/fairs.rs"]
mod fairs;
#[path = "seed/rows.rs"]
mod rows;
#[path = "seed/students.rs"]
mod students;
#[path = "seed/tell.rs"]
mod tell;
#[path = "seed/town.rs"]
mod town;

use std::{collections::HashMap, env, fs, time::Instant};

use entity::{
    agreement, agreement_number, agreement_party, agreement_version, application, cooperation_item, document,
    employment_record, event_exhibitor, event_registration, job_position,
    membership::{self, Role},
    negotiation, organization, position_major, position_skill, recruitment_event, region, resume, resume_version,
    retention_check, share_consent, user,
};
use hezuo::{
    app::App,
    identity::{self, NewPerson},
    platform::clock::Clock,
    settings::Settings,
    start,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, TransactionTrait as _,
};

use self::{
    applications::Applications,
    fairs::Fair,
    rows::{Chapter, People},
    students::{Student, Students},
    town::Town,
};

/// Everybody's password.
const PASSWORD: &str = "spring rice 2026";
/// Rows of one INSERT: thirty columns each stay below what both databases bind.
const CHUNK: usize = 1_000;
/// Agreements of one transaction.
const CHAPTER: usize = 10_000;
/// Students who apply while it is measured.
const APPLICANTS: usize = 97;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().collect();
    let given = |name: &str| arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1)).cloned();
    let Some(url) = given("--database") else {
        eprintln!("cargo bench --bench seed -- --database sqlite:PATH|postgres://… [--times 10]");
        return;
    };
    let times: usize = given("--times").map_or(1, |times| times.parse().unwrap());
    let began = Instant::now();
    let folder = env::temp_dir().join(format!("hezuo-seed-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let app = open(&url, folder.to_str().unwrap()).await;
    let town = towns(&app, times).await;
    let people = people(&app, &town).await;
    let count = 10_000 * times;
    for from in (0..count).step_by(CHAPTER) {
        write(&app, &rows::chapter(&town, &people, from..(from + CHAPTER).min(count))).await;
    }
    number(&app, &town, count).await;
    eprintln!("{count} agreements after {:.1} s", began.elapsed().as_secs_f64());
    let applicants = season(&app, (&town, &people), times).await;
    analyze(&app).await;
    tell::tell(&app, &town, &applicants).await;
    eprintln!("seeded after {:.1} s", began.elapsed().as_secs_f64());
    app.db().close().await.unwrap();
    fs::remove_dir_all(folder).unwrap();
}

/// The migrated database. Keys of tokens are not made: they are sealed with the secret of the server that starts on it.
async fn open(url: &str, folder: &str) -> App {
    let given = [("HEZUO_DATABASE_URL", url), ("HEZUO_DATA_DIR", folder)];
    let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::load(given.into_iter(), None).unwrap();
    let app = start::connect(url, settings, Clock::System).await.unwrap();
    if app.db().backend() == DbBackend::Sqlite {
        app.db().writer().execute_unprepared("PRAGMA synchronous = OFF").await.unwrap();
    }
    app
}

/// The platform, the university, the counties of the first regions and their enterprises.
async fn towns(app: &App, times: usize) -> Town {
    let platform = identity::found_platform(app, "合作平台", "000000000000000000").await.unwrap();
    let regions = region::Entity::find()
        .filter(region::Column::Level.eq(region::RegionLevel::County))
        .filter(region::Column::ValidTo.is_null())
        .order_by_asc(region::Column::Code)
        .limit(20)
        .all(app.db().reader())
        .await
        .unwrap();
    let town = Town::new(platform, &regions, times);
    let transaction = app.db().writer().begin().await.unwrap();
    insert::<organization::Entity, _>(&transaction, &town.organizations).await;
    transaction.commit().await.unwrap();
    town
}

/// The university's admin, the admin of one enterprise, an officer of its county, and everybody else's admins.
async fn people(app: &App, town: &Town) -> People {
    let cast = [
        ("bench", "高校管理员", town.university().id, Role::UniversityAdmin),
        ("bench-enterprise", "企业管理员", town.enterprise(0, 0).id, Role::EnterpriseAdmin),
        ("bench-county", "县级专员", town.county(0).id, Role::CountyOfficer),
    ];
    for (login, name, organization, role) in cast {
        let (login, display_name, password) = (login.to_owned(), name.to_owned(), PASSWORD.to_owned());
        let person = NewPerson { organization, role, login, display_name, password };
        identity::set_up_person(app, &person).await.unwrap();
    }
    let found = async |login: &str| {
        let found = user::Entity::find().filter(user::Column::Login.eq(login)).one(app.db().reader()).await;
        found.unwrap().unwrap()
    };
    let (admin, enterprise) = (found("bench").await, found("bench-enterprise").await);
    let transaction = app.db().writer().begin().await.unwrap();
    let (users, memberships) = town.admins(&enterprise);
    insert::<user::Entity, _>(&transaction, &users).await;
    insert::<membership::Entity, _>(&transaction, &memberships).await;
    transaction.commit().await.unwrap();
    let mut admins: HashMap<_, _> = memberships.iter().map(|it| (it.organization_id, it.user_id)).collect();
    admins.insert(town.enterprise(0, 0).id, enterprise.id);
    People { admin: admin.id, enterprise: enterprise.id, county: found("bench-county").await.id, admins }
}

/// The students, the events with all that came of them, and those who have not applied yet.
async fn season(app: &App, (town, people): (&Town, &People), times: usize) -> Vec<Student> {
    let like = user::Entity::find_by_id(people.enterprise).one(app.db().reader()).await.unwrap().unwrap();
    let count = fairs::GROUPS * fairs::GROUP * times;
    let students = Students::new(town, ("student", &like), 0..count);
    let applicants = Students::new(town, ("applicant", &like), count..count + APPLICANTS);
    for students in [&students, &applicants] {
        enroll(app, students).await;
    }
    let (students, applicants) = (students.list(), applicants.list());
    for number in 0..fairs::EVENTS * times {
        hold(app, &Fair::new((town, people), &students, number)).await;
    }
    let consents = students::consents(town, &applicants, fairs::RECRUITING * times);
    let transaction = app.db().writer().begin().await.unwrap();
    insert::<share_consent::Entity, _>(&transaction, &consents).await;
    transaction.commit().await.unwrap();
    applicants
}

async fn enroll(app: &App, students: &Students) {
    let transaction = app.db().writer().begin().await.unwrap();
    insert::<user::Entity, _>(&transaction, &students.users).await;
    insert::<membership::Entity, _>(&transaction, &students.memberships).await;
    insert::<resume::Entity, _>(&transaction, &students.resumes).await;
    insert::<resume_version::Entity, _>(&transaction, &students.versions).await;
    transaction.commit().await.unwrap();
}

async fn hold(app: &App, fair: &Fair<'_>) {
    let (rows, applications) = (fair.rows(), Applications::of(fair));
    let transaction = app.db().writer().begin().await.unwrap();
    insert::<recruitment_event::Entity, _>(&transaction, &rows.events).await;
    insert::<event_exhibitor::Entity, _>(&transaction, &rows.exhibitors).await;
    insert::<job_position::Entity, _>(&transaction, &rows.positions).await;
    insert::<position_major::Entity, _>(&transaction, &rows.majors).await;
    insert::<position_skill::Entity, _>(&transaction, &rows.skills).await;
    insert::<event_registration::Entity, _>(&transaction, &rows.registrations).await;
    insert::<share_consent::Entity, _>(&transaction, &applications.consents).await;
    insert::<application::Entity, _>(&transaction, &applications.made).await;
    insert::<negotiation::Entity, _>(&transaction, &applications.negotiations).await;
    insert::<document::Entity, _>(&transaction, &applications.documents).await;
    insert::<employment_record::Entity, _>(&transaction, &applications.records).await;
    insert::<retention_check::Entity, _>(&transaction, &applications.checks).await;
    transaction.commit().await.unwrap();
}

async fn write(app: &App, chapter: &Chapter) {
    let transaction = app.db().writer().begin().await.unwrap();
    insert::<agreement::Entity, _>(&transaction, &chapter.agreements).await;
    insert::<agreement_version::Entity, _>(&transaction, &chapter.versions).await;
    insert::<agreement_party::Entity, _>(&transaction, &chapter.parties).await;
    insert::<cooperation_item::Entity, _>(&transaction, &chapter.items).await;
    transaction.commit().await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "nobody acts here: the rows are simply there")]
async fn insert<E, A>(db: &impl ConnectionTrait, rows: &[E::Model])
where
    E: EntityTrait,
    E::Model: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    for rows in rows.chunks(CHUNK) {
        let rows = rows.iter().map(|row| row.clone().into_active_model().reset_all());
        E::insert_many(rows).exec_without_returning(db).await.unwrap();
    }
}

/// The next draft of a county gets a number that is free.
async fn number(app: &App, town: &Town, agreements: usize) {
    let last = i32::try_from(agreements.div_ceil(town.counties())).unwrap();
    let series = (0..town.counties()).map(|at| agreement_number::Model { series: town.series(at), last });
    insert::<agreement_number::Entity, _>(app.db().writer(), &series.collect::<Vec<_>>()).await;
}

async fn analyze(app: &App) {
    let statement = match app.db().backend() {
        DbBackend::Sqlite => "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)",
        _ => "VACUUM ANALYZE",
    };
    app.db().writer().execute_unprepared(statement).await.unwrap();
}
