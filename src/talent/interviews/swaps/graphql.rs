//! Requests to change places as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    event, interview_session,
    interview_swap::{self, InterviewSwapStatus, InterviewSwapStep},
};
use sea_orm::{Condition, Order};

use super::{InterviewSwapRequestInput, InterviewSwapStepInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Connection, DateTime, Filter, OneOf, OrderField, Payload, all, asked, by_id, column, facts, filter, many, one,
    },
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::{
        events::graphql::RecruitmentEvent,
        interviews::{
            bookings::graphql::InterviewBooking,
            sessions::graphql::{InterviewSession, InterviewSlot},
        },
    },
    view,
};

view! {
    /// A student's request to change places with somebody in another slot of an interview session 换时段请求. Seen by the
    /// student, the staff of the student's university and whoever accepted; while it is open, by the students who have a
    /// confirmed booking in the wanted slot. It says of nobody who has which place.
    pub InterviewSwap of interview_swap, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The session 面试场次.
    session: Option<InterviewSession> = one(SessionId);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// The event at which the session is; null: on site 招聘活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// The booking for whose place another is wanted; null for whoever does not see that 面试预约.
    booking: Option<InterviewBooking> = one(BookingId);
    /// The slot that is given 让出的时段.
    offered: Option<InterviewSlot> = one(OfferedId);
    /// The slot that is wanted 想要的时段.
    wanted: Option<InterviewSlot> = one(WantedId);
    /// Where it stands 状态.
    status: InterviewSwapStatus = column(Status);
    /// Until when it can be accepted: the first of the two slots begins 接受期限.
    accept_by: DateTime = column(AcceptBy);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<InterviewSwapStep> = facts(store::facts_of, Stepped::open_steps);
    /// What became of it, and when; who did it stands in the history of the own booking 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was asked 请求时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about requests to change places.
    pub InterviewSwapQueries root;

    /// The request to change places with this id 换时段请求.
    interview_swap: Option<InterviewSwap> = by_id();
    /// The requests to change places that you may see: a student the own ones, and those that you could accept
    /// 换时段请求列表.
    interview_swaps: Option<Connection<InterviewSwap>> =
        all().filter::<InterviewSwapFilter>().order_by::<InterviewSwapOrderField>();
}

/// Which requests to change places.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InterviewSwapFilter {
    /// By their session.
    pub session_id: Option<OneOf<Id<interview_session::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<InterviewSwapStatus>>,
}

impl Filter<interview_swap::Entity> for InterviewSwapFilter {
    fn condition(&self) -> Condition {
        use interview_swap::Column;
        filter::all([
            self.session_id.as_ref().map(|session| session.on(Column::SessionId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
        ])
    }
}

/// What requests to change places can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InterviewSwapOrderField {
    /// When they were asked 请求时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<interview_swap::Entity> for InterviewSwapOrderField {
    fn column(self) -> interview_swap::Column {
        match self {
            Self::CreatedAt => interview_swap::Column::CreatedAt,
            Self::UpdatedAt => interview_swap::Column::UpdatedAt,
        }
    }
}

/// Mutations of requests to change places.
#[derive(Debug, Default)]
pub struct InterviewSwapMutations;

#[Object]
impl InterviewSwapMutations {
    /// Asks whoever has a place in another slot of the session, which is full, to change places: the first who accepts does.
    /// Who may: the student 申请换时段.
    async fn interview_swap_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewSwapRequestInput,
    ) -> Result<Payload<InterviewSwap>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::request(app, actor, &input).await.map(InterviewSwap))
    }

    /// Changes places with whoever asks: your booking in the wanted slot goes to the slot that is given. Who may: a student
    /// with a confirmed booking in the wanted slot 接受换时段.
    async fn interview_swap_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewSwapStepInput,
    ) -> Result<Payload<InterviewSwap>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::accept(app, actor, &input).await.map(InterviewSwap))
    }

    /// Takes a request to change places back. Who may: the student who asked 撤回换时段.
    async fn interview_swap_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InterviewSwapStepInput,
    ) -> Result<Payload<InterviewSwap>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw(app, actor, &input).await.map(InterviewSwap))
    }
}
