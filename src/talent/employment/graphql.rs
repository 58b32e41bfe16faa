//! Employment records and retention checks as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    employment_record::{self, EmploymentEvidence},
    event, organization,
    retention_check::{self, RetentionStatus, RetentionStep},
};
use sea_orm::{Condition, Order};

use super::{ApplicationRecordOnboardingInput, ApplicationRecordSigningInput, RetentionCheckInput, store};
use crate::{
    audit::graphql::Event,
    documents::graphql::Document,
    error::Result,
    graphql::{
        Between, Connection, Date, DateTime, Filter, OneOf, OrderField, Payload, all, asked, by_id, column, facts,
        filter, many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::applications::graphql::Application,
    view,
};

view! {
    /// Where a graduate went, recorded by the university with evidence 去向登记. Seen by the graduate, the university's
    /// staff and the employer's recruiters. An internship is never among them.
    pub EmploymentRecord of employment_record, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The application from which it came 申请.
    application: Option<Application> = one(ApplicationId);
    /// The graduate 毕业生.
    student: Option<Person> = one(StudentId);
    /// The university 高校.
    university: Option<Organization> = one(UniversityId);
    /// The employer 用人单位.
    organization: Option<Organization> = one(OrganizationId);
    /// What shows it 佐证类别.
    evidence: EmploymentEvidence = column(Evidence);
    /// The file that shows it 佐证文件.
    document: Option<Document> = one(DocumentId);
    /// The day on which the contract was signed 签约日期.
    signed_on: Date = column(SignedOn);
    /// The first day at work 入职日期.
    onboarded_on: Option<Date> = column(OnboardedOn);
    /// Who recorded it 登记人.
    recorded_by: Option<Person> = one(RecordedById);
    /// Whether the graduate is still there after three, six and twelve months 留任核查.
    retention_checks: Vec<RetentionCheck> =
        many(retention_check::Column::RecordId).order(retention_check::Column::Months, Order::Asc).at_most(12);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change 版本.
    version: i32 = column(Version);
    /// When it was recorded 登记时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Is the graduate still there? The employer and the graduate each say so 留任核查. Seen with the employment record.
    pub RetentionCheck of retention_check, seen by store::checks_visible_to, with EmploymentRecord by RecordId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The employment record 去向登记.
    record: Option<EmploymentRecord> = one(RecordId);
    /// After how many months: 3, 6 or 12 月数.
    months: i32 = column(Months);
    /// From which day on it can be answered 核查日期.
    due_on: Date = column(DueOn);
    /// Where it stands 状态.
    status: RetentionStatus = column(Status);
    /// What the employer says: still there, or not 用人单位确认.
    employer_says: Option<bool> = column(EmployerSays);
    /// When the employer said so 用人单位确认时间.
    employer_at: Option<DateTime> = column(EmployerAt);
    /// What the graduate says: still there, or not 毕业生确认.
    graduate_says: Option<bool> = column(GraduateSays);
    /// When the graduate said so 毕业生确认时间.
    graduate_at: Option<DateTime> = column(GraduateAt);
    /// How whoever answered last knows it 说明.
    note: Option<String> = column(Note);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<RetentionStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was scheduled 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about employment.
    pub EmploymentQueries root;

    /// The employment record with this id 去向登记.
    employment_record: Option<EmploymentRecord> = by_id();
    /// The employment records that you may see 去向登记列表.
    employment_records: Option<Connection<EmploymentRecord>> =
        all().filter::<EmploymentRecordFilter>().order_by::<EmploymentRecordOrderField>();
    /// The retention checks that you may see 留任核查列表.
    retention_checks: Option<Connection<RetentionCheck>> =
        all().filter::<RetentionCheckFilter>().order_by::<RetentionCheckOrderField>();
}

/// Which employment records.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EmploymentRecordFilter {
    /// By the employer.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By what shows it.
    pub evidence: Option<OneOf<EmploymentEvidence>>,
    /// By the day on which the contract was signed.
    pub signed_on: Option<Between<Date>>,
    /// By the first day at work.
    pub onboarded_on: Option<Between<Date>>,
}

impl Filter<employment_record::Entity> for EmploymentRecordFilter {
    fn condition(&self) -> Condition {
        use employment_record::Column;
        filter::all([
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.evidence.as_ref().map(|evidence| evidence.on(Column::Evidence)),
            self.signed_on.as_ref().map(|range| range.on(Column::SignedOn)),
            self.onboarded_on.as_ref().map(|range| range.on(Column::OnboardedOn)),
        ])
    }
}

/// What employment records can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EmploymentRecordOrderField {
    /// The day on which the contract was signed 签约日期.
    SignedOn,
    /// When they were recorded 登记时间.
    CreatedAt,
}

impl OrderField<employment_record::Entity> for EmploymentRecordOrderField {
    fn column(self) -> employment_record::Column {
        match self {
            Self::SignedOn => employment_record::Column::SignedOn,
            Self::CreatedAt => employment_record::Column::CreatedAt,
        }
    }
}

/// Which retention checks.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RetentionCheckFilter {
    /// By where they stand.
    pub status: Option<OneOf<RetentionStatus>>,
    /// By the day from which they can be answered.
    pub due_on: Option<Between<Date>>,
}

impl Filter<retention_check::Entity> for RetentionCheckFilter {
    fn condition(&self) -> Condition {
        use retention_check::Column;
        filter::all([
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.due_on.as_ref().map(|range| range.on(Column::DueOn)),
        ])
    }
}

/// What retention checks can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RetentionCheckOrderField {
    /// The day from which they can be answered 核查日期.
    DueOn,
}

impl OrderField<retention_check::Entity> for RetentionCheckOrderField {
    fn column(self) -> retention_check::Column {
        match self {
            Self::DueOn => retention_check::Column::DueOn,
        }
    }
}

/// Mutations of employment.
#[derive(Debug, Default)]
pub struct EmploymentMutations;

#[Object]
impl EmploymentMutations {
    /// Records the signed contract, with evidence; never for an internship. Who may: the staff of the student's
    /// university 登记签约.
    async fn application_record_signing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationRecordSigningInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::record_signing(app, actor, &input).await.map(Application))
    }

    /// Records the first day at work; the graduate is asked after in three, six and twelve months. Who may: the staff of
    /// the student's university 登记入职.
    async fn application_record_onboarding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ApplicationRecordOnboardingInput,
    ) -> Result<Payload<Application>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::record_onboarding(app, actor, &input).await.map(Application))
    }

    /// Says that the graduate is still there. Who may: the employer's recruiters and the graduate, each once; the
    /// university's staff when the two differ 确认在岗.
    async fn retention_check_confirm_retained(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RetentionCheckInput,
    ) -> Result<Payload<RetentionCheck>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::confirm_retained(app, actor, &input).await.map(RetentionCheck))
    }

    /// Says that the graduate is no longer there. Who may: as above 确认离职.
    async fn retention_check_confirm_left(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RetentionCheckInput,
    ) -> Result<Payload<RetentionCheck>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::confirm_left(app, actor, &input).await.map(RetentionCheck))
    }
}
