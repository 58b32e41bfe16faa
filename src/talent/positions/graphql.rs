//! Positions as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    application, event,
    job_position::{self, EducationWanted, PositionFamily, PositionKind, PositionStatus, PositionStep},
    organization::{self, SizeClass},
    position_major::{self, Column as Major},
    position_skill::{self, Column as Skill, PositionSkillKind, PositionSkillLevel},
    recruitment_event,
};
use sea_orm::{ColumnTrait, Condition, Order};

use super::{
    PositionCreateInput, PositionEditInput, PositionExtendInput, PositionReasonedStepInput, PositionStepInput, store,
};
use crate::{
    audit::graphql::Event,
    dictionaries::{self, region},
    error::Result,
    graphql::{
        Between, Connection, Date, DateTime, Filter, Money, OneOf, OrderField, Payload, RegionCode, Words, all, asked,
        by_id, column, facts, filter, group_size, many, one,
    },
    organizations::graphql::Organization,
    platform::{condition::exists, id::Id, lifecycle::Stepped},
    talent::{
        applications::graphql::{Application, ApplicationFilter},
        events::graphql::RecruitmentEvent,
    },
    view,
};

view! {
    /// What an enterprise offers, to whom, until when 岗位. Seen by everyone signed in from its publication on; before,
    /// and once it was blocked, by the enterprise and the county that reviews it.
    pub Position of job_position, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// The recruitment event at which it is offered 招聘活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// What it is called 岗位名称.
    title: String = column(Title);
    /// What it is about 岗位类别.
    family: PositionFamily = column(Family);
    /// A job or an internship 用工性质.
    kind: PositionKind = column(Kind);
    /// What is to be done 岗位职责.
    description: String = column(Description);
    /// What is expected of whoever applies 任职要求.
    requirements: String = column(Requirements);
    /// How many people are wanted 招聘人数.
    headcount: i32 = column(Headcount);
    /// The lowest pay of a month, in fen 月薪下限（分）.
    pay_min: Money = column(PayMin);
    /// The highest pay of a month, in fen 月薪上限（分）.
    pay_max: Money = column(PayMax);
    /// Where the work is, GB/T 2260 工作地点行政区划代码.
    region_code: RegionCode = column(RegionCode);
    /// The address there 工作地址.
    address: String = column(Address);
    /// The education that is wanted 学历要求.
    education: EducationWanted = column(Education);
    /// The last day to apply; it ends at midnight in Shanghai 报名截止日期.
    apply_by: Date = column(ApplyBy);
    /// The majors that are welcome, in their order; none: any 专业要求.
    majors: Vec<PositionMajor> = many(Major::PositionId).order(Major::Place, Order::Asc).at_most(20);
    /// The skills that are wanted, in their order 技能要求.
    skills: Vec<PositionSkill> = many(Skill::PositionId).order(Skill::Place, Order::Asc).at_most(20);
    /// The applications for it that you may see, oldest first: a student the own one 申请.
    applications: Connection<Application> = many(application::Column::PositionId).filter::<ApplicationFilter>();
    /// Where it stands 状态.
    status: PositionStatus = column(Status);
    /// Why it was returned, blocked or withdrawn: for the enterprise and the county that reviews it 原因.
    status_reason: Option<String> = column(StatusReason).only_if(store::reasons_visible_to);
    /// When it was last sent to the county 提交时间.
    submitted_at: Option<DateTime> = column(SubmittedAt);
    /// Since when everybody sees it; null while nobody else does 发布时间.
    published_at: Option<DateTime> = column(PublishedAt);
    /// When it was filled, expired or withdrawn 关闭时间.
    closed_at: Option<DateTime> = column(ClosedAt);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<PositionStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was written 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// A skill that a position wants 岗位技能; seen with the position.
    pub PositionSkill of position_skill, seen by store::skills_visible_to, with Position by PositionId;

    /// The id 标识.
    id: ID = column(Id);
    /// What it is; a professional software by its name 技能名称.
    name: String = column(Name);
    /// What kind of skill 技能类别.
    kind: PositionSkillKind = column(Kind);
    /// How well it should be mastered 熟练程度.
    level: PositionSkillLevel = column(Level);
    /// Whether it is wanted in any case; else it is welcome 是否必备.
    required: bool = column(Required);
}

view! {
    /// A major that a position welcomes 岗位专业; seen with the position.
    pub PositionMajor of position_major, seen by store::majors_visible_to, with Position by PositionId;

    /// The id 标识.
    id: ID = column(Id);
    /// Its code, such as 120203K 专业代码.
    code: String = column(Code);
}

view! {
    /// How many positions of one family stand in one status 岗位统计.
    pub PositionCount of job_position, seen by store::visible_to;

    /// What they are about 岗位类别.
    family: PositionFamily = column(Family);
    /// Where they stand 状态.
    status: PositionStatus = column(Status);
    /// How many positions that you may see 数量.
    count: i32 = group_size();
}

view! {
    /// Queries about positions.
    pub PositionQueries root;

    /// The position with this id 岗位.
    position: Option<Position> = by_id();
    /// The positions that you may see 岗位列表.
    positions: Option<Connection<Position>> = all().filter::<PositionFilter>().order_by::<PositionOrderField>();
    /// How many there are, by family and status 岗位统计.
    position_counts: Option<Vec<PositionCount>> = all()
        .filter::<PositionFilter>()
        .grouped_by([job_position::Column::Family, job_position::Column::Status])
        .at_most(100);
}

/// Which positions.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PositionFilter {
    /// By what they are about.
    pub family: Option<OneOf<PositionFamily>>,
    /// Jobs or internships.
    pub kind: Option<OneOf<PositionKind>>,
    /// By where they stand.
    pub status: Option<OneOf<PositionStatus>>,
    /// By their enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By the size of their enterprise.
    pub size_class: Option<OneOf<SizeClass>>,
    /// By the recruitment event at which they are offered.
    pub event_id: Option<OneOf<Id<recruitment_event::Entity>>>,
    /// Those that name this major, such as 120203K; or one of the class (1202) or discipline (12) that begins so.
    pub major: Option<String>,
    /// Those that pay at least this, in fen a month.
    pub pay_at_least: Option<Money>,
    /// Those whose work is in this county, prefecture or province.
    pub place: Option<RegionCode>,
    /// By the education that is wanted.
    pub education: Option<OneOf<EducationWanted>>,
    /// By the last day to apply.
    pub apply_by: Option<Between<Date>>,
    /// Those that want a skill whose name contains this text.
    pub skill: Option<String>,
    /// Those whose title, address, description and requirements hold these words, as `search` finds them: `质量 面料`,
    /// 营山质量管理; at most 100 characters, and 25 Chinese ones.
    pub search: Option<Words>,
}

impl Filter<job_position::Entity> for PositionFilter {
    fn condition(&self) -> Condition {
        use job_position::Column;
        filter::all([
            self.family.as_ref().map(|family| family.on(Column::Family)),
            self.kind.as_ref().map(|kind| kind.on(Column::Kind)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.size_class.as_ref().map(|size| {
                exists(organization::Column::Id, Column::OrganizationId, size.on(organization::Column::SizeClass))
            }),
            self.event_id.as_ref().map(|event| event.on(Column::EventId)),
            self.major.as_ref().map(|major| exists(Major::PositionId, Column::Id, of_major(major))),
            self.pay_at_least.map(|pay| Column::PayMin.gte(pay.0).into()),
            self.place.as_ref().map(lies_in),
            self.education.as_ref().map(|education| education.on(Column::Education)),
            self.apply_by.as_ref().map(|range| range.on(Column::ApplyBy)),
            self.skill
                .as_ref()
                .map(|text| exists(Skill::PositionId, Column::Id, filter::contains([Skill::Name], text))),
            self.search
                .as_ref()
                .map(|words| words.on([Column::Title, Column::Address, Column::Description, Column::Requirements])),
        ])
    }
}

/// The major itself, or all of a class or discipline. Codes are digits first: what begins so ends before the next.
fn of_major(text: &str) -> Condition {
    let code = dictionaries::normalise(text);
    match code.len() {
        2 | 4 => Condition::all().add(Major::Code.gte(code.as_str())).add(Major::Code.lt(format!("{code}~"))),
        _ => Condition::all().add(Major::Code.eq(code)),
    }
}

/// What lies in a region; nothing in one that there cannot be.
fn lies_in(place: &RegionCode) -> Condition {
    use job_position::Column::RegionCode as Place;
    match region::RegionCode::parse(&place.0) {
        Ok(region) => {
            let (first, last) = region.range();
            Place.between(first, last).into()
        }
        Err(_) => Place.is_null().into(),
    }
}

/// What positions can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PositionOrderField {
    /// The last day to apply 报名截止日期.
    ApplyBy,
    /// The lowest pay 月薪下限.
    Pay,
    /// When they were published; before that, when they were written 发布时间.
    PublishedAt,
    /// When they were written 创建时间.
    CreatedAt,
    /// When they last changed 更新时间.
    UpdatedAt,
}

impl OrderField<job_position::Entity> for PositionOrderField {
    fn column(self) -> job_position::Column {
        match self {
            Self::ApplyBy => job_position::Column::ApplyBy,
            Self::Pay => job_position::Column::PayMin,
            Self::PublishedAt => job_position::Column::PostedAt,
            Self::CreatedAt => job_position::Column::CreatedAt,
            Self::UpdatedAt => job_position::Column::UpdatedAt,
        }
    }
}

/// Mutations of positions.
#[derive(Debug, Default)]
pub struct PositionMutations;

#[Object]
impl PositionMutations {
    /// Writes a position of your enterprise, which must be verified. Who may: its admin and recruiters 新建岗位.
    async fn position_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionCreateInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(Position))
    }

    /// Rewrites a draft, skills and majors included. Who may: the enterprise's admin and recruiters 修改岗位.
    async fn position_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionEditInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::edit(app, actor, &input).await.map(Position))
    }

    /// Sends a draft to the county. Who may: the enterprise's admin and recruiters 提交审核.
    async fn position_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionStepInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::submit(app, actor, &input).await.map(Position))
    }

    /// Shows a position to everybody. Who may: the admin and officers of the enterprise's county, but no member of the
    /// enterprise 发布岗位.
    async fn position_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionStepInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::publish(app, actor, &input).await.map(Position))
    }

    /// Sends a position back to be improved. Who may: as for publishing 退回岗位.
    async fn position_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionReasonedStepInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::return_for_revision(app, actor, &input).await.map(Position))
    }

    /// Refuses a position, also one that is published: nobody else sees it any more. Who may: as for publishing 屏蔽岗位.
    async fn position_block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionReasonedStepInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::block(app, actor, &input).await.map(Position))
    }

    /// Makes a draft of what was blocked, to be rewritten and reviewed again. Who may: the enterprise's admin and
    /// recruiters 修改重报.
    async fn position_revise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionStepInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::revise(app, actor, &input).await.map(Position))
    }

    /// Wants more people, or lets them apply for longer. Who may: the enterprise's admin and recruiters 延期增员.
    async fn position_extend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionExtendInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::extend(app, actor, &input).await.map(Position))
    }

    /// Says that everybody wanted was found. Who may: the enterprise's admin and recruiters 招满.
    async fn position_fill(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionStepInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::fill(app, actor, &input).await.map(Position))
    }

    /// Takes a position back; who saw it goes on seeing it. Who may: the enterprise's admin and recruiters 撤回岗位.
    async fn position_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionReasonedStepInput,
    ) -> Result<Payload<Position>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw(app, actor, &input).await.map(Position))
    }
}
