//! Failed sign-ins 登录失败计数, of an address or an account, in the running quarter of an hour.

use sea_orm::entity::prelude::*;

/// How often somebody failed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_counter")]
pub struct Model {
    /// A pseudonym: neither the address nor the login can be read from it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub window_starts_at: DateTimeUtc,
    pub failures: i32,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "sign_in_counter";
}
