//! Who a GraphQL request comes from, as resolvers and the planner see it.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicU64, Ordering},
};

use async_graphql::Context;

use crate::{
    app::App,
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
    /// What the request has asked for so far; a new one for each request.
    pub cost: Cost,
}

/// Records asked for by one request: the product of the page sizes, summed over its lists. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Cost(Arc<AtomicU64>);

impl Cost {
    /// How many so far: `extensions.cost.requested`.
    #[must_use]
    pub fn requested(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts more and says how many it are now.
    pub(super) fn add(&self, more: u64) -> u64 {
        let add = |requested: u64| Some(requested.saturating_add(more));
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        before.unwrap_or_else(|before| before).saturating_add(more)
    }
}

impl Caller {
    /// The caller of the request in which a field is resolved.
    #[must_use]
    pub fn of<'ctx>(ctx: &Context<'ctx>) -> &'ctx Self {
        static NOBODY: LazyLock<Caller> = LazyLock::new(Caller::default);
        ctx.data_opt::<Self>().unwrap_or(&NOBODY)
    }

    /// Whose budget pays: the membership's, or the network address's for whoever is not signed in.
    #[must_use]
    pub fn purse(&self) -> String {
        self.actor.as_ref().map_or_else(|| self.address.clone(), |actor| actor.membership().to_string())
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// UNAUTHENTICATED when nobody is.
    pub fn actor(&self) -> Result<&Actor> {
        self.actor.as_ref().ok_or_else(Error::unauthenticated)
    }
}

/// What a mutation's use case takes: the running program, and who is signed in.
///
/// # Errors
/// UNAUTHENTICATED when nobody is.
pub fn asked<'ctx>(ctx: &Context<'ctx>) -> Result<(&'ctx App, &'ctx Actor)> {
    Ok((program(ctx)?, Caller::of(ctx).actor()?))
}

/// The running program, for what nobody needs to be signed in to.
///
/// # Errors
/// When the schema was built without it.
pub fn program<'ctx>(ctx: &Context<'ctx>) -> Result<&'ctx App> {
    ctx.data_opt::<App>().ok_or_else(|| Error::internal("a schema without the running program"))
}
