//! Delegations as clients see them.

use async_graphql::{Context, ID, Object};
use entity::{
    delegation::{self, DelegationScope, DelegationStatus, DelegationStep},
    event,
};
use sea_orm::Order;

use super::{DelegationGrantInput, DelegationRevokeInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{Connection, Date, DateTime, Payload, all, asked, by_id, column, facts, many, one},
    identity::people::graphql::Person,
    organizations::graphql::Organization,
    platform::lifecycle::Stepped,
    view,
};

view! {
    /// That somebody may decide in an admin's stead 授权委托. Seen by the two and by the organization's admins.
    pub Delegation of delegation, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// For which organization 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// In whose stead 委托人.
    delegator: Option<Person> = one(DelegatorId);
    /// Who decides 受托人.
    deputy: Option<Person> = one(DeputyId);
    /// On what 委托事项.
    scope: DelegationScope = column(Scope);
    /// The first day 起始日期.
    starts_on: Date = column(StartsOn);
    /// The last day 截止日期.
    ends_on: Date = column(EndsOn);
    /// Whether it was taken back 状态.
    status: DelegationStatus = column(Status);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<DelegationStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was given 委托时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about delegations.
    pub DelegationQueries root;

    /// The delegation with this id 授权委托.
    delegation: Option<Delegation> = by_id();
    /// The delegations that you may see: given or received by you, and as an admin your organization's 授权委托列表.
    delegations: Option<Connection<Delegation>> = all();
}

/// Mutations of delegations.
#[derive(Debug, Default)]
pub struct DelegationMutations;

#[Object]
impl DelegationMutations {
    /// Lets another member of your organization review or sign agreements in your stead. Who may: the organization's
    /// admin 授权委托.
    async fn delegation_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: DelegationGrantInput,
    ) -> Result<Payload<Delegation>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::grant(app, actor, &input).await.map(Delegation))
    }

    /// Takes a delegation back at once; what was decided under it stays. Who may: whoever gave it, and the
    /// organization's admins 撤销委托.
    async fn delegation_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: DelegationRevokeInput,
    ) -> Result<Payload<Delegation>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::revoke(app, actor, &input).await.map(Delegation))
    }
}
