//! Registrations as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::{
    Record as _, event,
    event_registration::{self, RegistrationStatus, RegistrationStep},
    organization, recruitment_event,
};
use sea_orm::{Condition, Order};

use super::{
    RegistrationCreateInput, RegistrationExcuseInput, RegistrationStepInput,
    check_in::{RegistrationCheckInInput, ScanOutcome, Scanned},
    codes::{self, Code},
    qr, store,
};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Connection, DateTime, Filter, OneOf, OrderField, Payload, all, asked, by_id, column, facts, filter, many, one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{
        id::{self, Id},
        lifecycle::Stepped,
    },
    talent::events::graphql::RecruitmentEvent,
    view,
};

view! {
    /// A student's registration for a recruitment event 活动报名: seen by the student, the university's staff and the
    /// organizer; once the student came, by the enterprises that exhibit there too.
    pub Registration of event_registration, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The event 招聘活动.
    event: Option<RecruitmentEvent> = one(EventId);
    /// The student; not for auditors 学生.
    student: Option<Person> = one(StudentId).only_if(store::names_visible_to);
    /// The university for which the student registered 高校.
    university: Option<Organization> = one(UniversityId);
    /// Where it stands 状态.
    status: RegistrationStatus = column(Status);
    /// Why the student was excused: for the student and the university's staff 原因.
    status_reason: Option<String> = column(StatusReason).only_if(store::reasons_visible_to);
    /// The earliest moment at which the student's code was scanned 签到时间.
    checked_in_at: Option<DateTime> = column(CheckedInAt);
    /// The end of the event to which the student did not come 缺席时间.
    missed_at: Option<DateTime> = column(MissedAt);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<RegistrationStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When the student first registered 报名时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about registrations.
    pub RegistrationQueries root;

    /// The registration with this id 活动报名.
    registration: Option<Registration> = by_id();
    /// The registrations that you may see: as a student your own 活动报名列表.
    registrations: Option<Connection<Registration>> =
        all().filter::<RegistrationFilter>().order_by::<RegistrationOrderField>();
}

/// Which registrations.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RegistrationFilter {
    /// By their event.
    pub event_id: Option<OneOf<Id<recruitment_event::Entity>>>,
    /// By the student's university.
    pub university_id: Option<OneOf<Id<organization::Entity>>>,
    /// By where they stand.
    pub status: Option<OneOf<RegistrationStatus>>,
}

impl Filter<event_registration::Entity> for RegistrationFilter {
    fn condition(&self) -> Condition {
        use event_registration::Column;
        filter::all([
            self.event_id.as_ref().map(|event| event.on(Column::EventId)),
            self.university_id.as_ref().map(|university| university.on(Column::UniversityId)),
            self.status.as_ref().map(|status| status.on(Column::Status)),
        ])
    }
}

/// What registrations can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RegistrationOrderField {
    /// When the student first registered 报名时间.
    CreatedAt,
    /// When they last changed: who came last 更新时间.
    UpdatedAt,
}

impl OrderField<event_registration::Entity> for RegistrationOrderField {
    fn column(self) -> event_registration::Column {
        match self {
            Self::CreatedAt => event_registration::Column::CreatedAt,
            Self::UpdatedAt => event_registration::Column::UpdatedAt,
        }
    }
}

/// The code with which a student is checked in 签到码.
#[derive(Clone, Debug)]
pub struct RegistrationCode(Code);

/// The code with which a student is checked in 签到码. A signed text (JWS, type `check-in+jwt`) that names the
/// registration and the event; whoever scans it can verify it offline with the keys at `/.well-known/jwks.json`.
#[Object]
impl RegistrationCode {
    /// The text in it 签到码内容.
    async fn code(&self) -> &str {
        &self.0.text
    }

    /// The QR code as an SVG document 签到二维码（SVG）.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn code_svg(&self) -> Result<Option<String>> {
        qr::svg(&self.0.text).map(Some)
    }

    /// The QR code as a PNG picture, in base64 签到二维码（PNG）.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn code_png(&self) -> Result<Option<String>> {
        qr::png(&self.0.text).map(Some)
    }

    /// Until when a scanner believes it 有效期至.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// Queries about codes.
#[derive(Debug, Default)]
pub struct CodeQueries;

#[Object]
impl CodeQueries {
    /// The code of your own registration, while you hold a place; null for anybody else's. Who may: the student
    /// 本人签到码.
    async fn registration_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which registration 报名标识.")] id: Id<event_registration::Entity>,
    ) -> Result<Option<RegistrationCode>> {
        let (app, actor) = asked(ctx)?;
        Ok(codes::of(app, actor, id.key()).await?.map(RegistrationCode))
    }
}

/// What came of a batch of scans 签到结果.
#[derive(Clone, Debug, SimpleObject)]
pub struct RegistrationCheckIn {
    /// The event as it is now 招聘活动.
    pub event: Option<RecruitmentEvent>,
    /// What came of each scan, in the order in which they were sent 逐条结果.
    pub scans: Vec<RegistrationScan>,
}

/// What came of one scan 扫码结果.
#[derive(Clone, Debug, SimpleObject)]
pub struct RegistrationScan {
    /// How the scanner calls it 扫码端标识.
    pub client_id: String,
    /// What came of it 结果.
    pub outcome: ScanOutcome,
    /// Whose it is; `nodes` reads several at once 报名标识.
    pub registration_id: Option<ID>,
    /// The earliest moment at which that code was scanned 签到时间.
    pub checked_in_at: Option<DateTime>,
}

impl From<Scanned> for RegistrationScan {
    fn from(scanned: Scanned) -> Self {
        let Scanned { client_id, outcome, registration, checked_in_at } = scanned;
        let registration_id = registration.map(|key| id::show(event_registration::Entity::PREFIX, key).into());
        Self { client_id, outcome, registration_id, checked_in_at: checked_in_at.map(DateTime) }
    }
}

/// Mutations of registrations.
#[derive(Debug, Default)]
pub struct RegistrationMutations;

#[Object]
impl RegistrationMutations {
    /// Registers you for an event. Who may: a student of a verified university 报名.
    async fn registration_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RegistrationCreateInput,
    ) -> Result<Payload<Registration>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create(app, actor, &input).await.map(Registration))
    }

    /// Gives a place up before the event begins. Who may: the student 取消报名.
    async fn registration_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RegistrationStepInput,
    ) -> Result<Payload<Registration>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::cancel(app, actor, &input).await.map(Registration))
    }

    /// Checks in whoever was scanned; a batch may be sent late and again. Who may: the organizer's people 签到.
    async fn registration_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RegistrationCheckInInput,
    ) -> Result<Payload<RegistrationCheckIn>> {
        let (app, actor) = asked(ctx)?;
        let scanned = super::check_in::check_in(app, actor, &input).await;
        Payload::of(scanned.map(|scans| RegistrationCheckIn {
            event: Some(RecruitmentEvent(input.event_id.key())),
            scans: scans.into_iter().map(RegistrationScan::from).collect(),
        }))
    }

    /// Accepts why a student did not come, with a reason. Who may: the staff of the student's university 准予请假.
    async fn registration_excuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: RegistrationExcuseInput,
    ) -> Result<Payload<Registration>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::excuse(app, actor, &input).await.map(Registration))
    }
}
