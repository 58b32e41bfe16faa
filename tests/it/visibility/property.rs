//! The rule is written twice, as a `match` and as a condition of the database: over random records they agree.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    agreement::{self, AgreementStatus},
    agreement_party::{self, PartyRole},
    membership::{self, MembershipStatus, Role},
    organization::{self, OrganizationKind, OrganizationStatus},
    user::{self, UserStatus},
};
use hezuo::{
    agreements,
    auth::{Actor, Governed as _, Job, Permit, RecordRef},
    identity::{memberships, people},
    organizations,
    platform::{clock, id},
};
use sea_orm::{
    ActiveEnum as _, ActiveModelBehavior, ActiveModelTrait, Condition, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter as _, QuerySelect as _, sea_query::Expr,
};
use uuid::Uuid;

use crate::support::{Persona, TestApp, on_both, rows};

/// Numbers that look random and are the same in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    pub(super) fn one_of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())]
    }

    pub(super) fn any<T: Iterable>(&mut self) -> T {
        let count = T::iter().count();
        T::iter().nth(self.below(count)).unwrap()
    }
}

pub(super) async fn insert<A>(app: &TestApp, rows: Vec<A>)
where
    A: ActiveModelTrait + ActiveModelBehavior + Send + Sync + Clone,
{
    let rows = &rows;
    let done = app.db().write(move |tx| async move {
        let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "test", id: Uuid::nil() }));
        write.insert_all(rows.clone()).await
    });
    done.await.expect("rows");
}

async fn change<A>(app: &TestApp, row: A)
where
    A: ActiveModelTrait + ActiveModelBehavior + Send + Sync + Clone,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let row = &row;
    let done = app.db().write(move |tx| async move {
        let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "test", id: Uuid::nil() }));
        write.update(row.clone()).await.map(drop)
    });
    done.await.expect("a row");
}

/// How many agreements there are in each county and status.
type Counts = BTreeMap<(Uuid, String), i64>;

async fn counted(app: &TestApp, actor: &Actor) -> Counts {
    use agreement_party::Column::{CountyId, Status};
    let rows = agreement_party::Entity::find().filter(agreements::store::counted_for(actor)).select_only();
    let rows = rows.columns([CountyId, Status]).expr(Expr::cust("COUNT(*)")).group_by(CountyId).group_by(Status);
    let rows: Vec<(Uuid, String, i64)> = rows.into_tuple().all(app.db().reader()).await.unwrap();
    rows.into_iter().map(|(county, status, count)| ((county, status), count)).collect()
}

fn grouped(facts: &[agreements::facts::Facts], these: &BTreeSet<Uuid>) -> Counts {
    let mut counts = Counts::new();
    for row in facts.iter().map(|facts| &facts.agreement).filter(|row| these.contains(&row.id)) {
        *counts.entry((row.county_id, row.status.to_value())).or_default() += 1;
    }
    counts
}

/// The keys that the database finds under a condition.
pub(super) async fn found<E: EntityTrait>(app: &TestApp, key: E::Column, condition: Condition) -> BTreeSet<Uuid> {
    let rows = E::find().filter(condition).select_only().column(key).into_tuple::<Uuid>().all(app.db().reader());
    rows.await.unwrap().into_iter().collect()
}

/// People of every role on every side, in two places.
pub(super) async fn actors(app: &TestApp) -> Vec<Actor> {
    let mut actors = Vec::new();
    for place in ["511322", "511324"] {
        let county = app.county(place).await;
        let university = app.university(place).await;
        let enterprise = app.enterprise(&county, place).await;
        let people: [Persona; 10] = [
            county.admin().await,
            county.officer().await,
            county.auditor().await,
            county.person(Role::ServiceAccount).await,
            university.admin().await,
            university.student().await,
            university.auditor().await,
            enterprise.admin().await,
            enterprise.recruiter().await,
            app.platform().await.admin().await,
        ];
        for person in &people {
            actors.push(person.actor().await);
        }
        actors.push(university.also(&people[1], Role::UniversityAdmin).await.actor().await);
    }
    actors
}

on_both! {
    /// Agreements in every status, between anybody; each is counted by whoever sees it, also once it is another's, elsewhere
    /// or in another status.
    async fn agreements_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(1);
        let mut facts = Vec::new();
        for _ in 0..120 {
            let author = &actors[dice.below(actors.len())];
            let mut row = rows::agreement(author.organization(), author, dice.any::<AgreementStatus>());
            let given_up = matches!(row.status, AgreementStatus::Cancelled | AgreementStatus::Rejected);
            if given_up && dice.below(2) == 0 {
                row.content_hash = None;
            }
            let organizations: BTreeSet<Uuid> = (0..dice.below(4)).map(|_| actors[dice.below(actors.len())].organization()).collect();
            let parties = organizations.into_iter().map(|organization| {
                agreements::facts::Party { organization, role: dice.any::<PartyRole>(), verified: true }
            });
            let parties = parties.collect();
            let (reviews, signatures, delegations) = (Vec::new(), Vec::new(), Vec::new());
            facts.push(agreements::facts::Facts {
                agreement: row, parties, reviews, signatures, delegations, proposal: None, today: clock::day(app.now()),
            });
        }
        insert(&app, facts.iter().map(|facts| facts.agreement.clone().into_active_model()).collect()).await;
        let parties = facts.iter().flat_map(|facts| facts.parties.iter().zip(0..).map(|(party, position)| {
            agreement_party::Model {
                id: id::new(app.now()),
                agreement_id: facts.agreement.id,
                organization_id: party.organization,
                capacity: "方".to_owned(),
                role: party.role,
                position,
                // Nonsense: the database writes here what the agreement says.
                county_id: Uuid::nil(),
                status: AgreementStatus::Active,
                drafted_by_id: Uuid::nil(),
                shared: true,
            }.into_active_model()
        }));
        insert(&app, parties.collect()).await;
        for turn in 0..2 {
            for actor in &actors {
                let allowed = facts.iter().filter(|facts| facts.allows(actor, agreements::rules::Action::Read));
                let allowed: BTreeSet<Uuid> = allowed.map(|facts| facts.agreement.id).collect();
                let seen = agreements::store::visible_to(actor);
                assert_eq!(found::<agreement::Entity>(&app, agreement::Column::Id, seen).await, allowed, "{turn} {actor:?}");
                assert_eq!(counted(&app, actor).await, grouped(&facts, &allowed), "{turn} {actor:?}");
            }
            for facts in facts.iter_mut().step_by(2) {
                let author = &actors[dice.below(actors.len())];
                let changed = rows::agreement(actors[dice.below(actors.len())].organization(), author, dice.any::<AgreementStatus>());
                let (id, number) = (facts.agreement.id, facts.agreement.number.clone());
                facts.agreement = agreement::Model { id, number, ..changed };
                change(&app, facts.agreement.clone().into_active_model().reset_all()).await;
            }
        }
    }

    /// Organizations of every kind, in every status, here and elsewhere.
    async fn organizations_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(2);
        let regions = [None, Some("511322"), Some("511324"), Some("511325")];
        let own: Vec<Uuid> = actors.iter().map(Actor::organization).collect();
        let made = (0..120).map(|_| {
            let kind = dice.one_of(&[OrganizationKind::University, OrganizationKind::County, OrganizationKind::Enterprise]);
            let mut row = rows::organization(kind, dice.one_of(&regions), dice.any::<OrganizationStatus>());
            row.verified_at = dice.one_of(&[None, Some(app.now())]);
            row.merged_into_id = (row.status == OrganizationStatus::Merged).then(|| dice.one_of(&own));
            row.into_active_model()
        });
        insert(&app, made.collect()).await;
        // The organizations of the actors themselves come into every status too.
        for own in actors.iter().map(Actor::organization).collect::<BTreeSet<_>>() {
            let row = organization::Entity::find_by_id(own).one(app.db().reader()).await.unwrap().unwrap();
            let status = dice.any::<OrganizationStatus>();
            let into = (status == OrganizationStatus::Merged).then_some(own);
            if row.kind != OrganizationKind::Platform {
                let done = app.db().write(move |tx| async move {
                    let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "organization", id: own }));
                    let row = organization::ActiveModel {
                        id: sea_orm::ActiveValue::Set(own), status: sea_orm::ActiveValue::Set(status),
                        merged_into_id: sea_orm::ActiveValue::Set(into), ..Default::default()
                    };
                    write.update(row).await
                });
                done.await.unwrap();
            }
        }
        let all = organization::Entity::find().all(app.db().reader()).await.unwrap();
        let facts: Vec<_> = all.into_iter().map(|row| organizations::rules::Facts { organization: row, members: Vec::new() }).collect();
        for actor in &actors {
            let allowed = facts.iter().filter(|facts| facts.allows(actor, organizations::rules::Action::Read));
            let allowed: BTreeSet<Uuid> = allowed.map(|facts| facts.organization.id).collect();
            let condition = organizations::store::visible_to(actor);
            assert_eq!(found::<organization::Entity>(&app, organization::Column::Id, condition).await, allowed, "{actor:?}");
        }
    }

    /// Users with any memberships, in force or ended, and the memberships themselves.
    async fn people_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(3);
        let organizations: Vec<Uuid> = actors.iter().map(Actor::organization).collect();
        let users: Vec<user::Model> = (0..60).map(|number| user::Model {
            id: id::new(app.now()),
            login: format!("random-{number}"),
            display_name: "随机".to_owned(),
            email: None,
            phone: None,
            password_hash: None,
            locale: "en".to_owned(),
            status: dice.any::<UserStatus>(),
            session_epoch: 1,
            version: 1,
            created_at: app.now(),
            updated_at: app.now(),
        }).collect();
        insert(&app, users.iter().map(|user| user.clone().into_active_model()).collect()).await;
        let mut held = BTreeSet::new();
        for user in &users {
            for _ in 0..dice.below(3) {
                held.insert((user.id, dice.one_of(&organizations)));
            }
        }
        let made = held.into_iter().map(|(user, organization)| membership::Model {
            id: id::new(app.now()),
            user_id: user,
            organization_id: organization,
            role: dice.any::<Role>(),
            status: dice.any::<MembershipStatus>(),
            version: 1,
            created_at: app.now(),
            updated_at: app.now(),
        }.into_active_model());
        insert(&app, made.collect()).await;

        let users = user::Entity::find().all(app.db().reader()).await.unwrap();
        let memberships = membership::Entity::find().all(app.db().reader()).await.unwrap();
        for actor in &actors {
            let allowed = users.iter().filter(|user| {
                let of = memberships.iter().filter(|row| row.user_id == user.id).map(|row| row.organization_id).collect();
                people::rules::Facts { user: (*user).clone(), organizations: of }.allows(actor, people::rules::Action::Read)
            });
            let allowed: BTreeSet<Uuid> = allowed.map(|user| user.id).collect();
            assert_eq!(found::<user::Entity>(&app, user::Column::Id, people::store::visible_to(actor)).await, allowed, "{actor:?}");
            let allowed = memberships.iter().filter(|row| {
                let facts = memberships::rules::Facts { membership: (*row).clone(), kind: actor.side(), admins: Vec::new() };
                facts.allows(actor, memberships::rules::Action::Read)
            });
            let allowed: BTreeSet<Uuid> = allowed.map(|row| row.id).collect();
            let condition = memberships::store::visible_to(actor);
            assert_eq!(found::<membership::Entity>(&app, membership::Column::Id, condition).await, allowed, "{actor:?}");
        }
    }
}
