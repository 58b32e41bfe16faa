//! Fills an empty database with as much as the performance goals speak of:
//! `cargo bench --bench seed -- --database URL [--times 10]`, on SQLite or PostgreSQL.
//!
//! One university, 20 counties, 1,979 enterprises, 10,000 agreements with 30,000 parties, their frozen texts and 40,000
//! items; `--times` multiplies enterprises and agreements. Each county and enterprise has an admin. Keys are the same every
//! time, but for those of the people. The last line is JSON: how to sign in, and records to ask for. A server can be started on the database afterwards like on any other.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints")]
#![expect(clippy::unwrap_used, reason = "a bench fails where it stands")]

#[path = "seed/rows.rs"]
mod rows;
#[path = "seed/town.rs"]
mod town;

use std::{env, fs, time::Instant};

use entity::{
    agreement, agreement_number, agreement_party, agreement_version, cooperation_item,
    membership::{self, Role},
    organization, region, user,
};
use hezuo::{
    app::App,
    identity::{self, NewPerson},
    platform::{clock::Clock, id},
    settings::Settings,
    start,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, TransactionTrait as _,
};
use serde_json::json;
use uuid::Uuid;

use self::{
    rows::{Chapter, People},
    town::Town,
};

/// Everybody's password.
const PASSWORD: &str = "spring rice 2026";
/// Rows of one INSERT: thirty columns each stay below what both databases bind.
const CHUNK: usize = 1_000;
/// Agreements of one transaction.
const CHAPTER: usize = 10_000;

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
    analyze(&app).await;
    tell(&app, &town).await;
    eprintln!("seeded {count} agreements in {:.1} s", began.elapsed().as_secs_f64());
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

/// The university's admin, the admin of one enterprise, and an officer of its county.
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
    People { admin: admin.id, enterprise: enterprise.id, county: found("bench-county").await.id }
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

async fn tell(app: &App, town: &Town) {
    let active = agreement::Entity::find()
        .filter(agreement::Column::Status.eq(agreement::AgreementStatus::Active))
        .order_by_asc(agreement::Column::Id);
    let active = active.all(app.db().reader()).await.unwrap();
    // Not the first ones, which lists show: what is written under these changes nobody's page.
    let many: Vec<_> = active.iter().skip(active.len() / 5).step_by(active.len() / 122).take(97).collect();
    let under = agreement_party::Entity::find()
        .filter(agreement_party::Column::AgreementId.is_in(many.iter().map(|it| it.id)))
        .filter(agreement_party::Column::Position.eq(2))
        .order_by_asc(agreement_party::Column::AgreementId);
    let under = under.all(app.db().reader()).await.unwrap();
    let under: Vec<_> = many.iter().zip(under).map(|(it, party)| shown(it, party.organization_id)).collect();
    let login =
        |login: &str, organization: Uuid| json!({ "login": login, "password": PASSWORD, "organization": organization });
    let asked = active[active.len() / 2].id;
    println!(
        "{}",
        json!({
            "bench": login("bench", town.university().id),
            "benchEnterprise": login("bench-enterprise", town.enterprise(0, 0).id),
            "benchCounty": login("bench-county", town.county(0).id),
            "agreement": { "id": id::show("agreement", asked), "key": asked },
            "active": under[0],
            "activeMany": under,
            "university": { "id": id::show("organization", town.university().id), "key": town.university().id },
        })
    );
}

/// An agreement under which items can be created, with who would do them and by when.
fn shown(agreement: &agreement::Model, enterprise: Uuid) -> serde_json::Value {
    json!({
        "id": id::show("agreement", agreement.id),
        "key": agreement.id,
        "version": agreement.version,
        "responsibleId": id::show("organization", enterprise),
        "responsibleKey": enterprise,
        "dueOn": agreement.ends_on,
    })
}
