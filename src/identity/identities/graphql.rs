//! Identities as clients see them.

use async_graphql::{Context, ID, InputObject, Object};
use entity::{
    event, issuer,
    user_identity::{self, IdentityStatus, IdentityStep},
};
use sea_orm::{Condition, Order};

use super::{IdentityAllowInput, IdentityRevokeInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{Connection, DateTime, Filter, OneOf, Payload, all, asked, by_id, column, facts, filter, many, one},
    identity::{issuers::graphql::Issuer, people::graphql::User},
    platform::{id::Id, lifecycle::Stepped},
    view,
};

view! {
    /// Which user somebody at an issuer is 外部身份. Seen by the person and by the admins of the issuer's organization.
    pub Identity of user_identity, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// At which issuer; null unless you administer it 身份提供方.
    issuer: Option<Issuer> = one(IssuerId);
    /// Who it is here 用户.
    user: Option<User> = one(UserId);
    /// The address that was allowed; it counts no more once the identity is bound 邮箱.
    email: String = column(Email);
    /// Where it stands 状态.
    status: IdentityStatus = column(Status);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<IdentityStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was allowed 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about identities.
    pub IdentityListQueries root;

    /// The identity with this id 外部身份.
    identity: Option<Identity> = by_id();
    /// Your own identities, and as an admin those at your organization's issuers 外部身份列表.
    identities: Option<Connection<Identity>> = all().filter::<IdentityFilter>();
}

/// Which identities.
#[derive(Clone, Debug, Default, InputObject)]
pub struct IdentityFilter {
    /// By issuer.
    pub issuer_id: Option<OneOf<Id<issuer::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<IdentityStatus>>,
}

impl Filter<user_identity::Entity> for IdentityFilter {
    fn condition(&self) -> Condition {
        use user_identity::Column;
        filter::all([
            self.issuer_id.as_ref().map(|id| id.on(Column::IssuerId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
        ])
    }
}

/// Mutations of identities.
#[derive(Debug, Default)]
pub struct IdentityListMutations;

#[Object]
impl IdentityListMutations {
    /// Allows that whoever has this address at the issuer signs in as this member: the first token with the address,
    /// verified by the issuer, binds the issuer's subject to the user. Who may: an admin of the issuer's organization
    /// 允许外部身份.
    async fn identity_allow(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: IdentityAllowInput,
    ) -> Result<Payload<Identity>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::allow(app, actor, &input).await.map(Identity))
    }

    /// Takes an identity back, and ends every session that was opened by it at once. Who may: the person, and an admin
    /// of the issuer's organization 撤销外部身份.
    async fn identity_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: IdentityRevokeInput,
    ) -> Result<Payload<Identity>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::revoke(app, actor, &input).await.map(Identity))
    }
}
