//! What unit tests begin with: an empty database of their own, and people in it.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use entity::{
    membership::{self, MembershipStatus, Role},
    organization::{self, OrganizationKind as Kind, OrganizationStatus},
    session,
    user::{self, UserStatus},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Actor, Badge},
    platform::{clock::Clock, db::Db, id},
    settings::Settings,
};

/// A database in a directory that goes with it.
pub(crate) struct Fixture {
    pub(crate) app: App,
    directory: PathBuf,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

impl Fixture {
    /// Every table, nothing in it, on the morning of the symposium.
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// As [`Self::new`], with some settings of its own.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let directory = std::env::temp_dir().join(format!("hezuo-{}", id::new(Clock::System.now())));
        std::fs::create_dir_all(&directory).unwrap();
        let own = [("data_dir", directory.to_str().unwrap()), ("secret", "only for tests: 0123456789 abcdef")];
        let given = own.iter().chain(settings).map(|(name, value)| (format!("HEZUO_{name}"), (*value).to_owned()));
        let settings = Settings::load(given, None).unwrap();
        let clock = Clock::scripted("2025-05-06T01:00:00Z".parse().unwrap());
        let url = format!("sqlite:{}", directory.join("hezuo.sqlite").display());
        let writer = sea_orm::Database::connect(format!("{url}?mode=rwc")).await.unwrap();
        Migrator::up(&writer, None).await.unwrap();
        writer.close().await.unwrap();
        let db = Db::connect(&url, 4, clock).await.unwrap();
        Self { app: App::new(db, settings), directory }
    }

    pub(crate) fn db(&self) -> &Db {
        self.app.db()
    }

    /// Moves the clock on.
    pub(crate) fn pass(&self, seconds: i64) -> DateTime<Utc> {
        let now = self.db().clock().now() + chrono::Duration::seconds(seconds);
        self.db().clock().set(now);
        now
    }

    /// A verified organization.
    pub(crate) async fn organization(&self, kind: Kind) -> Uuid {
        let (key, now) = self.key();
        let row = organization::ActiveModel {
            id: Set(key),
            kind: Set(kind),
            name: Set(format!("{kind:?} {key}")),
            credit_code: Set(key.to_string()),
            status: Set(OrganizationStatus::Verified),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        self.insert(row).await;
        key
    }

    /// A person who acts in that role for that organization.
    pub(crate) async fn person(&self, (organization, side): (Uuid, Kind), role: Role) -> Actor {
        let (key, now) = self.key();
        let row = user::Model {
            id: key,
            login: key.to_string(),
            display_name: "张三".to_owned(),
            email: None,
            phone: None,
            password_hash: None,
            locale: "zh-CN".to_owned(),
            status: UserStatus::Active,
            session_epoch: 1,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        self.insert(row.into_active_model()).await;
        self.member(key, (organization, side), role).await
    }

    /// The same person in one more organization.
    pub(crate) async fn member(&self, user: Uuid, (organization, side): (Uuid, Kind), role: Role) -> Actor {
        let (key, now) = self.key();
        let row = membership::Model {
            id: key,
            user_id: user,
            organization_id: organization,
            role,
            status: MembershipStatus::Active,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        self.insert(row.into_active_model()).await;
        let session = self.session(user, key).await;
        Actor::new(Badge {
            user,
            membership: key,
            organization,
            role,
            side,
            region: String::new(),
            session,
            scopes: None,
        })
    }

    async fn session(&self, user: Uuid, membership: Uuid) -> Uuid {
        let (key, now) = self.key();
        let row = session::Model {
            id: key,
            user_id: user,
            membership_id: membership,
            client: String::new(),
            created_at: now,
            last_used_at: now,
            expires_at: now + chrono::Duration::days(30),
            ended_at: None,
            end_reason: None,
        };
        self.insert(row.into_active_model()).await;
        key
    }

    /// Runs SQL as somebody would who has the database's password.
    pub(crate) async fn tamper(&self, sql: &str) -> u64 {
        self.db().writer().execute_unprepared(sql).await.unwrap().rows_affected()
    }

    fn key(&self) -> (Uuid, DateTime<Utc>) {
        let now = self.db().clock().now();
        (id::new(now), now)
    }

    #[expect(clippy::disallowed_methods, reason = "a test's beginning needs no permit")]
    async fn insert<A: sea_orm::ActiveModelTrait>(&self, row: A) {
        A::Entity::insert(row).exec_without_returning(self.db().writer()).await.unwrap();
    }
}
