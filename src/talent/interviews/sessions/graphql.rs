//! Interview sessions and their slots as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    event, interview_booking,
    interview_session::{self, InterviewSessionStatus, InterviewSessionStep},
    interview_slot, interview_swap, interview_wait, interviewer, organization, recruitment_event,
};
use sea_orm::{
    ColumnTrait as _, Condition, Order,
    sea_query::{Expr, ExprTrait as _},
};

use super::{
    InterviewSessionCancelInput, InterviewSessionCreateInput, InterviewSessionExtendInput, InterviewSessionStepInput,
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
    platform::{condition::exists, id::Id, lifecycle::Stepped},
    talent::{
        events::graphql::RecruitmentEvent,
        interviews::{
            bookings::graphql::{InterviewBooking, InterviewBookingFilter},
            swaps::graphql::{InterviewSwap, InterviewSwapFilter},
            waits::graphql::{InterviewWait, InterviewWaitFilter},
        },
    },
    view,
};

view! {
    /// When and where an enterprise interviews 面试场次. Seen by the enterprise and the organizer of its event; while it is
    /// open also by students and the staff of universities, at an announced event or at an enterprise at which they have
    /// applied; and by whoever has booked in it or waited for a place.
    pub InterviewSession of interview_session, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// The event at which it interviews; null: on site at the enterprise 招聘活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// Where 地点.
    place: String = column(Place);
    /// Which room or booth there 面试间.
    room: String = column(Room);
    /// Who interviews 面试官.
    interviewers: Vec<Interviewer> = many(interviewer::Column::SessionId).order(interviewer::Column::Place, Order::Asc).at_most(10);
    /// When its first slot begins 开始时间.
    starts_at: DateTime = column(StartsAt);
    /// When its last slot ends 结束时间.
    ends_at: DateTime = column(EndsAt);
    /// Minutes of a slot 时段分钟数.
    slot_minutes: i32 = column(SlotMinutes);
    /// Minutes after each slot in which nobody is interviewed 缓冲分钟数.
    buffer_minutes: i32 = column(BufferMinutes);
    /// How many students a slot takes 每时段人数.
    group_size: i32 = column(GroupSize);
    /// Its slots, the first first 面试时段.
    slots: Connection<InterviewSlot> = many(interview_slot::Column::SessionId)
        .filter::<InterviewSlotFilter>().order(interview_slot::Column::BeginsAt, Order::Asc);
    /// Its bookings that you may see: a student the own ones 面试预约.
    bookings: Connection<InterviewBooking> = many(interview_booking::Column::SessionId)
        .filter::<InterviewBookingFilter>().order(interview_booking::Column::BeginsAt, Order::Asc);
    /// Its waiting list, as far as you may see it, who came first, first: a student the own places 候补名单.
    waits: Connection<InterviewWait> = many(interview_wait::Column::SessionId)
        .filter::<InterviewWaitFilter>().order(interview_wait::Column::Number, Order::Asc);
    /// The requests to change places in it that you may see: a student the own ones, and those that you could accept
    /// 换时段请求.
    swaps: Connection<InterviewSwap> = many(interview_swap::Column::SessionId)
        .filter::<InterviewSwapFilter>().order(interview_swap::Column::CreatedAt, Order::Asc);
    /// Where it stands 状态.
    status: InterviewSessionStatus = column(Status);
    /// Why it was called off 取消原因.
    status_reason: Option<String> = column(StatusReason);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<InterviewSessionStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was laid out 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Somebody who interviews in a session 面试官; seen with the session.
    pub Interviewer of interviewer, seen by store::interviewers_visible_to, with InterviewSession by SessionId;

    /// The id 标识.
    id: ID = column(Id);
    /// Who 人员.
    person: Option<Person> = one(UserId);
}

view! {
    /// A part of a session, for one student or a group 面试时段; seen with the session.
    pub InterviewSlot of interview_slot, seen by store::slots_visible_to, with InterviewSession by SessionId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The session 面试场次.
    session: Option<InterviewSession> = one(SessionId);
    /// When it begins 开始时间.
    begins_at: DateTime = column(BeginsAt);
    /// When it ends 结束时间.
    ends_at: DateTime = column(EndsAt);
    /// How many students it takes 名额.
    size: i32 = column(Size);
    /// How many places are held 已占名额.
    taken: i32 = column(Taken);
    /// Its bookings that you may see: a student the own one 面试预约.
    bookings: Connection<InterviewBooking> = many(interview_booking::Column::SlotId);
}

view! {
    /// Queries about interview sessions.
    pub InterviewSessionQueries root;

    /// The session with this id 面试场次.
    interview_session: Option<InterviewSession> = by_id();
    /// The sessions that you may see 面试场次列表.
    interview_sessions: Option<Connection<InterviewSession>> =
        all().filter::<InterviewSessionFilter>().order_by::<InterviewSessionOrderField>();
    /// The slot with this id 面试时段.
    interview_slot: Option<InterviewSlot> = by_id();
    /// The slots of the sessions that you may see 面试时段列表.
    interview_slots: Option<Connection<InterviewSlot>> =
        all().filter::<InterviewSlotFilter>().order_by::<InterviewSlotOrderField>();
}

/// Which sessions.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InterviewSessionFilter {
    /// By the enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the event at which they are held.
    pub event_id: Option<OneOf<Id<recruitment_event::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<InterviewSessionStatus>>,
    /// By when they begin.
    pub starts_at: Option<Between<DateTime>>,
}

impl Filter<interview_session::Entity> for InterviewSessionFilter {
    fn condition(&self) -> Condition {
        use interview_session::Column;
        filter::all([
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.event_id.as_ref().map(|event| event.on(Column::EventId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.starts_at.as_ref().map(|starts_at| starts_at.on(Column::StartsAt)),
        ])
    }
}

/// What sessions can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InterviewSessionOrderField {
    /// When they begin 开始时间.
    StartsAt,
    /// When they were laid out 创建时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<interview_session::Entity> for InterviewSessionOrderField {
    fn column(self) -> interview_session::Column {
        match self {
            Self::StartsAt => interview_session::Column::StartsAt,
            Self::CreatedAt => interview_session::Column::CreatedAt,
            Self::UpdatedAt => interview_session::Column::UpdatedAt,
        }
    }
}

/// Which slots.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InterviewSlotFilter {
    /// By the enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By when they begin.
    pub begins_at: Option<Between<DateTime>>,
    /// True: those that still have places; false: those that are full.
    pub free: Option<bool>,
}

impl Filter<interview_slot::Entity> for InterviewSlotFilter {
    fn condition(&self) -> Condition {
        use interview_session::Column as Session;
        use interview_slot::Column;
        let of = |organization: &OneOf<Id<organization::Entity>>| {
            exists(Session::Id, Column::SessionId, organization.on(Session::OrganizationId))
        };
        let taken = || Expr::col(Column::Taken.as_column_ref());
        let free = |free: bool| {
            let size = Expr::col(Column::Size.as_column_ref());
            Condition::all().add(if free { taken().lt(size) } else { taken().gte(size) })
        };
        filter::all([
            self.organization_id.as_ref().map(of),
            self.begins_at.as_ref().map(|begins_at| begins_at.on(Column::BeginsAt)),
            self.free.map(free),
        ])
    }
}

/// What slots can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InterviewSlotOrderField {
    /// When they begin 开始时间.
    BeginsAt,
}

impl OrderField<interview_slot::Entity> for InterviewSlotOrderField {
    fn column(self) -> interview_slot::Column {
        match self {
            Self::BeginsAt => interview_slot::Column::BeginsAt,
        }
    }
}

/// Mutations of interview sessions.
#[derive(Debug, Default)]
pub struct InterviewSessionMutations;

#[Object]
impl InterviewSessionMutations {
    /// Lays a session out, with its slots; its room and its interviewers are held. Who may: the enterprise's admin and
    /// recruiters 创建面试场次.
    async fn interview_session_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewSessionCreateInput,
    ) -> Result<Payload<InterviewSession>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(InterviewSession))
    }

    /// Lets an open session last longer: more slots after its last one, whose places are offered to whoever waits. Who may:
    /// the enterprise's admin and recruiters 延长面试场次.
    async fn interview_session_extend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewSessionExtendInput,
    ) -> Result<Payload<InterviewSession>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::extend(app, actor, &input).await.map(InterviewSession))
    }

    /// Takes no more bookings; those there are stand. Who may: the enterprise's admin and recruiters 截止预约.
    async fn interview_session_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewSessionStepInput,
    ) -> Result<Payload<InterviewSession>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::close(app, actor, &input).await.map(InterviewSession))
    }

    /// Calls a session that is not over off, and every booking in it, with a reason. Who may: the enterprise's admin and
    /// recruiters 取消面试场次.
    async fn interview_session_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewSessionCancelInput,
    ) -> Result<Payload<InterviewSession>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::cancel(app, actor, &input).await.map(InterviewSession))
    }
}
