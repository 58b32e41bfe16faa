//! The keys that sign access tokens 签名密钥.

use sea_orm::entity::prelude::*;

/// Where a key stands. There is one of each but the retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyState {
    /// Published, so that everybody knows it before it signs.
    Next,
    /// Signs.
    Current,
    /// Signs no more; what it signed is still believed.
    Previous,
    /// Believed no more.
    Retired,
}

/// An Ed25519 key.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// As a TypeID it is the `kid` in a token's header.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// 32 bytes in base64url: `x` of the JWK.
    pub public_key: String,
    /// PKCS #8, sealed with the installation's secret; gone once the key is retired.
    pub sealed_private_key: Option<String>,
    pub state: KeyState,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "signing_key";
}
