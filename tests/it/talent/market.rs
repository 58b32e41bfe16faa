//! A student, an enterprise with a published position for two, and the county that reviewed it.

use serde_json::{Value, json};

use crate::support::{Answer, Organization, Persona, TestApp};

/// The kinds of notifications that applications send.
pub(super) const KINDS: [&str; 14] = [
    "APPLICATION_SUBMITTED",
    "INTERVIEW_INVITED",
    "INTENTION_DECLARED",
    "INTENTION_CONFIRMED",
    "NEGOTIATION_SCHEDULED",
    "NEGOTIATION_DECIDED",
    "NEGOTIATION_OVERDUE",
    "OFFER_MADE",
    "OFFER_ANSWERED",
    "APPLICATION_CLOSED",
    "SIGNING_TO_RECORD",
    "EMPLOYMENT_RECORDED",
    "RETENTION_CHECK_DUE",
    "RETENTION_DISPUTED",
];

/// Who meets.
pub(super) struct Market {
    pub(super) north: Organization,
    pub(super) county: Organization,
    pub(super) student: Persona,
    pub(super) staff: Persona,
    pub(super) recruiter: Persona,
    /// The position, as clients write its id.
    pub(super) position: String,
}

impl Market {
    /// The position is published, the student has consented.
    pub(super) async fn new(app: &TestApp) -> Self {
        let (north, county) = (app.university("North").await, app.county("511322").await);
        let recruiter = app.enterprise(&county, "Alpha").await.recruiter().await;
        let position = published(&recruiter, &county.officer().await).await;
        let (student, staff) = (north.student().await, north.staff().await);
        let market = Self { north, county, student, staff, recruiter, position };
        market.consents(&market.student).await;
        market
    }

    /// The student lets the enterprise read the résumé.
    pub(super) async fn consents(&self, student: &Persona) {
        super::save(student).await;
        super::give(student, &self.recruiter.organization, &["PROFILE"]).await;
    }

    /// Submitted by the student.
    pub(super) async fn application(&self) -> String {
        self.application_of(&self.student).await
    }

    pub(super) async fn application_of(&self, student: &Persona) -> String {
        let input = json!({ "positionId": self.position, "letter": "我想来营山。" });
        student.does("applicationSubmit", input, "id").await.result()["id"].as_str().unwrap().to_owned()
    }

    /// Met, at version 4.
    pub(super) async fn interviewed(&self) -> String {
        self.interviewed_for(&self.student).await
    }

    pub(super) async fn interviewed_for(&self, student: &Persona) -> String {
        let id = self.application_of(student).await;
        for (name, more) in
            [("Shortlist", json!({})), ("Invite", json!({})), ("RecordInterview", json!({ "note": "谈吐清楚" }))]
        {
            step(&self.recruiter, name, &id, more).await.result();
        }
        id
    }

    /// Declared by the enterprise, confirmed by the student: employment.
    pub(super) async fn intention(&self) -> String {
        self.intention_of("EMPLOYMENT").await
    }

    pub(super) async fn intention_of(&self, engagement: &str) -> String {
        let id = self.interviewed().await;
        step(&self.recruiter, "DeclareIntention", &id, json!({ "engagement": engagement })).await.result();
        step(&self.student, "ConfirmIntention", &id, json!({})).await.result();
        id
    }

    /// With an offer until 10 March.
    pub(super) async fn offered(&self) -> String {
        let id = self.intention().await;
        step(&self.recruiter, "Offer", &id, offer()).await.result();
        id
    }

    /// Where the position stands.
    pub(super) async fn position_status(&self) -> String {
        let query = "query($id: ID!) { position(id: $id) { status } }";
        self.recruiter.gql(query, json!({ "id": self.position })).await.text("/position/status")
    }
}

/// Employment for 6,000 yuan a month from July on.
pub(super) fn offer() -> Value {
    json!({ "engagement": "EMPLOYMENT", "pay": "600000", "startsOn": "2026-07-01", "answerBy": "2026-03-10" })
}

/// Takes a step at the version that the application has now.
pub(super) async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    let mut input = more;
    let seen = by.gql("query($id: ID!) { application(id: $id) { version } }", json!({ "id": id })).await;
    input["expectedVersion"] = seen.body["data"]["application"]["version"].as_i64().unwrap_or(1).into();
    input["id"] = json!(id);
    by.does(&format!("application{step}"), input, "status").await
}

/// A position for two quality engineers, until the end of June.
pub(super) async fn published(recruiter: &Persona, officer: &Persona) -> String {
    let content = json!({
        "title": "质量管理工程师", "family": "QUALITY", "kind": "EMPLOYMENT", "description": "负责来料检验。",
        "requirements": "熟悉统计过程控制。", "headcount": 2, "payMin": "500000", "payMax": "700000",
        "regionCode": "511322", "address": "营山经济开发区", "education": "BACHELOR", "applyBy": "2026-06-30",
        "majors": [], "skills": [],
    });
    let made = recruiter.does("positionCreate", json!({ "content": content }), "id").await;
    let id = made.result()["id"].as_str().unwrap().to_owned();
    recruiter.does("positionSubmit", json!({ "id": id, "expectedVersion": 1 }), "id").await.result();
    officer.does("positionPublish", json!({ "id": id, "expectedVersion": 2 }), "id").await.result();
    id
}
