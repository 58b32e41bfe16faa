//! Repeating a request: a machine that does not know whether its request arrived sends it again under the same key.
//!
//! The key belongs to the membership that sends it and to one kind of request. The first request that succeeds keeps
//! the key together with what it made; the same request again gives that same record, and any other request under the
//! key is refused. A request that fails keeps nothing.

use entity::idempotency::{self, Column};
use sea_orm::{
    EntityTrait,
    sea_query::{OnConflict, Query},
};
use uuid::Uuid;

use super::{
    db::Write,
    event::sha256,
    input::{Checks, Length},
};
use crate::error::{Error, Result, Text};

const FIELD: &str = "idempotencyKey";
const KEY: Length = Length { min: 1, max: 100 };

/// Keeps the key for the record that this request is about to make. Where an earlier request has the key already:
/// the record that it made, which is then the result.
///
/// Call it when the permit is given and before anything is made; without a key nothing is kept.
///
/// # Errors
/// `INVALID_INPUT` for a key that is too long; DUPLICATE when the earlier request asked for something else.
pub async fn earlier(write: &Write, key: Option<&str>, body: &str, makes: Uuid) -> Result<Option<Uuid>> {
    let Some(key) = key else { return Ok(None) };
    let mut checks = Checks::new();
    let key = checks.line(FIELD, key, KEY);
    checks.finish()?;
    let actor = write.permit().actor().ok_or_else(|| Error::internal("a job of the system repeats itself"))?;
    let row = idempotency::Model {
        membership_id: actor.membership(),
        action: write.permit().action().to_owned(),
        key,
        body_hash: sha256(body.as_bytes()),
        result_id: makes,
        created_at: write.now(),
    };
    if keep(write, &row).await? {
        return Ok(None);
    }
    let own = (row.membership_id, row.action, row.key);
    let first = idempotency::Entity::find_by_id(own).one(write.tx()).await?;
    let first = first.ok_or_else(|| Error::internal("a key that is neither new nor kept"))?;
    if first.body_hash == row.body_hash {
        return Ok(Some(first.result_id));
    }
    let message = Text::new(
        "This key was used for another request; use a new one for each.",
        "该幂等键已用于另一请求，每个请求应使用新的键。",
    );
    let mut checks = Checks::new();
    checks.duplicate(FIELD, message, None);
    checks.finish().map(|()| None)
}

/// Whether the key was free. Another request that holds it and is not through yet is waited for.
async fn keep(write: &Write, row: &idempotency::Model) -> Result<bool> {
    let statement = Query::insert()
        .into_table(idempotency::Entity)
        .columns([
            Column::MembershipId,
            Column::Action,
            Column::Key,
            Column::BodyHash,
            Column::ResultId,
            Column::CreatedAt,
        ])
        .values_panic([
            row.membership_id.into(),
            row.action.as_str().into(),
            row.key.as_str().into(),
            row.body_hash.as_str().into(),
            row.result_id.into(),
            row.created_at.into(),
        ])
        .on_conflict(OnConflict::columns([Column::MembershipId, Column::Action, Column::Key]).do_nothing().to_owned())
        .take();
    Ok(write.execute(&statement).await? == 1)
}
