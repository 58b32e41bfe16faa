//! The queue 面试叫号: how many wait for which enterprise in the hall. Numbers only, no names: it hangs on the wall.

pub mod graphql;
pub mod store;

use chrono::{DateTime, Utc};
use futures_util::Stream;
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    error::Result,
    talent::live::{self, Figures},
};

/// The queues at an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// One line for each session that is not called off, those that begin first, first.
    pub lines: Vec<Line>,
}

/// The queue before one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The session.
    pub session: Uuid,
    /// The enterprise's name.
    pub enterprise: String,
    /// Where.
    pub place: String,
    /// Which room or booth there.
    pub room: String,
    /// When the first slot begins.
    pub starts_at: DateTime<Utc>,
    /// When the last slot ends.
    pub ends_at: DateTime<Utc>,
    /// Places that are held by students who are yet to come.
    pub expected: i32,
    /// Students who are there and wait.
    pub waiting: i32,
    /// Interviews that took place.
    pub done: i32,
    /// Students who did not come.
    pub missed: i32,
    /// Places that can still be booked, in slots that are not over.
    pub free: i32,
}

impl Figures for Queue {
    fn are_as(&self, other: &Self) -> bool {
        self.lines == other.lines
    }
}

/// The queues at an event, of the sessions that the actor sees.
///
/// # Errors
/// `NOT_FOUND` for an event that the actor does not see.
pub async fn queue(app: &App, actor: &Actor, event: Uuid) -> Result<Queue> {
    store::queue(app.db(), actor, event).await
}

/// The queues now, and again whenever they have changed.
///
/// # Errors
/// As [`queue`], once; later failures are waited out.
pub async fn watch(app: &App, actor: &Actor, event: Uuid) -> Result<impl Stream<Item = Queue> + Send + use<>> {
    let actor = actor.clone();
    live::watch(app, move |app: App| {
        let actor = actor.clone();
        async move { queue(&app, &actor, event).await }
    })
    .await
}
