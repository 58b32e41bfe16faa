//! Amendments 补充协议.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where an amendment stands 补充协议状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AmendmentStatus {
    /// Being written 起草中.
    Draft,
    /// Every party reads it 会审中.
    InReview,
    /// Approved; each party signs 待签署.
    AwaitingSignature,
    /// Signed by all: the agreement now reads so 已生效.
    Effective,
    /// Refused 已否决.
    Rejected,
    /// Taken back 已撤回.
    Withdrawn,
}

/// A step of an amendment 补充协议办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AmendmentStep {
    /// Send it to all parties 提交会审.
    Submit,
    /// Approve it for the own side 会审同意.
    Approve,
    /// Refuse it 否决.
    Reject,
    /// Sign it for the own side 签署.
    Sign,
    /// Take it back 撤回.
    Withdraw,
}

/// An amendment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "amendment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    pub number: i32,
    pub drafted_by_id: Uuid,
    pub author_id: Uuid,
    pub reason: String,
    pub title: String,
    pub terms: String,
    pub ends_on: Date,
    pub notice_by: Option<Date>,
    pub renewal_policy: crate::agreement::RenewalPolicy,
    pub status: AmendmentStatus,
    /// Why it was refused or taken back.
    pub status_reason: Option<String>,
    /// The hash of the text that it changes.
    pub base_hash: String,
    /// Canonical JSON of the agreement as amended, frozen when submitted.
    pub content: Option<String>,
    pub content_hash: Option<String>,
    pub effective_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "amendment";
}
