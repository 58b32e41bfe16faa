//! Users as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    event, membership,
    user::{self, UserStatus, UserStep},
};
use sea_orm::{Condition, Order};

use super::{PasswordChangeInput, ProfileUpdateInput, UserStepInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Caller, Connection, DateTime, Filter, OneOf, OrderField, Payload, Words, all, asked, by_id, column, facts,
        filter, many,
    },
    identity::memberships::graphql::Membership,
    platform::lifecycle::Stepped,
    view,
};

view! {
    /// Somebody who signs in 用户: seen by oneself, by the admins of the organizations he or she is or was a member of,
    /// and by the platform's admin. Others read the name only, as a `Person` in a record.
    pub User of user, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// What is typed to sign in 登录名.
    login: String = column(Login);
    /// The name others see 姓名.
    display_name: String = column(DisplayName);
    /// The language in which Hezuo writes to the person: zh-CN or en 语言.
    locale: String = column(Locale);
    /// Whether the person may sign in 状态.
    status: UserStatus = column(Status);
    /// The memberships, ended ones too, as far as you see them 成员身份.
    memberships: Connection<Membership> = many(membership::Column::UserId);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<UserStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what, and when; of the organization's people an admin reads what was done for it, for the platform and by the
    /// system 办理记录.
    history: Connection<Event> = many(event::Column::RecordId)
        .only(store::history_visible_to).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When the person came in 加入时间.
    created_at: DateTime = column(CreatedAt);
    /// When the record last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// A person named in a record that you see 人员: by name only.
    pub Person of user, seen by store::named_in_a_record;

    /// The id 标识.
    id: ID = column(Id);
    /// The name 姓名.
    display_name: String = column(DisplayName);
}

view! {
    /// Queries about users.
    pub UserQueries root;

    /// The user with this id 用户.
    user: Option<User> = by_id();
    /// The users that you may see: as an admin your organization's, as the platform's admin all 用户列表.
    users: Option<Connection<User>> = all().filter::<UserFilter>().order_by::<UserOrderField>();
}

/// Which users.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UserFilter {
    /// By whether they may sign in.
    pub status: Option<OneOf<UserStatus>>,
    /// Those whose login and name hold these words, as `search` finds them; at most 100 characters, and 25 Chinese ones.
    pub search: Option<Words>,
}

impl Filter<user::Entity> for UserFilter {
    fn condition(&self) -> Condition {
        use user::Column;
        filter::all([
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.search.as_ref().map(|words| words.on([Column::Login, Column::DisplayName])),
        ])
    }
}

/// What users can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserOrderField {
    /// Login 登录名.
    Login,
    /// Name, by code point 姓名.
    DisplayName,
    /// When they came in 加入时间.
    CreatedAt,
}

impl OrderField<user::Entity> for UserOrderField {
    fn column(self) -> user::Column {
        match self {
            Self::Login => user::Column::Login,
            Self::DisplayName => user::Column::DisplayName,
            Self::CreatedAt => user::Column::CreatedAt,
        }
    }
}

/// Mutations of users.
#[derive(Debug, Default)]
pub struct UserMutations;

#[Object]
impl UserMutations {
    /// Changes your own name and language. Who may: everybody, for themselves 修改个人资料.
    async fn profile_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ProfileUpdateInput,
    ) -> Result<Payload<User>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::update_profile(app, actor, &input).await.map(User))
    }

    /// Chooses another password and ends your other sessions. Who may: everybody, for themselves 修改密码.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PasswordChangeInput,
    ) -> Result<Payload<User>> {
        let (app, actor) = asked(ctx)?;
        let address = &Caller::of(ctx).address;
        Payload::of(super::change_password(app, actor, address, &input).await.map(User))
    }

    /// Bars a user from signing in and ends all sessions at once. Who may: the platform's admin 停用用户.
    async fn user_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: UserStepInput,
    ) -> Result<Payload<User>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::disable(app, actor, &input).await.map(User))
    }

    /// Lets a disabled user sign in again. Who may: the platform's admin 启用用户.
    async fn user_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: UserStepInput,
    ) -> Result<Payload<User>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::enable(app, actor, &input).await.map(User))
    }
}
