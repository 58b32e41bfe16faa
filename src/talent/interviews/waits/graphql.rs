//! Waiting lists as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    application, event, interview_session,
    interview_wait::{self, InterviewWaitStatus, InterviewWaitStep},
    organization, recruitment_event,
};
use sea_orm::{Condition, Order};

use super::{InterviewWaitJoinInput, InterviewWaitStepInput, rules, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Connection, DateTime, Filter, OneOf, OrderField, Payload, all, asked, by_id, column, facts, filter, many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::{
        applications::graphql::Application,
        events::graphql::RecruitmentEvent,
        interviews::{
            bookings::graphql::InterviewBooking,
            sessions::graphql::{InterviewSession, InterviewSlot},
        },
    },
    view,
};

view! {
    /// A student's place in the waiting list of an interview session 面试候补. Seen by the student, the staff of the
    /// student's university, the enterprise's recruiters and the organizer of the event.
    pub InterviewWait of interview_wait, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The session 面试场次.
    session: Option<InterviewSession> = one(SessionId);
    /// The application for which the student waits; null for whoever does not see that 申请.
    application: Option<Application> = one(ApplicationId);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// The event at which the session is; null: on site 招聘活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// The student; for the enterprise while the student consents; not for auditors 学生.
    student: Option<Person> = one(StudentId).only_if(store::names_visible_to);
    /// The student's university 高校.
    university: Option<Organization> = one(UniversityId);
    /// Where it stands 状态.
    status: InterviewWaitStatus = column(Status);
    /// Its place in the list, the first is 1; null unless it waits 候补位次.
    position: Option<i32> = facts(store::positions_of, rules::position);
    /// The slot in which a place is, or was, kept 保留的面试时段.
    slot: Option<InterviewSlot> = one(SlotId);
    /// Until when the place is kept 确认期限.
    accept_by: Option<DateTime> = column(AcceptBy);
    /// The booking, once the place was accepted 面试预约.
    booking: Option<InterviewBooking> = one(BookingId);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<InterviewWaitStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// Since when the student waits 候补时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about waiting lists.
    pub InterviewWaitQueries root;

    /// The place in a waiting list with this id 面试候补.
    interview_wait: Option<InterviewWait> = by_id();
    /// The places in waiting lists that you may see: a student the own ones 面试候补列表.
    interview_waits: Option<Connection<InterviewWait>> =
        all().filter::<InterviewWaitFilter>().order_by::<InterviewWaitOrderField>();
}

/// Which places in waiting lists.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InterviewWaitFilter {
    /// By their session.
    pub session_id: Option<OneOf<Id<interview_session::Entity>>>,
    /// By the application for which the student waits.
    pub application_id: Option<OneOf<Id<application::Entity>>>,
    /// By the enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the student's university.
    pub university_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the event at which the session is.
    pub event_id: Option<OneOf<Id<recruitment_event::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<InterviewWaitStatus>>,
}

impl Filter<interview_wait::Entity> for InterviewWaitFilter {
    fn condition(&self) -> Condition {
        use interview_wait::Column;
        filter::all([
            self.session_id.as_ref().map(|session| session.on(Column::SessionId)),
            self.application_id.as_ref().map(|application| application.on(Column::ApplicationId)),
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.university_id.as_ref().map(|university| university.on(Column::UniversityId)),
            self.event_id.as_ref().map(|event| event.on(Column::EventId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
        ])
    }
}

/// What places in waiting lists can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InterviewWaitOrderField {
    /// Since when the student waits 候补时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<interview_wait::Entity> for InterviewWaitOrderField {
    fn column(self) -> interview_wait::Column {
        match self {
            Self::CreatedAt => interview_wait::Column::CreatedAt,
            Self::UpdatedAt => interview_wait::Column::UpdatedAt,
        }
    }
}

/// Mutations of waiting lists.
#[derive(Debug, Default)]
pub struct InterviewWaitMutations;

#[Object]
impl InterviewWaitMutations {
    /// Joins the waiting list of a session in which no slot is free at a time that suits; what becomes free is offered to
    /// the first. Who may: the student, for an application that is shortlisted or invited 加入候补.
    async fn interview_wait_join(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewWaitJoinInput,
    ) -> Result<Payload<InterviewWait>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::join(app, actor, &input).await.map(InterviewWait))
    }

    /// Waits no longer. Who may: the student 退出候补.
    async fn interview_wait_leave(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewWaitStepInput,
    ) -> Result<Payload<InterviewWait>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::leave(app, actor, &input).await.map(InterviewWait))
    }

    /// Accepts the place that is kept until `acceptBy`: it is booked. Who may: the student 接受候补名额.
    async fn interview_wait_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewWaitStepInput,
    ) -> Result<Payload<InterviewWait>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::accept(app, actor, &input).await.map(InterviewWait))
    }

    /// Lets the next one have the place that is kept. Who may: the student 放弃候补名额.
    async fn interview_wait_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewWaitStepInput,
    ) -> Result<Payload<InterviewWait>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::decline(app, actor, &input).await.map(InterviewWait))
    }
}
