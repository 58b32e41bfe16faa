//! Applications of the student for a position of the enterprise, as far as a row of the table needs.

use serde_json::{Value, json};

use super::ground::Ground;
use crate::support::Persona;

const RECORD: &str = "id version";

/// What leads to each sort of application: the mutation, who does it, what it takes besides id and version.
fn way(sort: &str) -> Option<Vec<(&'static str, &'static str, Value)>> {
    let mut way = vec![
        ("Shortlist", "er", json!({})),
        ("Invite", "er", json!({})),
        ("RecordInterview", "er", json!({})),
        ("DeclareIntention", "er", json!({ "engagement": "EMPLOYMENT" })),
        ("ConfirmIntention", "st", json!({})),
        (
            "Offer",
            "er",
            json!({ "engagement": "EMPLOYMENT", "pay": "600000", "startsOn": "2026-12-01", "answerBy": "2026-11-01" }),
        ),
        ("Accept", "st", json!({})),
    ];
    let steps = match sort {
        "applied" => 0,
        "shortlisted" => 1,
        "invited" => 2,
        "met" => 3,
        "intended by the enterprise" => 4,
        "intended by the student" => {
            way[3].1 = "st";
            4
        }
        "confirmed" => 5,
        "offered" => 6,
        "accepted" => 7,
        _ => return None,
    };
    way.truncate(steps);
    Some(way)
}

impl Ground {
    /// An application, or what comes of one.
    pub(super) async fn applied(&mut self, sort: &str) -> Option<Value> {
        if let Some(way) = way(sort) {
            return Some(self.application(way).await);
        }
        Some(match sort {
            "negotiation" | "held negotiation" => {
                let application = self.application(way("confirmed")?).await;
                let input = with(&application, json!({ "dueOn": "2026-11-01", "topic": "薪酬" }));
                let read = "negotiations { nodes { id version } }";
                let opened = self.recruiter().does("applicationOpenNegotiation", input, read).await;
                let scheduled = opened.result()["negotiations"]["nodes"][0].clone();
                if sort == "negotiation" {
                    return Some(scheduled);
                }
                self.recruiter().does("negotiationHold", with(&scheduled, json!({})), RECORD).await.result().clone()
            }
            "signed" | "record" | "check" | "disputed check" => {
                let accepted = self.application(way("accepted")?).await;
                let staff = self.person("us")?;
                let document = staff.attaches(accepted["id"].as_str()?, "合同.pdf").await;
                let signing =
                    json!({ "evidence": "LABOUR_CONTRACT", "documentId": document, "signedOn": "2025-10-01" });
                let signed = staff.does("applicationRecordSigning", with(&accepted, signing), RECORD).await;
                if sort == "signed" {
                    return Some(signed.result().clone());
                }
                let first_day = with(signed.result(), json!({ "onboardedOn": "2025-10-01" }));
                staff.does("applicationRecordOnboarding", first_day, RECORD).await.result();
                self.employment(sort).await
            }
            _ => return None,
        })
    }

    async fn employment(&self, sort: &str) -> Value {
        let query = "{ employmentRecords(last: 1) { nodes { id version retentionChecks { id version } } } }";
        let records = self.person("us").unwrap().gql(query, json!({})).await;
        let record = records.at("/employmentRecords/nodes/0").clone();
        if sort == "record" {
            return record;
        }
        let mut check = record["retentionChecks"][0].clone();
        if sort == "disputed check" {
            for (by, says) in [("er", "retentionCheckConfirmRetained"), ("st", "retentionCheckConfirmLeft")] {
                check = self.person(by).unwrap().does(says, with(&check, json!({})), RECORD).await.result().clone();
            }
        }
        check
    }

    /// Of the student, for a position made for it.
    async fn application(&mut self, way: Vec<(&str, &str, Value)>) -> Value {
        Box::pin(self.have("resume")).await;
        let position = self.position().await;
        let student = self.person("st").unwrap();
        let made = student.does("applicationSubmit", json!({ "positionId": position }), RECORD).await;
        let mut application = made.result().clone();
        for (step, by, more) in way {
            let by = self.person(by).unwrap();
            let done = by.does(&format!("application{step}"), with(&application, more), RECORD).await;
            application = done.result().clone();
        }
        application
    }

    pub(super) async fn position(&self) -> Value {
        let content = json!({
            "title": "质检员", "family": "QUALITY", "kind": "EMPLOYMENT", "description": "来料检验。",
            "requirements": "认真。", "headcount": 1, "payMin": "500000", "payMax": "700000", "regionCode": "511322",
            "address": "营山", "education": "ANY", "applyBy": "2026-12-31", "majors": [], "skills": [],
        });
        let made = self.recruiter().does("positionCreate", json!({ "content": content }), RECORD).await;
        let submitted = self.recruiter().does("positionSubmit", with(made.result(), json!({})), RECORD).await;
        let published = self.registrar.does("positionPublish", with(submitted.result(), json!({})), RECORD).await;
        published.result()["id"].clone()
    }

    fn recruiter(&self) -> &Persona {
        self.person("er").unwrap()
    }
}

fn with(record: &Value, mut more: Value) -> Value {
    more["id"] = record["id"].clone();
    more["expectedVersion"] = record["version"].clone();
    more
}

/// The document and the variables of a query.
pub(super) async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    let sort = match field {
        "application" | "applicationCounts" => "applied",
        "talentFunnel" => return Some(("{ talentFunnel { asOf } }".to_owned(), json!({}))),
        "talentFunnelChanged" => return Some(("subscription { talentFunnelChanged { asOf } }".to_owned(), json!({}))),
        "negotiation" => "negotiation",
        "employmentRecord" => "record",
        "applications" | "negotiations" | "overdueNegotiations" | "employmentRecords" | "retentionChecks" => {
            return Some((format!("{{ {field} {{ totalCount nodes {{ id }} }} }}"), json!({})));
        }
        _ => return None,
    };
    let id = ground.have(sort).await["id"].clone();
    if field == "applicationCounts" {
        return Some(("{ applicationCounts { status count } }".to_owned(), json!({})));
    }
    Some((format!("query($id: ID!) {{ {field}(id: $id) {{ id }} }}"), json!({ "id": id })))
}

/// The input of a mutation. Whoever confirms an intention is not who declared it; the university is asked where the two
/// say different things.
pub(super) async fn input(ground: &mut Ground, field: &str, column: &str) -> Option<Value> {
    let (sort, more) = match field {
        "applicationSubmit" => return Some(json!({ "positionId": ground.open_position().await })),
        "applicationShortlist" => ("applied", json!({})),
        "applicationInvite" => ("shortlisted", json!({})),
        "applicationRecordInterview" | "applicationRecordNoShow" => ("invited", json!({})),
        "applicationDeclareIntention" => ("met", json!({ "engagement": "INTERNSHIP" })),
        "applicationConfirmIntention" if column == "st" => ("intended by the enterprise", json!({})),
        "applicationConfirmIntention" => ("intended by the student", json!({})),
        "applicationOpenNegotiation" => ("confirmed", json!({ "dueOn": "2026-11-01", "topic": "薪酬" })),
        "applicationOffer" => (
            "met",
            json!({ "engagement": "EMPLOYMENT", "pay": "600000", "startsOn": "2026-12-01", "answerBy": "2026-11-01" }),
        ),
        "applicationAccept" => ("offered", json!({})),
        "applicationDecline" => ("offered", json!({ "reason": "PAY" })),
        "applicationReject" | "applicationWithdraw" => ("applied", json!({ "reason": "PERSONAL" })),
        "applicationRecordSigning" => {
            let accepted = ground.have("accepted").await;
            let document = ground.person("us")?.attaches(accepted["id"].as_str()?, "合同.pdf").await;
            let more = json!({ "evidence": "LABOUR_CONTRACT", "documentId": document, "signedOn": "2025-10-01" });
            return Some(with(&accepted, more));
        }
        "applicationRecordOnboarding" => ("signed", json!({ "onboardedOn": "2025-10-01" })),
        "negotiationHold" => ("negotiation", json!({})),
        "negotiationAgree" | "negotiationFail" => ("held negotiation", json!({ "outcome": "谈妥" })),
        "negotiationContinue" => ("held negotiation", json!({ "outcome": "再谈", "dueOn": "2026-11-02" })),
        "retentionCheckConfirmRetained" | "retentionCheckConfirmLeft" if matches!(column, "ua" | "us") => {
            ("disputed check", json!({ "note": "电话核实" }))
        }
        "retentionCheckConfirmRetained" | "retentionCheckConfirmLeft" => ("check", json!({})),
        _ => return None,
    };
    Some(with(&ground.have(sort).await, more))
}

impl Ground {
    /// A position for which the student can apply.
    pub(super) async fn open_position(&mut self) -> Value {
        Box::pin(self.have("resume")).await;
        self.position().await
    }
}
