//! Notifications as clients see them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Subscription};
use entity::notification::{self, NoticeKind};
use futures_util::{Stream, StreamExt};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{Feed, NotificationMarkAllReadInput, NotificationMarkReadInput, store};
use crate::{
    agreements::{amendments::graphql::Amendment, graphql::Agreement, items::graphql::CooperationItem},
    app::App,
    auth::Actor,
    error::{Error, Result},
    graphql::{Date, DateTime, Filter, OneOf, Payload, asked, by_id, column, compute, filter, one},
    organizations::graphql::Organization,
    platform::id,
    talent::{positions::graphql::Position, questions::graphql::OrganizationQuestion},
    view,
};

view! {
    /// Something that waits for you, or that you should know 通知. You see your own alone.
    pub Notification of notification, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// What kind of thing waits or happened 类别.
    kind: NoticeKind = column(Kind);
    /// The id of the record that it is about; `node` reads it, with the rights you have now 相关记录标识.
    record_id: ID = compute([RecordKind, RecordId], |(kind, key): (String, Uuid), _: &Actor| ID(id::show(&kind, key)));
    /// The agreement that it is about; null for other records, and when you no longer see it 相关协议.
    agreement: Option<Agreement> = one(RecordId);
    /// The amendment that it is about; null for other records, and when you no longer see it 相关补充协议.
    amendment: Option<Amendment> = one(RecordId);
    /// The cooperation item that it is about; null for other records, and when you no longer see it 相关合作事项.
    cooperation_item: Option<CooperationItem> = one(RecordId);
    /// The position that it is about; null for other records, and when you no longer see it 相关岗位.
    position: Option<Position> = one(RecordId);
    /// The question that it is about; null for other records, and when you no longer see it 相关提问.
    organization_question: Option<OrganizationQuestion> = one(RecordId);
    /// For which of your organizations it waits: the one whose membership to act under; null for you alone 所属单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The day until which it waits 截止日期.
    due_on: Option<Date> = column(DueOn);
    /// When it came 时间.
    created_at: DateTime = column(CreatedAt);
    /// When you read it; null until then 阅读时间.
    read_at: Option<DateTime> = column(ReadAt);
}

view! {
    /// Queries about notifications.
    pub NotificationQueries root;

    /// The notification with this id 通知.
    notification: Option<Notification> = by_id();
}

/// Which notifications.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NotificationFilter {
    /// Those you have not read, or those you have.
    pub unread: Option<bool>,
    /// By what they are about.
    pub kind: Option<OneOf<NoticeKind>>,
}

impl Filter<notification::Entity> for NotificationFilter {
    fn condition(&self) -> Condition {
        use notification::Column::{Kind, ReadAt};
        filter::all([
            self.unread.map(|unread| if unread { ReadAt.is_null() } else { ReadAt.is_not_null() }.into()),
            self.kind.as_ref().map(|kind| kind.on(Kind)),
        ])
    }
}

/// What marking notifications as read did 标记结果.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct NotificationsRead {
    /// How many were unread until now 本次标记数.
    pub marked: i32,
    /// How many are left unread 剩余未读数.
    pub unread: i32,
}

impl NotificationsRead {
    async fn after(app: &App, actor: &Actor, marked: u64) -> Result<Self> {
        let unread = store::count_unread(app.db().reader(), actor).await?;
        let small = |count: u64| i32::try_from(count).map_err(Error::internal);
        Ok(Self { marked: small(marked)?, unread: small(unread)? })
    }
}

/// Mutations of notifications.
#[derive(Debug, Default)]
pub struct NotificationMutations;

#[Object]
impl NotificationMutations {
    /// Marks notifications as read. Who may: their owner 标记已读.
    async fn notification_mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: NotificationMarkReadInput,
    ) -> Result<Payload<NotificationsRead>> {
        let (app, actor) = asked(ctx)?;
        let marked = async { NotificationsRead::after(app, actor, super::mark_read(app, actor, &input).await?).await };
        Payload::of(marked.await)
    }

    /// Marks everything as read that came until the moment you name. Who may: everyone, for their own 全部标记已读.
    async fn notification_mark_all_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: NotificationMarkAllReadInput,
    ) -> Result<Payload<NotificationsRead>> {
        let (app, actor) = asked(ctx)?;
        let marked =
            async { NotificationsRead::after(app, actor, super::mark_all_read(app, actor, &input).await?).await };
        Payload::of(marked.await)
    }
}

/// Subscriptions to notifications.
#[derive(Debug, Default)]
pub struct NotificationSubscriptions;

#[Subscription]
impl NotificationSubscriptions {
    /// Your notifications as they come, each once. Who may: everyone signed in 新通知.
    async fn notification_received(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Option<Notification>> + use<>> {
        let (_, actor) = asked(ctx)?;
        let feed = ctx.data_opt::<Feed>().ok_or_else(|| Error::internal("a schema without the notifications' feed"))?;
        Ok(feed.received(actor).await?.map(|key| Some(Notification(key))))
    }
}
