//! Issuers as clients see them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{
    event,
    issuer::{self, IssuerStatus, IssuerStep},
    user_identity,
};
use sea_orm::{Condition, Order};

use super::{IssuerCreateInput, IssuerStepInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Connection, DateTime, Filter, OneOf, Payload, all, asked, by_id, column, facts, filter, many, one, program,
    },
    identity::identities::graphql::Identity,
    organizations::graphql::Organization,
    platform::lifecycle::Stepped,
    view,
};

view! {
    /// An OpenID provider whose ID tokens an organization's people sign in with 身份提供方. Seen by the organization's
    /// admins and by the platform's admin.
    pub Issuer of issuer, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// Whose people sign in by it 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// What the button on a sign-in page says 名称.
    name: String = column(Name);
    /// Its address: `iss` in its tokens 地址.
    url: String = column(Url);
    /// What it calls this installation: `aud` in its tokens 客户端标识.
    client_id: String = column(ClientId);
    /// Whether its tokens are taken 状态.
    status: IssuerStatus = column(Status);
    /// Whom its people are here, as far as you see them 外部身份.
    identities: Connection<Identity> = many(user_identity::Column::IssuerId);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<IssuerStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what, and when; refused tokens too 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was brought in 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about issuers.
    pub IssuerQueries root;

    /// The issuer with this id 身份提供方.
    issuer: Option<Issuer> = by_id();
    /// The issuers of your organization; as the platform's admin all 身份提供方列表.
    issuers: Option<Connection<Issuer>> = all().filter::<IssuerFilter>();
}

/// Which issuers.
#[derive(Clone, Debug, Default, InputObject)]
pub struct IssuerFilter {
    /// By whether their tokens are taken.
    pub status: Option<OneOf<IssuerStatus>>,
}

impl Filter<issuer::Entity> for IssuerFilter {
    fn condition(&self) -> Condition {
        filter::all([self.status.as_ref().map(|status| status.on(issuer::Column::Status))])
    }
}

/// Where somebody can sign in: a button on a sign-in page 登录入口.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct SignInOption {
    /// What the button says 名称.
    pub name: String,
    /// The issuer's address, below which its discovery document is 身份提供方地址.
    pub issuer: String,
    /// The client id with which to ask it for an ID token 客户端标识.
    pub client_id: String,
}

/// What a sign-in page asks before anybody has signed in.
#[derive(Debug, Default)]
pub struct SignInQueries;

#[Object]
impl SignInQueries {
    /// The issuers at which people sign in; exchange the ID token you get there with `sessionExchange`. For everybody
    /// 单点登录入口.
    async fn sign_in_options(&self, ctx: &Context<'_>) -> Result<Option<Vec<SignInOption>>> {
        let rows = store::list_active(program(ctx)?.db().reader()).await?;
        let option = |row: issuer::Model| SignInOption { name: row.name, issuer: row.url, client_id: row.client_id };
        Ok(Some(rows.into_iter().map(option).collect()))
    }
}

/// Mutations of issuers.
#[derive(Debug, Default)]
pub struct IssuerMutations;

#[Object]
impl IssuerMutations {
    /// Brings in an OpenID provider whose ID tokens your organization's people sign in with. Who may: an admin of a
    /// university, a county or an enterprise, for the own organization 新增身份提供方.
    async fn issuer_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: IssuerCreateInput,
    ) -> Result<Payload<Issuer>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(Issuer))
    }

    /// Refuses an issuer's tokens, and ends every session that was opened by them at once. Who may: an admin of its
    /// organization, and the platform's admin 停用身份提供方.
    async fn issuer_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: IssuerStepInput,
    ) -> Result<Payload<Issuer>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::disable(app, actor, &input).await.map(Issuer))
    }

    /// Takes a disabled issuer's tokens again. Who may: an admin of its organization 启用身份提供方.
    async fn issuer_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: IssuerStepInput,
    ) -> Result<Payload<Issuer>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::enable(app, actor, &input).await.map(Issuer))
    }
}
