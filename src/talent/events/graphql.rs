//! Recruitment events as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    document, event, event_exhibitor, event_registration, job_position, organization,
    recruitment_event::{self, RecruitmentEventKind, RecruitmentEventStatus, RecruitmentEventStep},
};
use sea_orm::{Condition, Order};

use super::{
    RecruitmentEventArticleWriteInput, RecruitmentEventCreateInput, RecruitmentEventEditInput,
    RecruitmentEventMoveInput, RecruitmentEventReasonedStepInput, RecruitmentEventStepInput, store, store::Attendance,
};
use crate::{
    audit::graphql::Event,
    auth::Actor,
    documents::graphql::Document,
    error::Result,
    graphql::{
        Between, Connection, DateTime, Filter, OneOf, OrderField, Payload, RegionCode, Words, all, asked, by_id,
        column, facts, filter, many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::{
        events::exhibitors::graphql::{EventExhibitor, EventExhibitorFilter},
        positions::graphql::{Position, PositionFilter},
        registrations::graphql::{Registration, RegistrationFilter},
    },
    view,
};

view! {
    /// Where students and enterprises meet 招聘活动. Once announced, seen by everyone signed in; before, by its organizer,
    /// the county that was asked to review it and the enterprises named in it.
    pub RecruitmentEvent of recruitment_event, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// What kind of event it is 活动类别.
    kind: RecruitmentEventKind = column(Kind);
    /// Who holds it: a county body, a park or a university 主办单位.
    organizer: Option<Organization> = one(OrganizerId);
    /// The county for which it is held and whose people review it; null for a university's own event 所属县区.
    region_code: Option<RegionCode> = column(RegionCode);
    /// Its title 活动名称.
    title: String = column(Title);
    /// What it is 活动说明.
    description: String = column(Description);
    /// Where it is 地点.
    place: String = column(Place);
    /// When it begins 开始时间.
    starts_at: DateTime = column(StartsAt);
    /// When it ends 结束时间.
    ends_at: DateTime = column(EndsAt);
    /// From when students register 报名开始时间.
    registration_opens_at: DateTime = column(RegistrationOpensAt);
    /// Until when students register 报名截止时间.
    registration_closes_at: DateTime = column(RegistrationClosesAt);
    /// How many students there is room for 学生名额.
    capacity: i32 = column(Capacity);
    /// How many enterprises there is room for 展位数.
    booths: i32 = column(Booths);
    /// What happens when 议程.
    programme: Option<String> = column(Programme);
    /// How many students hold or held a place and did not give it up: for its organizer and the reviewing county 报名人数.
    registered_count: Option<i32> = facts(store::attendances, |attendance: &Attendance, _: &Actor| Some(attendance.registered));
    /// How many of them came: for its organizer and the reviewing county 签到人数.
    checked_in_count: Option<i32> = facts(store::attendances, |attendance: &Attendance, _: &Actor| Some(attendance.checked_in));
    /// The enterprises that exhibit, oldest first 参展企业.
    exhibitors: Connection<EventExhibitor> = many(event_exhibitor::Column::EventId).filter::<EventExhibitorFilter>();
    /// The positions that are offered there and that you may see, oldest first 岗位.
    positions: Connection<Position> = many(job_position::Column::EventId).filter::<PositionFilter>();
    /// The registrations that you may see, oldest first 报名.
    registrations: Connection<Registration> = many(event_registration::Column::EventId).filter::<RegistrationFilter>();
    /// What is told of it afterwards; for its organizer and the reviewing county before it is published 活动报道.
    article: Option<String> = column(Article).only_if(store::article_visible_to);
    /// When that was published 报道发布时间.
    article_published_at: Option<DateTime> = column(ArticlePublishedAt);
    /// Plans and photos, oldest first; seen like the article 照片与文件.
    documents: Connection<Document> = many(document::Column::RecordId);
    /// Where it stands 状态.
    status: RecruitmentEventStatus = column(Status);
    /// Why it was returned, moved or called off 原因.
    status_reason: Option<String> = column(StatusReason);
    /// Who sent it to be reviewed; for its organizer and the reviewing county 提交人.
    submitted_by: Option<Person> = one(SubmittedById).only_if(store::inner_details_visible_to);
    /// When it was last sent to be reviewed 提交时间.
    submitted_at: Option<DateTime> = column(SubmittedAt);
    /// Who reviewed and announced it; for its organizer and the reviewing county 审核发布人.
    published_by: Option<Person> = one(PublishedById).only_if(store::inner_details_visible_to);
    /// When it was announced 发布时间.
    published_at: Option<DateTime> = column(PublishedAt);
    /// When check-in opened 开放签到时间.
    check_in_opened_at: Option<DateTime> = column(CheckInOpenedAt);
    /// When it was closed 结束办理时间.
    closed_at: Option<DateTime> = column(ClosedAt);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<RecruitmentEventStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was drafted 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about recruitment events.
    pub RecruitmentEventQueries root;

    /// The event with this id 招聘活动.
    recruitment_event: Option<RecruitmentEvent> = by_id();
    /// The events that you may see 招聘活动列表.
    recruitment_events: Option<Connection<RecruitmentEvent>> =
        all().filter::<RecruitmentEventFilter>().order_by::<RecruitmentEventOrderField>();
}

/// Which events.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RecruitmentEventFilter {
    /// By what kind they are.
    pub kind: Option<OneOf<RecruitmentEventKind>>,
    /// By where they stand.
    pub status: Option<OneOf<RecruitmentEventStatus>>,
    /// By who holds them.
    pub organizer_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the county for which they are held.
    pub region_code: Option<OneOf<RegionCode>>,
    /// By when they begin.
    pub starts_at: Option<Between<DateTime>>,
    /// Those whose title, place and description hold these words, as `search` finds them; at most 100 characters, and 25
    /// Chinese ones.
    pub search: Option<Words>,
}

impl Filter<recruitment_event::Entity> for RecruitmentEventFilter {
    fn condition(&self) -> Condition {
        use recruitment_event::Column;
        filter::all([
            self.kind.as_ref().map(|kind| kind.on(Column::Kind)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.organizer_id.as_ref().map(|organizer| organizer.on(Column::OrganizerId)),
            self.region_code.as_ref().map(|code| code.on(Column::RegionCode)),
            self.starts_at.as_ref().map(|range| range.on(Column::StartsAt)),
            self.search.as_ref().map(|words| words.on([Column::Title, Column::Place, Column::Description])),
        ])
    }
}

/// What events can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RecruitmentEventOrderField {
    /// When they begin 开始时间.
    StartsAt,
    /// When they were drafted 创建时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<recruitment_event::Entity> for RecruitmentEventOrderField {
    fn column(self) -> recruitment_event::Column {
        match self {
            Self::StartsAt => recruitment_event::Column::StartsAt,
            Self::CreatedAt => recruitment_event::Column::CreatedAt,
            Self::UpdatedAt => recruitment_event::Column::UpdatedAt,
        }
    }
}

/// Mutations of recruitment events.
#[derive(Debug, Default)]
pub struct RecruitmentEventMutations;

#[Object]
impl RecruitmentEventMutations {
    /// Drafts an event. Who may: the people of a verified county body, park or university 新建招聘活动.
    async fn recruitment_event_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventCreateInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Changes a draft. Who may: the organizer's people 修改活动草稿.
    async fn recruitment_event_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventEditInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::edit(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Sends a draft to be reviewed. Who may: the organizer's people 提交审核.
    async fn recruitment_event_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::submit(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Sends an event back to its organizer, with a reason. Who may: the people of its county; the university's admin
    /// where no county is named 退回.
    async fn recruitment_event_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventReasonedStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::return_for_revision(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Reviews an event and announces it. Who may: as for returning, but not who submitted it 审核发布.
    async fn recruitment_event_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::publish(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Gives an event that was announced another time or place; enterprises and students are told. Who may: the
    /// organizer's people 调整时间地点.
    async fn recruitment_event_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventMoveInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::move_to(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Begins to check students in; the system does so an hour before. Who may: the organizer's people 开放签到.
    async fn recruitment_event_open_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::open_check_in(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Begins an event; the system does so at its time. Who may: the organizer's people 开始活动.
    async fn recruitment_event_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::start(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Ends an event; the system does so at its time. Before it, interview sessions that have not begun are called off, and
    /// those that are held take no more bookings. Who may: the organizer's people 结束活动.
    async fn recruitment_event_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::close(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Makes the figures of an event final: nobody is checked in afterwards. Who may: the organizer's people 总结活动.
    async fn recruitment_event_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::report(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Calls an event off, with a reason that enterprises and students are told. Who may: the organizer's people 取消活动.
    async fn recruitment_event_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventReasonedStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::cancel(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Writes what is told of an event that is over. Who may: the organizer's people 撰写活动报道.
    async fn recruitment_event_article_write(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventArticleWriteInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::write_article(app, actor, &input).await.map(RecruitmentEvent))
    }

    /// Shows the article and the attached photos to everybody. Who may: the organizer's people 发布活动报道.
    async fn recruitment_event_article_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RecruitmentEventStepInput,
    ) -> Result<Payload<RecruitmentEvent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::publish_article(app, actor, &input).await.map(RecruitmentEvent))
    }
}
