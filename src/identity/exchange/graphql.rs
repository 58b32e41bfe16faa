//! Single sign-on as clients see it.

use async_graphql::{Context, Object};

use super::SessionExchangeInput;
use crate::{
    error::Result,
    graphql::{Caller, Payload, program},
    identity::sessions::graphql::SessionTokens,
};

/// Mutations of single sign-on.
#[derive(Debug, Default)]
pub struct ExchangeMutations;

#[Object]
impl ExchangeMutations {
    /// Exchanges an ID token of one of the `signInOptions` for a session; good once. The session acts under memberships
    /// of the issuer's organization and its departments only. Whatever is wrong, the answer is the same:
    /// UNAUTHENTICATED. After too many failures: RATE_LIMITED. Who may: everybody whom an admin of the issuer's
    /// organization allowed 单点登录.
    async fn session_exchange(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: SessionExchangeInput,
    ) -> Result<Payload<SessionTokens>> {
        let address = &Caller::of(ctx).address;
        Payload::of(super::exchange(program(ctx)?, address, &input).await.map(SessionTokens::from))
    }
}
