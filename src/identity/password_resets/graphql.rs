//! Password resets as clients see them.

use async_graphql::{Context, Object, SimpleObject};

use super::{PasswordResetAcceptInput, PasswordResetCreateInput, PasswordResetRevokeInput};
use crate::{
    error::Result,
    graphql::{Payload, asked, program},
    identity::people::graphql::User,
};

/// A new password reset, with what the person needs to use it.
#[derive(Clone, Debug, SimpleObject)]
pub struct IssuedPasswordReset {
    /// Whose password it is 用户.
    pub user: Option<User>,
    /// What the person chooses another password with, once and within a day. Hand it over in private: nobody can show it
    /// again 重置码.
    pub token: String,
}

/// A password that was reset.
#[derive(Clone, Debug, SimpleObject)]
pub struct ResetPassword {
    /// What to sign in with 登录名.
    pub login: String,
}

/// Mutations of password resets.
#[derive(Debug, Default)]
pub struct PasswordResetMutations;

#[Object]
impl PasswordResetMutations {
    /// Makes a token with which a member chooses another password; an earlier one is no good any more. Who may: an admin
    /// of the organization, for a member who is no admin and was never a member elsewhere 重置成员密码.
    async fn password_reset_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PasswordResetCreateInput,
    ) -> Result<Payload<IssuedPasswordReset>> {
        let (app, actor) = asked(ctx)?;
        let issued = super::create(app, actor, &input).await;
        Payload::of(issued.map(|(user, token)| IssuedPasswordReset { user: Some(User(user)), token }))
    }

    /// Takes a token back that was not used. Who may: whoever may make one 撤回重置码.
    async fn password_reset_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PasswordResetRevokeInput,
    ) -> Result<Payload<User>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::revoke(app, actor, &input).await.map(User))
    }

    /// Chooses another password and ends every session of yours. Who may: whoever holds the token 凭重置码设置新密码.
    async fn password_reset_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PasswordResetAcceptInput,
    ) -> Result<Payload<ResetPassword>> {
        Payload::of(super::accept(program(ctx)?, &input).await.map(|login| ResetPassword { login }))
    }
}
