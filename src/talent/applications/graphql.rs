//! Applications as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    application::{self, ApplicationSide, ApplicationStatus, ApplicationStep, ClosingReason, Engagement},
    document, event, job_position, negotiation, organization, recruitment_event, user,
};
use sea_orm::{Condition, Order};

use super::{
    ApplicationStepInput, ApplicationSubmitInput, intention,
    intention::ApplicationDeclareIntentionInput,
    offers::{self, ApplicationOfferInput},
    selection::{self, ApplicationCloseInput, ApplicationRecordInterviewInput},
    store,
};
use crate::{
    audit::graphql::Event,
    documents::graphql::Document,
    error::{Error, Result},
    graphql::{
        Between, Connection, Date, DateTime, Filter, Money, OneOf, OrderField, Payload, all, asked, by_id, column,
        facts, filter, group_size, many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::{
        events::graphql::RecruitmentEvent,
        negotiations::{self, ApplicationOpenNegotiationInput, graphql::Negotiation},
        positions::graphql::Position,
        resumes::graphql::Resume,
    },
    view,
};

view! {
    /// A student's application for a position 申请. Seen by the student, the enterprise's recruiters and the staff of the
    /// student's university; nobody else learns that there is one.
    pub Application of application, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The position 岗位.
    position: Option<Position> = one(PositionId);
    /// The enterprise that offers it 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// Who applies 学生.
    student: Option<Person> = one(StudentId);
    /// Where the student studies 高校.
    university: Option<Organization> = one(UniversityId);
    /// The student's résumé; null with CONSENT_REQUIRED for an enterprise while the student does not consent 简历.
    resume: Option<Resume> = one(ResumeId).or_else(Error::consent_required);
    /// The event at which the two met 活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// What the student writes to the enterprise 求职信.
    letter: Option<String> = column(Letter);
    /// Where it stands 状态.
    status: ApplicationStatus = column(Status);
    /// Why it was refused, taken back or declined 结束原因.
    closing_reason: Option<ClosingReason> = column(ClosingReason);
    /// A word about that to the other side 结束说明.
    closing_note: Option<String> = column(ClosingNote);
    /// When the interview took place 面试时间.
    interviewed_at: Option<DateTime> = column(InterviewedAt);
    /// What the enterprise noted; for its own people 面试记录.
    interview_note: Option<String> = column(InterviewNote).only_if(store::notes_visible_to);
    /// What the intention aims at; it is one of both sides once `intentionConfirmedAt` is set 意向类别.
    intention: Option<Engagement> = column(Intention);
    /// The side that spoke first 意向提出方.
    intention_by: Option<ApplicationSide> = column(IntentionBy);
    /// When 意向提出时间.
    intention_at: Option<DateTime> = column(IntentionAt);
    /// When the other side confirmed it 意向确认时间.
    intention_confirmed_at: Option<DateTime> = column(IntentionConfirmedAt);
    /// Until when the other side can 意向失效时间.
    intention_lapses_at: Option<DateTime> = column(IntentionLapsesAt);
    /// The talks about the details, in their order 后续洽谈.
    negotiations: Connection<Negotiation> =
        many(negotiation::Column::ApplicationId).order(negotiation::Column::Round, Order::Asc);
    /// What is offered 录用类别.
    offer: Option<Engagement> = column(Offer);
    /// Pay in fen a month, before tax 月薪.
    offer_pay: Option<Money> = column(OfferPay);
    /// The first day at work 到岗日期.
    offer_starts_on: Option<Date> = column(OfferStartsOn);
    /// What else is offered 录用条件.
    offer_terms: Option<String> = column(OfferTerms);
    /// When the offer was made 录用时间.
    offered_at: Option<DateTime> = column(OfferedAt);
    /// The last day to answer; it ends at midnight in Shanghai 答复期限.
    offer_answer_by: Option<Date> = column(OfferAnswerBy);
    /// When the student accepted 接受时间.
    accepted_at: Option<DateTime> = column(AcceptedAt);
    /// What shows that a contract was signed, oldest first 佐证文件.
    documents: Connection<Document> = many(document::Column::RecordId);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<ApplicationStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was submitted 投递时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// How many applications stand where, of those that you may see 申请统计.
    pub ApplicationCount of application, seen by store::visible_to;

    /// The position 岗位.
    position: Option<Position> = one(PositionId);
    /// The status 状态.
    status: ApplicationStatus = column(Status);
    /// How many 数量.
    count: i32 = group_size();
}

view! {
    /// Queries about applications.
    pub ApplicationQueries root;

    /// The application with this id 申请.
    application: Option<Application> = by_id();
    /// The applications that you may see: a student the own ones 申请列表.
    applications: Option<Connection<Application>> =
        all().filter::<ApplicationFilter>().order_by::<ApplicationOrderField>();
    /// How many there are, by position and status 申请统计.
    application_counts: Option<Vec<ApplicationCount>> = all()
        .filter::<ApplicationFilter>()
        .grouped_by([application::Column::PositionId, application::Column::Status])
        .at_most(1_000);
}

/// Which applications.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ApplicationFilter {
    /// By their position.
    pub position_id: Option<OneOf<Id<job_position::Entity>>>,
    /// By the enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the student.
    pub student_id: Option<OneOf<Id<user::Entity>>>,
    /// By the student's university.
    pub university_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the event at which the two met.
    pub event_id: Option<OneOf<Id<recruitment_event::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<ApplicationStatus>>,
    /// By what the intention aims at.
    pub intention: Option<OneOf<Engagement>>,
    /// By when both sides had the intention.
    pub intention_confirmed_at: Option<Between<DateTime>>,
    /// By what is offered.
    pub offer: Option<OneOf<Engagement>>,
    /// By the last day to answer an offer.
    pub offer_answer_by: Option<Between<Date>>,
    /// By when they were submitted.
    pub created_at: Option<Between<DateTime>>,
}

impl Filter<application::Entity> for ApplicationFilter {
    fn condition(&self) -> Condition {
        use application::Column;
        filter::all([
            self.position_id.as_ref().map(|position| position.on(Column::PositionId)),
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.student_id.as_ref().map(|student| student.on(Column::StudentId)),
            self.university_id.as_ref().map(|university| university.on(Column::UniversityId)),
            self.event_id.as_ref().map(|event| event.on(Column::EventId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.intention.as_ref().map(|intention| intention.on(Column::Intention)),
            self.intention_confirmed_at.as_ref().map(|range| range.on(Column::IntentionConfirmedAt)),
            self.offer.as_ref().map(|offer| offer.on(Column::Offer)),
            self.offer_answer_by.as_ref().map(|range| range.on(Column::OfferAnswerBy)),
            self.created_at.as_ref().map(|range| range.on(Column::CreatedAt)),
        ])
    }
}

/// What applications can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ApplicationOrderField {
    /// When they were submitted 投递时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<application::Entity> for ApplicationOrderField {
    fn column(self) -> application::Column {
        match self {
            Self::CreatedAt => application::Column::CreatedAt,
            Self::UpdatedAt => application::Column::UpdatedAt,
        }
    }
}

/// Mutations of applications.
#[derive(Debug, Default)]
pub struct ApplicationMutations;

#[Object]
impl ApplicationMutations {
    /// Applies for a position. Who may: a student who has consented that the enterprise reads the résumé, once for each
    /// position 投递申请.
    async fn application_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationSubmitInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::submit(app, actor, &input).await.map(Application))
    }

    /// Looks closer at an application. Who may: the enterprise's recruiters 列入候选.
    async fn application_shortlist(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationStepInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(selection::shortlist(app, actor, &input).await.map(Application))
    }

    /// Asks the student to an interview. Who may: the enterprise's recruiters 邀请面试.
    async fn application_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationStepInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(selection::invite(app, actor, &input).await.map(Application))
    }

    /// Records that the interview took place. Who may: the enterprise's recruiters 登记面试.
    async fn application_record_interview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationRecordInterviewInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(selection::record_interview(app, actor, &input).await.map(Application))
    }

    /// Records that the student did not come. Who may: the enterprise's recruiters 登记缺席.
    async fn application_record_no_show(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationStepInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(selection::record_no_show(app, actor, &input).await.map(Application))
    }

    /// Says that both should go on; the other side has seven days to confirm it. Who may: the student, or the
    /// enterprise's recruiters 表达意向.
    async fn application_declare_intention(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationDeclareIntentionInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(intention::declare(app, actor, &input).await.map(Application))
    }

    /// Confirms the other side's intention. Who may: the student, or the enterprise's recruiters, whoever did not
    /// declare it 确认意向.
    async fn application_confirm_intention(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationStepInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(intention::confirm(app, actor, &input).await.map(Application))
    }

    /// Sets a date to talk about the details. Who may: the enterprise's recruiters, once the intention is confirmed
    /// 安排洽谈.
    async fn application_open_negotiation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationOpenNegotiationInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(negotiations::open(app, actor, &input).await.map(Application))
    }

    /// Makes an offer. Who may: the enterprise's recruiters 发出录用通知.
    async fn application_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationOfferInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(offers::offer(app, actor, &input).await.map(Application))
    }

    /// Accepts the offer. Who may: the student 接受录用.
    async fn application_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationStepInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(offers::accept(app, actor, &input).await.map(Application))
    }

    /// Declines the offer, with a reason. Who may: the student 谢绝录用.
    async fn application_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationCloseInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(offers::decline(app, actor, &input).await.map(Application))
    }

    /// Says no, with a reason. Who may: the enterprise's recruiters, until an offer is accepted 不予录用.
    async fn application_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationCloseInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(selection::reject(app, actor, &input).await.map(Application))
    }

    /// Takes the application back, with a reason. Who may: the student, until an offer is accepted 撤回申请.
    async fn application_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationCloseInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(selection::withdraw(app, actor, &input).await.map(Application))
    }
}
