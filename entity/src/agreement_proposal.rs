//! Proposals that other parties must confirm 中止、恢复、解除等提议.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What can be proposed 提议事项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProposedStep {
    /// Suspend the agreement 中止.
    Suspend,
    /// Take it up again 恢复.
    Resume,
    /// End it before its time 解除.
    Terminate,
    /// Give it up before it begins 撤销签约.
    Rescind,
}

/// Where a proposal stands 提议状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProposalStatus {
    /// Waits for the other parties 待确认.
    Open,
    /// Confirmed by all and carried out 已通过.
    Carried,
    /// Declined by a party 未通过.
    Declined,
    /// Taken back by its proposer 已撤回.
    Withdrawn,
    /// Overtaken: the agreement moved on before all had answered 已失效.
    Lapsed,
}

/// A step of a proposal 提议办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProposalStep {
    /// Agree for the own side; the last party's word carries it out 同意.
    Agree,
    /// Decline for the own side, which ends it 不同意.
    Decline,
    /// Take the own side's proposal back 撤回.
    Withdraw,
    /// The agreement moved on; the system does it 失效.
    Lapse,
}

/// A proposal.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    pub step: ProposedStep,
    /// The proposing party.
    pub organization_id: Uuid,
    pub proposer_id: Uuid,
    pub reason: String,
    pub document_id: Option<Uuid>,
    pub status: ProposalStatus,
    /// When it was carried, declined, withdrawn or overtaken.
    pub closed_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "agreement_proposal";
}
