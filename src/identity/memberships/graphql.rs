//! Memberships as clients see them.

use async_graphql::{Context, ID, InputObject, Object};
use entity::{
    event,
    membership::{self, MembershipStatus, MembershipStep, Role},
    organization,
};
use sea_orm::{Condition, Order};

use super::{MembershipEndInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{Connection, DateTime, Filter, OneOf, Payload, all, asked, by_id, column, facts, filter, many, one},
    identity::people::graphql::User,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    view,
};

view! {
    /// Which person acts for which organization, in which role 成员身份. Seen by the person, by the organization's admins
    /// and by the platform's admin.
    pub Membership of membership, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// Who 用户.
    user: Option<User> = one(UserId);
    /// For which organization; null when you do not see it from where you act 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// As what 角色.
    role: Role = column(Role);
    /// Whether it is in force 状态.
    status: MembershipStatus = column(Status);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<MembershipStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it began 开始时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about memberships.
    pub MembershipQueries root;

    /// The membership with this id 成员身份.
    membership: Option<Membership> = by_id();
    /// The memberships that you may see: your own, as an admin your organization's, as the platform's admin all
    /// 成员身份列表.
    memberships: Option<Connection<Membership>> = all().filter::<MembershipFilter>();
}

/// Which memberships.
#[derive(Clone, Debug, Default, InputObject)]
pub struct MembershipFilter {
    /// By organization.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By role.
    pub role: Option<OneOf<Role>>,
    /// By whether they are in force.
    pub status: Option<OneOf<MembershipStatus>>,
}

impl Filter<membership::Entity> for MembershipFilter {
    fn condition(&self) -> Condition {
        use membership::Column;
        filter::all([
            self.organization_id.as_ref().map(|id| id.on(Column::OrganizationId)),
            self.role.as_ref().map(|role| role.on(Column::Role)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
        ])
    }
}

/// Mutations of memberships.
#[derive(Debug, Default)]
pub struct MembershipMutations;

#[Object]
impl MembershipMutations {
    /// Ends a membership; whoever acts under it is signed out at once. Who may: the member, the organization's admins
    /// and the platform's admin; never for the last admin 终止成员身份.
    async fn membership_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: MembershipEndInput,
    ) -> Result<Payload<Membership>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::end(app, actor, &input).await.map(Membership))
    }
}
