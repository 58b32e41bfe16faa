//! Student records 学籍名册: whom a university has on its rolls.

use sea_orm::entity::prelude::*;

/// A student on a university's rolls.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "student_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The university.
    pub organization_id: Uuid,
    /// The student number; unique there.
    pub number: String,
    pub name: String,
    /// The code of the catalogue.
    pub major: Option<String>,
    /// The administrative class.
    pub class_name: Option<String>,
    /// The year of graduation.
    pub graduates_in: Option<i32>,
    pub email: Option<String>,
    /// The last invitation by which the student may come in.
    pub invitation_id: Option<Uuid>,
    /// Who came in by it.
    pub student_id: Option<Uuid>,
    /// What the last import said, a JSON object of texts by columns: whatever differs now was edited by people.
    pub imported: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "student_record";
}
