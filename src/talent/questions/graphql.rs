//! Questions to enterprises as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    event,
    membership::Role,
    organization,
    organization_question::{self, QuestionStatus, QuestionStep, QuestionTopic},
};
use sea_orm::{Condition, Order};

use super::{
    OrganizationQuestionAnswerInput, OrganizationQuestionAskInput, OrganizationQuestionDeclineInput,
    OrganizationQuestionWithdrawInput, store,
};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Connection, DateTime, Filter, OneOf, OrderField, Payload, Words, all, asked, by_id, column, facts, filter,
        many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    view,
};

view! {
    /// What somebody of a university or a county asked an enterprise 企业问答. Answered ones are seen by everyone signed
    /// in, all others by the asker and the enterprise.
    pub OrganizationQuestion of organization_question, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The enterprise that is asked 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// What it is about 主题.
    topic: QuestionTopic = column(Topic);
    /// What somebody wants to know 提问内容.
    question: String = column(Question);
    /// In which role it was asked 提问人角色.
    asker_role: Role = column(AskerRole);
    /// For which organization it was asked 提问人单位.
    asker_organization: Option<Organization> = one(AskerOrganizationId);
    /// Who asked; for the asker and the people of that organization only 提问人.
    asker: Option<Person> = one(AskerId).only_if(store::asker_visible_to);
    /// The answer 答复.
    answer: Option<String> = column(Answer);
    /// Who answered; for the enterprise's own people only 答复人.
    answered_by: Option<Person> = one(AnsweredById).only_if(store::answerer_visible_to);
    /// When it was answered 答复时间.
    answered_at: Option<DateTime> = column(AnsweredAt);
    /// Where it stands 状态.
    status: QuestionStatus = column(Status);
    /// Why it is not answered 原因.
    status_reason: Option<String> = column(StatusReason);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<QuestionStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was asked 提问时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about questions to enterprises.
    pub QuestionQueries root;

    /// The question with this id 企业问答.
    organization_question: Option<OrganizationQuestion> = by_id();
    /// The questions that you may see 企业问答列表.
    organization_questions: Option<Connection<OrganizationQuestion>> =
        all().filter::<OrganizationQuestionFilter>().order_by::<OrganizationQuestionOrderField>();
}

/// Which questions.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrganizationQuestionFilter {
    /// By where they stand.
    pub status: Option<OneOf<QuestionStatus>>,
    /// By what they are about.
    pub topic: Option<OneOf<QuestionTopic>>,
    /// By the enterprise that is asked.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// Those whose question and answer hold these words, as `search` finds them; at most 100 characters, and 25 Chinese
    /// ones.
    pub search: Option<Words>,
}

impl Filter<organization_question::Entity> for OrganizationQuestionFilter {
    fn condition(&self) -> Condition {
        use organization_question::Column;
        filter::all([
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.topic.as_ref().map(|topic| topic.on(Column::Topic)),
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.search.as_ref().map(|words| words.on([Column::Question, Column::Answer])),
        ])
    }
}

/// What questions can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrganizationQuestionOrderField {
    /// When they were asked 提问时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<organization_question::Entity> for OrganizationQuestionOrderField {
    fn column(self) -> organization_question::Column {
        match self {
            Self::CreatedAt => organization_question::Column::CreatedAt,
            Self::UpdatedAt => organization_question::Column::UpdatedAt,
        }
    }
}

/// Mutations of questions to enterprises.
#[derive(Debug, Default)]
pub struct QuestionMutations;

#[Object]
impl QuestionMutations {
    /// Asks a verified enterprise something. Who may: the people of universities and counties, but no auditors and no
    /// machines; each up to a number of questions that wait at a time 向企业提问.
    async fn organization_question_ask(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationQuestionAskInput,
    ) -> Result<Payload<OrganizationQuestion>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::ask(app, actor, &input).await.map(OrganizationQuestion))
    }

    /// Answers a question; both are then read by everyone signed in. Who may: the enterprise's admin and recruiters 答复.
    async fn organization_question_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationQuestionAnswerInput,
    ) -> Result<Payload<OrganizationQuestion>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::answer(app, actor, &input).await.map(OrganizationQuestion))
    }

    /// Says why a question is not answered; the asker reads it. Who may: the enterprise's admin and recruiters 不予答复.
    async fn organization_question_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationQuestionDeclineInput,
    ) -> Result<Payload<OrganizationQuestion>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::decline(app, actor, &input).await.map(OrganizationQuestion))
    }

    /// Takes a question back that waits for an answer. Who may: whoever asked 撤回提问.
    async fn organization_question_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationQuestionWithdrawInput,
    ) -> Result<Payload<OrganizationQuestion>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw(app, actor, &input).await.map(OrganizationQuestion))
    }
}
