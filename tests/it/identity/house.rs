//! A small installation: a platform, a university, a county, and an enterprise, each with its admin.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    membership::{self, Role},
    user,
};
use hezuo::{
    app::App,
    error::{Code, Result},
    identity::{
        self, NewPerson, SignedIn,
        sessions::{self, SessionCreateInput, Tokens},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::support::TestApp;

pub(super) const PASSWORD: &str = "correct horse battery";

pub(super) struct House {
    pub(super) app: App,
    pub(super) platform: Uuid,
    pub(super) university: Uuid,
    pub(super) county: Uuid,
    pub(super) enterprise: Uuid,
}

/// An installation with `root`, `uni`, `county` and `firm`, each the admin of one organization.
pub(super) async fn house(app: &TestApp) -> House {
    let county = app.county("511322").await;
    let house = House {
        app: app.app().clone(),
        platform: app.platform().await.key,
        university: app.university("North").await.key,
        enterprise: app.enterprise(&county, "Alpha").await.key,
        county: county.key,
    };
    house.person("root", house.platform, Role::PlatformAdmin).await;
    house.person("uni", house.university, Role::UniversityAdmin).await;
    house.person("county", house.county, Role::CountyAdmin).await;
    house.person("firm", house.enterprise, Role::EnterpriseAdmin).await;
    house
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
