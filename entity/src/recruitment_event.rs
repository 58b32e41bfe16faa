//! Recruitment events 招聘活动: where students and enterprises meet.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What kind of event it is 活动类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecruitmentEventKind {
    /// Enterprises come to the university 校园引才活动.
    CampusTalentDay,
    /// Students come to the enterprises of a park 园区群面.
    ParkGroupInterview,
    /// Everybody meets on the network 线上招聘.
    Online,
}

/// Where an event stands 活动状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecruitmentEventStatus {
    /// Being prepared by its organizer 草稿.
    Draft,
    /// Waits for somebody else to review it 待审核.
    Submitted,
    /// Reviewed and announced; students register 已发布.
    Published,
    /// Students are checked in 签到中.
    CheckInOpen,
    /// Under way 进行中.
    Running,
    /// Over 已结束.
    Closed,
    /// Over, and its figures are final 已总结.
    Reported,
    /// Called off, with a reason 已取消.
    Cancelled,
}

/// A step of an event 活动办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecruitmentEventStep {
    /// Send it to be reviewed 提交审核.
    Submit,
    /// Send it back to its organizer, with a reason 退回.
    Return,
    /// Review it and announce it, as somebody else 审核发布.
    Publish,
    /// Begin to check students in 开放签到.
    OpenCheckIn,
    /// Begin the event 开始.
    Start,
    /// End the event 结束.
    Close,
    /// Make its figures final 总结.
    Report,
    /// Call it off, with a reason 取消.
    Cancel,
}

/// An event.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recruitment_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: RecruitmentEventKind,
    /// A county body, a park or a university.
    pub organizer_id: Uuid,
    /// Who drafted it.
    pub author_id: Uuid,
    /// The county whose people review it, GB/T 2260; none for a university's own event.
    pub region_code: Option<String>,
    pub title: String,
    pub description: String,
    pub place: String,
    pub starts_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub registration_opens_at: DateTimeUtc,
    pub registration_closes_at: DateTimeUtc,
    /// How many students.
    pub capacity: i32,
    /// How many enterprises.
    pub booths: i32,
    pub programme: Option<String>,
    /// What is told of it afterwards.
    pub article: Option<String>,
    pub article_published_at: Option<DateTimeUtc>,
    pub status: RecruitmentEventStatus,
    pub status_reason: Option<String>,
    pub submitted_by_id: Option<Uuid>,
    pub submitted_at: Option<DateTimeUtc>,
    pub published_by_id: Option<Uuid>,
    pub published_at: Option<DateTimeUtc>,
    pub check_in_opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "recruitment_event";
}
