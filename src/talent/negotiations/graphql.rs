//! Negotiations as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    event,
    negotiation::{self, NegotiationStatus, NegotiationStep},
};
use sea_orm::{Condition, Order};

use super::{NegotiationContinueInput, NegotiationHoldInput, NegotiationOutcomeInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Between, Connection, Date, DateTime, Filter, OneOf, OrderField, Payload, all, asked, by_id, column, facts,
        filter, many, one,
    },
    organizations::graphql::Organization,
    platform::lifecycle::Stepped,
    talent::{applications::graphql::Application, positions::graphql::Position},
    view,
};

view! {
    /// A talk about the details after an intention of both sides 后续洽谈. Seen with its application.
    pub Negotiation of negotiation, seen by store::visible_to, with Application by ApplicationId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The application that it is about 申请.
    application: Option<Application> = one(ApplicationId);
    /// The first, the second, … of its application 轮次.
    round: i32 = column(Round);
    /// The last day to hold it 洽谈期限.
    due_on: Date = column(DueOn);
    /// What is to be talked about 洽谈内容.
    topic: String = column(Topic);
    /// Where 地点.
    place: Option<String> = column(Place);
    /// Where it stands 状态.
    status: NegotiationStatus = column(Status);
    /// The day on which it was held 举行日期.
    held_on: Option<Date> = column(HeldOn);
    /// What came of it 洽谈结果.
    outcome: Option<String> = column(Outcome);
    /// When the county was told that it was not held in time 逾期督办时间.
    overdue_at: Option<DateTime> = column(OverdueAt);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<NegotiationStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was scheduled 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// A negotiation that was not held in time, for the county that helps: without names 逾期洽谈.
    pub OverdueNegotiation of negotiation, seen by store::overseen_by;

    /// The id 标识.
    id: ID = column(Id);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// The position 岗位.
    position: Option<Position> = one(PositionId);
    /// The first, the second, … of its application 轮次.
    round: i32 = column(Round);
    /// The last day to hold it 洽谈期限.
    due_on: Date = column(DueOn);
    /// When the county was told 督办时间.
    overdue_at: Option<DateTime> = column(OverdueAt);
}

view! {
    /// Queries about negotiations.
    pub NegotiationQueries root;

    /// The negotiation with this id 洽谈.
    negotiation: Option<Negotiation> = by_id();
    /// The negotiations that you may see 洽谈列表.
    negotiations: Option<Connection<Negotiation>> =
        all().filter::<NegotiationFilter>().order_by::<NegotiationOrderField>();
    /// What was not held in time at the enterprises of your county, without names, the oldest first. Who may: the county's admin and
    /// officers 逾期洽谈督办.
    overdue_negotiations: Option<Connection<OverdueNegotiation>> = all().order(negotiation::Column::DueOn, Order::Asc);
}

/// Which negotiations.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NegotiationFilter {
    /// By where they stand.
    pub status: Option<OneOf<NegotiationStatus>>,
    /// By the last day to hold them.
    pub due_on: Option<Between<Date>>,
}

impl Filter<negotiation::Entity> for NegotiationFilter {
    fn condition(&self) -> Condition {
        use negotiation::Column;
        filter::all([
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.due_on.as_ref().map(|range| range.on(Column::DueOn)),
        ])
    }
}

/// What negotiations can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NegotiationOrderField {
    /// The last day to hold them 洽谈期限.
    DueOn,
    /// When they were scheduled 创建时间.
    CreatedAt,
}

impl OrderField<negotiation::Entity> for NegotiationOrderField {
    fn column(self) -> negotiation::Column {
        match self {
            Self::DueOn => negotiation::Column::DueOn,
            Self::CreatedAt => negotiation::Column::CreatedAt,
        }
    }
}

/// Mutations of negotiations.
#[derive(Debug, Default)]
pub struct NegotiationMutations;

#[Object]
impl NegotiationMutations {
    /// Records that a negotiation was held. Who may: the enterprise's recruiters 登记举行.
    async fn negotiation_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: NegotiationHoldInput,
    ) -> Result<Payload<Negotiation>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::hold(app, actor, &input).await.map(Negotiation))
    }

    /// Records that the two agree. Who may: the enterprise's recruiters 登记谈成.
    async fn negotiation_agree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: NegotiationOutcomeInput,
    ) -> Result<Payload<Negotiation>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::agree(app, actor, &input).await.map(Negotiation))
    }

    /// Sets another date to talk. Who may: the enterprise's recruiters 继续洽谈.
    async fn negotiation_continue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: NegotiationContinueInput,
    ) -> Result<Payload<Negotiation>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::go_on(app, actor, &input).await.map(Negotiation))
    }

    /// Records that the two do not agree. Who may: the enterprise's recruiters 登记未谈成.
    async fn negotiation_fail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: NegotiationOutcomeInput,
    ) -> Result<Payload<Negotiation>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::fail(app, actor, &input).await.map(Negotiation))
    }
}
