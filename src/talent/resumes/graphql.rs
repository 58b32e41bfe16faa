//! Résumés as clients see them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{document, event, resume, resume_access, resume_version};
use sea_orm::Order;
use serde::Deserialize;

use super::{
    ResumeEraseInput, ResumeSaveInput,
    content::{EducationLevel, SkillKind, SkillLevel},
    record_contact_reads, record_profile_reads, store,
};
use crate::{
    audit::graphql::Event,
    auth::Actor,
    documents::graphql::Document,
    error::{Error, Result},
    graphql::{Connection, DateTime, Payload, all, asked, by_id, column, compute, many, one},
    identity::graphql::Person,
    organizations::graphql::Organization,
    talent::consents::graphql::ResumeAccess,
    view,
};

view! {
    /// That a student has a résumé 简历. Seen by the student, by the staff of the university, and by enterprises that may
    /// read something of it; what it says stands in its versions, for whoever may read that.
    pub Resume of resume, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The student 学生.
    student: Option<Person> = one(StudentId);
    /// The university 高校.
    university: Option<Organization> = one(UniversityId);
    /// What it says now. For enterprises under a consent that covers the profile, and each such read is written down;
    /// CONSENT_REQUIRED for everybody else 当前版本.
    current: Option<ResumeVersion> = one(CurrentId).or_else(Error::consent_required);
    /// The contact data now. For enterprises under a consent that covers it, and each such read is written down; null
    /// for everybody else 联系方式.
    contact: Option<ResumeContact> = one(CurrentId);
    /// Every version that you may read, newest first 历史版本.
    versions: Connection<ResumeVersion> = many(resume_version::Column::ResumeId).order(resume_version::Column::Number, Order::Desc);
    /// How many versions were ever saved 保存次数.
    saved: i32 = column(Saved);
    /// Files: all that are attached for the student, that of the current version for enterprises under a consent that
    /// covers it 附件.
    documents: Connection<Document> = many(document::Column::RecordId);
    /// Who read it, newest first 查阅记录.
    accesses: Connection<ResumeAccess> = many(resume_access::Column::ResumeId).order(resume_access::Column::At, Order::Desc);
    /// When its content was erased; null again once another version is saved 清除时间.
    erased_at: Option<DateTime> = column(ErasedAt);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When the first version was saved 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// A version of a résumé, which never changes 简历版本. Seen by the student; the newest also by enterprises under a
    /// consent that covers the profile. Each read by an enterprise is written down before it is answered.
    pub ResumeVersion of resume_version, seen by store::versions_visible_to, recorded by record_profile_reads, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The résumé 简历.
    resume: Option<Resume> = one(ResumeId);
    /// 1 for the first 版本号.
    number: i32 = column(Number);
    /// What it says 内容.
    content: ResumeContent = compute([Content], |(text,): (String,), _: &Actor| read(&text));
    /// The file that goes with it, for the student and for enterprises under a consent that covers it 附件.
    document: Option<Document> = one(DocumentId);
    /// SHA-256 of the content, 64 hexadecimal digits 内容哈希.
    content_hash: String = column(ContentHash);
    /// When it was saved 保存时间.
    created_at: DateTime = column(CreatedAt);
}

view! {
    /// How a student is reached 联系方式. Seen by the student; and by enterprises under a consent that covers it. Each
    /// read by an enterprise is written down before it is answered.
    pub ResumeContact of resume_version, seen by store::contacts_visible_to, recorded by record_contact_reads;

    /// The telephone number 电话.
    phone: Option<String> = column(Phone);
    /// The e-mail address 邮箱.
    email: Option<String> = column(Email);
}

view! {
    /// Queries about résumés.
    pub ResumeQueries root;

    /// The résumé with this id 简历.
    resume: Option<Resume> = by_id();
    /// The résumés that you may see: your own; as an enterprise those that you may read something of; as a university's
    /// staff those of its students 简历列表.
    resumes: Option<Connection<Resume>> = all();
}

/// What a résumé says 简历内容.
#[derive(Clone, Debug, Default, Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase", default)]
pub struct ResumeContent {
    /// In one line 一句话介绍.
    pub headline: String,
    /// In a paragraph 自我评价.
    pub summary: Option<String>,
    /// Educations 教育经历.
    pub education: Vec<ResumeEducation>,
    /// Skills 技能.
    pub skills: Vec<ResumeSkill>,
    /// What was done and where 实践经历.
    pub experiences: Vec<ResumeExperience>,
    /// Certificates 证书.
    pub certificates: Vec<ResumeCertificate>,
    /// Languages 语言.
    pub languages: Vec<ResumeLanguage>,
    /// What kind of job is wished for 求职意向.
    pub wishes: ResumeWishes,
}

/// An education 教育经历.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ResumeEducation {
    /// The school 学校.
    pub school: String,
    /// The major's code 专业代码.
    pub major: Option<String>,
    /// How far it leads 学历层次.
    pub level: EducationLevel,
    /// The first month: 2022-09 开始月份.
    pub from: String,
    /// The last month; null while it goes on 结束月份.
    pub to: Option<String>,
}

/// A skill 技能.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ResumeSkill {
    /// Its name 名称.
    pub name: String,
    /// What kind of skill it is 类别.
    pub kind: SkillKind,
    /// How well it is mastered 熟练程度.
    pub level: SkillLevel,
    /// What shows it 佐证.
    pub evidence: Option<String>,
}

/// Something that was done somewhere 实践经历.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ResumeExperience {
    /// Where 单位.
    pub organization: String,
    /// As what 岗位.
    pub role: String,
    /// The first month: 2025-07 开始月份.
    pub from: String,
    /// The last month; null while it goes on 结束月份.
    pub to: Option<String>,
    /// What was done 内容.
    pub text: Option<String>,
}

/// A certificate 证书.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ResumeCertificate {
    /// Its name 名称.
    pub name: String,
    /// The month in which it was given 取得月份.
    pub issued: Option<String>,
}

/// A language 语言.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ResumeLanguage {
    /// Which 语种.
    pub name: String,
    /// How well 水平.
    pub level: String,
}

/// What kind of job is wished for 求职意向.
#[derive(Clone, Debug, Default, Deserialize, SimpleObject)]
pub struct ResumeWishes {
    /// Families of positions 岗位类别.
    pub families: Vec<String>,
    /// Places 地点.
    pub places: Vec<String>,
    /// The pay, in words 薪酬.
    pub pay: Option<String>,
}

/// What was frozen when it was saved is read by this; what a later program adds is empty in it.
fn read(text: &str) -> ResumeContent {
    serde_json::from_str(text).unwrap_or_default()
}

/// Mutations of résumés.
#[derive(Debug, Default)]
pub struct ResumeMutations;

#[Object]
impl ResumeMutations {
    /// Saves a version of your résumé; earlier ones stay, for you alone. Who may: a student 保存简历.
    async fn resume_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ResumeSaveInput,
    ) -> Result<Payload<Resume>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::save(app, actor, &input).await.map(Resume))
    }

    /// Erases every version and file of your résumé and takes all your consents back. That there was one, how often it
    /// was saved, and who read it when stays. Who may: whoever wrote it, also after the
    /// studies 清除简历.
    async fn resume_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: ResumeEraseInput,
    ) -> Result<Payload<Resume>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::erase(app, actor, &input).await.map(Resume))
    }
}
