//! M1: an item, its event in the trail, the head of its chain, and a notification for whoever does it.

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use entity::event;
use hezuo::platform::{
    clock::Clock,
    event::{GENESIS, hash},
    id,
};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::Limit;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewItem {
    agreement_id: Uuid,
    title: String,
    responsible_id: Uuid,
    due_on: NaiveDate,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    id: Uuid,
    title: String,
    status: String,
    due_on: NaiveDate,
}

struct Facts {
    status: String,
    starts_on: Option<NaiveDate>,
    ends_on: NaiveDate,
    binds: bool,
}

impl Facts {
    fn allow(&self, new: &NewItem) -> bool {
        matches!(self.status.as_str(), "DRAFT" | "SIGNED" | "ACTIVE")
            && self.binds
            && new.due_on <= self.ends_on
            && self.starts_on.is_none_or(|starts_on| new.due_on >= starts_on)
            && (1..=200).contains(&new.title.chars().count())
    }
}

/// Creates an item; `None` when the rules refuse it.
pub(crate) async fn create(limit: &Limit, new: &NewItem) -> sqlx::Result<Option<Item>> {
    let now = Clock::System.now().trunc_subsecs(6);
    let mut transaction = limit.pool.begin().await?;
    let facts: Option<(String, Option<NaiveDate>, NaiveDate, bool)> =
        sqlx::query_as(AssertSqlSafe(limit.statements.m1.clone()))
            .bind(new.agreement_id)
            .bind(new.responsible_id)
            .fetch_optional(&mut *transaction)
            .await?;
    let facts = facts.map(|(status, starts_on, ends_on, binds)| Facts { status, starts_on, ends_on, binds });
    if !facts.is_some_and(|facts| facts.allow(new)) {
        return Ok(None);
    }
    let item = item(&mut transaction, new, now).await?;
    record(&mut transaction, created(limit, (&item, new)), now).await?;
    tell(&mut transaction, limit, (&item, new), now).await?;
    transaction.commit().await?;
    Ok(Some(item))
}

async fn item(db: &mut PgConnection, new: &NewItem, now: DateTime<Utc>) -> sqlx::Result<Item> {
    let (id, title, status, due_on) = sqlx::query_as(
        "INSERT INTO cooperation_item (id, agreement_id, title, responsible_id, due_on, first_due_on, status, version, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5, 'PLANNED', 1, $6, $6) RETURNING id, title, status, due_on",
    )
    .bind(id::new(now))
    .bind(new.agreement_id)
    .bind(&new.title)
    .bind(new.responsible_id)
    .bind(new.due_on)
    .bind(now)
    .fetch_one(db)
    .await?;
    Ok(Item { id, title, status, due_on })
}

/// What happened to a new record, and who did it: a user, in a role, for an organization.
pub(crate) struct Happened {
    pub(crate) kind: &'static str,
    pub(crate) record: (&'static str, Uuid),
    pub(crate) action: &'static str,
    pub(crate) by: (Uuid, &'static str, Uuid),
    pub(crate) data: String,
}

fn created(limit: &Limit, (item, new): (&Item, &NewItem)) -> Happened {
    Happened {
        kind: "CooperationItemCreated",
        record: ("cooperation_item", item.id),
        action: "agreement.addItem",
        by: (limit.actor.0, "UNIVERSITY_ADMIN", limit.actor.1),
        data: format!(r#"{{"agreement":"{}","responsible":"{}"}}"#, new.agreement_id, new.responsible_id),
    }
}

/// The head of the record's chain, and its event.
pub(crate) async fn record(db: &mut PgConnection, happened: Happened, now: DateTime<Utc>) -> sqlx::Result<()> {
    let row = link(happened, now);
    sqlx::query("INSERT INTO event_head (record_id, record_kind, length, hash) VALUES ($1, $2, $3, $4)")
        .bind(row.record_id)
        .bind(&row.record_kind)
        .bind(row.link)
        .bind(&row.hash)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO event (id, position, ordinal, at, kind, record_kind, record_id, link, action, user_id, role, \
         organization_id, data, previous_hash, hash) VALUES ($1, pg_current_xact_id()::text::bigint + \
         COALESCE((SELECT value::bigint FROM installation WHERE name = 'event_base'), 0), 0, $2, $3, $4, $5, 1, $6, $7, \
         $8, $9, $10, $11, $12)",
    )
    .bind(row.id)
    .bind(row.at)
    .bind(&row.kind)
    .bind(&row.record_kind)
    .bind(row.record_id)
    .bind(&row.action)
    .bind(row.user_id)
    .bind(&row.role)
    .bind(row.organization_id)
    .bind(&row.data)
    .bind(&row.previous_hash)
    .bind(&row.hash)
    .execute(&mut *db)
    .await
    .map(drop)
}

/// A notification for everyone who speaks for whoever does it.
async fn tell(
    db: &mut PgConnection,
    limit: &Limit,
    (item, new): (&Item, &NewItem),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO notification (id, user_id, organization_id, kind, record_kind, record_id, created_at) \
         SELECT gen_random_uuid(), m.user_id, m.organization_id, 'ITEM_ASSIGNED', 'cooperation_item', $1, $2 \
         FROM membership m JOIN \"user\" u ON u.id = m.user_id AND u.status = 'ACTIVE' \
         WHERE m.organization_id = $3 AND m.role IN ('UNIVERSITY_ADMIN', 'COUNTY_ADMIN', 'ENTERPRISE_ADMIN') \
         AND m.status = 'ACTIVE' AND m.user_id <> $4",
    )
    .bind(item.id)
    .bind(now)
    .bind(new.responsible_id)
    .bind(limit.actor.0)
    .execute(&mut *db)
    .await
    .map(drop)
}

/// The first link of the record's chain. The hash says nothing of the position, which PostgreSQL gives.
fn link(Happened { kind, record, action, by, data }: Happened, now: DateTime<Utc>) -> event::Model {
    let mut row = event::Model {
        id: id::new(now),
        position: 0,
        ordinal: 0,
        at: now,
        kind: kind.to_owned(),
        record_kind: record.0.to_owned(),
        record_id: record.1,
        link: 1,
        action: action.to_owned(),
        user_id: Some(by.0),
        role: Some(by.1.to_owned()),
        organization_id: Some(by.2),
        data,
        previous_hash: GENESIS.to_owned(),
        hash: String::new(),
    };
    row.hash = hash(&row).unwrap();
    row
}
