//! Who a GraphQL request comes from, as resolvers and the planner see it.

use async_graphql::Context;

use crate::{
    auth::Actor,
    error::{Error, Locale, Result},
};

/// The caller of one request: `http` puts it into the request's data.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Who is signed in, if anybody.
    pub actor: Option<Actor>,
    /// The language in which to answer.
    pub locale: Locale,
    /// The network address, for sign-in limits; empty where unknown.
    pub address: String,
}

impl Caller {
    /// The caller of the request in which a field is resolved.
    #[must_use]
    pub fn of<'ctx>(ctx: &Context<'ctx>) -> &'ctx Self {
        const NOBODY: &Caller = &Caller { actor: None, locale: Locale::En, address: String::new() };
        ctx.data_opt::<Self>().unwrap_or(NOBODY)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// UNAUTHENTICATED when nobody is.
    pub fn actor(&self) -> Result<&Actor> {
        self.actor.as_ref().ok_or_else(Error::unauthenticated)
    }
}
