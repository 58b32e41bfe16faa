//! The parties of an agreement 协议各方.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::agreement::AgreementStatus;

/// What a party does 参与方式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PartyRole {
    /// Reviews and signs 签约方.
    Required,
    /// Reads and is shown; neither reviews nor signs 见证方.
    Witness,
}

/// A party.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    pub organization_id: Uuid,
    /// 甲方, 乙方, 丙方 …
    pub capacity: String,
    pub role: PartyRole,
    /// Its place on the cover, from 0.
    pub position: i32,
    /// As the agreement has it; this and what follows is kept by the database, and read where agreements are counted.
    pub county_id: Uuid,
    pub status: AgreementStatus,
    pub drafted_by_id: Uuid,
    /// Whether others than who drafted the agreement see it.
    pub shared: bool,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "agreement_party";
}
