//! Sessions that were opened by an issuer's token: under whose identity.

use sea_orm::entity::prelude::*;

/// A session and the identity that opened it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    pub identity_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
