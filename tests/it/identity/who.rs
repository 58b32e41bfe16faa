//! Who may do what: the rule and the rows it leaves to be seen are the same, and the rule is a table that people read.

use std::collections::BTreeSet;

use entity::{
    invitation, issuer, membership,
    membership::Role,
    organization::{self, OrganizationKind as Kind},
    session, user, user_identity,
};
use hezuo::{
    auth::{Action, Actor, Governed},
    identity::{
        identities,
        invitations::{self, rules::HostAction},
        issuers, memberships, people, sessions,
    },
    platform::db::Db,
};
use sea_orm::{ActiveEnum as _, EntityTrait, Iterable as _, QueryFilter as _};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Persona, TestApp, on_both};

/// Everybody, in every role, twice: in the organizations the table speaks of, and in others.
async fn everybody(app: &TestApp) -> Vec<Persona> {
    let mut everybody = Vec::new();
    let (county, other) = (app.county("511322").await, app.county("511323").await);
    let organizations = [
        app.university("North").await,
        app.university("South").await,
        app.enterprise(&county, "Alpha").await,
        app.enterprise(&other, "Beta").await,
        county,
        other,
        app.platform().await,
    ];
    for organization in &organizations {
        for role in Role::iter().filter(|role| memberships::rules::fits(*role, organization.kind)) {
            everybody.push(organization.person(role).await);
        }
        let admin = everybody
            .iter()
            .find(|person| person.membership_is(memberships::rules::admin_of(organization.kind), organization.key));
        let invited = json!({ "organizationId": organization.id(), "role": memberships::rules::admin_of(organization.kind).to_value() });
        let admin = admin.unwrap();
        admin.does("invitationCreate", invited, "token").await.result();
        if organization.kind != Kind::Platform {
            let url = format!("https://sso{}.example", app.number());
            let issuer =
                admin.does("issuerCreate", json!({ "name": "SSO", "url": url, "clientId": "hezuo" }), "id").await;
            let member = hezuo::platform::id::show("membership", admin.membership);
            let known = json!({ "issuerId": issuer.result()["id"], "membershipId": member, "email": "li@sso.example" });
            admin.does("identityAllow", known, "id").await.result();
        }
    }
    everybody
}

async fn actor(app: &TestApp, person: &Persona) -> Actor {
    hezuo::identity::caller(app.app(), &person.token().await).await.unwrap().actor
}

/// The rows of a table that fulfil `visible_to`, and those that the rule lets the actor read.
macro_rules! seen_and_allowed {
    ($db:expr, $entity:ident, $seen_by:expr, $allows:expr) => {{
        let seen = $entity::Entity::find().filter($seen_by).all($db.reader()).await.unwrap();
        let all = $entity::Entity::find().all($db.reader()).await.unwrap();
        assert!(!all.is_empty());
        let seen: BTreeSet<Uuid> = seen.into_iter().map(|row| row.id).collect();
        let mut allowed = BTreeSet::new();
        for row in all {
            let id = row.id;
            if $allows(row).await {
                allowed.insert(id);
            }
        }
        (seen, allowed)
    }};
}

async fn check(db: &Db, actor: &Actor) {
    let may = async |row: user::Model| {
        let facts = people::store::facts_of(db, actor, &[row.id]).await.unwrap();
        facts[&row.id].allows(actor, people::rules::Action::Read)
    };
    let (seen, allowed) = seen_and_allowed!(db, user, people::store::visible_to(actor), may);
    assert_eq!(seen, allowed, "users, {actor:?}");
    let may = async |row: membership::Model| {
        let facts = memberships::store::facts_of(db, actor, &[row.id]).await.unwrap();
        facts[&row.id].allows(actor, memberships::rules::Action::Read)
    };
    let (seen, allowed) = seen_and_allowed!(db, membership, memberships::store::visible_to(actor), may);
    assert_eq!(seen, allowed, "memberships, {actor:?}");
    let may = async |row: invitation::Model| {
        invitations::rules::Facts { invitation: row }.allows(actor, invitations::rules::Action::Read)
    };
    let (seen, allowed) = seen_and_allowed!(db, invitation, invitations::store::visible_to(actor), may);
    assert_eq!(seen, allowed, "invitations, {actor:?}");
    let may = async |row: session::Model| {
        sessions::rules::Facts { session: row }.allows(actor, sessions::rules::Action::Read)
    };
    let (seen, allowed) = seen_and_allowed!(db, session, sessions::store::visible_to(actor), may);
    assert_eq!(seen, allowed, "sessions, {actor:?}");
    let may =
        async |row: issuer::Model| issuers::rules::Facts { issuer: row }.allows(actor, issuers::rules::Action::Read);
    let (seen, allowed) = seen_and_allowed!(db, issuer, issuers::store::visible_to(actor), may);
    assert_eq!(seen, allowed, "issuers, {actor:?}");
    let may = async |row: user_identity::Model| {
        let facts = identities::store::facts_of(db, actor, &[row.id]).await.unwrap();
        facts[&row.id].allows(actor, identities::rules::Action::Read)
    };
    let (seen, allowed) = seen_and_allowed!(db, user_identity, identities::store::visible_to(actor), may);
    assert_eq!(seen, allowed, "identities, {actor:?}");
}

/// What each role of a kind may do there and elsewhere, one line each.
async fn matrix(app: &TestApp, people: &[Persona]) -> String {
    let reader = app.db().reader();
    let mut lines = BTreeSet::new();
    let members = membership::Entity::find().all(reader).await.unwrap();
    for person in people {
        let actor = actor(app, person).await;
        for member in &members {
            let place = match (member.id == person.membership, member.organization_id == person.organization.key) {
                (true, _) => "self",
                (_, true) => "own organization",
                _ => "elsewhere",
            };
            let users = people::store::facts_of(app.db(), &actor, &[member.user_id]).await.unwrap();
            let memberships = memberships::store::facts_of(app.db(), &actor, &[member.id]).await.unwrap();
            let of_user = user_actions().into_iter().filter(|action| users[&member.user_id].allows(&actor, *action));
            let of_membership =
                membership_actions().into_iter().filter(|action| memberships[&member.id].allows(&actor, *action));
            let names: Vec<_> = of_user.map(Action::name).chain(of_membership.map(Action::name)).collect();
            if !names.is_empty() {
                lines.insert(format!("{} {place}: {}", actor.role().to_value(), names.join(" ")));
            }
        }
        for organization in organization::Entity::find().all(reader).await.unwrap() {
            let place = if organization.id == actor.organization() { "own organization" } else { "elsewhere" };
            for admins in [vec![Uuid::nil()], Vec::new()] {
                let situation = if admins.is_empty() { "without an admin" } else { "with an admin" };
                let facts = invitations::rules::HostFacts { organization: organization.clone(), admins };
                let roles: Vec<_> = Role::iter()
                    .filter(|role| memberships::rules::fits(*role, organization.kind))
                    .filter(|role| facts.allows(&actor, HostAction::Invite(*role)))
                    .map(|role| role.to_value())
                    .collect();
                if !roles.is_empty() {
                    let role = actor.role().to_value();
                    let kind = organization.kind.to_value();
                    lines.insert(format!("{role} {place}, {kind} {situation}: invites {}", roles.join(" ")));
                }
            }
        }
    }
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

fn user_actions() -> Vec<people::rules::Action> {
    use people::rules::Action;
    let steps = user::UserStep::iter().map(Action::Take);
    [Action::Read, Action::Update, Action::ChangePassword].into_iter().chain(steps).collect()
}

fn membership_actions() -> Vec<memberships::rules::Action> {
    use memberships::rules::Action;
    [Action::Read].into_iter().chain(membership::MembershipStep::iter().map(Action::Take)).collect()
}

impl Persona {
    fn membership_is(&self, role: Role, organization: Uuid) -> bool {
        self.organization.key == organization && self.login.starts_with(&format!("{role:?}-").to_lowercase())
    }
}

on_both! {
    /// Who may read a record sees its row, and nobody else.
    async fn the_rows_seen_are_those_that_may_be_read(app: TestApp) {
        let people = everybody(&app).await;
        let (north, root) = (&people[0].organization, people.last().unwrap());
        assert_eq!((north.kind, root.organization.kind), (Kind::University, Kind::Platform));
        for person in &people {
            check(app.db(), &actor(&app, person).await).await;
        }
    }

    /// The table of rights, for people to read in review.
    async fn the_table_of_rights(app: TestApp) {
        let people = everybody(&app).await;
        let actual = matrix(&app, &people).await;
        let expected = include_str!("who.txt");
        assert!(actual == expected.trim_end(), "tests/it/identity/who.txt should be:\n{actual}");
    }
}
