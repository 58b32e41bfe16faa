//! The seventy others who came to the group interview: for which positions they applied there, who wanted whom by evening,
//! and what came of it in the year after. Their names are invented, as is every figure but "more than 70" and "more than 30".

use chrono::{DateTime, Duration, Utc};
use entity::{
    application::{ClosingReason, Engagement},
    job_position::{EducationWanted, PositionFamily, PositionKind},
    membership::Role,
    share_consent::{ShareCategory, SharePurpose},
};
use uuid::Uuid;

use super::{
    cast::{Org, PASSWORD},
    store,
    story::{Story, day},
};
use crate::{
    auth::Actor,
    error::Result,
    graphql::{Date, Money},
    identity,
    platform::id::Id,
    talent::{
        applications::{
            self, ApplicationStepInput, ApplicationSubmitInput,
            intention::{self, ApplicationDeclareIntentionInput},
            selection::{self, ApplicationCloseInput, ApplicationRecordInterviewInput},
        },
        consents::{self, ShareConsentGiveInput},
        positions::{self, PositionContentInput, PositionCreateInput, PositionStepInput},
        resumes::{
            self, ResumeSaveInput,
            content::{
                EducationLevel, ResumeContactInput, ResumeContentInput, ResumeEducationInput, ResumeSkillInput,
                ResumeWishesInput, SkillKind, SkillLevel,
            },
        },
    },
};

/// So many of them were interviewed,
const INTERVIEWED: usize = 64;
/// the first of them at a second enterprise too;
const TWICE: usize = 4;
/// these did not come to the interview to which they were invited;
const MISSED: std::ops::Range<usize> = 64..68;
/// and with so many both sides wanted to go on.
pub(super) const INTENTIONS: usize = 31;

/// Somebody of the crowd.
pub(super) struct Comer {
    pub(super) login: String,
    pub(super) actor: Actor,
}

/// A position that was offered at the event.
pub(super) struct Stand {
    pub(super) recruiter: &'static str,
    org: Org,
    title: &'static str,
    family: PositionFamily,
    major: &'static str,
    skill: &'static str,
}

/// What came of an application at the event.
pub(super) struct Met {
    /// The number of the student in the crowd.
    pub(super) number: usize,
    /// At which stand.
    at: usize,
    pub(super) application: Uuid,
}

/// The three families of that day.
pub(super) const STANDS: [Stand; 3] = [
    Stand {
        recruiter: "enterprise.recruiter",
        org: Org::Silk,
        title: "面料研发助理工程师",
        family: PositionFamily::ResearchAndDevelopment,
        major: "081601",
        skill: "SolidWorks",
    },
    Stand {
        recruiter: "enterprise.admin.2",
        org: Org::Precision,
        title: "精密零件质量工程师",
        family: PositionFamily::Quality,
        major: "120703T",
        skill: "Minitab",
    },
    Stand {
        recruiter: "enterprise.admin.3",
        org: Org::Foods,
        title: "食品企业财务会计",
        family: PositionFamily::Accounting,
        major: "120203K",
        skill: "用友 U8",
    },
];

impl Met {
    pub(super) fn stand(&self) -> &'static Stand {
        &STANDS[self.at]
    }
}

const SURNAMES: [&str; 10] = ["柏", "尹", "詹", "盛", "闻", "甄", "乔", "简", "蓝", "游"];
const GIVEN: [&str; 7] = ["知远", "若溪", "景行", "舒禾", "怀瑾", "以宁", "清扬"];

/// An internship, of some for whom it is too early for a job.
pub(super) fn aim(number: usize) -> Engagement {
    if number % 3 == 1 && number < 28 { Engagement::Internship } else { Engagement::Employment }
}

impl Story<'_> {
    /// The seventy join the university, and sign in.
    pub(super) async fn crowd(&self) -> Result<Vec<Comer>> {
        let names = SURNAMES.iter().flat_map(|surname| GIVEN.iter().map(move |given| format!("{surname}{given}")));
        let people: Vec<(String, String)> =
            names.enumerate().map(|(number, name)| (format!("student.{}", number + 4), name)).collect();
        let university = self.organization(Org::University)?;
        identity::set_up_people(self.app, (university, Role::Student), (&people, PASSWORD)).await?;
        let mut crowd = Vec::new();
        for (login, _) in people {
            let actor = self.as_(&login).await?;
            crowd.push(Comer { login, actor });
        }
        Ok(crowd)
    }

    /// Three positions for the day, published by the county.
    pub(super) async fn stands(&self, event: Uuid) -> Result<Vec<Uuid>> {
        let mut offered = Vec::new();
        for stand in &STANDS {
            let recruiter = self.as_(stand.recruiter).await?;
            let input = PositionCreateInput { idempotency_key: None, content: content(stand, event)? };
            let id = positions::create(self.app, &recruiter, &input).await?;
            let step = |expected_version| PositionStepInput { id: Id::new(id), expected_version };
            positions::submit(self.app, &recruiter, &step(1)).await?;
            self.later(Duration::hours(1));
            positions::publish(self.app, &self.as_("county.officer").await?, &step(2)).await?;
            offered.push(id);
        }
        Ok(offered)
    }

    /// Résumés, consents and applications, until the evening before.
    pub(super) async fn apply(&self, crowd: &[Comer], (event, positions): (Uuid, &[Uuid])) -> Result<Vec<Met>> {
        let mut applied = Vec::new();
        for (number, comer) in crowd.iter().enumerate().take(MISSED.end) {
            self.later(Duration::minutes(3));
            let at = number % STANDS.len();
            resumes::save(self.app, &comer.actor, &resume(&STANDS[at])).await?;
            applied.push(self.apply_at(comer, (event, positions[at]), (number, at)).await?);
        }
        for (number, comer) in crowd.iter().enumerate().take(TWICE) {
            let at = (number + 1) % STANDS.len();
            applied.push(self.apply_at(comer, (event, positions[at]), (number, at)).await?);
        }
        Ok(applied)
    }

    async fn apply_at(
        &self,
        comer: &Comer,
        (event, position): (Uuid, Uuid),
        (number, at): (usize, usize),
    ) -> Result<Met> {
        let consent = ShareConsentGiveInput {
            organization_id: Id::new(self.organization(STANDS[at].org)?),
            purpose: SharePurpose::Recruitment,
            categories: vec![ShareCategory::Profile],
            expires_on: Date(day("2025-12-31")?),
            notice_version: consents::NOTICE_VERSION,
        };
        consents::give(self.app, &comer.actor, &consent).await?;
        let submit = ApplicationSubmitInput {
            position_id: Id::new(position),
            event_id: Some(Id::new(event)),
            letter: None,
            idempotency_key: None,
        };
        let application = applications::submit(self.app, &comer.actor, &submit).await?;
        Ok(Met { number, at, application })
    }

    /// The afternoon: who was invited comes, or does not; by evening it is clear who wants whom.
    pub(super) async fn afternoon(&self, crowd: &[Comer], applied: &[Met], begins: DateTime<Utc>) -> Result<()> {
        let mut recruiters = Vec::new();
        for stand in &STANDS {
            recruiters.push(self.as_(stand.recruiter).await?);
        }
        self.app.db().clock().set(begins + Duration::minutes(40));
        for met in applied {
            self.later(Duration::seconds(80));
            self.interview(&recruiters[met.at], met).await?;
        }
        for met in applied.iter().take(INTENTIONS) {
            self.later(Duration::minutes(1));
            let recruiter = &recruiters[met.at];
            let ApplicationStepInput { id, expected_version } = self.application_step(met.application).await?;
            let declare = ApplicationDeclareIntentionInput { id, expected_version, engagement: aim(met.number) };
            intention::declare(self.app, recruiter, &declare).await?;
            let step = self.application_step(met.application).await?;
            intention::confirm(self.app, &crowd[met.number].actor, &step).await?;
        }
        Ok(())
    }

    async fn interview(&self, recruiter: &Actor, met: &Met) -> Result<()> {
        let step = |expected_version| ApplicationStepInput { id: Id::new(met.application), expected_version };
        selection::shortlist(self.app, recruiter, &step(1)).await?;
        selection::invite(self.app, recruiter, &step(2)).await?;
        if MISSED.contains(&met.number) {
            return selection::record_no_show(self.app, recruiter, &step(3)).await.map(drop);
        }
        let ApplicationStepInput { id, expected_version } = step(3);
        let met = ApplicationRecordInterviewInput { id, expected_version, interviewed_at: None, note: None };
        selection::record_interview(self.app, recruiter, &met).await.map(drop)
    }

    /// Whoever was interviewed and not wanted is told so, with a reason.
    pub(super) async fn refuse(&self, applied: &[Met]) -> Result<()> {
        const REASONS: [ClosingReason; 3] =
            [ClosingReason::Skills, ClosingReason::Experience, ClosingReason::PositionFilled];
        let interviewed = applied.iter().skip(INTENTIONS).filter(|met| met.number < INTERVIEWED);
        for (place, met) in interviewed.enumerate() {
            let ApplicationStepInput { id, expected_version } = self.application_step(met.application).await?;
            let close =
                ApplicationCloseInput { id, expected_version, reason: REASONS[place % REASONS.len()], note: None };
            selection::reject(self.app, &self.as_(met.stand().recruiter).await?, &close).await?;
        }
        Ok(())
    }

    pub(super) async fn application_step(&self, application: Uuid) -> Result<ApplicationStepInput> {
        let expected_version = store::application_version(self.app.db(), application).await?;
        Ok(ApplicationStepInput { id: Id::new(application), expected_version })
    }
}

fn content(stand: &Stand, event: Uuid) -> Result<PositionContentInput> {
    Ok(PositionContentInput {
        title: stand.title.to_owned(),
        family: stand.family,
        kind: PositionKind::Employment,
        description: "在导师带领下参与企业日常工作，试用期轮岗。".to_owned(),
        requirements: "专业相关，踏实肯学，可到岗三个月以上。".to_owned(),
        headcount: 10,
        pay_min: Money(450_000),
        pay_max: Money(700_000),
        region_code: "511322".to_owned(),
        address: "营山经济开发区".to_owned(),
        education: EducationWanted::Bachelor,
        apply_by: Date(day("2025-06-30")?),
        event_id: Some(Id::new(event)),
        majors: vec![stand.major.to_owned()],
        skills: Vec::new(),
    })
}

fn resume(stand: &Stand) -> ResumeSaveInput {
    let content = ResumeContentInput {
        headline: format!("应届毕业生，求职{}", stand.title),
        summary: None,
        education: vec![ResumeEducationInput {
            school: Org::University.name().to_owned(),
            major: Some(stand.major.to_owned()),
            level: EducationLevel::Bachelor,
            from: "2021-09".to_owned(),
            to: Some("2025-06".to_owned()),
        }],
        skills: vec![ResumeSkillInput {
            name: stand.skill.to_owned(),
            kind: SkillKind::Software,
            level: SkillLevel::Working,
            evidence: Some("毕业设计。".to_owned()),
        }],
        experiences: Vec::new(),
        certificates: Vec::new(),
        languages: Vec::new(),
        wishes: ResumeWishesInput::default(),
    };
    ResumeSaveInput { expected_version: None, content, contact: ResumeContactInput::default(), document_id: None }
}
