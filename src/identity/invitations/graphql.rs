//! Invitations as clients see them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{
    event,
    invitation::{self, InvitationStatus, InvitationStep},
    membership::Role,
};
use sea_orm::{Condition, Order};

use super::{InvitationAcceptInput, InvitationCreateInput, InvitationRevokeInput, Registered, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Caller, Connection, DateTime, Filter, OneOf, Payload, all, asked, by_id, column, facts, filter, many, one,
        program,
    },
    identity::{people::graphql::Person, sessions::graphql::SessionTokens},
    organizations::graphql::Organization,
    platform::lifecycle::Stepped,
    view,
};

view! {
    /// An invitation to be a member of an organization in one role 邀请. Seen by the organization's admins and by the
    /// admin who made it.
    pub Invitation of invitation, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The organization to act for 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// What the invited person is to be there 角色.
    role: Role = column(Role);
    /// The address that the inviter noted 邮箱.
    email: Option<String> = column(Email);
    /// Where it stands; an open one can be accepted until it expires 状态.
    status: InvitationStatus = column(Status);
    /// Until when it can be accepted 失效时间.
    expires_at: DateTime = column(ExpiresAt);
    /// Who made it; null when whoever runs the server did 邀请人.
    invited_by: Option<Person> = one(InvitedById);
    /// Who became a member by it 接受人.
    accepted_by: Option<Person> = one(AcceptedById);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<InvitationStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was made 邀请时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about invitations.
    pub InvitationQueries root;

    /// The invitation with this id 邀请.
    invitation: Option<Invitation> = by_id();
    /// The invitations of your organization, and those you made 邀请列表.
    invitations: Option<Connection<Invitation>> = all().filter::<InvitationFilter>();
}

/// Which invitations.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InvitationFilter {
    /// By role.
    pub role: Option<OneOf<Role>>,
    /// By where they stand.
    pub status: Option<OneOf<InvitationStatus>>,
}

impl Filter<invitation::Entity> for InvitationFilter {
    fn condition(&self) -> Condition {
        use invitation::Column;
        filter::all([
            self.role.as_ref().map(|role| role.on(Column::Role)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
        ])
    }
}

/// A new invitation, with what the invited person needs to accept it.
#[derive(Clone, Debug, SimpleObject)]
pub struct IssuedInvitation {
    /// The invitation 邀请.
    pub invitation: Option<Invitation>,
    /// What the invited person accepts it with. Hand it over in private: nobody can show it again 邀请码.
    pub token: String,
}

/// Mutations of invitations.
#[derive(Debug, Default)]
pub struct InvitationMutations;

#[Object]
impl InvitationMutations {
    /// Invites somebody to a role. Who may: an admin of the organization; for its first admin, the platform's admin
    /// 邀请成员.
    async fn invitation_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InvitationCreateInput,
    ) -> Result<Payload<IssuedInvitation>> {
        let (app, actor) = asked(ctx)?;
        let issued = super::create(app, actor, &input).await;
        Payload::of(
            issued.map(|issued| IssuedInvitation { invitation: Some(Invitation(issued.id)), token: issued.token }),
        )
    }

    /// Takes an open invitation back. Who may: an admin of the organization, and whoever made it 撤回邀请.
    async fn invitation_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InvitationRevokeInput,
    ) -> Result<Payload<Invitation>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::revoke(app, actor, &input).await.map(Invitation))
    }

    /// Accepts an invitation. Who may: whoever holds its token. Not signed in, you choose login, name and password and
    /// are signed in; signed in, you have one more membership and act under it from then on 接受邀请.
    async fn invitation_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: InvitationAcceptInput,
    ) -> Result<Payload<SessionTokens>> {
        let actor = Caller::of(ctx).actor.as_ref();
        Payload::of(super::accept(program(ctx)?, actor, &input, later(ctx)).await.map(SessionTokens::from))
    }
}

fn later<'ctx>(ctx: &Context<'ctx>) -> &'ctx Registered {
    const NONE: &Registered = &Vec::new();
    ctx.data_opt::<Registered>().unwrap_or(NONE)
}
