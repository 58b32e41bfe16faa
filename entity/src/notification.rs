//! Notifications 通知: what waits for a person, or what they should know.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What a notification is about 通知类别.
// Text without a CHECK: every slice adds its own kinds, and SQLite cannot change the CHECK of a table that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[graphql(name = "NotificationKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeKind {
    /// An organization waits for you to verify it 单位待核验.
    OrganizationToVerify,
    /// Your organization, or one that you registered, was verified, refused, suspended, reinstated or has ceased
    /// 单位核验结果.
    OrganizationDecided,
    /// An agreement waits for your side's review 协议待会审.
    ReviewRequested,
    /// An agreement waits for your side's signature 协议待签署.
    SignatureRequested,
    /// A scan of a signature waits for a second person to confirm it 扫描件待确认.
    ScanToConfirm,
    /// An agreement was sent back to be revised 协议被退回修改.
    AgreementReturned,
    /// An agreement was refused in review 协议被否决.
    AgreementRejected,
    /// Every party has signed an agreement 协议已签署.
    AgreementSigned,
    /// An agreement is in force, for the first time or again 协议已生效.
    AgreementActive,
    /// An agreement was suspended 协议已中止.
    AgreementSuspended,
    /// An agreement ended: terminated, expired or given up 协议已终止.
    AgreementEnded,
    /// A party proposes to suspend, resume, terminate or rescind; your side must answer 提议待答复.
    ProposalMade,
    /// A proposal was declined or withdrawn; one that was carried out is told by what became of the agreement 提议结果.
    ProposalDecided,
    /// An agreement comes to its notice date: renew it or let it end 协议待续签.
    RenewalDue,
    /// An amendment waits for your side's review 补充协议待会审.
    AmendmentReviewRequested,
    /// An amendment waits for your side's signature 补充协议待签署.
    AmendmentSignatureRequested,
    /// An amendment took effect, was refused or was taken back 补充协议结果.
    AmendmentDecided,
    /// A cooperation item was given to you 合作事项已分派.
    ItemAssigned,
    /// A cooperation item is reported done and waits to be accepted 合作事项待验收.
    ItemSubmitted,
    /// A cooperation item was sent back 合作事项被退回.
    ItemReturned,
    /// A cooperation item was accepted 合作事项已验收.
    ItemAccepted,
    /// A cooperation item got a new date 合作事项已延期.
    ItemDeferred,
    /// A party wants to give a cooperation item up; your side must agree 合作事项取消待同意.
    ItemDropProposed,
    /// A cooperation item is due soon or overdue 合作事项将到期.
    ItemDue,
    /// A student has applied for one of your positions 收到申请.
    ApplicationSubmitted,
    /// You are asked to an interview 面试邀请.
    InterviewInvited,
    /// The other side declares an intention; confirm it in time 意向待确认.
    IntentionDeclared,
    /// The other side has confirmed the intention 意向已达成.
    IntentionConfirmed,
    /// A day is set to talk about the details 洽谈已安排.
    NegotiationScheduled,
    /// A negotiation has an outcome 洽谈结果.
    NegotiationDecided,
    /// A negotiation was not held in time 洽谈逾期.
    NegotiationOverdue,
    /// You have an offer; answer it in time 收到录用通知.
    OfferMade,
    /// A student has accepted or declined an offer 录用通知已答复.
    OfferAnswered,
    /// An application ended: refused, taken back, or nobody answered in time 申请已结束.
    ApplicationClosed,
    /// A student accepted an offer: record the contract once it is signed 签约待登记.
    SigningToRecord,
    /// A signed contract was recorded 就业已登记.
    EmploymentRecorded,
    /// Is a graduate still there? Say so 留任待确认.
    RetentionCheckDue,
    /// The employer and the graduate say different things: find out 留任说法不一.
    RetentionDisputed,
    /// A position waits for your county's review 岗位待审核.
    PositionToReview,
    /// A position of yours was published, returned or refused 岗位审核结果.
    PositionDecided,
    /// The last day to apply for a position of yours has passed 岗位已截止.
    PositionExpired,
    /// Somebody asked your enterprise a question 企业提问待答复.
    QuestionAsked,
    /// Your question was answered, or why it is not 提问已处理.
    QuestionAnswered,
    /// A student lets your enterprise read the résumé 学生已同意提供简历.
    ConsentGiven,
    /// A student no longer lets your enterprise read the résumé 学生已撤回同意.
    ConsentWithdrawn,
    /// A recruitment event waits for you to review it 招聘活动待审核.
    EventToReview,
    /// A recruitment event was sent back 招聘活动被退回.
    EventReturned,
    /// A recruitment event was announced 招聘活动已发布.
    EventPublished,
    /// A recruitment event has another time or place 招聘活动时间地点调整.
    EventMoved,
    /// A recruitment event was called off 招聘活动已取消.
    EventCancelled,
    /// An enterprise asks for a booth at your event 展位申请待确认.
    BoothRequested,
    /// Your enterprise is offered a booth 受邀参展.
    BoothOffered,
    /// A booth was given, taken, declined or withdrawn 展位办理结果.
    BoothDecided,
    /// You did not come to an event for which you had registered 活动缺席记录.
    AbsenceNoted,
    /// Your university accepts why you did not come 缺席已准假.
    AbsenceExcused,
    /// An interview was booked: with your enterprise, or for you who walked in 面试已预约.
    InterviewBooked,
    /// An interview with your enterprise is at another time of its session 面试已改约.
    InterviewMoved,
    /// An interview was cancelled by the other side 面试已取消.
    InterviewCancelled,
    /// You did not come to an interview that you had booked 面试缺席记录.
    InterviewMissed,
    /// Your university accepts why you did not come to an interview 面试缺席已准假.
    InterviewExcused,
    /// A place for which you wait is kept for you; accept it in time 候补名额待确认.
    InterviewPlaceOffered,
    /// You wait no longer: you did not accept in time, or the session takes nobody any more 候补已结束.
    InterviewWaitEnded,
    /// Somebody would change interview times with you; the first who accepts does 有人申请换时段.
    InterviewSwapRequested,
    /// You have changed interview times with somebody 换时段已完成.
    InterviewSwapped,
    /// You do not change interview times: nobody accepted in time, or nobody can any more 换时段已结束.
    InterviewSwapEnded,
}

/// One notification to one person.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// For which of the person's organizations; empty when it is for the person alone.
    pub organization_id: Option<Uuid>,
    pub kind: NoticeKind,
    /// The TypeID prefix of the record.
    pub record_kind: String,
    pub record_id: Uuid,
    /// The day until which something waits.
    pub due_on: Option<Date>,
    /// What must not be told twice: unique for each person.
    pub once: Option<String>,
    pub created_at: DateTimeUtc,
    pub read_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "notification";
}
