//! What is kept about a student here, as the student takes it along: nothing but the choice.

use sea_orm::prelude::async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{error::Result, platform::db::Tx, talent::student_data::Exportable};

/// Whether a student wants positions to be suggested.
#[derive(Debug)]
pub struct OwnChoice;

#[async_trait]
impl Exportable for OwnChoice {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let choice = store::choice(tx, student).await?;
        Ok(vec![("suggestionsWanted", json!(choice.is_none_or(|choice| choice.wanted)))])
    }
}
