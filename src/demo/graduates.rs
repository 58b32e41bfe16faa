//! What came of the thirty-one intentions of that day: nine negotiations, offers and answers, contracts with their
//! evidence, the first day at work, and whether the graduates were still there. Every figure is invented.

use chrono::Duration;
use entity::{
    application::{ClosingReason, Engagement},
    employment_record::EmploymentEvidence,
};
use futures_util::stream;
use uuid::Uuid;

use super::{
    crowd::{self, Comer, INTENTIONS, Met},
    store,
    story::{Story, day},
};
use crate::{
    documents::{self, DocumentConfirmInput, DocumentUploadCreateInput},
    error::Result,
    graphql::{Date, Money},
    platform::id::{self, Id},
    talent::{
        applications::{
            self, ApplicationStepInput,
            offers::{self, ApplicationOfferInput},
            selection::{self, ApplicationCloseInput},
        },
        employment::{self, ApplicationRecordOnboardingInput, ApplicationRecordSigningInput, RetentionCheckInput},
        negotiations::{self, ApplicationOpenNegotiationInput, NegotiationHoldInput, NegotiationOutcomeInput},
        positions,
    },
};

/// With so many the details were talked about; one of these talks failed.
const NEGOTIATED: usize = 9;
const FAILED: usize = 8;
/// So many of the others got an offer too; the last of these declined, one let it lapse.
const OFFERED: usize = 25;
const DECLINED: std::ops::Range<usize> = 22..25;
const LAPSED: usize = 21;
/// Who accepted and signed elsewhere after all, who did not begin, who left within three months.
const NOT_SIGNED: usize = 20;
const NOT_BEGUN: usize = 18;
const LEFT: usize = 17;

impl Story<'_> {
    /// From the negotiations in May 2025 to the checks a year after the first day at work.
    pub(super) async fn graduates(&self, crowd: &[Comer], met: &[Met]) -> Result<()> {
        let met = &met[..INTENTIONS.min(met.len())];
        self.on("2025-05-07")?;
        for met in met.iter().take(NEGOTIATED) {
            self.negotiate(met).await?;
        }
        self.on("2025-05-20")?;
        for met in met {
            self.decide(crowd, met).await?;
        }
        self.on("2025-05-24")?;
        for met in met.iter().take(OFFERED).filter(|met| met.number != FAILED && met.number != LAPSED) {
            self.answer(&crowd[met.number], met).await?;
        }
        self.on("2025-06-02")?;
        applications::jobs::lapse(self.app).await?;
        let employed: Vec<&Met> = met.iter().filter(|met| is_employed(met.number)).collect();
        self.contracts(&employed).await?;
        self.on("2025-07-01")?;
        positions::jobs::expire(self.app).await?;
        self.begin_work(&employed).await?;
        self.ask_after(crowd, &employed).await
    }

    async fn negotiate(&self, met: &Met) -> Result<()> {
        let recruiter = self.as_(met.stand().recruiter).await?;
        let ApplicationStepInput { id, expected_version } = self.application_step(met.application).await?;
        let open = ApplicationOpenNegotiationInput {
            id,
            expected_version,
            due_on: Date(day("2025-05-15")?),
            topic: "岗位内容、薪酬与食宿".to_owned(),
            place: Some("营山经济开发区".to_owned()),
        };
        negotiations::open(self.app, &recruiter, &open).await?;
        let negotiation = Id::new(store::negotiation(self.app.db(), met.application).await?);
        self.later(Duration::days(7));
        let hold = NegotiationHoldInput { id: negotiation, expected_version: 1, held_on: None };
        negotiations::hold(self.app, &recruiter, &hold).await?;
        let outcome = |outcome: &str| NegotiationOutcomeInput {
            id: negotiation,
            expected_version: 2,
            outcome: outcome.to_owned(),
        };
        if met.number == FAILED {
            negotiations::fail(self.app, &recruiter, &outcome("期望薪酬与岗位预算有差距。")).await?;
        } else {
            negotiations::agree(self.app, &recruiter, &outcome("岗位内容与食宿安排已谈妥。")).await?;
        }
        self.later(Duration::days(-7));
        Ok(())
    }

    /// The enterprise offers or refuses; three students take their applications back.
    async fn decide(&self, crowd: &[Comer], met: &Met) -> Result<()> {
        let recruiter = self.as_(met.stand().recruiter).await?;
        let ApplicationStepInput { id, expected_version } = self.application_step(met.application).await?;
        let close = |reason| ApplicationCloseInput { id, expected_version, reason, note: None };
        if met.number >= 28 {
            let student = self.as_(&crowd[met.number].login).await?;
            return selection::withdraw(self.app, &student, &close(ClosingReason::FurtherStudy)).await.map(drop);
        }
        if met.number >= OFFERED || met.number == FAILED {
            return selection::reject(self.app, &recruiter, &close(ClosingReason::Pay)).await.map(drop);
        }
        let offer = ApplicationOfferInput {
            id,
            expected_version,
            engagement: crowd::aim(met.number),
            pay: Money(if crowd::aim(met.number) == Engagement::Internship { 300_000 } else { 550_000 }),
            starts_on: Date(day("2025-07-10")?),
            answer_by: Date(day("2025-05-31")?),
            terms: None,
        };
        offers::offer(self.app, &recruiter, &offer).await.map(drop)
    }

    async fn answer(&self, comer: &Comer, met: &Met) -> Result<()> {
        let student = self.as_(&comer.login).await?;
        let step = self.application_step(met.application).await?;
        if !DECLINED.contains(&met.number) {
            return offers::accept(self.app, &student, &step).await.map(drop);
        }
        let ApplicationStepInput { id, expected_version } = step;
        let close = ApplicationCloseInput { id, expected_version, reason: ClosingReason::OtherOffer, note: None };
        offers::decline(self.app, &student, &close).await.map(drop)
    }

    /// The university records the contracts, each with its evidence.
    async fn contracts(&self, employed: &[&Met]) -> Result<()> {
        self.on("2025-06-10")?;
        let staff = self.as_("university.staff").await?;
        for met in employed.iter().filter(|met| met.number != NOT_SIGNED) {
            let document = self.evidence(met.application).await?;
            let ApplicationStepInput { id, expected_version } = self.application_step(met.application).await?;
            let signing = ApplicationRecordSigningInput {
                id,
                expected_version,
                evidence: EmploymentEvidence::EmploymentAgreement,
                document_id: Id::new(document),
                signed_on: Date(day("2025-06-09")?),
            };
            employment::record_signing(self.app, &staff, &signing).await?;
        }
        Ok(())
    }

    /// A file, sent and confirmed as a browser would.
    async fn evidence(&self, application: Uuid) -> Result<Uuid> {
        let staff = self.as_("university.staff").await?;
        let record_id = id::show("application", application).into();
        let upload = DocumentUploadCreateInput { record_id, name: "就业协议书.pdf".to_owned(), media_type: None };
        let address = documents::create_upload(self.app, &staff, &upload).await?;
        let token = address.url.rsplit('=').next().unwrap_or_default();
        let bytes = stream::iter([Ok::<_, std::io::Error>(AGREEMENT.into())]);
        documents::receive(self.app, (address.document, token), bytes).await?;
        let confirm = DocumentConfirmInput { id: Id::new(address.document), expected_sha256: None };
        documents::confirm(self.app, &staff, &confirm).await
    }

    async fn begin_work(&self, employed: &[&Met]) -> Result<()> {
        self.on("2025-07-11")?;
        let staff = self.as_("university.staff").await?;
        for met in employed.iter().filter(|met| met.number != NOT_SIGNED && met.number != NOT_BEGUN) {
            let ApplicationStepInput { id, expected_version } = self.application_step(met.application).await?;
            let onboarded_on = Date(day("2025-07-10")?);
            let onboarding = ApplicationRecordOnboardingInput { id, expected_version, onboarded_on };
            employment::record_onboarding(self.app, &staff, &onboarding).await?;
        }
        Ok(())
    }

    /// Three months later the enterprise and the graduate both say whether the graduate is still there.
    async fn ask_after(&self, crowd: &[Comer], employed: &[&Met]) -> Result<()> {
        self.on("2025-10-13")?;
        for met in employed.iter().filter(|met| met.number != NOT_SIGNED && met.number != NOT_BEGUN) {
            let check = store::first_check(self.app.db(), met.application).await?;
            let says = |expected_version| RetentionCheckInput { id: Id::new(check), expected_version, note: None };
            let recruiter = self.as_(met.stand().recruiter).await?;
            let graduate = self.as_(&crowd[met.number].login).await?;
            for (by, expected_version) in [(&recruiter, 1), (&graduate, 2)] {
                if met.number == LEFT {
                    employment::confirm_left(self.app, by, &says(expected_version)).await?;
                } else {
                    employment::confirm_retained(self.app, by, &says(expected_version)).await?;
                }
            }
        }
        Ok(())
    }
}

/// Accepted a job.
fn is_employed(number: usize) -> bool {
    let accepted = number < LAPSED && number != FAILED;
    accepted && crowd::aim(number) == Engagement::Employment
}

/// A page that says what it is.
const AGREEMENT: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 71>>stream
BT /F 18 Tf 72 760 Td (Employment agreement, invented for a demo) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
";
