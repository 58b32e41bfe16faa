//! A student's résumé, shared with one enterprise, which read it: the student sees who, what and when.

use chrono::Duration;
use entity::share_consent::{ShareCategory, SharePurpose};

use super::{cast::Org, store, story::Story};
use crate::{
    error::Result,
    graphql::Date,
    platform::id::Id,
    talent::{
        consents::{self, ShareConsentGiveInput},
        resumes::{
            self, ResumeSaveInput,
            content::{
                EducationLevel, ResumeContactInput, ResumeContentInput, ResumeEducationInput, ResumeExperienceInput,
                ResumeLanguageInput, ResumeSkillInput, ResumeWishesInput, SkillKind, SkillLevel,
            },
        },
    },
};

impl Story<'_> {
    /// Written three days ago, shared with the textile firm for recruiting, and read by its recruiter.
    pub(super) async fn resume(&self) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(3));
        let student = self.as_("student").await?;
        let resume = resumes::save(self.app, &student, &written()).await?;
        self.later(Duration::hours(1));
        let consent = ShareConsentGiveInput {
            organization_id: Id::new(self.organization(Org::Silk)?),
            purpose: SharePurpose::Recruitment,
            categories: vec![ShareCategory::Profile, ShareCategory::Contact],
            expires_on: Date(self.in_days(180)),
            notice_version: consents::NOTICE_VERSION,
        };
        consents::give(self.app, &student, &consent).await?;
        self.later(Duration::days(1));
        let recruiter = self.as_("enterprise.recruiter").await?;
        let current = store::current_version(self.app.db(), resume).await?;
        resumes::record_profile_reads(self.app.db(), &recruiter, &[current]).await.map(drop)
    }
}

fn written() -> ResumeSaveInput {
    let skill = |name: &str, kind, level, evidence: &str| ResumeSkillInput {
        name: name.to_owned(),
        kind,
        level,
        evidence: Some(evidence.to_owned()),
    };
    let content = ResumeContentInput {
        headline: "质量管理工程专业应届生，求职质量工程师".to_owned(),
        summary: Some("熟悉统计过程控制与来料检验，参加过园区群面。".to_owned()),
        education: vec![ResumeEducationInput {
            school: Org::University.name().to_owned(),
            major: Some("120703T".to_owned()),
            level: EducationLevel::Bachelor,
            from: "2022-09".to_owned(),
            to: Some("2026-06".to_owned()),
        }],
        skills: vec![
            skill("Minitab", SkillKind::Software, SkillLevel::Proficient, "课程设计：织造车间的控制图。"),
            skill("三坐标测量", SkillKind::Equipment, SkillLevel::Working, "金工实习。"),
        ],
        experiences: vec![ResumeExperienceInput {
            organization: Org::Silk.name().to_owned(),
            role: "质检实习生".to_owned(),
            from: "2025-07".to_owned(),
            to: Some("2025-08".to_owned()),
            text: Some("整理面料疵点记录，绘制排列图。".to_owned()),
        }],
        certificates: Vec::new(),
        languages: vec![ResumeLanguageInput { name: "英语".to_owned(), level: "CET-4".to_owned() }],
        wishes: ResumeWishesInput {
            families: vec!["质量管理".to_owned()],
            places: vec!["南充".to_owned(), "重庆".to_owned()],
            pay: None,
        },
    };
    let contact =
        ResumeContactInput { phone: Some("138 0000 1234".to_owned()), email: Some("student@example.org".to_owned()) };
    ResumeSaveInput { expected_version: None, content, contact, document_id: None }
}
