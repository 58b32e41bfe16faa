//! Organizations and the people who act for them.
//!
//! Organizations are simply there, verified, as if registered long ago; people are set up and sign in like anyone.
//! Every call makes somebody new: `north.admin().await` twice is two admins.

use axum::{body::Body, http::Request};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    membership::{self, MembershipStatus, Role},
    organization::{self, OrganizationKind, OrganizationStatus},
};
use hezuo::{
    auth::{Actor, Job, Permit, RecordRef},
    identity::{self, NewPerson},
    platform::id,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{Answer, TestApp};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "spring rice 2026";
/// Tokens are renewed this long before they expire.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// A verified organization.
#[derive(Clone, Debug)]
pub(crate) struct Organization {
    app: TestApp,
    /// Its key.
    pub(crate) key: Uuid,
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: OrganizationKind,
    /// Its credit code, fictional and valid.
    pub(crate) credit_code: String,
    /// Its region.
    pub(crate) region: Option<String>,
}

/// Somebody who signed in, acting under one membership.
#[derive(Debug)]
pub(crate) struct Persona {
    app: TestApp,
    /// Acted for.
    pub(crate) organization: Organization,
    /// What the person types to sign in.
    pub(crate) login: String,
    /// The user's key.
    pub(crate) user: Uuid,
    /// The membership's key.
    pub(crate) membership: Uuid,
    token: Mutex<Option<(String, DateTime<Utc>)>>,
}

impl TestApp {
    /// The platform itself.
    pub(crate) async fn platform(&self) -> Organization {
        let kind = OrganizationKind::Platform;
        let known = organization::Entity::find().filter(organization::Column::Kind.eq(kind)).one(self.db().reader());
        let known = known.await.unwrap().map(|row| (row.id, row.name, row.credit_code));
        let (key, name, credit_code) = if let Some(known) = known {
            known
        } else {
            let (name, code) = ("The platform", credit_code(kind, "500113", self.number()));
            let key = identity::found_platform(self.app(), name, &code).await.expect("the platform");
            (key, name.to_owned(), code)
        };
        Organization { app: self.clone(), key, name, kind, credit_code, region: None }
    }

    /// A university.
    pub(crate) async fn university(&self, name: &str) -> Organization {
        self.organization(OrganizationKind::University, name, None, "500113").await
    }

    /// The government of a county, by its region's six digits.
    pub(crate) async fn county(&self, region: &str) -> Organization {
        self.organization(OrganizationKind::County, &format!("County {region}"), None, region).await
    }

    /// An enterprise of a county.
    pub(crate) async fn enterprise(&self, county: &Organization, name: &str) -> Organization {
        let region = county.region.as_deref().expect("a county has a region");
        self.organization(OrganizationKind::Enterprise, name, Some(county.key), region).await
    }

    /// An organization that was registered through the API.
    pub(crate) async fn registered(&self, key: Uuid) -> Organization {
        let found = organization::Entity::find_by_id(key).one(self.db().reader()).await.unwrap();
        let organization::Model { name, kind, credit_code, region_code: region, .. } = found.expect("it is registered");
        Organization { app: self.clone(), key, name, kind, credit_code, region }
    }

    async fn organization(
        &self,
        kind: OrganizationKind,
        name: &str,
        above: Option<Uuid>,
        region: &str,
    ) -> Organization {
        let above = match above {
            Some(above) => above,
            None => self.platform().await.key,
        };
        let credit_code = credit_code(kind, region, self.number());
        let row = &organization::ActiveModel {
            kind: Set(kind),
            parent_id: Set(Some(above)),
            name: Set(name.to_owned()),
            credit_code: Set(credit_code.clone()),
            region_code: Set(Some(region.to_owned())),
            status: Set(OrganizationStatus::Verified),
            verified_at: Set(Some(self.now())),
            version: Set(1),
            created_at: Set(self.now()),
            updated_at: Set(self.now()),
            ..Default::default()
        };
        let insert = self.db().write(move |tx| async move {
            let id = tx.id();
            let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "organization", id }));
            write.insert(organization::ActiveModel { id: Set(id), ..row.clone() }).await
        });
        let key = insert.await.expect("an organization").id;
        let (name, region) = (name.to_owned(), Some(region.to_owned()));
        Organization { app: self.clone(), key, name, kind, credit_code, region }
    }
}

impl Organization {
    /// Its id, as clients write it.
    pub(crate) fn id(&self) -> String {
        id::show("organization", self.key)
    }

    /// Its row as it is now.
    pub(crate) async fn row(&self) -> organization::Model {
        let found = organization::Entity::find_by_id(self.key).one(self.app.db().reader()).await;
        found.unwrap().expect("an organization is never deleted")
    }

    /// Somebody new, in this role.
    pub(crate) async fn person(&self, role: Role) -> Persona {
        self.member(&format!("{role:?}-{}", self.app.number()).to_lowercase(), role).await
    }

    /// Somebody who acts for another organization too, acting for this one.
    pub(crate) async fn also(&self, person: &Persona, role: Role) -> Persona {
        self.member(&person.login, role).await
    }

    async fn member(&self, login: &str, role: Role) -> Persona {
        let person = NewPerson {
            organization: self.key,
            role,
            login: login.to_owned(),
            display_name: format!("{role:?} of {}", self.name),
            password: PASSWORD.to_owned(),
        };
        let membership = identity::set_up_person(self.app.app(), &person).await.expect("a person");
        let row = membership::Entity::find_by_id(membership).one(self.app.db().reader()).await.unwrap().unwrap();
        let (app, token) = (self.app.clone(), Mutex::default());
        let login = login.to_owned();
        Persona { app, organization: self.clone(), login, user: row.user_id, membership, token }
    }

    /// Its admin: who signs, and answers for it.
    pub(crate) async fn admin(&self) -> Persona {
        self.person(match self.kind {
            OrganizationKind::University => Role::UniversityAdmin,
            OrganizationKind::County => Role::CountyAdmin,
            OrganizationKind::Enterprise => Role::EnterpriseAdmin,
            OrganizationKind::Platform => Role::PlatformAdmin,
        })
        .await
    }

    /// University: staff for employment and internships.
    pub(crate) async fn staff(&self) -> Persona {
        self.person(Role::UniversityStaff).await
    }

    /// University: a professor.
    pub(crate) async fn professor(&self) -> Persona {
        self.person(Role::Professor).await
    }

    /// University: a student.
    pub(crate) async fn student(&self) -> Persona {
        self.person(Role::Student).await
    }

    /// County: an officer.
    pub(crate) async fn officer(&self) -> Persona {
        self.person(Role::CountyOfficer).await
    }

    /// Enterprise: a recruiter.
    pub(crate) async fn recruiter(&self) -> Persona {
        self.person(Role::EnterpriseRecruiter).await
    }

    /// County or university: an auditor.
    pub(crate) async fn auditor(&self) -> Persona {
        self.person(Role::Auditor).await
    }
}

impl Persona {
    /// The same person, acting for another organization too.
    pub(crate) async fn also(&self, organization: &Organization, role: Role) -> Self {
        let membership = &membership::ActiveModel {
            user_id: Set(self.user),
            organization_id: Set(organization.key),
            role: Set(role),
            status: Set(MembershipStatus::Active),
            version: Set(1),
            created_at: Set(self.app.now()),
            updated_at: Set(self.app.now()),
            ..Default::default()
        };
        let insert = self.app.db().write(move |tx| async move {
            let id = tx.id();
            let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "membership", id }));
            write.insert(membership::ActiveModel { id: Set(id), ..membership.clone() }).await
        });
        let membership = insert.await.expect("a membership").id;
        let (app, login, token) = (self.app.clone(), self.login.clone(), Mutex::default());
        Self { app, organization: organization.clone(), login, user: self.user, membership, token }
    }

    /// Asks the API.
    pub(crate) async fn gql(&self, query: &str, variables: Value) -> Answer {
        let token = self.token().await;
        self.app.send(Some(&token), query, variables).await
    }

    /// Runs a mutation by the conventions that all of them follow, and asks for `selection` of its result.
    ///
    /// `officer.does("organizationVerify", json!({ "id": id, "expectedVersion": 1 }), "status").await`
    pub(crate) async fn does(&self, mutation: &str, input: Value, selection: &str) -> Answer {
        let token = self.token().await;
        self.app.mutate(Some(&token), mutation, input, selection).await
    }

    /// Sends a file to a record and says that it is the right one; its id.
    pub(crate) async fn attaches(&self, record: &str, name: &str) -> Value {
        let input = json!({ "recordId": record, "name": name });
        let upload = self.does("documentUploadCreate", input, "url document { id }").await.result().clone();
        let path = upload["url"].as_str().unwrap().strip_prefix("http://hezuo.test").unwrap();
        let put = Request::put(path).body(Body::from("%PDF-1.7\n%%EOF\n")).unwrap();
        assert_eq!(self.app.http(put).await.0, 200);
        let id = upload["document"]["id"].clone();
        self.does("documentConfirm", json!({ "id": id }), "status").await.results_in(json!({ "status": "CONFIRMED" }));
        id
    }

    /// What the person signs in with.
    #[expect(clippy::unused_self, reason = "reads as what each of them has")]
    pub(crate) fn password(&self) -> &'static str {
        PASSWORD
    }

    /// The same person on another device: another session.
    pub(crate) async fn elsewhere(&self) -> Self {
        let other = Self {
            app: self.app.clone(),
            organization: self.organization.clone(),
            login: self.login.clone(),
            token: Mutex::default(),
            ..*self
        };
        other.token().await;
        other
    }

    /// An access token that is good for a minute at least, however the clock was moved.
    pub(crate) async fn token(&self) -> String {
        let mut held = self.token.lock().await;
        let good = |(_, expires_at): &&(String, DateTime<Utc>)| self.app.now() + MARGIN < *expires_at;
        if let Some((token, _)) = held.as_ref().filter(good) {
            return token.clone();
        }
        let (token, expires_at) = self.sign_in().await;
        *held = Some((token.clone(), expires_at));
        token
    }

    /// The proof of who this is, as a use case takes it: for the few tests that ask a rule and not the API.
    pub(crate) async fn actor(&self) -> Actor {
        identity::caller(self.app.app(), &self.token().await).await.expect("a persona is signed in").actor
    }

    /// As everybody signs in.
    async fn sign_in(&self) -> (String, DateTime<Utc>) {
        let membership = id::show("membership", self.membership);
        let input = json!({ "login": self.login, "password": PASSWORD, "membershipId": membership });
        let answer = self.app.does("sessionCreate", input, "accessToken expiresAt").await;
        let result = answer.result();
        let text = |name: &str| result[name].as_str().unwrap().to_owned();
        (text("accessToken"), text("expiresAt").parse().unwrap())
    }
}

/// A unified social credit code that no register gave out, with both check digits right (GB 32100-2015).
pub(crate) fn credit_code(kind: OrganizationKind, region: &str, number: u32) -> String {
    let prefix = match kind {
        OrganizationKind::Enterprise => "91",
        OrganizationKind::County => "11",
        OrganizationKind::University | OrganizationKind::Platform => "12",
    };
    let organization = format!("FAKE{number:04}");
    let letter = |c: char| c.to_digit(36).unwrap();
    let sum: u32 = organization.chars().map(letter).zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(c, weight)| c * weight).sum();
    let check = ['0', 'X', '9', '8', '7', '6', '5', '4', '3', '2', '1'][sum as usize % 11];
    let code = format!("{prefix}{region}{organization}{check}");
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: char| alphabet.find(c).expect("a letter of the code's alphabet");
    let (sum, _) = code.chars().fold((0, 1), |(sum, weight), c| (sum + value(c) * weight, weight * 3 % 31));
    format!("{code}{}", &alphabet[(31 - sum % 31) % 31..][..1])
}
