//! What the enterprises offer and what they are asked: three families of positions that the county published, one that
//! waits for it, a question answered and one that waits.

use chrono::Duration;
use entity::{
    job_position::{EducationWanted, PositionFamily, PositionKind},
    organization_question::QuestionTopic,
    position_skill::{PositionSkillKind as Kind, PositionSkillLevel as Level},
};
use uuid::Uuid;

use super::{cast::Org, store, story::Story};
use crate::{
    error::Result,
    graphql::{Date, Money},
    organizations::{self, OrganizationProfileInput, OrganizationUpdateInput},
    platform::id::Id,
    talent::{
        positions::{self, PositionContentInput, PositionCreateInput, PositionSkillInput, PositionStepInput},
        questions::{self, OrganizationQuestionAnswerInput, OrganizationQuestionAskInput},
    },
};

/// A position, as the story has it.
struct Offer {
    by: &'static str,
    title: &'static str,
    family: PositionFamily,
    kind: PositionKind,
    words: [&'static str; 2],
    headcount: i32,
    /// Yuan a month.
    pay: [i64; 2],
    majors: &'static [&'static str],
    skills: &'static [(&'static str, Kind, Level, bool)],
    open_for_days: u64,
}

const PUBLISHED: [Offer; 4] = [
    Offer {
        by: "enterprise.recruiter",
        title: "功能性面料研发工程师",
        family: PositionFamily::ResearchAndDevelopment,
        kind: PositionKind::Employment,
        words: ["负责功能性面料的工艺设计、打样与中试。", "熟悉纺织材料与染整工艺，能独立完成试验。"],
        headcount: 4,
        pay: [6_500, 9_000],
        majors: &["081601", "080401"],
        skills: &[
            ("SolidWorks", Kind::Software, Level::Working, false),
            ("染整试验", Kind::Technique, Level::Proficient, true),
        ],
        open_for_days: 75,
    },
    Offer {
        by: "enterprise.recruiter",
        title: "质量管理专员",
        family: PositionFamily::Quality,
        kind: PositionKind::Employment,
        words: ["负责来料与成品检验，编制质量报表。", "了解质量管理体系，细致认真。"],
        headcount: 3,
        pay: [5_000, 6_500],
        majors: &["120703T", "081601"],
        skills: &[
            ("Minitab", Kind::Software, Level::Working, true),
            ("三坐标测量机", Kind::Equipment, Level::Basic, false),
        ],
        open_for_days: 60,
    },
    Offer {
        by: "enterprise.admin.2",
        title: "成本会计",
        family: PositionFamily::Accounting,
        kind: PositionKind::Employment,
        words: ["负责成本核算与月度结账。", "熟悉制造业成本核算流程。"],
        headcount: 1,
        pay: [4_500, 6_000],
        majors: &["120203K", "120204"],
        skills: &[
            ("用友 U8", Kind::Software, Level::Working, true),
            ("初级会计职称", Kind::Certificate, Level::Basic, false),
        ],
        open_for_days: 45,
    },
    Offer {
        by: "enterprise.admin.2",
        title: "质量检验实习生",
        family: PositionFamily::Quality,
        kind: PositionKind::Internship,
        words: ["在导师指导下完成零部件检验与记录。", "机械或质量相关专业在读，可连续实习三个月。"],
        headcount: 6,
        pay: [2_800, 3_200],
        majors: &["080202", "120703T"],
        skills: &[
            ("Minitab", Kind::Software, Level::Basic, false),
            ("游标卡尺与千分尺", Kind::Equipment, Level::Basic, false),
        ],
        open_for_days: 30,
    },
];

const IN_REVIEW: Offer = Offer {
    by: "enterprise.admin.2",
    title: "热处理工艺研发工程师",
    family: PositionFamily::ResearchAndDevelopment,
    kind: PositionKind::Employment,
    words: ["负责热处理变形控制与工艺仿真。", "熟悉金属材料与热处理，能阅读英文资料。"],
    headcount: 2,
    pay: [7_000, 10_000],
    majors: &["080401", "080405"],
    skills: &[("ANSYS", Kind::Software, Level::Proficient, true), ("英语", Kind::Language, Level::Working, false)],
    open_for_days: 90,
};

impl Story<'_> {
    /// Everything that enterprises offer and are asked.
    pub(super) async fn offers(&self) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(20));
        self.introduce().await?;
        for offer in &PUBLISHED {
            let id = self.offer(offer).await?;
            self.later(Duration::hours(5));
            let publish = PositionStepInput { id: Id::new(id), expected_version: 2 };
            positions::publish(self.app, &self.as_("county.officer").await?, &publish).await?;
        }
        self.asked().await?;
        self.app.db().clock().set(self.now - Duration::hours(20));
        self.offer(&IN_REVIEW).await.map(drop)
    }

    /// What an enterprise says of itself.
    async fn introduce(&self) -> Result<()> {
        let silk = self.organization(Org::Silk)?;
        let input = OrganizationUpdateInput {
            id: Id::new(silk),
            expected_version: store::organization_version(self.app.db(), silk).await?,
            profile: OrganizationProfileInput {
                production: Some("年产功能性面料八百万米，两条染整生产线。".to_owned()),
                talent_cultivation: Some("新进毕业生一年师带徒，分技术与管理两条通道。".to_owned()),
                research_platforms: Some("企业技术中心，设材料与染整两个实验室。".to_owned()),
                ..OrganizationProfileInput::default()
            },
        };
        organizations::update(self.app, &self.as_("enterprise.admin").await?, &input).await.map(drop)
    }

    /// Written and sent to the county.
    async fn offer(&self, offer: &Offer) -> Result<Uuid> {
        let recruiter = self.as_(offer.by).await?;
        let input = PositionCreateInput { idempotency_key: None, content: self.content(offer) };
        let id = positions::create(self.app, &recruiter, &input).await?;
        self.later(Duration::minutes(40));
        let submit = PositionStepInput { id: Id::new(id), expected_version: 1 };
        positions::submit(self.app, &recruiter, &submit).await
    }

    fn content(&self, offer: &Offer) -> PositionContentInput {
        let [description, requirements] = offer.words.map(str::to_owned);
        let [pay_min, pay_max] = offer.pay.map(|yuan| Money(yuan * 100));
        let skill = |(name, kind, level, required): &(&str, Kind, Level, bool)| PositionSkillInput {
            name: (*name).to_owned(),
            kind: *kind,
            level: *level,
            required: *required,
        };
        PositionContentInput {
            title: offer.title.to_owned(),
            family: offer.family,
            kind: offer.kind,
            description,
            requirements,
            headcount: offer.headcount,
            pay_min,
            pay_max,
            region_code: "511322".to_owned(),
            address: "营山经济开发区".to_owned(),
            education: EducationWanted::Bachelor,
            apply_by: Date(self.in_days(offer.open_for_days)),
            event_id: None,
            majors: offer.majors.iter().map(|code| (*code).to_owned()).collect(),
            skills: offer.skills.iter().map(skill).collect(),
        }
    }

    /// A student's question that was answered; a professor's that waits for the recruiter.
    async fn asked(&self) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(12));
        let ask = async |by: &str, topic, question: &str| {
            let input = OrganizationQuestionAskInput {
                organization_id: Id::new(self.organization(Org::Silk)?),
                idempotency_key: None,
                topic,
                question: question.to_owned(),
            };
            questions::ask(self.app, &self.as_(by).await?, &input).await
        };
        let id =
            ask("student", QuestionTopic::TalentCultivation, "新入职的毕业生由谁带教，多久可以独立负责产品？").await?;
        self.later(Duration::hours(26));
        let answer = OrganizationQuestionAnswerInput {
            id: Id::new(id),
            expected_version: 1,
            answer: "每人配一名工艺师傅和一名质量师傅，半年轮岗，一般一年后独立负责一个系列。".to_owned(),
        };
        questions::answer(self.app, &self.as_("enterprise.recruiter").await?, &answer).await?;
        self.app.db().clock().set(self.now - Duration::days(1));
        ask("professor", QuestionTopic::ResearchPlatform, "染整实验室是否可以接收研究生开展联合试验？").await.map(drop)
    }
}
