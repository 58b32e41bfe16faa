//! Consents and the access log as clients see them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{
    event, organization,
    resume_access::{self, AccessChannel},
    share_consent::{self, ShareCategory, ShareConsentStatus, ShareConsentStep, SharePurpose},
};
use sea_orm::{Condition, Order};

use super::{
    NOTICE, ShareConsentGiveInput, ShareConsentWithdrawAllInput, ShareConsentWithdrawInput, rules,
    rules::NOTICE_VERSION, store,
};
use crate::{
    audit::graphql::Event,
    auth::Actor,
    error::Result,
    graphql::{
        Between, Connection, DateTime, Filter, OneOf, Payload, all, asked, by_id, column, compute, facts, filter, many,
        one,
    },
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    talent::resumes::graphql::Resume,
    view,
};

view! {
    /// That an enterprise may read a student's résumé 单独同意. Seen by the student; and, while it holds, by the
    /// enterprise.
    pub ShareConsent of share_consent, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The student 学生.
    student: Option<Person> = one(StudentId);
    /// The enterprise that may read 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// What for 使用目的.
    purpose: SharePurpose = column(Purpose);
    /// What it may read 信息类别.
    categories: Vec<ShareCategory> = compute([Profile, Contact, File], |flags: (bool, bool, bool), _: &Actor| categories(flags));
    /// The version of the notice that the student consented to 告知书版本.
    notice_version: i32 = column(NoticeVersion);
    /// Where it stands; one whose `expiresAt` is past holds no more, whatever stands here for a minute 状态.
    status: ShareConsentStatus = column(Status);
    /// The first moment at which it no longer holds 失效时间.
    expires_at: DateTime = column(ExpiresAt);
    /// When it was taken back 撤回时间.
    withdrawn_at: Option<DateTime> = column(WithdrawnAt);
    /// What was read under it, newest first 查阅记录.
    accesses: Connection<ResumeAccess> = many(resume_access::Column::ConsentId).order(resume_access::Column::At, Order::Desc);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<ShareConsentStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change 版本.
    version: i32 = column(Version);
    /// When it was given 同意时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

fn categories((profile, contact, file): (bool, bool, bool)) -> Vec<ShareCategory> {
    rules::ALL.into_iter().zip([profile, contact, file]).filter_map(|(one, covered)| covered.then_some(one)).collect()
}

view! {
    /// That somebody of an enterprise read a résumé 简历查阅记录. Seen by the student; and, while the consent holds, by the
    /// enterprise.
    pub ResumeAccess of resume_access, seen by store::accesses_visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The résumé 简历.
    resume: Option<Resume> = one(ResumeId);
    /// The consent under which it was read 所依据的同意.
    consent: Option<ShareConsent> = one(ConsentId);
    /// The enterprise 企业.
    organization: Option<Organization> = one(OrganizationId);
    /// Who read 查阅人.
    reader: Option<Person> = one(UserId);
    /// What was read 信息类别.
    category: ShareCategory = column(Category);
    /// How 查阅方式.
    channel: AccessChannel = column(Channel);
    /// When 时间.
    at: DateTime = column(At);
}

view! {
    /// Queries about consents.
    pub ConsentQueries root;

    /// The consent with this id 单独同意.
    share_consent: Option<ShareConsent> = by_id();
    /// The consents that you may see: those you gave, or those that hold for your enterprise 单独同意列表.
    share_consents: Option<Connection<ShareConsent>> = all().filter::<ShareConsentFilter>();
    /// Who read your résumé, newest first 简历查阅记录列表.
    resume_accesses: Option<Connection<ResumeAccess>> =
        all().filter::<ResumeAccessFilter>().order(resume_access::Column::Id, Order::Desc);
}

/// Which consents.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ShareConsentFilter {
    /// By where they stand.
    pub status: Option<OneOf<ShareConsentStatus>>,
    /// By the enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By what for.
    pub purpose: Option<OneOf<SharePurpose>>,
}

impl Filter<share_consent::Entity> for ShareConsentFilter {
    fn condition(&self) -> Condition {
        use share_consent::Column;
        filter::all([
            self.status.as_ref().map(|status| status.on(Column::Status)),
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.purpose.as_ref().map(|purpose| purpose.on(Column::Purpose)),
        ])
    }
}

/// Which reads.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ResumeAccessFilter {
    /// By the enterprise.
    pub organization_id: Option<OneOf<Id<organization::Entity>>>,
    /// By what was read.
    pub category: Option<OneOf<ShareCategory>>,
    /// By when.
    pub at: Option<Between<DateTime>>,
}

impl Filter<resume_access::Entity> for ResumeAccessFilter {
    fn condition(&self) -> Condition {
        use resume_access::Column;
        filter::all([
            self.organization_id.as_ref().map(|organization| organization.on(Column::OrganizationId)),
            self.category.as_ref().map(|category| category.on(Column::Category)),
            self.at.as_ref().map(|range| range.on(Column::At)),
        ])
    }
}

/// What is told before somebody consents 告知书.
#[derive(Clone, Debug, SimpleObject)]
pub struct ShareConsentNotice {
    /// Its version; quote it as `noticeVersion` 版本.
    pub version: i32,
    /// In Chinese 中文.
    pub text: String,
    /// In English 英文.
    pub text_en: String,
}

/// What a student took back 撤回结果.
#[derive(Debug, SimpleObject)]
pub struct ShareConsentWithdrawal {
    /// How many consents 撤回数量.
    pub withdrawn: i32,
}

/// What is told before somebody consents.
#[derive(Debug, Default)]
pub struct NoticeQueries;

#[Object]
impl NoticeQueries {
    /// What is told before somebody consents. Anyone may ask 告知书.
    async fn share_consent_notice(&self) -> Option<ShareConsentNotice> {
        let (en, zh) = NOTICE;
        Some(ShareConsentNotice { version: NOTICE_VERSION, text: zh.to_owned(), text_en: en.to_owned() })
    }
}

/// Mutations of consents.
#[derive(Debug, Default)]
pub struct ConsentMutations;

#[Object]
impl ConsentMutations {
    /// Lets one enterprise read what you choose of your résumé, until a day. Another consent for the same enterprise and
    /// purpose takes the place of the first; the same one again changes nothing. Who may: a student 同意提供简历.
    async fn share_consent_give(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ShareConsentGiveInput,
    ) -> Result<Payload<ShareConsent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::give(app, actor, &input).await.map(ShareConsent))
    }

    /// Takes a consent back at once; one that has ended already stays as it is. Who may: whoever gave it, also after the
    /// studies 撤回同意.
    async fn share_consent_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ShareConsentWithdrawInput,
    ) -> Result<Payload<ShareConsent>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw(app, actor, &input).await.map(ShareConsent))
    }

    /// Takes back everything that you consented to, or everything for one enterprise. Who may: everybody, also after the
    /// studies 撤回全部同意.
    async fn share_consent_withdraw_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ShareConsentWithdrawAllInput,
    ) -> Result<Payload<ShareConsentWithdrawal>> {
        let (app, actor) = asked(ctx)?;
        let withdrawn = super::withdraw_all(app, actor, &input).await;
        let counted = |count: usize| ShareConsentWithdrawal { withdrawn: i32::try_from(count).unwrap_or(i32::MAX) };
        Payload::of(withdrawn.map(counted))
    }
}
