//! Résumés 简历: one for each student. What it says stands in its versions.

use sea_orm::entity::prelude::*;

/// A résumé.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resume")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub student_id: Uuid,
    pub university_id: Uuid,
    /// The newest version; none once it was erased.
    pub current_id: Option<Uuid>,
    /// How many versions were ever saved; erasing keeps the number.
    pub saved: i32,
    /// When its content was erased, until the next one is saved.
    pub erased_at: Option<DateTimeUtc>,
    /// The code of the major that the newest version names first: what is counted by.
    pub major: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "resume";
}
