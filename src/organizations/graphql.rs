//! Organizations as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    agreement_party, event, job_position,
    organization::{self, OrganizationKind, OrganizationStatus, OrganizationStep, SizeClass},
    organization_question,
};
use sea_orm::{Condition, Order};

use super::{
    OrganizationReasonedStepInput, OrganizationRegisterInput, OrganizationStepInput, OrganizationUpdateInput, store,
};
use crate::{
    agreements::graphql::{Agreement, AgreementFilter, AgreementOrderField},
    audit::graphql::Event,
    dictionaries::phone,
    error::Result,
    graphql::{
        Connection, CreditCode, DateTime, Filter, OneOf, OrderField, Payload, RegionCode, Url, Words, all, asked,
        by_id, column, facts, filter, find, many, one, through,
    },
    platform::lifecycle::Stepped,
    talent::{
        positions::graphql::{Position, PositionFilter, PositionOrderField},
        questions::graphql::{OrganizationQuestion, OrganizationQuestionFilter, OrganizationQuestionOrderField},
    },
    view,
};

view! {
    /// A university, a county or an enterprise, or a part of one 单位. Verified ones are public register data for
    /// everyone signed in; contacts and internal figures are held back.
    pub Organization of organization, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// What it is 类别.
    kind: OrganizationKind = column(Kind);
    /// Its name as the public register has it 名称.
    name: String = column(Name);
    /// Its name in English 英文名称.
    name_en: Option<String> = column(NameEn);
    /// Unified social credit code 统一社会信用代码.
    credit_code: CreditCode = column(CreditCode);
    /// Region, GB/T 2260 行政区划代码.
    region_code: Option<RegionCode> = column(RegionCode);
    /// Industry, GB/T 4754-2017; enterprises only 行业代码.
    industry_code: Option<String> = column(IndustryCode);
    /// Size class; enterprises only 企业规模.
    size_class: Option<SizeClass> = column(SizeClass);
    /// School code; universities only 学校代码.
    school_code: Option<String> = column(SchoolCode);
    /// What it makes, teaches or is in charge of 简介.
    profile: Option<String> = column(Profile);
    /// What it makes, and how 生产情况.
    production: Option<String> = column(Production);
    /// How it cultivates talents 人才培养.
    talent_cultivation: Option<String> = column(TalentCultivation);
    /// Laboratories, centres and stations for research 科研平台.
    research_platforms: Option<String> = column(ResearchPlatforms);
    /// What it was asked, as far as you may see it, the latest first 企业问答.
    questions: Connection<OrganizationQuestion> = many(organization_question::Column::OrganizationId)
        .order(organization_question::Column::CreatedAt, Order::Desc)
        .filter::<OrganizationQuestionFilter>()
        .order_by::<OrganizationQuestionOrderField>();
    /// The positions that it offers, as far as you may see them 岗位.
    positions: Connection<Position> = many(job_position::Column::OrganizationId)
        .filter::<PositionFilter>()
        .order_by::<PositionOrderField>();
    /// Website 网站.
    website: Option<Url> = column(Website);
    /// Whom to ask: for its own members, the county that verifies it, and partners in an agreement; not for auditors
    /// 联系人.
    contact_name: Option<String> = column(ContactName).only_if(store::contacts_visible_to);
    /// Their telephone number; masked for everyone else 联系电话.
    contact_phone: Option<String> = column(ContactPhone).only_if(store::contacts_visible_to).or_masked(phone::mask);
    /// Their e-mail address; seen like the name 联系邮箱.
    contact_email: Option<String> = column(ContactEmail).only_if(store::contacts_visible_to);
    /// How many people work there: for its own members and the county that verifies it 职工人数.
    staff_count: Option<i32> = column(StaffCount).only_if(store::inner_details_visible_to);
    /// A note, seen like the number of staff 内部备注.
    internal_note: Option<String> = column(InternalNote).only_if(store::inner_details_visible_to);
    /// Where it stands 状态.
    status: OrganizationStatus = column(Status);
    /// Why it was refused, suspended or has ceased: for its own members and whoever verifies it 原因.
    status_reason: Option<String> = column(StatusReason).only_if(store::reasons_visible_to);
    /// When it was verified 核验时间.
    verified_at: Option<DateTime> = column(VerifiedAt);
    /// The organization that it was merged into; what you know by this id is there now 并入的单位.
    merged_into: Option<Organization> = one(MergedIntoId);
    /// The organization above it 上级单位.
    parent: Option<Organization> = one(ParentId);
    /// Its colleges, bureaus, parks and, for a county, its enterprises 下级单位.
    children: Connection<Organization> = many(ParentId).filter::<OrganizationFilter>().order_by::<OrganizationOrderField>();
    /// The agreements that name it, as far as you may see them 协议.
    agreements: Connection<Agreement> =
        through(agreement_party::Column::OrganizationId, agreement_party::Column::AgreementId)
            .filter::<AgreementFilter>()
            .order_by::<AgreementOrderField>();
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<OrganizationStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was registered 登记时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about organizations.
    pub OrganizationQueries root;

    /// The organization with this id 单位.
    organization: Option<Organization> = by_id();
    /// The organization with this unified social credit code 按信用代码查询单位.
    organization_by_credit_code: Option<Organization> = find(organization::Column::CreditCode);
    /// The organizations that you may see 单位列表.
    organizations: Option<Connection<Organization>> =
        all().filter::<OrganizationFilter>().order_by::<OrganizationOrderField>();
}

/// Which organizations.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrganizationFilter {
    /// By what they are.
    pub kind: Option<OneOf<OrganizationKind>>,
    /// By where they stand.
    pub status: Option<OneOf<OrganizationStatus>>,
    /// By their region, exactly.
    pub region_code: Option<OneOf<RegionCode>>,
    /// By their size class.
    pub size_class: Option<OneOf<SizeClass>>,
    /// Those whose name, Chinese or English, and credit code hold these words, as `search` finds them: `重庆 理工`; at most
    /// 100 characters, and 25 Chinese ones.
    pub search: Option<Words>,
}

impl Filter<organization::Entity> for OrganizationFilter {
    fn condition(&self) -> Condition {
        use organization::Column;
        filter::all([
            self.kind.as_ref().map(|kind| kind.on(Column::Kind)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.region_code.as_ref().map(|code| code.on(Column::RegionCode)),
            self.size_class.as_ref().map(|size| size.on(Column::SizeClass)),
            self.search.as_ref().map(|words| words.on([Column::Name, Column::NameEn, Column::CreditCode])),
        ])
    }
}

/// What organizations can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrganizationOrderField {
    /// Name, by code point 名称.
    Name,
    /// When they were registered 登记时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<organization::Entity> for OrganizationOrderField {
    fn column(self) -> organization::Column {
        match self {
            Self::Name => organization::Column::Name,
            Self::CreatedAt => organization::Column::CreatedAt,
            Self::UpdatedAt => organization::Column::UpdatedAt,
        }
    }
}

/// Mutations of organizations.
#[derive(Debug, Default)]
pub struct OrganizationMutations;

#[Object]
impl OrganizationMutations {
    /// Registers an organization under yours; somebody else will verify it. Who may: the platform's admin; a
    /// university's admin for its colleges; a county's admin and officers for bureaus, parks and enterprises 登记单位.
    async fn organization_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationRegisterInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::register(app, actor, &input).await.map(Organization))
    }

    /// Changes profile and contacts. Who may: the organization's own admin 修改单位资料.
    async fn organization_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationUpdateInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::update(app, actor, &input).await.map(Organization))
    }

    /// Confirms that it is who it says. Who may: for enterprises an officer of their county who is neither a member nor
    /// registered them; for all others the platform's admin 核验单位.
    async fn organization_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationStepInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::verify(app, actor, &input).await.map(Organization))
    }

    /// Refuses a pending organization, with a reason that it reads. Who may: as for verifying 驳回单位.
    async fn organization_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationReasonedStepInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::reject(app, actor, &input).await.map(Organization))
    }

    /// Suspends a verified organization, with a reason. Who may: whoever verifies such organizations 暂停单位.
    async fn organization_suspend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationReasonedStepInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::suspend(app, actor, &input).await.map(Organization))
    }

    /// Lifts a suspension. Who may: whoever verifies such organizations 恢复单位.
    async fn organization_reinstate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationStepInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::reinstate(app, actor, &input).await.map(Organization))
    }

    /// Records that it was deregistered or lost its licence. Who may: whoever verifies such organizations 注销单位.
    async fn organization_cease(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationReasonedStepInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::cease(app, actor, &input).await.map(Organization))
    }
}
