//! Cooperation items as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::{
    agreement,
    cooperation_item::{self, ItemStatus, ItemStep},
    cooperation_item_drop_vote, document, event, organization, user,
};
use sea_orm::{Condition, Order};

use super::{
    CooperationItemCreateInput, CooperationItemDeferInput, CooperationItemReasonedStepInput, CooperationItemStepInput,
    CooperationItemSubmitInput, rules, store,
};
use crate::{
    agreements::graphql::Agreement,
    audit::graphql::Event,
    documents::graphql::Document,
    error::Result,
    graphql::{
        Between, BigInt, Connection, Date, DateTime, Filter, OneOf, OrderField, Payload, Words, all, asked, by_id,
        column, facts, filter, many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    view,
};

view! {
    /// What has been promised under an agreement, by whom and by when 合作事项. Seen with its agreement; and, unless that
    /// is a draft, by the responsible organization and person.
    pub CooperationItem of cooperation_item, seen by store::visible_to, with Agreement by AgreementId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The agreement that it carries out 所属协议.
    agreement: Option<Agreement> = one(AgreementId);
    /// What is promised 事项名称.
    title: String = column(Title);
    /// The organization that does it 责任单位.
    responsible: Option<Organization> = one(ResponsibleId);
    /// The person who does it 责任人.
    responsible_person: Option<Person> = one(ResponsibleUserId);
    /// The last day to do it 完成期限.
    due_on: Date = column(DueOn);
    /// The day that was first promised; a deferral does not change it 原定期限.
    first_due_on: Date = column(FirstDueOn);
    /// What is counted 计量内容.
    measure: Option<String> = column(Measure);
    /// How many are promised 目标值.
    target: Option<BigInt> = column(Target);
    /// How many were reached 实际值.
    actual: Option<BigInt> = column(Actual);
    /// Where it stands 状态.
    status: ItemStatus = column(Status);
    /// Why it was returned, deferred or dropped 原因.
    status_reason: Option<String> = column(StatusReason);
    /// Who reported it done 提交人.
    submitted_by: Option<Person> = one(SubmittedById);
    /// When it was last reported done 提交时间.
    submitted_at: Option<DateTime> = column(SubmittedAt);
    /// The other party that accepted it 验收单位.
    accepted_by: Option<Organization> = one(AcceptedById);
    /// Who accepted it for that party 验收人.
    acceptor: Option<Person> = one(AcceptorId);
    /// When it was accepted 验收时间.
    accepted_at: Option<DateTime> = column(AcceptedAt);
    /// The parties that agree to drop it 同意取消的各方.
    drop_votes: Vec<CooperationItemDropVote> = many(cooperation_item_drop_vote::Column::ItemId).at_most(20);
    /// What shows that it was done, oldest first; for whoever sees the item 佐证文件.
    documents: Connection<Document> = many(document::Column::RecordId);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<ItemStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was added 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// A party's agreement to drop an item 同意取消; seen with the item. Any other step of the item makes it void.
    pub CooperationItemDropVote of cooperation_item_drop_vote, seen by store::drop_votes_visible_to, with CooperationItem by ItemId;

    /// The id 标识.
    id: ID = column(Id);
    /// The party 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person 办理人.
    voter: Option<Person> = one(VoterId);
    /// Why 理由.
    reason: String = column(Reason);
    /// When 时间.
    created_at: DateTime = column(CreatedAt);
}

view! {
    /// Queries about cooperation items.
    pub ItemQueries root;

    /// The item with this id 合作事项.
    cooperation_item: Option<CooperationItem> = by_id();
    /// The items that you may see 合作事项列表.
    cooperation_items: Option<Connection<CooperationItem>> =
        all().filter::<CooperationItemFilter>().order_by::<CooperationItemOrderField>();
}

/// Which items.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CooperationItemFilter {
    /// By their agreement.
    pub agreement_id: Option<OneOf<Id<agreement::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<ItemStatus>>,
    /// By the organization that does them.
    pub responsible_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the person who does them.
    pub responsible_user_id: Option<OneOf<Id<user::Entity>>>,
    /// By the last day to do them.
    pub due_on: Option<Between<Date>>,
    /// Those whose title holds these words, as `search` finds them; at most 100 characters, and 25 Chinese ones.
    pub search: Option<Words>,
}

impl Filter<cooperation_item::Entity> for CooperationItemFilter {
    fn condition(&self) -> Condition {
        use cooperation_item::Column;
        filter::all([
            self.agreement_id.as_ref().map(|agreement| agreement.on(Column::AgreementId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.responsible_id.as_ref().map(|organization| organization.on(Column::ResponsibleId)),
            self.responsible_user_id.as_ref().map(|person| person.on(Column::ResponsibleUserId)),
            self.due_on.as_ref().map(|range| range.on(Column::DueOn)),
            self.search.as_ref().map(|words| words.on([Column::Title])),
        ])
    }
}

/// What items can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CooperationItemOrderField {
    /// The last day to do them 完成期限.
    DueOn,
    /// When they were added 创建时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<cooperation_item::Entity> for CooperationItemOrderField {
    fn column(self) -> cooperation_item::Column {
        match self {
            Self::DueOn => cooperation_item::Column::DueOn,
            Self::CreatedAt => cooperation_item::Column::CreatedAt,
            Self::UpdatedAt => cooperation_item::Column::UpdatedAt,
        }
    }
}

/// How far what was promised has been kept 履约率.
#[derive(Clone, Debug, SimpleObject)]
pub struct ExecutionRate {
    /// Items accepted 已完成事项.
    pub accepted: i32,
    /// Items whose day has passed, and those accepted before; what was dropped or lapsed stays among them 到期事项.
    pub due: i32,
    /// Accepted ÷ due, from 0 to 1; null while nothing is due 履约率.
    pub rate: Option<f64>,
}

impl From<rules::Execution> for ExecutionRate {
    fn from(execution: rules::Execution) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        Self { accepted: count(execution.accepted), due: count(execution.due), rate: execution.rate() }
    }
}

/// Mutations of cooperation items.
#[derive(Debug, Default)]
pub struct ItemMutations;

#[Object]
impl ItemMutations {
    /// Adds an item to an agreement. Who may: the admin of a party that signs, once all have signed; before that the
    /// drafting organization's, in its draft 新增合作事项.
    async fn cooperation_item_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: CooperationItemCreateInput,
    ) -> Result<Payload<CooperationItem>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(CooperationItem))
    }

    /// Begins to work on an item. Who may: the responsible organization's people, and the responsible person 启动.
    async fn cooperation_item_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: CooperationItemStepInput,
    ) -> Result<Payload<CooperationItem>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::start(app, actor, &input).await.map(CooperationItem))
    }

    /// Reports an item done, with the figure that was reached. Who may: the responsible organization's people, and the
    /// responsible person 提交验收.
    async fn cooperation_item_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: CooperationItemSubmitInput,
    ) -> Result<Payload<CooperationItem>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::submit(app, actor, &input).await.map(CooperationItem))
    }

    /// Accepts what another party did. Who may: the admin or officer of another party that signs, but not who did it
    /// 验收通过.
    async fn cooperation_item_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: CooperationItemStepInput,
    ) -> Result<Payload<CooperationItem>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::accept(app, actor, &input).await.map(CooperationItem))
    }

    /// Sends an item back to the responsible party. Who may: the admin or officer of another party that signs 退回.
    async fn cooperation_item_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: CooperationItemReasonedStepInput,
    ) -> Result<Payload<CooperationItem>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::return_for_rework(app, actor, &input).await.map(CooperationItem))
    }

    /// Sets a later day. Who may: the responsible organization's people, and the responsible person 延期.
    async fn cooperation_item_defer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: CooperationItemDeferInput,
    ) -> Result<Payload<CooperationItem>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::defer(app, actor, &input).await.map(CooperationItem))
    }

    /// Agrees, for your side, to give an item up; with the last party's word it is dropped. Who may: the admin of each
    /// party that signs, once; in a draft the drafting organization's 取消.
    async fn cooperation_item_drop(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: CooperationItemReasonedStepInput,
    ) -> Result<Payload<CooperationItem>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::give_up(app, actor, &input).await.map(CooperationItem))
    }
}
