//! Invitations 邀请: how people come in.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::membership::Role;

/// Where an invitation stands 邀请状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationStatus {
    /// Can be accepted until it expires 待接受.
    Open,
    /// Somebody became a member by it 已接受.
    Accepted,
    /// Taken back 已撤回.
    Revoked,
}

/// A step of an invitation 邀请办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationStep {
    /// Become a member by it 接受.
    Accept,
    /// Take it back 撤回.
    Revoke,
}

/// An invitation to be a member of an organization in one role.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub role: Role,
    /// Whom it was sent to, as far as the inviter said.
    pub email: Option<String>,
    /// SHA-256 of the token, which only the invited person has.
    pub token_hash: String,
    pub status: InvitationStatus,
    pub expires_at: DateTimeUtc,
    /// Nobody when whoever runs the server made it.
    pub invited_by_id: Option<Uuid>,
    pub accepted_by_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "invitation";
}
