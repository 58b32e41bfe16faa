//! Agreements as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    agreement::{self, AgreementKind, AgreementStatus, AgreementStep, RenewalPolicy, TerminationGround},
    agreement_party, agreement_proposal, agreement_review, agreement_signature, agreement_version, amendment,
    cooperation_item, document, event,
};
use sea_orm::{Condition, Order};

use super::{
    AgreementApproveInput, AgreementDraftInput, AgreementEditInput, AgreementReasonedStepInput, AgreementRenewInput,
    AgreementSignInput, AgreementSignatureConfirmInput, AgreementStepInput,
    amendments::graphql::{Amendment, AmendmentFilter, AmendmentOrderField},
    items::{
        self,
        graphql::{CooperationItem, CooperationItemFilter, CooperationItemOrderField, ExecutionRate},
    },
    parts::graphql::{AgreementParty, AgreementReview, AgreementSignature, AgreementVersion},
    proposals::graphql::AgreementProposal,
    store,
};
use crate::{
    audit::graphql::Event,
    auth::Actor,
    documents::graphql::Document,
    error::Result,
    graphql::{
        Between, Connection, Date, DateTime, Filter, OneOf, OrderField, Payload, Words, all, asked, by_id, column,
        facts, filter, find, group_size, many, one,
    },
    organizations::graphql::Organization,
    platform::{condition::exists, id::Id, lifecycle::Stepped},
    view,
};

view! {
    /// What a university, a county and its enterprises have promised each other 合作协议. A draft is seen by the
    /// drafting organization, everything later by all who are named in it.
    pub Agreement of agreement, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The number on its cover, such as XY-511322-2026-0007 协议编号.
    number: String = column(Number);
    /// What it is about 类别.
    kind: AgreementKind = column(Kind);
    /// The title 标题.
    title: String = column(Title);
    /// The text as it stands; what was submitted is in `currentVersion` 正文.
    terms: String = column(Terms);
    /// The first day; null until it is signed when the day of the last signature counts 生效日期.
    starts_on: Option<Date> = column(StartsOn);
    /// The last day; it ends at midnight in Shanghai 截止日期.
    ends_on: Date = column(EndsOn);
    /// The last day to give notice 通知期限.
    notice_by: Option<Date> = column(NoticeBy);
    /// What happens when that day comes 续约方式.
    renewal_policy: RenewalPolicy = column(RenewalPolicy);
    /// Where it stands 状态.
    status: AgreementStatus = column(Status);
    /// Why it was returned, refused, cancelled, suspended or ended 原因.
    status_reason: Option<String> = column(StatusReason);
    /// What entitled a party to end it without the others; null when all agreed 单方解除事由.
    termination_ground: Option<TerminationGround> = column(TerminationGround);
    /// The party that ended it alone 单方解除单位.
    terminated_by: Option<Organization> = one(TerminatedById);
    /// SHA-256 of the text under review or signed: quote it as `expectedHash` when you approve and sign 文本哈希.
    content_hash: Option<String> = column(ContentHash);
    /// The county that hosts the cooperation 县级政府.
    county: Option<Organization> = one(CountyId);
    /// The organization that drafted it 起草单位.
    drafted_by: Option<Organization> = one(DraftedById);
    /// The framework agreement above it 上级框架协议.
    parent: Option<Agreement> = one(ParentId);
    /// The special agreements under it 专项协议.
    children: Connection<Agreement> =
        many(agreement::Column::ParentId).filter::<AgreementFilter>().order_by::<AgreementOrderField>();
    /// The agreement that it renews 前一协议.
    predecessor: Option<Agreement> = one(PredecessorId);
    /// Everyone named in it, in the order of the cover 协议各方.
    parties: Vec<AgreementParty> =
        many(agreement_party::Column::AgreementId).order(agreement_party::Column::Position, Order::Asc).at_most(20);
    /// The text under review or signed, frozen 当前版本.
    current_version: Option<AgreementVersion> = one(CurrentVersionId);
    /// Every text that was submitted, oldest first 历次版本.
    versions: Connection<AgreementVersion> =
        many(agreement_version::Column::AgreementId).order(agreement_version::Column::Number, Order::Asc);
    /// What the parties said in review, oldest first 会审意见.
    reviews: Connection<AgreementReview> =
        many(agreement_review::Column::AgreementId).order(agreement_review::Column::CreatedAt, Order::Asc);
    /// Who signed, oldest first 签署记录.
    signatures: Connection<AgreementSignature> =
        many(agreement_signature::Column::AgreementId).order(agreement_signature::Column::SignedAt, Order::Asc);
    /// Scans and attachments, oldest first; for the parties that sign 文件.
    documents: Connection<Document> = many(document::Column::RecordId);
    /// What the parties proposed: suspending, resuming, terminating, rescinding; oldest first 提议.
    proposals: Connection<AgreementProposal> =
        many(agreement_proposal::Column::AgreementId).order(agreement_proposal::Column::CreatedAt, Order::Asc);
    /// What exactly has been promised, the next due first 合作事项.
    items: Connection<CooperationItem> = many(cooperation_item::Column::AgreementId)
        .order(cooperation_item::Column::DueOn, Order::Asc)
        .filter::<CooperationItemFilter>()
        .order_by::<CooperationItemOrderField>();
    /// How far that has been kept until today 履约率.
    execution_rate: ExecutionRate = facts(items::store::executions, |execution: &items::rules::Execution, _: &Actor| {
        ExecutionRate::from(*execution)
    });
    /// How it was and shall be changed, oldest first 补充协议.
    amendments: Connection<Amendment> = many(amendment::Column::AgreementId)
        .order(amendment::Column::Number, Order::Asc)
        .filter::<AmendmentFilter>()
        .order_by::<AmendmentOrderField>();
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<AgreementStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// When the text was last sent to the parties 提交时间.
    submitted_at: Option<DateTime> = column(SubmittedAt);
    /// When the last party signed 签署完成时间.
    signed_at: Option<DateTime> = column(SignedAt);
    /// When it came into force 生效时间.
    activated_at: Option<DateTime> = column(ActivatedAt);
    /// When it ended 终止时间.
    ended_at: Option<DateTime> = column(EndedAt);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was drafted 起草时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// How many agreements a county has in one status 协议统计.
    pub AgreementCount of agreement_party, seen by store::counted_for;

    /// The county 县级政府.
    county: Option<Organization> = one(CountyId);
    /// The status 状态.
    status: AgreementStatus = column(Status);
    /// How many agreements that you may see 数量.
    count: i32 = group_size();
}

view! {
    /// Queries about agreements.
    pub AgreementQueries root;

    /// The agreement with this id 协议.
    agreement: Option<Agreement> = by_id();
    /// The agreement with this number 按编号查询协议.
    agreement_by_number: Option<Agreement> = find(agreement::Column::Number);
    /// The agreements that you may see 协议列表.
    agreements: Option<Connection<Agreement>> =
        all().filter::<AgreementFilter>().order_by::<AgreementOrderField>();
    /// How many there are, by county and status 协议统计.
    agreement_counts: Option<Vec<AgreementCount>> = all()
        .filter::<AgreementFilter>()
        .grouped_by([agreement_party::Column::CountyId, agreement_party::Column::Status])
        .at_most(1_000);
}

/// Which agreements.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AgreementFilter {
    /// By what they are about.
    pub kind: Option<OneOf<AgreementKind>>,
    /// By where they stand.
    pub status: Option<OneOf<AgreementStatus>>,
    /// By their first day.
    pub starts_on: Option<Between<Date>>,
    /// By their last day.
    pub ends_on: Option<Between<Date>>,
    /// By the last day to give notice.
    pub notice_by: Option<Between<Date>>,
    /// By their county.
    pub county_id: Option<OneOf<Id<entity::organization::Entity>>>,
    /// Those whose title and number hold these words, as `search` finds them; at most 100 characters, and 25 Chinese ones.
    pub search: Option<Words>,
}

impl Filter<agreement::Entity> for AgreementFilter {
    fn condition(&self) -> Condition {
        use agreement::Column;
        filter::all([
            self.kind.as_ref().map(|kind| kind.on(Column::Kind)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.starts_on.as_ref().map(|range| range.on(Column::StartsOn)),
            self.ends_on.as_ref().map(|range| range.on(Column::EndsOn)),
            self.notice_by.as_ref().map(|range| range.on(Column::NoticeBy)),
            self.county_id.as_ref().map(|county| county.on(Column::CountyId)),
            self.search.as_ref().map(|words| words.on([Column::Title, Column::Number])),
        ])
    }
}

/// Of the rows by which agreements are counted.
impl Filter<agreement_party::Entity> for AgreementFilter {
    fn condition(&self) -> Condition {
        let counted = <Self as Filter<agreement::Entity>>::condition(self);
        if counted.is_empty() {
            return counted;
        }
        exists(agreement::Column::Id, agreement_party::Column::AgreementId, counted)
    }
}

/// What agreements can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AgreementOrderField {
    /// The number on the cover 编号.
    Number,
    /// The last day 截止日期.
    EndsOn,
    /// When they were drafted 起草时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<agreement::Entity> for AgreementOrderField {
    fn column(self) -> agreement::Column {
        match self {
            Self::Number => agreement::Column::Number,
            Self::EndsOn => agreement::Column::EndsOn,
            Self::CreatedAt => agreement::Column::CreatedAt,
            Self::UpdatedAt => agreement::Column::UpdatedAt,
        }
    }
}

/// Mutations of agreements.
#[derive(Debug, Default)]
pub struct AgreementMutations;

#[Object]
impl AgreementMutations {
    /// Drafts an agreement; it gets its number. Who may: the admin of a university, county or enterprise 起草协议.
    async fn agreement_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementDraftInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::draft(app, actor, &input).await.map(Agreement))
    }

    /// Changes the text of a draft. Who may: the admin of the drafting organization 修改草稿.
    async fn agreement_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementEditInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::edit(app, actor, &input).await.map(Agreement))
    }

    /// Freezes the text and sends it to all parties. Who may: the admin of the drafting organization 提交会审.
    async fn agreement_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementStepInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::submit(app, actor, &input).await.map(Agreement))
    }

    /// Approves the text for your side; the last party's approval moves it on to signature. Who may: the admin of each
    /// party that signs, once 会审同意.
    async fn agreement_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementApproveInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::approve(app, actor, &input).await.map(Agreement))
    }

    /// Sends the text back to be revised; approvals so far are void. Who may: the admin of a party that signs and has
    /// not spoken 退回修改.
    async fn agreement_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementReasonedStepInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::return_for_revision(app, actor, &input).await.map(Agreement))
    }

    /// Refuses the agreement for good. Who may: the admin of a party that signs and has not spoken 否决.
    async fn agreement_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementReasonedStepInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::reject(app, actor, &input).await.map(Agreement))
    }

    /// Signs the text for your side; the last signature makes it signed, and active on its first day. Who may: the
    /// admin of each party that signs, once; all parties must be verified 签署.
    async fn agreement_sign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementSignInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::sign(app, actor, &input).await.map(Agreement))
    }

    /// Confirms that a scan shows the signature under the current text. Who may: the admin of a party that signs, but
    /// not the signer 确认扫描件.
    async fn agreement_signature_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementSignatureConfirmInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::confirm_signature(app, actor, &input).await.map(Agreement))
    }

    /// Takes the approved text back to revise it; signatures under it are void. Who may: the admin of a party that
    /// signs 撤回修改.
    async fn agreement_withdraw_for_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementReasonedStepInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw_for_revision(app, actor, &input).await.map(Agreement))
    }

    /// Gives up an agreement that is not signed. Who may: the admin of the drafting organization 撤销.
    async fn agreement_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementReasonedStepInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::cancel(app, actor, &input).await.map(Agreement))
    }

    /// Drafts the agreement that follows this one, with the same parties and text. Who may: the admin of a party that
    /// signed 续签.
    async fn agreement_renew(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementRenewInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::renew(app, actor, &input).await.map(Agreement))
    }
}
