//! The rows of the test world.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    agreement::{self, AgreementKind, AgreementStatus, RenewalPolicy},
    agreement_party::{self, PartyRole},
    cooperation_item::{self, ItemStatus},
    membership::{self, MembershipStatus, Role},
    organization::{self, OrganizationKind, OrganizationStatus, SizeClass},
    user::{self, UserStatus},
};
use sea_orm::{ActiveModelTrait, DatabaseConnection, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::world::key;

fn at(hours: i64) -> DateTime<Utc> {
    "2026-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours) + TimeDelta::microseconds(hours)
}

pub(super) fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1 + number % 12, 1 + number % 28).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "rows of a test, without a use case")]
async fn add<A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send>(
    db: &DatabaseConnection,
    row: impl IntoActiveModel<A>,
) where
    <A::Entity as sea_orm::EntityTrait>::Model: IntoActiveModel<A>,
{
    row.into_active_model().insert(db).await.unwrap();
}

pub(super) async fn insert(db: &DatabaseConnection) {
    for number in 1..=9 {
        add(db, organization(number)).await;
    }
    for number in 1..=3 {
        add(db, person(number)).await;
        add(db, membership(number)).await;
    }
    for number in 0..24 {
        add(db, agreement(number)).await;
        for position in 0..3 {
            add(db, party(number, position)).await;
        }
        for item in 0..number % 5 {
            add(db, item_of(number, item)).await;
        }
    }
}

/// As many more organizations and agreements as make a database choose its way with care.
#[expect(clippy::disallowed_methods, reason = "rows of a test, without a use case")]
pub(super) async fn insert_many(db: &DatabaseConnection) {
    for numbers in (10..2_010).collect::<Vec<_>>().chunks(400) {
        let rows = numbers.iter().map(|number| organization(*number).into_active_model());
        organization::Entity::insert_many(rows).exec(db).await.unwrap();
    }
    for numbers in (24..2_024).collect::<Vec<_>>().chunks(400) {
        let rows = numbers.iter().map(|number| agreement(*number).into_active_model());
        agreement::Entity::insert_many(rows).exec(db).await.unwrap();
        let parties = numbers.iter().flat_map(|number| (0..3).map(|position| party(*number, position)));
        let rows = parties.map(IntoActiveModel::into_active_model);
        agreement_party::Entity::insert_many(rows).exec(db).await.unwrap();
        let items = numbers.iter().flat_map(|number| (0..number % 5).map(|item| item_of(*number, item)));
        let rows = items.map(IntoActiveModel::into_active_model);
        cooperation_item::Entity::insert_many(rows).exec(db).await.unwrap();
    }
}

fn organization(number: u32) -> organization::Model {
    let kinds = [OrganizationKind::University, OrganizationKind::County, OrganizationKind::Enterprise];
    let names =
        ["重庆理工大学", "营山县人民政府", "Ä \"quoted\" \\ Co.\n", "north", "North", "", "Zeta", "e\u{301}té", "营山"];
    let place = number as usize - 1;
    organization::Model {
        id: key(u128::from(number)),
        kind: kinds[place % 3],
        parent_id: (number > 3).then(|| key(u128::from(number % 3 + 1))),
        name: names.get(place).map_or_else(|| format!("Organization {number}"), |name| (*name).to_owned()),
        name_en: number.is_multiple_of(2).then(|| format!("Organization {number}")),
        credit_code: format!("9151132200000000{number:02}"),
        region_code: (!number.is_multiple_of(3)).then(|| "511322".to_owned()),
        industry_code: None,
        size_class: number.is_multiple_of(3).then_some(SizeClass::Small),
        school_code: None,
        profile: None,
        production: None,
        talent_cultivation: None,
        research_platforms: None,
        website: (number == 1).then(|| "https://www.cqut.edu.cn".to_owned()),
        contact_name: None,
        contact_phone: (number != 4).then(|| format!("1380000{number:04}")),
        contact_email: None,
        staff_count: (!number.is_multiple_of(4)).then_some(i32::try_from(number % 4).unwrap() * 100),
        internal_note: Some(format!("note {number}")),
        status: if number == 5 { OrganizationStatus::Pending } else { OrganizationStatus::Verified },
        status_reason: None,
        verified_at: (number % 2 == 1).then(|| at(i64::from(number / 4))),
        merged_into_id: None,
        registered_by_id: None,
        version: 1,
        created_at: at(i64::from(number)),
        updated_at: at(0),
    }
}

fn person(number: u32) -> user::Model {
    user::Model {
        id: key(u128::from(100 + number)),
        login: format!("person{number}"),
        display_name: format!("Person {number}"),
        email: None,
        phone: None,
        password_hash: None,
        locale: "en".to_owned(),
        status: UserStatus::Active,
        session_epoch: 0,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn membership(number: u32) -> membership::Model {
    let roles = [Role::UniversityAdmin, Role::CountyAdmin, Role::EnterpriseAdmin];
    membership::Model {
        id: key(u128::from(200 + number)),
        user_id: key(u128::from(100 + number)),
        organization_id: key(u128::from(number)),
        role: roles[number as usize - 1],
        status: MembershipStatus::Active,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(super) fn agreement_key(number: u32) -> Uuid {
    key(u128::from(1_000 + number))
}

fn agreement(number: u32) -> agreement::Model {
    let kinds = [AgreementKind::Framework, AgreementKind::Special, AgreementKind::TrainingBase];
    let draft = number.is_multiple_of(3);
    agreement::Model {
        id: agreement_key(number),
        number: format!("XY-511322-2026-{number:04}"),
        kind: kinds[number as usize % 3],
        title: format!("Agreement {number}"),
        terms: "…".to_owned(),
        county_id: key(if number.is_multiple_of(4) { 5 } else { 2 }),
        drafted_by_id: key(u128::from(1 + number % 3)),
        author_id: key(101),
        parent_id: (number % 4 == 1).then(|| agreement_key(number - 1)),
        predecessor_id: None,
        starts_on: (!draft).then(|| day(number % 7)),
        ends_on: NaiveDate::from_ymd_opt(2030, 1, 1 + number % 5).unwrap(),
        notice_by: None,
        renewal_policy: RenewalPolicy::None,
        status: if draft { AgreementStatus::Draft } else { AgreementStatus::Active },
        status_reason: None,
        termination_ground: None,
        terminated_by_id: None,
        termination_document_id: None,
        current_version_id: None,
        content_hash: (!draft).then(|| "0".repeat(64)),
        party_set: String::new(),
        submitted_at: None,
        signed_at: (!draft).then(|| at(1)),
        activated_at: None,
        ended_at: None,
        version: 1,
        created_at: at(i64::from(number)),
        updated_at: at(0),
    }
}

fn party(number: u32, position: u32) -> agreement_party::Model {
    // The third party differs, so that the enterprise sees only some.
    let organization = if position == 2 { 3 + number % 4 } else { position + 1 };
    let named_in = agreement(number);
    agreement_party::Model {
        id: key(u128::from(5_000 + number * 10 + position)),
        agreement_id: agreement_key(number),
        organization_id: key(u128::from(organization)),
        capacity: ["甲方", "乙方", "丙方"][position as usize].to_owned(),
        role: if position == 2 { PartyRole::Witness } else { PartyRole::Required },
        position: i32::try_from(2 - position).unwrap(),
        county_id: named_in.county_id,
        status: named_in.status,
        drafted_by_id: named_in.drafted_by_id,
        shared: named_in.status != AgreementStatus::Draft,
    }
}

fn item_of(number: u32, item: u32) -> cooperation_item::Model {
    let statuses = [ItemStatus::Planned, ItemStatus::InProgress, ItemStatus::Accepted];
    let accepted = item % 3 == 2;
    let responsible = 1 + (number + item) % 5;
    cooperation_item::Model {
        id: key(u128::from(9_000 + number * 10 + item)),
        agreement_id: agreement_key(number),
        title: format!("Item {item} of {number}"),
        responsible_id: key(u128::from(responsible)),
        responsible_user_id: None,
        due_on: day(item),
        first_due_on: day(item),
        measure: Some("trainees".to_owned()),
        target: item.is_multiple_of(2).then_some(i64::MAX - i64::from(item)),
        actual: None,
        status: statuses[item as usize % 3],
        status_reason: None,
        submitted_by_id: None,
        submitted_at: None,
        accepted_by_id: accepted.then(|| key(if responsible == 1 { 2 } else { 1 })),
        acceptor_id: accepted.then(|| key(101)),
        accepted_at: None,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}
