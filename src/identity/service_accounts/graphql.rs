//! Service accounts as clients see them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    event,
    service_account::{self, Scope, ServiceAccountStatus, ServiceAccountStep},
};
use sea_orm::Order;

use super::{Issued, ServiceAccountCreateInput, ServiceAccountStepInput, store};
use crate::{
    audit::graphql::Event,
    auth::{self, Actor},
    error::Result,
    graphql::{Connection, DateTime, Payload, all, asked, by_id, column, compute, facts, many, one},
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::lifecycle::Stepped,
    view,
};

view! {
    /// An IT system that acts for an organization, with what its scopes leave of the organization's rights 系统账号. Seen
    /// by the organization's admins; its secret by nobody.
    pub ServiceAccount of service_account, seen by store::visible_to, is Node;

    /// The id; its `client_id` at `/oauth/token` 标识.
    id: ID = column(Id);
    /// For which organization it acts 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// What it is called 名称.
    name: String = column(Name);
    /// What it may do 授权范围.
    scopes: Vec<Scope> = compute([Scopes], |(words,): (String,), _: &Actor| auth::Scopes::read(&words).all().to_vec());
    /// Who created it 创建人.
    created_by: Option<Person> = one(CreatedById);
    /// Until when the secret before the last rotation is good too 旧密钥失效时间.
    previous_secret_until: Option<DateTime> = column(PreviousUntil);
    /// Whether it gets tokens 状态.
    status: ServiceAccountStatus = column(Status);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<ServiceAccountStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was created 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about service accounts.
    pub ServiceAccountQueries root;

    /// The service account with this id 系统账号.
    service_account: Option<ServiceAccount> = by_id();
    /// The service accounts of your organization, for its admins 系统账号列表.
    service_accounts: Option<Connection<ServiceAccount>> = all();
}

/// A service account with its new secret 系统账号及密钥.
#[derive(Clone, Debug, SimpleObject)]
pub struct ServiceAccountSecret {
    /// The service account 系统账号.
    pub service_account: Option<ServiceAccount>,
    /// The secret: keep it, nobody can read it again 密钥.
    pub secret: String,
}

impl From<Issued> for ServiceAccountSecret {
    fn from(issued: Issued) -> Self {
        Self { service_account: Some(ServiceAccount(issued.account)), secret: issued.secret }
    }
}

/// Mutations of service accounts.
#[derive(Debug, Default)]
pub struct ServiceAccountMutations;

#[Object]
impl ServiceAccountMutations {
    /// Creates a service account of your organization; its secret is shown once. Who may: an admin, for the own
    /// organization 新增系统账号.
    async fn service_account_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ServiceAccountCreateInput,
    ) -> Result<Payload<ServiceAccountSecret>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(Into::into))
    }

    /// Gives it another secret, shown once; the one before stays good for a day. Who may: an admin of its organization
    /// 更换密钥.
    async fn service_account_rotate_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ServiceAccountStepInput,
    ) -> Result<Payload<ServiceAccountSecret>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::rotate(app, actor, &input).await.map(Into::into))
    }

    /// Ends it for good, and whatever it has open. Who may: an admin of its organization 撤销系统账号.
    async fn service_account_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ServiceAccountStepInput,
    ) -> Result<Payload<ServiceAccount>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::revoke(app, actor, &input).await.map(ServiceAccount))
    }
}
