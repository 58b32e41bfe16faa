//! Exhibitors as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    event,
    event_exhibitor::{self, ExhibitorStatus, ExhibitorStep},
    organization, recruitment_event,
};
use sea_orm::{Condition, Order};

use super::{
    EventExhibitorConfirmInput, EventExhibitorInviteInput, EventExhibitorReasonedStepInput, EventExhibitorRequestInput,
    EventExhibitorStepInput, store,
};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Connection, DateTime, Filter, OneOf, OrderField, Payload, all, asked, by_id, column, facts, filter, many, one,
    },
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::events::graphql::RecruitmentEvent,
    view,
};

view! {
    /// An enterprise's booth at a recruitment event 参展企业. A booth that was given, at an event that was announced, is
    /// seen by everyone signed in; what leads to one by the enterprise, the organizer and the reviewing county.
    pub EventExhibitor of event_exhibitor, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The event 招聘活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// What stands on the booth 展位号.
    booth: Option<String> = column(Booth);
    /// Where it stands 状态.
    status: ExhibitorStatus = column(Status);
    /// Why it was declined or withdrawn 原因.
    status_reason: Option<String> = column(StatusReason);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<ExhibitorStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was first asked for or offered 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about exhibitors.
    pub ExhibitorQueries root;

    /// The booth with this id 参展企业.
    event_exhibitor: Option<EventExhibitor> = by_id();
    /// The booths that you may see 参展企业列表.
    event_exhibitors: Option<Connection<EventExhibitor>> =
        all().filter::<EventExhibitorFilter>().order_by::<EventExhibitorOrderField>();
}

/// Which booths.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EventExhibitorFilter {
    /// By their event.
    pub event_id: Option<OneOf<Id<recruitment_event::Entity>>>,
    /// By their enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<ExhibitorStatus>>,
}

impl Filter<event_exhibitor::Entity> for EventExhibitorFilter {
    fn condition(&self) -> Condition {
        use event_exhibitor::Column;
        filter::all([
            self.event_id.as_ref().map(|event| event.on(Column::EventId)),
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
        ])
    }
}

/// What booths can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EventExhibitorOrderField {
    /// When they were first asked for or offered 创建时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<event_exhibitor::Entity> for EventExhibitorOrderField {
    fn column(self) -> event_exhibitor::Column {
        match self {
            Self::CreatedAt => event_exhibitor::Column::CreatedAt,
            Self::UpdatedAt => event_exhibitor::Column::UpdatedAt,
        }
    }
}

/// Mutations of exhibitors.
#[derive(Debug, Default)]
pub struct ExhibitorMutations;

#[Object]
impl ExhibitorMutations {
    /// Asks for a booth at an event that was announced. Who may: the admin and recruiters of a verified enterprise
    /// 申请展位.
    async fn event_exhibitor_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: EventExhibitorRequestInput,
    ) -> Result<Payload<EventExhibitor>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::request(app, actor, &input).await.map(EventExhibitor))
    }

    /// Offers an enterprise a booth. Who may: the organizer's people 邀请参展.
    async fn event_exhibitor_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: EventExhibitorInviteInput,
    ) -> Result<Payload<EventExhibitor>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::invite(app, actor, &input).await.map(EventExhibitor))
    }

    /// Gives the booth that was asked for. Who may: the organizer's people 确认展位.
    async fn event_exhibitor_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: EventExhibitorConfirmInput,
    ) -> Result<Payload<EventExhibitor>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::confirm(app, actor, &input).await.map(EventExhibitor))
    }

    /// Takes the booth that was offered. Who may: the enterprise's admin and recruiters 接受邀请.
    async fn event_exhibitor_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: EventExhibitorStepInput,
    ) -> Result<Payload<EventExhibitor>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::accept(app, actor, &input).await.map(EventExhibitor))
    }

    /// Says no to a request or an offer, with a reason. Who may: the side that was asked 谢绝.
    async fn event_exhibitor_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: EventExhibitorReasonedStepInput,
    ) -> Result<Payload<EventExhibitor>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::decline(app, actor, &input).await.map(EventExhibitor))
    }

    /// Takes a request or an offer back, or a booth, with a reason. Who may: the side that asked; a booth either side
    /// 撤回.
    async fn event_exhibitor_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: EventExhibitorReasonedStepInput,
    ) -> Result<Payload<EventExhibitor>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw(app, actor, &input).await.map(EventExhibitor))
    }
}
