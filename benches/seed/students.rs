//! The students with their résumés, made from numbers.

use std::ops::Range;

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{
    membership::{self, MembershipStatus, Role},
    organization, resume, resume_version,
    share_consent::{self, ShareConsentStatus, SharePurpose},
    user,
};
use hezuo::{
    platform::clock,
    talent::{
        consents::NOTICE_VERSION,
        resumes::content::{
            EducationLevel, ResumeContactInput, ResumeContentInput, ResumeEducationInput, ResumeExperienceInput,
            ResumeSkillInput, ResumeWishesInput, SkillKind, SkillLevel,
        },
    },
};
use uuid::Uuid;

use super::town::{TRADES, Town, key, later};

/// When the first student was enrolled on the platform: the first of September, 2024; one a minute.
const ENROLLED: i64 = 1_725_148_800;
/// When the first of those who have not applied yet consented: the first of November, 2026.
const CONSENTED: i64 = 1_793_491_200;
/// Majors with their codes.
const MAJORS: [(&str, &str); 6] = [
    ("080202", "机械设计制造及其自动化"),
    ("080901", "计算机科学与技术"),
    ("120203K", "会计学"),
    ("120703T", "质量管理工程"),
    ("080601", "电气工程及其自动化"),
    ("120204", "财务管理"),
];
const SOFTWARE: [&str; 6] = ["SolidWorks", "Java", "用友 U8", "Minitab", "EPLAN", "金蝶 K/3"];

/// A student, and what the enterprises read.
#[derive(Clone, Copy)]
pub(crate) struct Student {
    pub(crate) user: Uuid,
    pub(crate) resume: Uuid,
}

/// Rows of some students.
#[derive(Default)]
pub(crate) struct Students {
    pub(crate) users: Vec<user::Model>,
    pub(crate) memberships: Vec<membership::Model>,
    pub(crate) resumes: Vec<resume::Model>,
    pub(crate) versions: Vec<resume_version::Model>,
}

impl Students {
    /// Students who sign in as `name-0`, `name-1`, … with the password of `like`.
    pub(crate) fn new(town: &Town, (name, like): (&str, &user::Model), numbers: Range<usize>) -> Self {
        let mut students = Self::default();
        for (at, number) in numbers.enumerate() {
            let made = later(ENROLLED, number, 60);
            let person = user::Model {
                id: key(made, 8, number),
                login: format!("{name}-{at}"),
                display_name: format!("学生{number}"),
                created_at: made,
                updated_at: made,
                ..like.clone()
            };
            students.memberships.push(membership::Model {
                id: key(made, 9, number),
                user_id: person.id,
                organization_id: town.university().id,
                role: Role::Student,
                status: MembershipStatus::Active,
                version: 1,
                created_at: made,
                updated_at: made,
            });
            students.write(town, person.id, number);
            students.users.push(person);
        }
        students
    }

    pub(crate) fn list(&self) -> Vec<Student> {
        self.resumes.iter().map(|resume| Student { user: resume.student_id, resume: resume.id }).collect()
    }

    /// The résumé of a student, saved once.
    fn write(&mut self, town: &Town, student: Uuid, number: usize) {
        let at = later(ENROLLED, number, 60) + TimeDelta::days(30);
        let content = content(number);
        let (text, content_hash) = content.freeze().unwrap();
        let ResumeContactInput { phone, email } = contact(number);
        let version = resume_version::Model {
            id: key(at, 11, number),
            resume_id: key(at, 10, number),
            number: 1,
            content: text,
            content_hash,
            phone,
            email,
            document_id: None,
            created_at: at,
        };
        self.resumes.push(resume::Model {
            id: version.resume_id,
            student_id: student,
            university_id: town.university().id,
            current_id: Some(version.id),
            saved: 1,
            erased_at: None,
            major: content.major().map(str::to_owned),
            version: 1,
            created_at: at,
            updated_at: at,
        });
        self.versions.push(version);
    }
}

fn contact(number: usize) -> ResumeContactInput {
    let number = number % 10_000;
    ResumeContactInput {
        phone: Some(format!("1380000{number:04}")),
        email: Some(format!("student{number}@example.edu.cn")),
    }
}

fn content(number: usize) -> ResumeContentInput {
    let (code, major) = MAJORS[number % MAJORS.len()];
    let trade = TRADES[number / MAJORS.len() % TRADES.len()];
    let skill = |name: &str, kind, level| ResumeSkillInput {
        evidence: Some(format!("在{trade}课程设计中独立完成全部建模与计算，成绩优秀。")),
        kind,
        level,
        name: name.to_owned(),
    };
    ResumeContentInput {
        certificates: Vec::new(),
        education: vec![ResumeEducationInput {
            from: "2022-09".to_owned(),
            level: EducationLevel::Bachelor,
            major: Some(code.to_owned()),
            school: "重庆理工大学".to_owned(),
            to: None,
        }],
        experiences: vec![ResumeExperienceInput {
            from: "2025-07".to_owned(),
            organization: format!("{trade}实训中心"),
            role: "实习生".to_owned(),
            text: Some("参与生产线节拍测定与工艺改进，整理数据并撰写报告，方案被车间采用。".to_owned()),
            to: Some("2025-08".to_owned()),
        }],
        headline: format!("{major}专业应届毕业生，希望从事{trade}方面的工作"),
        languages: Vec::new(),
        skills: vec![
            skill(SOFTWARE[number % SOFTWARE.len()], SkillKind::Software, SkillLevel::Proficient),
            skill("数据分析", SkillKind::Technique, SkillLevel::Working),
        ],
        summary: Some("学习踏实，善于沟通，愿意到县域企业从基层做起。".to_owned()),
        wishes: ResumeWishesInput {
            families: vec![], pay: Some("面议".to_owned()), places: vec!["营山县".to_owned()]
        },
    }
}

/// Consents of these students that all enterprises which recruit read their résumés.
pub(crate) fn consents(town: &Town, students: &[Student], recruiting: usize) -> Vec<share_consent::Model> {
    let enterprises = &town.enterprises()[..recruiting];
    let pairs = students.iter().flat_map(|student| enterprises.iter().map(move |enterprise| (*student, enterprise)));
    // Later than those of the events, so that no two keys are one.
    pairs.enumerate().map(|(at, pair)| consent(town, pair, (later(CONSENTED, at, 1), at))).collect()
}

/// A student's consent that an enterprise reads the résumé. It holds for a year from today.
pub(crate) fn consent(
    town: &Town,
    (student, enterprise): (Student, &organization::Model),
    (at, number): (DateTime<Utc>, usize),
) -> share_consent::Model {
    share_consent::Model {
        id: key(at, 17, number),
        student_id: student.user,
        organization_id: enterprise.id,
        purpose: SharePurpose::Recruitment,
        profile: true,
        contact: number.is_multiple_of(2),
        file: false,
        notice_version: NOTICE_VERSION,
        status: ShareConsentStatus::Given,
        expires_at: clock::ends(town.today + Days::new(365)),
        withdrawn_at: None,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}
