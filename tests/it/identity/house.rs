//! A small installation: a platform, a university, a county, and an enterprise, each with its admin.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    membership::{self, Role},
    organization::{self, OrganizationKind as Kind, OrganizationStatus},
    user,
};
use hezuo::{
    app::App,
    error::{Code, Result},
    identity::{
        self, NewPerson, SignedIn,
        sessions::{self, SessionCreateInput, Tokens},
    },
    platform::{clock::Clock, db::Db, id, migrate::migrate},
    settings::Settings,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

pub(super) const PASSWORD: &str = "correct horse battery";

pub(super) struct House {
    pub(super) app: App,
    pub(super) platform: Uuid,
    pub(super) university: Uuid,
    pub(super) county: Uuid,
    pub(super) enterprise: Uuid,
}

/// An installation with `root`, `uni`, `county` and `firm`, each the admin of one organization.
pub(super) async fn house() -> House {
    let app = empty().await;
    let platform = identity::found_platform(&app, "Platform", "12511322DEMW0003XX").await.unwrap();
    let house = House {
        platform,
        university: organization(&app, Kind::University, "12500000DEMW00013F").await,
        county: organization(&app, Kind::County, "11511322DEMW000219").await,
        enterprise: organization(&app, Kind::Enterprise, "91511322MADEMT002D").await,
        app,
    };
    house.person("root", house.platform, Role::PlatformAdmin).await;
    house.person("uni", house.university, Role::UniversityAdmin).await;
    house.person("county", house.county, Role::CountyAdmin).await;
    house.person("firm", house.enterprise, Role::EnterpriseAdmin).await;
    house
}

/// An installation nobody has started yet.
pub(super) async fn empty() -> App {
    let name = id::new(DateTime::default()).simple().to_string();
    let given = [("HEZUO_SECRET", "0123456789abcdefghijklmnopqrstuvwxyz"), ("HEZUO_PASSWORD_MEMORY_KIB", "8")];
    let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::load(given.into_iter(), None).unwrap();
    let clock = Clock::scripted("2026-11-22T08:00:00Z".parse().unwrap());
    let db = Db::connect(&database(&name).await, 8, clock).await.unwrap();
    migrate(&db).await.unwrap();
    App::new(db, settings)
}

/// A file of its own, or a database of its own on the server that `HEZUO_TEST_POSTGRES` names.
async fn database(name: &str) -> String {
    let Ok(server) = std::env::var("HEZUO_TEST_POSTGRES") else {
        return format!("sqlite:{}?mode=rwc", std::env::temp_dir().join(format!("hezuo-{name}.sqlite")).display());
    };
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE hezuo_{name}")).await.unwrap();
    format!("{server}/hezuo_{name}")
}

#[expect(clippy::disallowed_methods, reason = "the ground on which the tests stand")]
async fn organization(app: &App, kind: Kind, code: &str) -> Uuid {
    let now = app.db().clock().now();
    let row = organization::ActiveModel {
        id: Set(id::new(now)),
        kind: Set(kind),
        name: Set(code.to_owned()),
        credit_code: Set(code.to_owned()),
        region_code: Set(Some("511322".to_owned())),
        status: Set(OrganizationStatus::Verified),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    organization::Entity::insert(row).exec_with_returning(app.db().writer()).await.unwrap().id
}

impl House {
    pub(super) async fn person(&self, login: &str, organization: Uuid, role: Role) -> Uuid {
        let person = NewPerson {
            organization,
            role,
            login: login.to_owned(),
            display_name: login.to_owned(),
            password: PASSWORD.to_owned(),
        };
        identity::set_up_person(&self.app, &person).await.unwrap()
    }

    pub(super) async fn sign_in(&self, login: &str) -> Tokens {
        self.try_sign_in("192.0.2.1", login, PASSWORD).await.unwrap()
    }

    pub(super) async fn try_sign_in(&self, address: &str, login: &str, password: &str) -> Result<Tokens> {
        let input = SessionCreateInput {
            login: login.to_owned(),
            password: password.to_owned(),
            membership_id: None,
            client: None,
        };
        sessions::create(&self.app, address, &input).await
    }

    /// Whoever holds this access token now.
    pub(super) async fn caller(&self, tokens: &Tokens) -> Result<SignedIn> {
        identity::caller(&self.app, &tokens.access_token).await
    }

    pub(super) async fn is_refused(&self, tokens: &Tokens) -> bool {
        matches!(self.caller(tokens).await, Err(error) if error.code() == Code::Unauthenticated)
    }

    pub(super) async fn user(&self, login: &str) -> user::Model {
        let query = user::Entity::find().filter(user::Column::Login.eq(login));
        query.one(self.app.db().reader()).await.unwrap().unwrap()
    }

    pub(super) async fn membership(&self, id: Uuid) -> membership::Model {
        membership::Entity::find_by_id(id).one(self.app.db().reader()).await.unwrap().unwrap()
    }

    /// The events of this kind so far.
    pub(super) async fn happened(&self, kind: &str) -> usize {
        use entity::event::{Column, Entity};
        Entity::find().filter(Column::Kind.eq(kind)).all(self.app.db().reader()).await.unwrap().len()
    }

    pub(super) fn later(&self, by: TimeDelta) {
        let clock = self.app.db().clock();
        clock.set(clock.now() + by);
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.app.db().clock().now()
    }
}
