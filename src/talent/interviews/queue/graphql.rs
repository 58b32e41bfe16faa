//! The queue as clients see it.

use async_graphql::{Context, ID, Object, SimpleObject, Subscription};
use entity::{Record as _, interview_session, recruitment_event};
use futures_util::{Stream, StreamExt as _};

use super::{Line, Queue, store};
use crate::{
    error::Result,
    graphql::{DateTime, asked, counted},
    platform::id::{self, Id},
};

/// The queues of an event 面试队列: numbers only, no names.
#[derive(Clone, Debug, SimpleObject)]
pub struct InterviewQueue {
    /// When it was counted 统计时间.
    pub as_of: DateTime,
    /// One line for each session that you may see and that is not called off, by when they begin 队列.
    pub lines: Vec<InterviewQueueLine>,
}

/// The queue before one room 面试间队列.
#[derive(Clone, Debug, SimpleObject)]
pub struct InterviewQueueLine {
    /// The session; `nodes` reads several at once 场次标识.
    pub session_id: ID,
    /// The enterprise's name 企业.
    pub organization_name: String,
    /// Where 地点.
    pub place: String,
    /// Which room or booth there 面试间.
    pub room: String,
    /// When the first slot begins 开始时间.
    pub starts_at: DateTime,
    /// When the last slot ends 结束时间.
    pub ends_at: DateTime,
    /// Students who have booked and are yet to come 待签到.
    pub expected: i32,
    /// Students who are there and wait 候场.
    pub waiting: i32,
    /// Interviews that took place 已完成.
    pub done: i32,
    /// Students who did not come 缺席.
    pub missed: i32,
    /// Places that can still be booked 剩余名额.
    pub free: i32,
}

impl From<Line> for InterviewQueueLine {
    fn from(line: Line) -> Self {
        Self {
            session_id: id::show(interview_session::Entity::PREFIX, line.session).into(),
            organization_name: line.enterprise,
            place: line.place,
            room: line.room,
            starts_at: DateTime(line.starts_at),
            ends_at: DateTime(line.ends_at),
            expected: line.expected,
            waiting: line.waiting,
            done: line.done,
            missed: line.missed,
            free: line.free,
        }
    }
}

impl From<Queue> for InterviewQueue {
    fn from(queue: Queue) -> Self {
        let lines = queue.lines.into_iter().map(InterviewQueueLine::from).collect();
        Self { as_of: DateTime(queue.as_of), lines }
    }
}

/// Queries about the queue.
#[derive(Debug, Default)]
pub struct QueueQueries;

#[Object]
impl QueueQueries {
    /// How many wait before which room at an event, in numbers. Costs 500: so many rooms may be shown. Who may: whoever
    /// sees the event, of the sessions that he or she may see 面试队列.
    async fn interview_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At which event 活动标识.")] event_id: Id<recruitment_event::Entity>,
    ) -> Result<Option<InterviewQueue>> {
        let (app, actor) = asked(ctx)?;
        counted(ctx, store::LINES).await?;
        Ok(Some(super::queue(app, actor, event_id.key()).await?.into()))
    }
}

/// Subscriptions to the queue.
#[derive(Debug, Default)]
pub struct QueueSubscriptions;

#[Subscription]
impl QueueSubscriptions {
    /// The queue as it is now, and again whenever it changes, at most twice a second: for the screen in the hall. Who
    /// may: as for `interviewQueue` 实时面试队列.
    async fn interview_queue_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At which event 活动标识.")] event_id: Id<recruitment_event::Entity>,
    ) -> Result<impl Stream<Item = Option<InterviewQueue>> + use<>> {
        let (app, actor) = asked(ctx)?;
        let queues = super::watch(app, actor, event_id.key()).await?;
        Ok(queues.map(|queue| Some(queue.into())))
    }
}
