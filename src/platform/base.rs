//! Where the positions of the event log begin on PostgreSQL: `base + transaction id`.
//!
//! Transaction ids belong to a cluster. A log restored from a dump meets other ones there, which may be lower than the
//! positions it already has: what is written next would stand before what was written long ago, and no reader would
//! find it. So the installation remembers its cluster, and whoever brings the database up to date raises the base when
//! it is another one, before anything is written. Each base leaves room for all transactions that a cluster will ever
//! run, so that positions handed out after the dump was taken, which its readers may still hold, are not used again.

use entity::installation;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, Statement, sea_query::OnConflict};

/// The row of `installation` that holds the base.
const BASE: &str = "event_base";
/// The row of `installation` that names the cluster.
const CLUSTER: &str = "event_cluster";
/// Bases are multiples of this: at a thousand writes a second, a cluster takes 34 years to use it up.
const ERA: i64 = 1 << 40;

/// The statement for a transaction id's place in the log.
pub(super) fn above(transaction: &str) -> String {
    format!(
        "SELECT {transaction}::text::bigint + \
         COALESCE((SELECT value::bigint FROM installation WHERE name = '{BASE}'), 0) AS position"
    )
}

/// Raises the base when this database lies in another cluster than before, or its log is ahead of the cluster. Called
/// under the lock of the migrations, on PostgreSQL, while nobody writes to a database that was just restored.
pub(super) async fn settle(db: &DatabaseTransaction) -> Result<(), DbErr> {
    let here = cluster(db).await?;
    let known = read(db, CLUSTER).await?;
    // One statement, one snapshot: whoever writes meanwhile is not in it, or below its end.
    let ahead = format!(
        "SELECT COALESCE(MAX(e.position), 0) AS last, \
         COALESCE(MAX(e.position), 0) >= ({}) AS ahead FROM event e",
        above("pg_snapshot_xmax(pg_current_snapshot())")
    );
    let row = one(db, &ahead).await?;
    let (last, ahead): (i64, bool) = (row.try_get("", "last")?, row.try_get("", "ahead")?);
    let moved = known.is_some() && here.is_some() && known != here;
    if ahead || moved {
        let base = read(db, BASE).await?.and_then(|base| base.parse().ok()).unwrap_or(0);
        let next = (last.max(base) / ERA + 1) * ERA;
        tracing::warn!(
            last,
            base = next,
            "the event log was restored into another cluster: its positions go on higher"
        );
        write(db, BASE, &next.to_string()).await?;
    }
    match here {
        Some(here) if known.as_ref() != Some(&here) => write(db, CLUSTER, &here).await,
        _ => Ok(()),
    }
}

/// The cluster's own number, where this user may ask for it.
async fn cluster(db: &DatabaseTransaction) -> Result<Option<String>, DbErr> {
    let may =
        "SELECT COALESCE(has_function_privilege(to_regprocedure('pg_control_system()'), 'EXECUTE'), false) AS may";
    if !one(db, may).await?.try_get::<bool>("", "may")? {
        return Ok(None);
    }
    let number = one(db, "SELECT system_identifier::text AS number FROM pg_control_system()").await?;
    Ok(Some(number.try_get("", "number")?))
}

async fn one(db: &DatabaseTransaction, sql: &str) -> Result<sea_orm::QueryResult, DbErr> {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))
}

async fn read(db: &DatabaseTransaction, name: &str) -> Result<Option<String>, DbErr> {
    Ok(installation::Entity::find_by_id(name).one(db).await?.map(|row| row.value))
}

#[expect(clippy::disallowed_methods, reason = "before any use case can run")]
async fn write(db: &DatabaseTransaction, name: &str, value: &str) -> Result<(), DbErr> {
    let row = installation::Model { name: name.to_owned(), value: value.to_owned() };
    let over = OnConflict::column(installation::Column::Name).update_column(installation::Column::Value).to_owned();
    let insert = installation::Entity::insert(installation::ActiveModel::from(row)).on_conflict(over);
    insert.exec_without_returning(db).await.map(drop)
}
