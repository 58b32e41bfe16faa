//! Signing in, and sessions, as clients see them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    event, notification,
    session::{self, SessionEnd},
};
use sea_orm::Order;
use uuid::Uuid;

use super::{
    SessionCreateInput, SessionRefreshInput, SessionRevokeInput, SessionSwitchInput, Tokens,
    store::{self, visible_to},
};
use crate::{
    audit::graphql::Event,
    auth::Actor,
    error::Result,
    graphql::{
        Caller, Connection, DateTime, Payload, SeenBy, all, asked, column, compute, list_where, many, nested, one, own,
        program,
    },
    identity::{memberships::graphql::Membership, people::graphql::User},
    notifications::graphql::{Notification, NotificationFilter},
    view,
};

view! {
    /// One sign-in on one device 会话. Seen by nobody but the person.
    pub Session of session, seen by visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// Under which membership it acts 成员身份.
    membership: Option<Membership> = one(MembershipId);
    /// What the device or program called itself; empty when it did not say 设备.
    client: String = column(Client);
    /// Whether it is the one that asks 是否为当前会话.
    is_current: bool = compute([Id], |(id,): (Uuid,), actor: &Actor| id == actor.session());
    /// When you signed in 登录时间.
    created_at: DateTime = column(CreatedAt);
    /// When it was last renewed 最近使用时间.
    last_used_at: DateTime = column(LastUsedAt);
    /// When it ends unless it is renewed before 失效时间.
    expires_at: DateTime = column(ExpiresAt);
    /// When it ended 结束时间.
    ended_at: Option<DateTime> = column(EndedAt);
    /// Why it ended 结束原因.
    end_reason: Option<SessionEnd> = column(EndReason);
    /// What happened to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
}

view! {
    /// Who you are 当前用户.
    pub Viewer root;

    /// The person 用户.
    user: Option<User> = own(Actor::user);
    /// The membership you act under 当前成员身份.
    membership: Option<Membership> = own(Actor::membership);
    /// Your memberships in force: what you can switch to 可切换的成员身份.
    memberships: Connection<Membership> = list_where(crate::identity::memberships::store::own_in_force);
    /// The session that asks 当前会话.
    session: Option<Session> = own(Actor::session);
    /// What waits for you and what you should know, the latest first; `totalCount` with `unread: true` is the number on
    /// the bell 收件箱.
    inbox: Connection<Notification> =
        all().filter::<NotificationFilter>().order(notification::Column::CreatedAt, Order::Desc);
}

view! {
    /// Queries about who asks.
    pub SessionQueries root;

    /// Who you are; null with UNAUTHENTICATED when you are not signed in 当前用户.
    viewer: Option<Viewer> = nested();
    /// Where you are signed in, the latest first 我的会话.
    sessions: Option<Connection<Session>> = list_where(store::open).order(session::Column::CreatedAt, Order::Desc);
}

/// What a signed-in person holds 令牌.
#[derive(Debug, SimpleObject)]
pub struct SessionTokens {
    /// Send it as `Authorization: Bearer …`; it proves who is calling until it expires 访问令牌.
    pub access_token: String,
    /// Exchange it, once, for other tokens with `sessionRefresh`; null when the one you hold stays good 刷新令牌.
    pub refresh_token: Option<String>,
    /// When the access token expires 访问令牌失效时间.
    pub expires_at: DateTime,
    /// Who you are now 当前用户.
    pub viewer: Option<SeenBy<Viewer>>,
}

impl From<Tokens> for SessionTokens {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at: DateTime(tokens.expires_at),
            viewer: Some(SeenBy { actor: tokens.signed_in.actor, view: Viewer }),
        }
    }
}

/// A session that was ended 已结束的会话.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct EndedSession {
    /// True: the tokens are no good any more 是否已结束.
    pub ended: bool,
}

/// Mutations of sessions.
#[derive(Debug, Default)]
pub struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Signs in. Whatever is wrong, the answer is the same: UNAUTHENTICATED. After too many failures: RATE_LIMITED. Who
    /// may: everybody who has a login and a membership in force 登录.
    async fn session_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: SessionCreateInput,
    ) -> Result<Payload<SessionTokens>> {
        let address = &Caller::of(ctx).address;
        Payload::of(super::create(program(ctx)?, address, &input).await.map(SessionTokens::from))
    }

    /// Exchanges a refresh token for new tokens. It is spent then: using it a second time ends the session. Who may: whoever
    /// holds it 刷新令牌.
    async fn session_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: SessionRefreshInput,
    ) -> Result<Payload<SessionTokens>> {
        Payload::of(super::refresh(program(ctx)?, &input).await.map(SessionTokens::from))
    }

    /// Acts under another of your memberships, in the same session. The access tokens held before are no good any
    /// more. Who may: everybody, for themselves 切换身份.
    async fn session_switch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: SessionSwitchInput,
    ) -> Result<Payload<SessionTokens>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::switch(app, actor, &input).await.map(SessionTokens::from))
    }

    /// Signs out of the session that asks. Who may: everybody, for themselves 退出登录.
    async fn session_end(&self, ctx: &Context<'_>) -> Result<Payload<EndedSession>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::end(app, actor).await.map(|()| EndedSession { ended: true }))
    }

    /// Signs out of another of your sessions: a lost telephone, a shared computer. Who may: everybody, for themselves
    /// 撤销会话.
    async fn session_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: SessionRevokeInput,
    ) -> Result<Payload<Session>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::revoke(app, actor, &input).await.map(Session))
    }
}
