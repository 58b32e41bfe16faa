//! x
use crate::{
    auth::{Actor, RecordRef},
    error::Result,
    platform::db::Tx,
};
/// x
pub async fn attached(_tx: &Tx, _actor: &Actor, _what: (RecordRef, uuid::Uuid)) -> Result<entity::document::Model> {
    Err(crate::error::Error::not_found())
}
