//! Questions to an enterprise 企业问答: what somebody of a university or a county wants to know, and the answer.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::membership::Role;

/// What a question is about 提问主题.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuestionTopic {
    /// What it makes, and how 生产情况.
    Production,
    /// How it cultivates talents 人才培养.
    TalentCultivation,
    /// Its research platforms 科研平台.
    ResearchPlatform,
    /// Anything else 其他.
    Other,
}

/// Where a question stands 提问状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuestionStatus {
    /// Waits for the enterprise 待答复.
    Open,
    /// Answered; both are public on the profile 已答复.
    Answered,
    /// Not answered, with a reason 不予答复.
    Declined,
    /// Taken back by whoever asked 已撤回.
    Withdrawn,
}

/// A step of a question 提问办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuestionStep {
    /// Answer it for everybody 答复.
    Answer,
    /// Say why it is not answered 不予答复.
    Decline,
    /// Take it back 撤回.
    Withdraw,
}

/// A question.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_question")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The enterprise that is asked.
    pub organization_id: Uuid,
    pub topic: QuestionTopic,
    pub question: String,
    pub asker_id: Uuid,
    /// For whom the person asked then.
    pub asker_organization_id: Uuid,
    pub asker_role: Role,
    pub answer: Option<String>,
    pub answered_by_id: Option<Uuid>,
    pub answered_at: Option<DateTimeUtc>,
    pub status: QuestionStatus,
    /// Why it was not answered.
    pub status_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "organization_question";
}
