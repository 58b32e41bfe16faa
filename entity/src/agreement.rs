//! Cooperation agreements 合作协议.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What an agreement is about 协议类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgreementKind {
    /// The long-term frame of the cooperation 战略框架协议.
    Framework,
    /// One matter under a framework 专项协议.
    Special,
    /// Building a training base together 基地共建协议.
    TrainingBase,
    /// Training talents for the county 人才培养协议.
    Talent,
    /// Setting up a professor workstation 建站协议.
    Workstation,
}

/// Where an agreement stands 协议状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgreementStatus {
    /// Being written by the drafting side 起草中.
    Draft,
    /// Every party reads it; each must approve 会审中.
    InReview,
    /// Approved by all; each party signs the same text 待签署.
    AwaitingSignature,
    /// Signed by all, not begun 已签署.
    Signed,
    /// In force 履行中.
    Active,
    /// Suspended by all parties 中止.
    Suspended,
    /// Ended before its time 已解除.
    Terminated,
    /// Ended by its date 已到期.
    Expired,
    /// Refused in review 已否决.
    Rejected,
    /// Given up before it began 已撤销.
    Cancelled,
}

/// A step of an agreement 协议办理步骤.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgreementStep {
    /// Send the draft to all parties for review 提交会审.
    Submit,
    /// Approve the text for the own side 会审同意.
    Approve,
    /// Send it back to be revised 退回修改.
    Return,
    /// Refuse it for good 否决.
    Reject,
    /// Sign the approved text for the own side 签署.
    Sign,
    /// Take the text back; signatures are void 撤回修改.
    WithdrawForRevision,
    /// Begins on its first day; the system does it 生效.
    Activate,
    /// Suspend, proposed by one and confirmed by the others 中止.
    Suspend,
    /// Take a suspended agreement up again 恢复.
    Resume,
    /// End it before its time 解除.
    Terminate,
    /// Give a signed agreement up before it begins 撤销签约.
    Rescind,
    /// Ends after its last day; the system does it 到期.
    Expire,
    /// Give up an agreement that is not signed 撤销.
    Cancel,
    /// Draft the agreement that follows it 续签.
    Renew,
}

/// What happens when the notice date comes 续约方式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RenewalPolicy {
    /// It ends 到期终止.
    None,
    /// The parties talk about a new one 协商续签.
    Negotiate,
    /// It is renewed unless a party gives notice 自动续约.
    Automatic,
}

/// Why one party may end an agreement without the others 单方解除事由.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TerminationGround {
    /// Another party broke it 对方违约.
    Breach,
    /// Force majeure makes its purpose impossible 不可抗力.
    ForceMajeure,
    /// Law or an order of the authorities requires it 法律法规或政策要求.
    LegalRequirement,
    /// Another party no longer exists 一方主体消灭.
    PartyCeased,
}

/// An agreement.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `XY-511322-2026-0007`: issued once, when it is drafted.
    pub number: String,
    pub kind: AgreementKind,
    pub title: String,
    /// The text as it stands in the draft; frozen in a version when it is submitted.
    pub terms: String,
    /// The county, always a party: it fixes region and number.
    pub county_id: Uuid,
    /// The organization that drafts.
    pub drafted_by_id: Uuid,
    /// The person who drafted.
    pub author_id: Uuid,
    /// The framework agreement above a special one.
    pub parent_id: Option<Uuid>,
    /// The agreement that this one renews.
    pub predecessor_id: Option<Uuid>,
    /// Left out until signed: the day of the last signature.
    pub starts_on: Option<Date>,
    pub ends_on: Date,
    /// The last day to give notice.
    pub notice_by: Option<Date>,
    pub renewal_policy: RenewalPolicy,
    pub status: AgreementStatus,
    pub status_reason: Option<String>,
    /// Why one party ended it alone; empty when all agreed.
    pub termination_ground: Option<TerminationGround>,
    /// That party.
    pub terminated_by_id: Option<Uuid>,
    /// The document that shows the ground.
    pub termination_document_id: Option<Uuid>,
    /// The version under review or signed.
    pub current_version_id: Option<Uuid>,
    /// Its hash: what every signature must quote.
    pub content_hash: Option<String>,
    /// The required parties, sorted and joined: the key of the duplicate rule.
    pub party_set: String,
    pub submitted_at: Option<DateTimeUtc>,
    pub signed_at: Option<DateTimeUtc>,
    pub activated_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Record for Entity {
    const PREFIX: &'static str = "agreement";
}
