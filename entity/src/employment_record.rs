//! Employment records 去向登记: where a graduate went, as the university knows it, with evidence.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What shows that somebody is employed. An internship is never among it 就业佐证类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmploymentEvidence {
    /// The labour contract 劳动合同.
    LabourContract,
    /// The employment agreement between graduate, employer and university 就业协议书.
    EmploymentAgreement,
    /// The employer's acceptance letter 接收函.
    AcceptanceLetter,
    /// The employer's certificate 用人单位证明.
    EmployerCertificate,
}

/// An employment record.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employment_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    pub student_id: Uuid,
    pub university_id: Uuid,
    /// The employer.
    pub organization_id: Uuid,
    pub evidence: EmploymentEvidence,
    /// The file that shows it.
    pub document_id: Uuid,
    pub signed_on: Date,
    pub onboarded_on: Option<Date>,
    pub recorded_by_id: Uuid,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "employment_record";
}
