//! What everybody asks about: records in every state that a row of the table needs, made anew once somebody used one.

use std::collections::BTreeMap;

use axum::{body::Body, http::Request};
use hezuo::platform::id;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::support::{Persona, Sides, TestApp, make};

/// Organizations, people and the records at hand.
pub(super) struct Ground {
    pub(super) app: TestApp,
    pub(super) sides: Sides,
    people: BTreeMap<&'static str, Persona>,
    /// A second admin of the university: whose records the first sees, and who is not the first.
    pub(super) colleague: Persona,
    /// A second officer of the county: who registers what the first verifies.
    pub(super) registrar: Persona,
    /// A student and a member of the staff whom things happen to.
    pub(super) somebody: Persona,
    /// Records at hand, by what they are; gone when somebody used one.
    made: BTreeMap<&'static str, Value>,
}

impl Ground {
    pub(super) async fn new(app: &TestApp) -> Self {
        let sides = app.sides().await;
        let platform = app.platform().await;
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let people = BTreeMap::from([
            ("us", sides.north.staff().await),
            ("pr", sides.north.professor().await),
            ("st", sides.north.student().await),
            ("co", sides.yingshan.officer().await),
            ("au", sides.yingshan.auditor().await),
            ("er", sides.alpha.recruiter().await),
            ("pa", platform.admin().await),
            ("yc", app.county("511324").await.admin().await),
            ("be", beta.admin().await),
        ]);
        for person in people.values() {
            person.token().await;
        }
        Self {
            app: app.clone(),
            colleague: sides.north.admin().await,
            registrar: sides.yingshan.officer().await,
            somebody: sides.north.staff().await,
            sides,
            people,
            made: BTreeMap::new(),
        }
    }

    /// Who stands in this column; nobody for `no`.
    pub(super) fn person(&self, column: &str) -> Option<&Persona> {
        match column {
            "ua" => Some(&self.sides.university),
            "ca" => Some(&self.sides.county),
            "ea" => Some(&self.sides.enterprise),
            "no" => None,
            other => Some(&self.people[other]),
        }
    }

    /// Somebody did it: what was at hand is used up.
    pub(super) fn done(&mut self) {
        self.made.clear();
    }

    /// Every version and the number of events: the same before and after whatever was denied.
    pub(super) async fn fingerprint(&self) -> Vec<i64> {
        let versioned = [
            "agreement",
            "organization",
            "membership",
            "\"user\"",
            "invitation",
            "document",
            "issuer",
            "user_identity",
            "delegation",
            "service_account",
            "password_reset",
            "agreement_proposal",
            "cooperation_item",
            "amendment",
            "recruitment_event",
            "event_exhibitor",
            "event_registration",
            "resume",
            "share_consent",
            "student_record",
            "suggestion_choice",
            "job_position",
            "organization_question",
            "application",
            "interview_session",
            "interview_booking",
            "interview_wait",
            "interview_swap",
            "negotiation",
            "employment_record",
            "retention_check",
        ];
        let counted = [
            "event",
            "agreement_review",
            "agreement_signature",
            "agreement_version",
            "agreement_party",
            "agreement_number",
            "agreement_proposal_vote",
            "amendment_decision",
            "cooperation_item_drop_vote",
            "position_skill",
            "position_major",
            "interviewer",
            "interview_slot",
            "interview_hold",
            "interview_score",
            "session",
            "resume_version",
            "resume_access",
        ];
        let sums = versioned
            .iter()
            .map(|table| format!("(SELECT CAST(COALESCE(SUM(version), 0) + 10000 * COUNT(*) AS BIGINT) FROM {table})"));
        let counts = counted.iter().map(|table| format!("(SELECT COUNT(*) FROM {table})"));
        let columns: Vec<String> = sums.chain(counts).zip(0..).map(|(sum, at)| format!("{sum} AS c{at}")).collect();
        let db = self.app.db();
        let statement = Statement::from_string(db.backend(), format!("SELECT {}", columns.join(", ")));
        let row = db.reader().query_one_raw(statement).await.unwrap().unwrap();
        (0..columns.len()).map(|at| row.try_get("", &format!("c{at}")).unwrap()).collect()
    }

    /// A record of this sort, as `{ id, version, hash, … }`.
    pub(super) async fn have(&mut self, sort: &'static str) -> Value {
        if let Some(known) = self.made.get(sort) {
            return known.clone();
        }
        let made = match sort {
            "draft" | "submitted" | "approved" | "active" => self.agreed(sort).await.0,
            "scanned" => Box::pin(self.scanned()).await,
            "document" => {
                let approved = Box::pin(self.have("approved")).await;
                json!({ "id": document(&self.app, &self.sides.university, &approved["id"], true).await })
            }
            "upload" => {
                let submitted = Box::pin(self.have("submitted")).await;
                json!({ "id": document(&self.app, &self.sides.university, &submitted["id"], false).await })
            }
            "pending" => self.registered().await,
            "verified" | "suspended" => self.verified(sort).await,
            "student" => self.user().await,
            "student record" => self.enrolled().await,
            "disabled" => {
                let user = self.user().await;
                let input = json!({ "id": user["id"], "expectedVersion": user["version"] });
                self.person("pa").unwrap().does("userDisable", input, "id version").await.result().clone()
            }
            "member" => {
                let staff = self.sides.north.staff().await;
                json!({ "id": id::show("membership", staff.membership), "version": 1 })
            }
            "invitation" => {
                let input = json!({ "organizationId": self.sides.north.id(), "role": "UNIVERSITY_STAFF" });
                let issued = self.colleague.does("invitationCreate", input, "token invitation { id version }").await;
                let issued = issued.result();
                json!({ "id": issued["invitation"]["id"], "version": issued["invitation"]["version"], "token": issued["token"] })
            }
            "issuer" | "disabled issuer" => self.issuer(sort).await,
            "identity" => {
                let issuer = Box::pin(self.have("issuer")).await;
                let membership = id::show("membership", self.somebody.membership);
                let input =
                    json!({ "issuerId": issuer["id"], "membershipId": membership, "email": "li@north.example" });
                self.colleague.does("identityAllow", input, "id version").await.result().clone()
            }
            "service account" => {
                let input = json!({ "name": "数据平台", "scopes": ["AGREEMENTS_READ"] });
                let made = self.colleague.does("serviceAccountCreate", input, "serviceAccount { id version }").await;
                made.result()["serviceAccount"].clone()
            }
            "delegation" => {
                let given = self.colleague.does("delegationGrant", self.delegation(), "id version").await;
                given.result().clone()
            }
            "session" => {
                let elsewhere = self.sides.university.elsewhere().await;
                elsewhere.gql("{ viewer { session { id } } }", json!({})).await.at("/viewer/session").clone()
            }
            "notification" => {
                Box::pin(self.have("submitted")).await;
                let told = self.sides.county.gql("{ viewer { inbox(first: 1) { nodes { id } } } }", json!({})).await;
                told.at("/viewer/inbox/nodes/0").clone()
            }
            other => match Box::pin(self.part(other)).await {
                Some(part) => part,
                None => Box::pin(self.talent_of(other)).await.unwrap_or_else(|| panic!("what is {other}?")),
            },
        };
        self.made.insert(sort, made.clone());
        made
    }

    /// What belongs to talent pipelines.
    async fn talent_of(&mut self, sort: &str) -> Option<Value> {
        if let Some(record) = self.at_an_event(sort).await {
            return Some(record);
        }
        match self.offered(sort).await {
            Some(record) => Some(record),
            None => match self.applied(sort).await {
                Some(made) => Some(made),
                None => self.interviewed(sort).await,
            },
        }
    }

    /// That somebody signs in an admin's stead.
    pub(super) fn delegation(&self) -> Value {
        json!({
            "membershipId": id::show("membership", self.somebody.membership), "scope": "SIGN_AGREEMENTS",
            "startsOn": "2026-03-02", "endsOn": "2026-03-31",
        })
    }

    /// An agreement at this stage, and the admin of its fourth party.
    pub(super) async fn agreed(&self, sort: &str) -> (Value, Persona) {
        // Each with a party more, so that they are no duplicates of each other.
        let extra = self.app.enterprise(&self.sides.yingshan, "Extra").await.admin().await;
        let [university, county, enterprise] = self.sides.all();
        let parties = [university, county, enterprise, &extra];
        let agreement = match sort {
            "draft" => make::draft(&parties, json!({})).await,
            "submitted" => make::submitted(&parties, json!({})).await,
            "approved" => make::approved(&parties, json!({})).await,
            _ => make::active(&parties, json!({})).await,
        };
        let mut read = agreement.read("id number version contentHash").await;
        read["hash"] = read["contentHash"].take();
        (read, extra)
    }

    /// Approved, and signed for the county by a second admin with a scan that waits for somebody to confirm it.
    async fn scanned(&mut self) -> Value {
        let signer = self.sides.yingshan.admin().await;
        let mut agreement = self.have("approved").await;
        let scan = document(&self.app, &signer, &agreement["id"], true).await;
        let input = json!({ "id": agreement["id"], "expectedHash": agreement["hash"], "evidence": "SEAL_SCAN", "documentId": scan });
        let signed = signer.does("agreementSign", input, "signatures { nodes { id } }").await;
        // It has another version now.
        self.made.remove("approved");
        agreement["signature"] = signed.result()["signatures"]["nodes"][0]["id"].clone();
        agreement
    }

    async fn registered(&self) -> Value {
        let code = crate::support::credit_code(
            entity::organization::OrganizationKind::Enterprise,
            "511322",
            self.app.number(),
        );
        let input = json!({
            "parentId": self.sides.yingshan.id(), "kind": "ENTERPRISE", "name": "Newcomer", "regionCode": "511322", "creditCode": code,
        });
        let mut made = self.registrar.does("organizationRegister", input, "id version").await.result().clone();
        made["code"] = json!(code);
        made
    }

    async fn verified(&self, sort: &str) -> Value {
        let enterprise = self.app.enterprise(&self.sides.yingshan, "Delta").await;
        if sort == "verified" {
            return json!({ "id": enterprise.id(), "version": 1 });
        }
        let input = json!({ "id": enterprise.id(), "expectedVersion": 1, "reason": "年检。" });
        self.registrar.does("organizationSuspend", input, "id version").await.result().clone()
    }

    async fn issuer(&self, sort: &str) -> Value {
        let url = format!("https://sso{}.example", self.app.number());
        let input = json!({ "name": "SSO", "url": url, "clientId": "hezuo" });
        let issuer = self.colleague.does("issuerCreate", input, "id version").await.result().clone();
        if sort == "issuer" {
            return issuer;
        }
        let step = json!({ "id": issuer["id"], "expectedVersion": issuer["version"] });
        self.colleague.does("issuerDisable", step, "id version").await.result().clone()
    }

    async fn user(&self) -> Value {
        let student = self.sides.north.student().await;
        json!({ "id": id::show("user", student.user), "version": 1 })
    }
}

/// A file of the record, sent by somebody and perhaps confirmed.
pub(super) async fn document(app: &TestApp, by: &Persona, record: &Value, confirm: bool) -> Value {
    let input = json!({ "recordId": record, "name": "scan.pdf" });
    let upload = by.does("documentUploadCreate", input, "url document { id }").await;
    let url = upload.result()["url"].as_str().unwrap().to_owned();
    let path = url.split_once("hezuo.test").unwrap().1;
    let put = Request::put(path).body(Body::from("%PDF-1.7\n%%EOF\n")).unwrap();
    assert_eq!(app.http(put).await.0, 200);
    let document = upload.result()["document"]["id"].clone();
    if confirm {
        by.does("documentConfirm", json!({ "id": document }), "status")
            .await
            .results_in(json!({ "status": "CONFIRMED" }));
    }
    document
}
