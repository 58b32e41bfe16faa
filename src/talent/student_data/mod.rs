//! What is kept about a student 个人信息导出: everything at once, for the student alone (PIPL, article 45).
//!
//! Each slice that keeps something about students says what ([`Exportable`]) and is registered in `schema.rs`. An export
//! is a JSON text in plain words; that it was taken stands in the student's trail.

pub mod graphql;

use chrono::{DateTime, Utc};
use sea_orm::prelude::async_trait::async_trait;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    error::Result,
    platform::{db::Tx, event::Event, id::Id},
    talent::resumes::rules::{Author, Own},
};

/// A slice that keeps something about students.
#[async_trait]
pub trait Exportable: Send + Sync {
    /// Everything that it keeps about this student, each under a name of its own.
    ///
    /// # Errors
    /// When the database fails.
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>>;
}

/// The slices that were registered.
pub type Registered = Vec<Box<dyn Exportable>>;

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// When.
    pub at: DateTime<Utc>,
    /// Everything, as JSON.
    pub json: String,
}

/// Everything that is kept about the actor as a student, at one moment.
///
/// # Errors
/// When the database fails.
pub async fn export(app: &App, actor: &Actor, slices: &Registered) -> Result<Exported> {
    app.db()
        .write(move |tx| async move {
            let write = tx.permit(actor, Own::Export, &Author::of(actor)).await?;
            let mut all = Map::new();
            all.insert("student".to_owned(), json!(Id::<entity::user::Entity>::new(actor.user()).to_string()));
            all.insert("exportedAt".to_owned(), json!(write.now()));
            for slice in slices {
                let parts = slice.export(&tx, actor.user()).await?;
                all.extend(parts.into_iter().map(|(name, part)| (name.to_owned(), part)));
            }
            write.emit(Event::new("StudentDataExported").with("parts", all.len())).await?;
            Ok(Exported { at: write.now(), json: Value::Object(all).to_string() })
        })
        .await
}
