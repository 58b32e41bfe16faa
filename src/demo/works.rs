//! What came of the agreements: items carried out, put off and still open, one agreement amended and one to be.

use chrono::{Duration, NaiveDate};
use entity::agreement::{self, RenewalPolicy};
use uuid::Uuid;

use super::{
    cast::Org,
    store,
    story::{Story, day},
};
use crate::{
    agreements::{
        amendments::{self, AmendmentApproveInput, AmendmentDraftInput, AmendmentSignInput, AmendmentStepInput},
        items::{
            self, CooperationItemCreateInput, CooperationItemDeferInput, CooperationItemStepInput,
            CooperationItemSubmitInput,
        },
    },
    error::{Error, Result},
    graphql::{BigInt, Date},
    platform::id::Id,
};

/// Something promised in the framework agreement.
struct Promise {
    title: &'static str,
    by: Org,
    due_on: NaiveDate,
    counted: Option<(&'static str, i64)>,
}

impl Story<'_> {
    /// The framework agreement's items: two done and accepted, one put off, one under way, one not begun.
    pub(super) async fn items(&self, framework: Uuid) -> Result<()> {
        self.on("2025-05-09")?;
        let mut promised = Vec::new();
        for promise in self.promises()? {
            promised.push(self.promise(framework, promise).await?);
        }
        let [interview, needs, meeting, interns, _] = promised[..] else {
            return Err(Error::internal("the demo's items are not the ones it tells of"));
        };
        self.carry_out(interview, 72, "2025-06-12").await?;
        self.carry_out(needs, 5, "2025-12-19").await?;
        self.put_off(meeting).await?;
        self.app.db().clock().set(self.now - Duration::days(20));
        items::start(self.app, &self.as_("enterprise.admin").await?, &self.item_step(interns).await?).await.map(drop)
    }

    fn promises(&self) -> Result<[Promise; 5]> {
        let promise = |title, by, due_on, counted| Promise { title, by, due_on, counted };
        Ok([
            promise("组织园区企业与学生群面", Org::County, day("2025-06-30")?, Some(("到场学生（人）", 70))),
            promise("走访企业并征集技术需求", Org::County, day("2025-12-31")?, Some(("技术需求（项）", 5))),
            promise("建立季度联席会议机制", Org::University, day("2025-09-30")?, None),
            promise("接收学生到企业实习", Org::Silk, self.in_days(40), Some(("实习学生（人）", 12))),
            promise("教授工作站年度服务", Org::University, self.in_days(160), Some(("服务天数（天）", 40))),
        ])
    }

    async fn put_off(&self, item: Uuid) -> Result<()> {
        self.on("2025-09-24")?;
        let CooperationItemStepInput { id, expected_version } = self.item_step(item).await?;
        let input = CooperationItemDeferInput {
            id,
            expected_version,
            due_on: Date(self.in_days(60)),
            reason: "首次会议与企业走访合并召开，机制文件随后会签。".to_owned(),
        };
        items::defer(self.app, &self.as_("university.admin").await?, &input).await.map(drop)
    }

    async fn promise(&self, agreement: Uuid, promise: Promise) -> Result<Uuid> {
        self.later(Duration::minutes(15));
        let input = CooperationItemCreateInput {
            agreement_id: Id::new(agreement),
            idempotency_key: None,
            title: promise.title.to_owned(),
            responsible_id: Id::new(self.organization(promise.by)?),
            responsible_user_id: None,
            due_on: Date(promise.due_on),
            measure: promise.counted.map(|(measure, _)| measure.to_owned()),
            target: promise.counted.map(|(_, target)| BigInt(target)),
        };
        items::create(self.app, &self.as_("county.admin").await?, &input).await
    }

    /// Begun and submitted by the county, accepted by the university some days later.
    async fn carry_out(&self, item: Uuid, actual: i64, on: &str) -> Result<()> {
        self.on(on)?;
        let county = self.as_("county.admin").await?;
        items::start(self.app, &county, &self.item_step(item).await?).await?;
        self.later(Duration::hours(6));
        let CooperationItemStepInput { id, expected_version } = self.item_step(item).await?;
        let done = CooperationItemSubmitInput { id, expected_version, actual: Some(BigInt(actual)) };
        items::submit(self.app, &county, &done).await?;
        self.later(Duration::days(3));
        let university = self.as_("university.admin").await?;
        items::accept(self.app, &university, &self.item_step(item).await?).await.map(drop)
    }

    async fn item_step(&self, item: Uuid) -> Result<CooperationItemStepInput> {
        let expected_version = store::item(self.app.db(), item).await?.version;
        Ok(CooperationItemStepInput { id: Id::new(item), expected_version })
    }

    /// The cultivation of talents was prolonged by a year: an amendment that both sides signed.
    pub(super) async fn prolonged(&self, talent: Uuid) -> Result<()> {
        self.on("2026-03-02")?;
        let reason = "2026 级增设一个培养班，协议顺延一年。";
        let id = self.amend(talent, (day("2030-08-31")?, day("2030-05-31")?), reason).await?;
        self.later(Duration::days(1));
        for by in ["university.admin", "county.admin"] {
            self.amendment_approve(id, by).await?;
        }
        self.later(Duration::days(3));
        for by in ["university.admin", "county.admin"] {
            self.later(Duration::hours(1));
            let input = AmendmentSignInput {
                id: Id::new(id),
                expected_hash: self.amendment_hash(id).await?,
                evidence: entity::agreement_signature::SignatureEvidence::Platform,
                document_id: None,
            };
            amendments::sign(self.app, &self.as_(by).await?, &input).await?;
        }
        Ok(())
    }

    /// The agreement that is about to expire shall be prolonged: an amendment that waits for the county.
    pub(super) async fn to_be_prolonged(&self, base: Uuid) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(2));
        let reason = "基地运行良好，拟延长一年。";
        let id = self.amend(base, (self.in_days(440), self.in_days(380)), reason).await?;
        self.amendment_approve(id, "university.admin").await
    }

    /// Drafted and submitted by the university.
    async fn amend(&self, agreement: Uuid, (ends_on, notice_by): (NaiveDate, NaiveDate), reason: &str) -> Result<Uuid> {
        let agreement::Model { id, title, terms, content_hash, .. } =
            store::agreement(self.app.db(), agreement).await?;
        let input = AmendmentDraftInput {
            agreement_id: Id::new(id),
            idempotency_key: None,
            expected_hash: content_hash.unwrap_or_default(),
            text: amendments::AmendmentText {
                title,
                terms,
                ends_on: Date(ends_on),
                notice_by: Some(Date(notice_by)),
                renewal_policy: RenewalPolicy::Negotiate,
                reason: reason.to_owned(),
            },
        };
        let university = self.as_("university.admin").await?;
        let amendment = amendments::draft(self.app, &university, &input).await?;
        self.later(Duration::hours(1));
        let submit = AmendmentStepInput { id: Id::new(amendment), expected_version: 1 };
        amendments::submit(self.app, &university, &submit).await
    }

    async fn amendment_approve(&self, id: Uuid, by: &str) -> Result<()> {
        self.later(Duration::hours(2));
        let input = AmendmentApproveInput { id: Id::new(id), expected_hash: self.amendment_hash(id).await? };
        amendments::approve(self.app, &self.as_(by).await?, &input).await.map(drop)
    }

    async fn amendment_hash(&self, id: Uuid) -> Result<String> {
        Ok(store::amendment(self.app.db(), id).await?.content_hash.unwrap_or_default())
    }
}
