//! Applications 申请: a student for a position, from the first word to the first day at work.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where an application stands 申请状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApplicationStatus {
    /// The student has applied 已投递.
    Submitted,
    /// The enterprise looks closer 已入围.
    Shortlisted,
    /// Asked to an interview 已邀面.
    Invited,
    /// The interview took place 已面试.
    Interviewed,
    /// One side wants to go on, or both do 达成意向.
    Intention,
    /// The details are being talked about 后续洽谈.
    InNegotiation,
    /// The enterprise has made an offer 已发录用.
    Offered,
    /// The student has accepted it 已接受.
    Accepted,
    /// The contract is signed, says the university with evidence 已签约.
    Signed,
    /// At work 已入职.
    Onboarded,
    /// Refused by the enterprise 未录用.
    Rejected,
    /// Taken back by the student 已撤回.
    Withdrawn,
    /// The student did not come to the interview 未到场.
    NoShow,
    /// The student declined the offer 已谢绝.
    Declined,
    /// The other side did not answer in time 已失效.
    Lapsed,
}

/// A step of an application 申请办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApplicationStep {
    /// Look closer 列入候选.
    Shortlist,
    /// Ask to an interview 邀请面试.
    Invite,
    /// Record that the interview took place 登记面试.
    RecordInterview,
    /// Record that the student did not come 登记缺席.
    RecordNoShow,
    /// Say, for one side, that both should go on 表达意向.
    DeclareIntention,
    /// Say so for the other side 确认意向.
    ConfirmIntention,
    /// Set a date to talk about the details 安排洽谈.
    OpenNegotiation,
    /// Make an offer 发出录用通知.
    Offer,
    /// Accept the offer 接受录用.
    Accept,
    /// Decline the offer 谢绝录用.
    Decline,
    /// Record the signed contract, with evidence 登记签约.
    RecordSigning,
    /// Record the first day at work 登记入职.
    RecordOnboarding,
    /// Refuse, with a reason 不予录用.
    Reject,
    /// Take it back 撤回申请.
    Withdraw,
    /// Nobody answered in time; the system does it 逾期失效.
    Lapse,
}

/// What is aimed at: the one is never counted as the other 意向类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Engagement {
    /// A job 就业.
    Employment,
    /// An internship 实习.
    Internship,
}

/// One of the two sides of an application 双方.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApplicationSide {
    /// The student 学生.
    Student,
    /// The enterprise 企业.
    Enterprise,
}

/// Why an application ended 结束原因.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClosingReason {
    /// The skills do not fit 技能不符.
    Skills,
    /// The major does not fit 专业不符.
    Major,
    /// The experience does not fit 经验不符.
    Experience,
    /// Pay 薪酬.
    Pay,
    /// Place of work 工作地点.
    Place,
    /// The work itself 岗位内容.
    Work,
    /// Somebody else got the position 岗位已满.
    PositionFilled,
    /// Another offer was taken 已接受其他录用.
    OtherOffer,
    /// Further study 升学.
    FurtherStudy,
    /// Personal reasons 个人原因.
    Personal,
    /// Something else, which the note says 其他.
    Other,
}

/// An application.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub position_id: Uuid,
    /// The enterprise that offers the position.
    pub organization_id: Uuid,
    pub student_id: Uuid,
    pub university_id: Uuid,
    /// What the enterprise reads while the student consents.
    pub resume_id: Uuid,
    /// The event at which the two met.
    pub event_id: Option<Uuid>,
    /// What the student writes to the enterprise.
    pub letter: Option<String>,
    pub status: ApplicationStatus,
    pub closing_reason: Option<ClosingReason>,
    pub closing_note: Option<String>,
    pub interviewed_at: Option<DateTimeUtc>,
    /// For the enterprise's own people.
    pub interview_note: Option<String>,
    pub intention: Option<Engagement>,
    /// The side that spoke first.
    pub intention_by: Option<ApplicationSide>,
    pub intention_at: Option<DateTimeUtc>,
    /// When the other side agreed.
    pub intention_confirmed_at: Option<DateTimeUtc>,
    /// Until when it can.
    pub intention_lapses_at: Option<DateTimeUtc>,
    pub offer: Option<Engagement>,
    /// Fen a month.
    pub offer_pay: Option<i64>,
    pub offer_starts_on: Option<Date>,
    pub offer_terms: Option<String>,
    pub offered_at: Option<DateTimeUtc>,
    /// The last day to answer.
    pub offer_answer_by: Option<Date>,
    pub accepted_at: Option<DateTimeUtc>,
    /// When the first day at work was recorded.
    pub onboarded_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "application";
}
