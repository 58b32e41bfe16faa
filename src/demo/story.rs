//! What happens, scene by scene, each on its day.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use entity::{
    agreement::{AgreementKind, RenewalPolicy},
    agreement_party::PartyRole,
    agreement_signature::SignatureEvidence,
    organization::OrganizationKind,
};
use uuid::Uuid;

use super::{
    cast::{Org, PASSWORD, PERSONAS, REGISTER, Registered},
    store,
};
use crate::{
    agreements::{
        self, AgreementApproveInput, AgreementDraftInput, AgreementReasonedStepInput, AgreementSignInput,
        AgreementStepInput, AgreementText, PartyInput,
    },
    app::App,
    auth::Actor,
    error::{Error, Result},
    graphql::Date,
    identity::{self, NewPerson, sessions::SessionCreateInput},
    organizations::{self, OrganizationProfileInput, OrganizationRegisterInput, OrganizationStepInput},
    platform::{clock, id::Id},
};

/// The symposium, and the signature of the framework agreement.
const SYMPOSIUM: &str = "2025-05-06";

pub(super) struct Story<'a> {
    pub(super) app: &'a App,
    pub(super) now: DateTime<Utc>,
    organizations: BTreeMap<Org, Uuid>,
}

/// Tells everything up to now.
pub(super) async fn tell(app: &App, now: DateTime<Utc>) -> Result<()> {
    let mut story = Story { app, now, organizations: BTreeMap::new() };
    story.found().await?;
    story.register().await?;
    let framework = story.framework().await?;
    Box::pin(story.group_interview()).await?;
    story.items(framework).await?;
    let base = story.base().await?;
    let talent = story.talent().await?;
    story.prolonged(talent).await?;
    story.neighbours().await?;
    story.talent_day().await?;
    story.special(framework).await?;
    story.order_class().await?;
    story.to_be_prolonged(base).await?;
    story.offers().await?;
    story.rolls().await?;
    story.resume().await?;
    story.applied().await
}

impl Story<'_> {
    /// The platform and the people; those of an organization once it is registered.
    async fn found(&mut self) -> Result<()> {
        self.on("2025-03-03")?;
        let platform = identity::found_platform(self.app, Org::Platform.name(), "12511322DEMW0003XX").await?;
        self.organizations.insert(Org::Platform, platform);
        self.people(Org::Platform).await
    }

    async fn people(&self, organization: Org) -> Result<()> {
        for person in PERSONAS.iter().filter(|person| person.organization == organization) {
            let person = NewPerson {
                organization: self.organization(organization)?,
                role: person.role,
                login: person.login.to_owned(),
                display_name: person.name.to_owned(),
                password: PASSWORD.to_owned(),
            };
            identity::set_up_person(self.app, &person).await?;
        }
        Ok(())
    }

    /// Universities and counties are registered and verified by the platform, enterprises by their county: one person
    /// registers, another verifies.
    async fn register(&mut self) -> Result<()> {
        for (place, registered) in REGISTER.iter().enumerate() {
            self.on("2025-03-04")?;
            self.later(Duration::minutes(20 * i64::try_from(place).unwrap_or_default()));
            let registrar = match registered.under {
                Org::Platform => "admin",
                Org::Neighbour => "neighbour.officer",
                _ => "county.officer",
            };
            let verifier = match (registered.kind, registered.under) {
                (OrganizationKind::Enterprise, Org::Neighbour) => "neighbour.admin",
                (OrganizationKind::Enterprise, _) => "county.admin",
                _ => "admin.2",
            };
            let actor = self.as_(registrar).await?;
            let id = organizations::register(self.app, &actor, &self.registration(registered)?).await?;
            self.organizations.insert(registered.org, id);
            if registered.org == Org::Newcomer {
                continue;
            }
            let step = OrganizationStepInput { id: Id::new(id), expected_version: 1 };
            organizations::verify(self.app, &self.as_(verifier).await?, &step).await?;
            self.people(registered.org).await?;
        }
        Ok(())
    }

    fn registration(&self, registered: &Registered) -> Result<OrganizationRegisterInput> {
        Ok(OrganizationRegisterInput {
            parent_id: Id::new(self.organization(registered.under)?),
            idempotency_key: None,
            kind: registered.kind,
            name: registered.org.name().to_owned(),
            name_en: Some(registered.name_en.to_owned()),
            credit_code: registered.code.to_owned(),
            region_code: registered.region.map(str::to_owned),
            school_code: (registered.org == Org::University).then(|| "11660".to_owned()),
            profile: Some(OrganizationProfileInput {
                description: Some(registered.profile.to_owned()),
                industry_code: registered.industry.map(|(code, _)| code.to_owned()),
                size_class: registered.industry.map(|(_, size)| size),
                contact_name: Some("合作联络办公室".to_owned()),
                contact_phone: Some("0817-8220000".to_owned()),
                ..OrganizationProfileInput::default()
            }),
        })
    }

    /// The framework agreement of the three sides: drafted by the university, returned once, signed at the symposium.
    async fn framework(&self) -> Result<Uuid> {
        self.on("2025-04-15")?;
        let parties = [Org::University, Org::County, Org::Silk];
        let mut text = self.text(
            ("校地企战略合作框架协议", FRAMEWORK_TERMS),
            (day(SYMPOSIUM)?, day("2028-05-05")?, Some(day("2028-02-05")?)),
            &parties,
        )?;
        let id = self.draft(AgreementKind::Framework, None, text.clone(), "university.admin").await?;
        self.submit(id, "university.admin").await?;
        self.on("2025-04-18")?;
        let county = self.as_("county.admin").await?;
        let reason = "请补充教授工作站年度服务天数与双方联络人。".to_owned();
        let returned =
            AgreementReasonedStepInput { id: Id::new(id), expected_version: self.version(id).await?, reason };
        agreements::return_for_revision(self.app, &county, &returned).await?;
        self.on("2025-04-21")?;
        text.terms.push_str("\n\n第五条 教授工作站每年服务不少于四十天，双方各指定一名联络人。");
        let edit = agreements::AgreementEditInput { id: Id::new(id), expected_version: self.version(id).await?, text };
        agreements::edit(self.app, &self.as_("university.admin").await?, &edit).await?;
        self.submit(id, "university.admin").await?;
        self.on("2025-04-25")?;
        self.approve(id, &["university.admin", "county.admin", "enterprise.admin"]).await?;
        self.on(SYMPOSIUM)?;
        self.sign(id, &["university.admin", "county.admin", "enterprise.admin"]).await?;
        Ok(id)
    }

    /// An agreement whose notice date is near.
    async fn base(&self) -> Result<Uuid> {
        self.on("2025-03-20")?;
        let ends = self.in_days(75);
        let text = self.text(
            ("实习实训基地共建协议", BASE_TERMS),
            (day("2025-03-24")?, ends, Some(self.in_days(28))),
            &[Org::University, Org::County],
        )?;
        self.conclude(AgreementKind::TrainingBase, text, &["university.admin", "county.admin"]).await
    }

    /// Targeted cultivation of talents, drafted by the county.
    async fn talent(&self) -> Result<Uuid> {
        self.on("2025-09-01")?;
        let text = self.text(
            ("定向人才培养合作协议", TALENT_TERMS),
            (day("2025-09-10")?, day("2029-08-31")?, Some(day("2029-05-31")?)),
            &[Org::County, Org::University],
        )?;
        let id = self.conclude(AgreementKind::Talent, text, &["county.admin", "university.admin"]).await?;
        self.morning("2025-09-10").await?;
        Ok(id)
    }

    /// The university also works with the neighbouring county; neither county sees the other's papers.
    async fn neighbours(&self) -> Result<()> {
        self.on("2025-10-13")?;
        let mut text = self.text(
            ("校地合作框架协议", BASE_TERMS),
            (day("2025-10-20")?, day("2027-10-19")?, None),
            &[Org::University, Org::Neighbour],
        )?;
        text.renewal_policy = RenewalPolicy::None;
        let county = self.organization(Org::Neighbour)?;
        let input = AgreementDraftInput {
            idempotency_key: None,
            kind: AgreementKind::Framework,
            county_id: Id::new(county),
            parent_id: None,
            text,
        };
        let id = agreements::draft(self.app, &self.as_("university.admin").await?, &input).await?;
        self.submit(id, "university.admin").await?;
        self.approve(id, &["university.admin", "neighbour.admin"]).await?;
        self.sign(id, &["university.admin", "neighbour.admin"]).await?;
        self.morning("2025-10-20").await
    }

    /// A special agreement under the framework that waits for the county and the enterprise: yours to approve.
    async fn special(&self, framework: Uuid) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(5));
        let text = self.text(
            ("精密加工技术联合研发专项协议", SPECIAL_TERMS),
            (self.in_days(30), self.in_days(760), Some(self.in_days(700))),
            &[Org::University, Org::County, Org::Silk],
        )?;
        let id = self.draft(AgreementKind::Special, Some(framework), text, "university.admin").await?;
        self.submit(id, "university.admin").await?;
        self.app.db().clock().set(self.now - Duration::days(3));
        self.approve(id, &["university.admin"]).await
    }

    /// A draft of the university's that nobody else sees yet: yours to submit.
    async fn order_class(&self) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(1));
        let text = self.text(
            ("数控加工订单班合作协议", ORDER_CLASS_TERMS),
            (self.in_days(60), self.in_days(1150), Some(self.in_days(1060))),
            &[Org::University, Org::County, Org::Precision],
        )?;
        self.draft(AgreementKind::Talent, None, text, "university.admin").await.map(drop)
    }

    /// Drafted and submitted by the first, approved by all, signed by all four days later.
    async fn conclude(&self, kind: AgreementKind, text: AgreementText, sides: &[&str]) -> Result<Uuid> {
        let drafter = sides.first().copied().unwrap_or_default();
        let id = self.draft(kind, None, text, drafter).await?;
        self.submit(id, drafter).await?;
        self.later(Duration::days(2));
        self.approve(id, sides).await?;
        self.later(Duration::days(2));
        self.sign(id, sides).await?;
        Ok(id)
    }

    async fn draft(&self, kind: AgreementKind, parent: Option<Uuid>, text: AgreementText, by: &str) -> Result<Uuid> {
        let county_id = Id::new(self.organization(Org::County)?);
        let input =
            AgreementDraftInput { idempotency_key: None, kind, county_id, parent_id: parent.map(Id::new), text };
        agreements::draft(self.app, &self.as_(by).await?, &input).await
    }

    async fn submit(&self, id: Uuid, by: &str) -> Result<()> {
        self.later(Duration::hours(1));
        let input = AgreementStepInput { id: Id::new(id), expected_version: self.version(id).await? };
        agreements::submit(self.app, &self.as_(by).await?, &input).await.map(drop)
    }

    async fn approve(&self, id: Uuid, sides: &[&str]) -> Result<()> {
        for by in sides {
            self.later(Duration::minutes(50));
            let input = AgreementApproveInput { id: Id::new(id), expected_hash: self.hash(id).await?, note: None };
            agreements::approve(self.app, &self.as_(by).await?, &input).await?;
        }
        Ok(())
    }

    async fn sign(&self, id: Uuid, sides: &[&str]) -> Result<()> {
        for by in sides {
            self.later(Duration::minutes(10));
            let input = AgreementSignInput {
                id: Id::new(id),
                expected_hash: self.hash(id).await?,
                evidence: SignatureEvidence::Platform,
                document_id: None,
            };
            agreements::sign(self.app, &self.as_(by).await?, &input).await?;
        }
        Ok(())
    }

    fn text(
        &self,
        (title, terms): (&str, &str),
        (starts_on, ends_on, notice_by): (NaiveDate, NaiveDate, Option<NaiveDate>),
        parties: &[Org],
    ) -> Result<AgreementText> {
        let parties = parties.iter().zip(["甲方", "乙方", "丙方"]).map(|(party, capacity)| {
            Ok(PartyInput {
                organization_id: Id::new(self.organization(*party)?),
                capacity: capacity.to_owned(),
                role: PartyRole::Required,
            })
        });
        Ok(AgreementText {
            title: title.to_owned(),
            terms: terms.to_owned(),
            starts_on: Some(Date(starts_on)),
            ends_on: Date(ends_on),
            notice_by: notice_by.map(Date),
            renewal_policy: RenewalPolicy::Negotiate,
            parties: parties.collect::<Result<_>>()?,
        })
    }

    /// Signs in, as everybody does.
    pub(super) async fn as_(&self, login: &str) -> Result<Actor> {
        let input = SessionCreateInput {
            login: login.to_owned(),
            password: PASSWORD.to_owned(),
            membership_id: None,
            client: Some("the story".to_owned()),
        };
        let tokens = identity::sessions::create(self.app, "demo", &input).await?;
        Ok(identity::caller(self.app, &tokens.access_token).await?.actor)
    }

    pub(super) fn organization(&self, organization: Org) -> Result<Uuid> {
        self.organizations.get(&organization).copied().ok_or_else(|| Error::internal("the demo's cast is incomplete"))
    }

    async fn version(&self, id: Uuid) -> Result<i32> {
        Ok(store::agreement(self.app.db(), id).await?.version)
    }

    async fn hash(&self, id: Uuid) -> Result<String> {
        Ok(store::agreement(self.app.db(), id).await?.content_hash.unwrap_or_default())
    }

    /// Nine o'clock that morning in China.
    pub(super) fn on(&self, text: &str) -> Result<()> {
        self.app.db().clock().set(clock::begins(day(text)?) + Duration::hours(9));
        Ok(())
    }

    /// That morning, with what the night brought: agreements that begin or end.
    async fn morning(&self, text: &str) -> Result<()> {
        self.on(text)?;
        agreements::jobs::turn_the_day(self.app).await.map(drop)
    }

    pub(super) fn later(&self, passed: Duration) {
        let clock = self.app.db().clock();
        clock.set(clock.now() + passed);
    }

    pub(super) fn in_days(&self, days: u64) -> NaiveDate {
        let today = clock::day(self.now);
        today.checked_add_days(Days::new(days)).unwrap_or(today)
    }
}

pub(super) fn day(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(Error::internal)
}

const FRAMEWORK_TERMS: &str = "第一条 三方建立校地企合作机制，以教授工作站为载体，定期召开联席会议。\n\n\
    第二条 共建实习实训基地，每年接收学生实习。\n\n\
    第三条 开展定向人才培养，组织学生与企业见面。\n\n\
    第四条 推动科技成果转化，征集并对接企业技术需求。";
const BASE_TERMS: &str =
    "第一条 双方共建实习实训基地，明确容量、导师与安全责任。\n\n第二条 县方协调园区企业提供岗位与住宿。";
const TALENT_TERMS: &str = "第一条 双方按年度确定定向培养专业与人数。\n\n第二条 学生毕业后优先推荐至县内企业就业。";
const SPECIAL_TERMS: &str = "第一条 围绕热处理变形控制开展联合研发。\n\n第二条 研发经费由企业承担，成果归属另行约定。";
const ORDER_CLASS_TERMS: &str =
    "第一条 企业与高校共建数控加工订单班，每届不少于二十人。\n\n第二条 企业承担实训耗材，县方给予安家补助。";
