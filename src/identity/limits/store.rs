//! The only place that touches the counters of failed sign-ins and the addresses that users have used.

use chrono::{DateTime, Utc};
use entity::{known_address, sign_in_counter};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use crate::{error::Result, platform::db::Write};

/// The counters of these subjects whose window began after `since`.
///
/// # Errors
/// When the database fails.
pub async fn counters(
    db: &impl ConnectionTrait,
    subjects: &[String],
    since: DateTime<Utc>,
) -> Result<Vec<sign_in_counter::Model>> {
    Ok(sign_in_counter::Entity::find()
        .filter(sign_in_counter::Column::Subject.is_in(subjects))
        .filter(sign_in_counter::Column::WindowStartsAt.gt(since))
        .all(db)
        .await?)
}

/// One failure more; the first of a new window when the last one began before `since`.
///
/// # Errors
/// When the database fails.
pub async fn count(write: &Write, subject: &str, since: DateTime<Utc>) -> Result<()> {
    use sign_in_counter::{Column, Entity};
    let failures = || Expr::col((Entity, Column::Failures));
    let began = || Expr::col((Entity, Column::WindowStartsAt));
    let statement = Query::insert()
        .into_table(Entity)
        .columns([Column::Subject, Column::WindowStartsAt, Column::Failures])
        .values_panic([subject.into(), write.now().into(), 1.into()])
        .on_conflict(
            OnConflict::column(Column::Subject)
                .value(Column::Failures, Expr::case(began().gt(since), failures().add(1)).finally(1))
                .value(Column::WindowStartsAt, Expr::case(began().gt(since), began()).finally(write.now()))
                .to_owned(),
        )
        .to_owned();
    write.execute(&statement).await.map(drop)
}

/// Whether the user has signed in from this address before.
///
/// # Errors
/// When the database fails.
pub async fn is_known(db: &impl ConnectionTrait, user: Uuid, address: &str) -> Result<bool> {
    let row = known_address::Entity::find_by_id((user, address.to_owned())).one(db).await?;
    Ok(row.is_some())
}

/// Remembers that the user has signed in from this address.
///
/// # Errors
/// When the database fails.
pub async fn remember(write: &Write, user: Uuid, address: &str) -> Result<()> {
    use known_address::{Column, Entity};
    let statement = Query::insert()
        .into_table(Entity)
        .columns([Column::UserId, Column::Address, Column::LastUsedAt])
        .values_panic([user.into(), address.into(), write.now().into()])
        .on_conflict(
            OnConflict::columns([Column::UserId, Column::Address]).update_column(Column::LastUsedAt).to_owned(),
        )
        .to_owned();
    write.execute(&statement).await.map(drop)
}

/// Removes counters whose window began before `since`, and addresses last used before `unused_since`.
///
/// # Errors
/// When the database fails.
pub async fn forget(write: &Write, since: DateTime<Utc>, unused_since: DateTime<Utc>) -> Result<()> {
    let mut counters = Query::delete();
    counters.from_table(sign_in_counter::Entity).and_where(sign_in_counter::Column::WindowStartsAt.lte(since));
    let mut addresses = Query::delete();
    addresses.from_table(known_address::Entity).and_where(known_address::Column::LastUsedAt.lt(unused_since));
    write.execute(&counters).await?;
    write.execute(&addresses).await.map(drop)
}
