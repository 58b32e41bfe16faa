//! Amendments as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::{
    agreement::RenewalPolicy,
    agreement_signature::SignatureEvidence,
    amendment::{self, AmendmentStatus, AmendmentStep},
    amendment_decision::{self, AmendmentDecisionKind},
    document, event,
};
use sea_orm::{Condition, Order};

use super::{
    AmendmentApproveInput, AmendmentDraftInput, AmendmentEditInput, AmendmentReasonedStepInput, AmendmentSignInput,
    AmendmentSignatureConfirmInput, AmendmentStepInput,
    diff::{AmendedField, Change, Line, LineChangeKind},
    store,
};
use crate::{
    agreements::graphql::Agreement,
    audit::graphql::Event,
    documents::graphql::Document,
    error::Result,
    graphql::{
        Connection, Date, DateTime, Filter, OneOf, OrderField, Payload, asked, by_id, column, facts, filter, many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::lifecycle::Stepped,
    view,
};

view! {
    /// A change of an agreement in force 补充协议. What was never submitted is seen by the drafting organization,
    /// everything else with the agreement.
    pub Amendment of amendment, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The agreement that it changes 所属协议.
    agreement: Option<Agreement> = one(AgreementId);
    /// 1 for the first amendment of the agreement 序号.
    number: i32 = column(Number);
    /// The party that drafted it 起草单位.
    drafted_by: Option<Organization> = one(DraftedById);
    /// The person who drafted it 起草人.
    author: Option<Person> = one(AuthorId);
    /// Why the agreement is amended 变更理由.
    reason: String = column(Reason);
    /// The title as it shall read 标题.
    title: String = column(Title);
    /// The text as it shall read 正文.
    terms: String = column(Terms);
    /// The last day as it shall be 截止日期.
    ends_on: Date = column(EndsOn);
    /// The last day to give notice as it shall be 通知期限.
    notice_by: Option<Date> = column(NoticeBy);
    /// What shall happen when that day comes 续约方式.
    renewal_policy: RenewalPolicy = column(RenewalPolicy);
    /// Where it stands 状态.
    status: AmendmentStatus = column(Status);
    /// Why it was refused or taken back 原因.
    status_reason: Option<String> = column(StatusReason);
    /// The hash of the agreement's text that it changes 原文本哈希.
    base_hash: String = column(BaseHash);
    /// The whole agreement as amended, as canonical JSON, frozen when submitted 规范化文本.
    content: Option<String> = column(Content);
    /// SHA-256 of that: quote it as `expectedHash` when you approve and sign 文本哈希.
    content_hash: Option<String> = column(ContentHash);
    /// What it changes, field by field and line by line 变更对照.
    diff: Vec<FieldChange> = facts(store::changes_of, FieldChange::all);
    /// Who approved and who signed 同意与签署.
    decisions: Vec<AmendmentDecision> = many(amendment_decision::Column::AmendmentId).at_most(40);
    /// Scans and attachments, oldest first; for the parties that sign 文件.
    documents: Connection<Document> = many(document::Column::RecordId);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<AmendmentStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// When the last party signed 生效时间.
    effective_at: Option<DateTime> = column(EffectiveAt);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was drafted 起草时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// A party's approval of an amendment, or its signature 同意或签署; seen with the amendment.
    pub AmendmentDecision of amendment_decision, seen by store::decisions_visible_to, with Amendment by AmendmentId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// Approval or signature 类别.
    kind: AmendmentDecisionKind = column(Kind);
    /// The party 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person 办理人.
    decided_by: Option<Person> = one(DecidedById);
    /// The hash that was approved or signed 所签哈希.
    content_hash: String = column(ContentHash);
    /// What shows a signature; PLATFORM is a record of a click, not a reliable electronic signature in law 凭据.
    evidence: Option<SignatureEvidence> = column(Evidence);
    /// The scan of a signature, for the parties that sign 扫描件.
    document: Option<Document> = one(DocumentId);
    /// The second person who compared a scan with the text 扫描件确认人.
    confirmed_by: Option<Person> = one(ConfirmedById);
    /// When the scan was confirmed 确认时间.
    confirmed_at: Option<DateTime> = column(ConfirmedAt);
    /// When 时间.
    created_at: DateTime = column(CreatedAt);
}

view! {
    /// Queries about amendments.
    pub AmendmentQueries root;

    /// The amendment with this id 补充协议.
    amendment: Option<Amendment> = by_id();
}

/// Which amendments.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AmendmentFilter {
    /// By where they stand.
    pub status: Option<OneOf<AmendmentStatus>>,
}

impl Filter<amendment::Entity> for AmendmentFilter {
    fn condition(&self) -> Condition {
        filter::all([self.status.as_ref().map(|status| status.on(amendment::Column::Status))])
    }
}

/// What amendments can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AmendmentOrderField {
    /// Their number 序号.
    Number,
}

impl OrderField<amendment::Entity> for AmendmentOrderField {
    fn column(self) -> amendment::Column {
        match self {
            Self::Number => amendment::Column::Number,
        }
    }
}

/// One thing that an amendment changes 变更内容.
#[derive(Clone, Debug, SimpleObject)]
pub struct FieldChange {
    /// What changes 事项.
    pub field: AmendedField,
    /// How it reads before the amendment; null for nothing 变更前.
    pub before: Option<String>,
    /// How it reads after it; null for nothing 变更后.
    pub after: Option<String>,
    /// For the text: the lines that change, each with up to three lines around it 逐行对照.
    pub lines: Vec<LineChange>,
}

/// One line of the text 行变更.
#[derive(Clone, Debug, SimpleObject)]
pub struct LineChange {
    /// What happens to it 类别.
    pub kind: LineChangeKind,
    /// Its number in the old text, from 1; null when it is new 原行号.
    pub before_line: Option<i32>,
    /// Its number in the new text, from 1; null when it goes 新行号.
    pub after_line: Option<i32>,
    /// The line 内容.
    pub text: String,
}

impl FieldChange {
    #[expect(clippy::ptr_arg, reason = "what the store loads for each amendment")]
    fn all(changes: &Vec<Change>, _: &crate::auth::Actor) -> Vec<Self> {
        changes.iter().cloned().map(Self::from).collect()
    }
}

impl From<Change> for FieldChange {
    fn from(Change { field, before, after, lines }: Change) -> Self {
        Self { field, before, after, lines: lines.into_iter().map(LineChange::from).collect() }
    }
}

impl From<Line> for LineChange {
    fn from(Line { kind, before_line, after_line, text }: Line) -> Self {
        Self { kind, before_line, after_line, text }
    }
}

/// Mutations of amendments.
#[derive(Debug, Default)]
pub struct AmendmentMutations;

#[Object]
impl AmendmentMutations {
    /// Drafts an amendment of an agreement in force. Who may: the admin of a party that signed 起草补充协议.
    async fn amendment_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentDraftInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::draft(app, actor, &input).await.map(Amendment))
    }

    /// Changes a draft, against the text of the agreement as it stands now. Who may: the admin of the drafting
    /// organization 修改补充协议草稿.
    async fn amendment_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentEditInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::edit(app, actor, &input).await.map(Amendment))
    }

    /// Freezes the agreement as amended and sends it to all parties. Who may: the admin of the drafting organization
    /// 提交会审.
    async fn amendment_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentStepInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::submit(app, actor, &input).await.map(Amendment))
    }

    /// Approves the agreement as amended for your side. Who may: the admin of each party that signs, once 会审同意.
    async fn amendment_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentApproveInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::approve(app, actor, &input).await.map(Amendment))
    }

    /// Refuses an amendment for good. Who may: the admin of a party that signs and has not approved or signed 否决.
    async fn amendment_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentReasonedStepInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::reject(app, actor, &input).await.map(Amendment))
    }

    /// Signs the agreement as amended for your side; the last signature makes it effective. Who may: the admin of each
    /// party that signs, once; all parties must be verified 签署.
    async fn amendment_sign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentSignInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::sign(app, actor, &input).await.map(Amendment))
    }

    /// Confirms that a scan shows the signature. Who may: the admin of a party that signs, but not the signer 确认扫描件.
    async fn amendment_signature_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentSignatureConfirmInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::confirm_signature(app, actor, &input).await.map(Amendment))
    }

    /// Takes your side's amendment back. Who may: the admin of the drafting organization 撤回.
    async fn amendment_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AmendmentReasonedStepInput,
    ) -> Result<Payload<Amendment>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw(app, actor, &input).await.map(Amendment))
    }
}
