//! What the parties said of a proposal.

use sea_orm::entity::prelude::*;

/// One party's word.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_proposal_vote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub proposal_id: Uuid,
    pub organization_id: Uuid,
    pub voter_id: Uuid,
    pub agreed: bool,
    /// A word to the other parties.
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "agreement_proposal_vote";
}
