//! The funnel on a screen: its figures now, and again whenever they have changed.

use futures_util::Stream;

use super::{Ask, Funnel, count};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    talent::live::{self, Figures},
};

impl Figures for Funnel {
    fn are_as(&self, other: &Self) -> bool {
        self.counts == other.counts && self.groups == other.groups
    }
}

/// The figures now, and again whenever they have changed.
///
/// # Errors
/// As [`count`], once; later failures are waited out.
pub async fn watch(app: &App, actor: &Actor, ask: Ask) -> Result<impl Stream<Item = Funnel> + Send + use<>> {
    let actor = actor.clone();
    live::watch(app, move |app: App| {
        let (actor, ask) = (actor.clone(), ask.clone());
        async move { count(&app, &actor, &ask).await }
    })
    .await
}
