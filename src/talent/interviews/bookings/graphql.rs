//! Interview bookings as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    event,
    interview_booking::{self, InterviewBookingStatus, InterviewBookingStep},
    interview_score, interview_session, organization, recruitment_event,
};
use sea_orm::{Condition, Order};

use super::{
    InterviewBookingCreateInput, InterviewBookingExcuseInput, InterviewBookingFinishInput, InterviewBookingMoveInput,
    InterviewBookingStepInput, InterviewBookingWalkInInput,
    scoring::{self, InterviewBookingScoreInput},
    store,
};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Between, Connection, DateTime, Filter, OneOf, OrderField, Payload, all, asked, by_id, column, facts, filter,
        many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::{
        applications::graphql::Application,
        events::graphql::RecruitmentEvent,
        interviews::sessions::graphql::{InterviewSession, InterviewSlot},
    },
    view,
};

view! {
    /// A student's place in an interview slot 面试预约. Seen by the student, the staff of the student's university, the
    /// enterprise's recruiters and the organizer of the event.
    pub InterviewBooking of interview_booking, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The slot 面试时段.
    slot: Option<InterviewSlot> = one(SlotId);
    /// The session 面试场次.
    session: Option<InterviewSession> = one(SessionId);
    /// The application for which it was booked; null for whoever does not see that 申请.
    application: Option<Application> = one(ApplicationId);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// The event at which it is; null: on site 招聘活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// The student; for the enterprise once the student came, or consents; not for auditors 学生.
    student: Option<Person> = one(StudentId).only_if(store::names_visible_to);
    /// The student's university 高校.
    university: Option<Organization> = one(UniversityId);
    /// When the interview begins 开始时间.
    begins_at: DateTime = column(BeginsAt);
    /// When it ends 结束时间.
    ends_at: DateTime = column(EndsAt);
    /// From when on giving the place up is late 临近取消起点.
    late_from: DateTime = column(LateFrom);
    /// Where it stands 状态.
    status: InterviewBookingStatus = column(Status);
    /// Why the student was excused: for the student and the university's staff 原因.
    status_reason: Option<String> = column(StatusReason).only_if(store::reasons_visible_to);
    /// When the student was there 签到时间.
    checked_in_at: Option<DateTime> = column(CheckedInAt);
    /// What the enterprise noted of each skill; empty for all but its recruiters 面试评分.
    scores: Vec<InterviewScore> =
        many(interview_score::Column::BookingId).order(interview_score::Column::Place, Order::Asc).at_most(20);
    /// A question about technology that came up; for the enterprise's recruiters 技术问题.
    technology_question: Option<String> = column(TechnologyQuestion).only_if(store::notes_visible_to);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<InterviewBookingStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was booked 预约时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// What the enterprise noted of one skill in an interview 面试评分. Seen by its recruiters.
    pub InterviewScore of interview_score, seen by store::scores_visible_to;

    /// The id 标识.
    id: ID = column(Id);
    /// Which skill 技能.
    skill: String = column(Skill);
    /// From 1, not at all, to 5, excellent 评分.
    score: i32 = column(Score);
    /// What was noted 备注.
    note: Option<String> = column(Note);
}

view! {
    /// Queries about interview bookings.
    pub InterviewBookingQueries root;

    /// The booking with this id 面试预约.
    interview_booking: Option<InterviewBooking> = by_id();
    /// The bookings that you may see: a student the own ones 面试预约列表.
    interview_bookings: Option<Connection<InterviewBooking>> =
        all().filter::<InterviewBookingFilter>().order_by::<InterviewBookingOrderField>();
}

/// Which bookings.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InterviewBookingFilter {
    /// By their session.
    pub session_id: Option<OneOf<Id<interview_session::Entity>>>,
    /// By the enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the student's university.
    pub university_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the event at which they are.
    pub event_id: Option<OneOf<Id<recruitment_event::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<InterviewBookingStatus>>,
    /// By when the interview begins.
    pub begins_at: Option<Between<DateTime>>,
}

impl Filter<interview_booking::Entity> for InterviewBookingFilter {
    fn condition(&self) -> Condition {
        use interview_booking::Column;
        filter::all([
            self.session_id.as_ref().map(|session| session.on(Column::SessionId)),
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.university_id.as_ref().map(|university| university.on(Column::UniversityId)),
            self.event_id.as_ref().map(|event| event.on(Column::EventId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.begins_at.as_ref().map(|begins_at| begins_at.on(Column::BeginsAt)),
        ])
    }
}

/// What bookings can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InterviewBookingOrderField {
    /// When the interview begins 开始时间.
    BeginsAt,
    /// When they were booked 预约时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<interview_booking::Entity> for InterviewBookingOrderField {
    fn column(self) -> interview_booking::Column {
        match self {
            Self::BeginsAt => interview_booking::Column::BeginsAt,
            Self::CreatedAt => interview_booking::Column::CreatedAt,
            Self::UpdatedAt => interview_booking::Column::UpdatedAt,
        }
    }
}

/// Mutations of interview bookings.
#[derive(Debug, Default)]
pub struct InterviewBookingMutations;

#[Object]
impl InterviewBookingMutations {
    /// Books a place in a slot; when it is full, the error names others that have places. Who may: the student, for an
    /// application that is shortlisted or invited 预约面试.
    async fn interview_booking_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingCreateInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(InterviewBooking))
    }

    /// Books a place for a student who came to your booth without an application, by the code that the student shows; the
    /// student is checked in at the event. The application is made and invited with it; the résumé is read once the
    /// student consents. Who may: the enterprise's admin and recruiters 现场面试.
    async fn interview_booking_walk_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingWalkInInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::walk_in(app, actor, &input).await.map(InterviewBooking))
    }

    /// Moves the booking to another slot of its session that has a place, until `lateFrom`; when it is full, the error names
    /// others that have places. Who may: the student 改约.
    async fn interview_booking_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingMoveInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::move_to(app, actor, &input).await.map(InterviewBooking))
    }

    /// Gives the place up before the interview begins; from `lateFrom` on it is late. Who may: the student 取消预约.
    async fn interview_booking_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingStepInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::cancel(app, actor, &input).await.map(InterviewBooking))
    }

    /// Records that the student is there. Who may: the enterprise's admin and recruiters 面试签到.
    async fn interview_booking_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingStepInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::check_in(app, actor, &input).await.map(InterviewBooking))
    }

    /// Records that the interview took place, on the application too if it was invited. Who may: the enterprise's admin
    /// and recruiters 登记面试完成.
    async fn interview_booking_finish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingFinishInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::finish(app, actor, &input).await.map(InterviewBooking))
    }

    /// Writes the scorecard of an interview, in place of the one before. Who may: the enterprise's admin and recruiters
    /// 面试评分.
    async fn interview_booking_score(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingScoreInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(scoring::score(app, actor, &input).await.map(InterviewBooking))
    }

    /// Records that the student did not come. Who may: the enterprise's admin and recruiters 登记缺席.
    async fn interview_booking_miss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingStepInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::miss(app, actor, &input).await.map(InterviewBooking))
    }

    /// Accepts why a student did not come or gave the place up late, with a reason. Who may: the staff of the student's
    /// university 准予请假.
    async fn interview_booking_excuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewBookingExcuseInput,
    ) -> Result<Payload<InterviewBooking>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::excuse(app, actor, &input).await.map(InterviewBooking))
    }
}
