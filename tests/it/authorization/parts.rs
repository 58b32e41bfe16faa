//! Proposals, items and amendments: in every state that a row of the table needs, and what their fields are asked with.

use serde_json::{Value, json};

use super::ground::{Ground, document};

const ITEM: &str = "id version";
const AMENDMENT: &str = "id version contentHash";

impl Ground {
    /// A proposal, an item or an amendment of this sort.
    pub(super) async fn part(&mut self, sort: &str) -> Option<Value> {
        Some(match sort {
            "proposal" | "own proposal" => self.proposal(sort).await,
            "item" | "begun item" | "submitted item" => self.item(sort).await,
            "drafted amendment" | "submitted amendment" | "approved amendment" | "scanned amendment" => {
                self.amendment(sort).await
            }
            _ => return self.talent(sort).await,
        })
    }

    /// Made by a fourth party, so that the university, the county and the enterprise have not answered; or by the
    /// university.
    async fn proposal(&self, sort: &str) -> Value {
        let (agreement, extra) = self.agreed("active").await;
        let by = if sort == "own proposal" { &self.colleague } else { &extra };
        let input = json!({ "id": agreement["id"], "expectedVersion": agreement["version"], "step": "SUSPEND",
            "reason": "机构调整。" });
        by.does("agreementPropose", input, "id").await.result().clone()
    }

    /// Something that the enterprise does.
    async fn item(&self, sort: &str) -> Value {
        let (agreement, _) = self.agreed("active").await;
        let doer = self.sides.alpha.admin().await;
        let mut item =
            self.colleague.does("cooperationItemCreate", self.promise(&agreement), ITEM).await.result().clone();
        let steps: &[&str] = match sort {
            "item" => &[],
            "begun item" => &["cooperationItemStart"],
            _ => &["cooperationItemStart", "cooperationItemSubmit"],
        };
        for mutation in steps {
            let input = json!({ "id": item["id"], "expectedVersion": item["version"] });
            item = doer.does(mutation, input, ITEM).await.result().clone();
        }
        item["agreement"] = agreement["id"].clone();
        item
    }

    pub(super) fn promise(&self, agreement: &Value) -> Value {
        json!({ "agreementId": agreement["id"], "title": "接收实习生", "responsibleId": self.sides.alpha.id(),
            "dueOn": "2026-06-30" })
    }

    pub(super) fn change(agreement: &Value) -> Value {
        json!({ "agreementId": agreement["id"], "expectedHash": agreement["hash"], "text": Self::amended() })
    }

    fn amended() -> Value {
        json!({ "title": "Framework agreement", "terms": "Every month.", "endsOn": "2028-12-31", "renewalPolicy": "NONE",
            "reason": "建立例会制度" })
    }

    /// Drafted by the university; approved by all; signed by a second admin of the county with a scan.
    async fn amendment(&self, sort: &str) -> Value {
        let (agreement, extra) = self.agreed("active").await;
        let mut amendment =
            self.colleague.does("amendmentDraft", Self::change(&agreement), AMENDMENT).await.result().clone();
        amendment["base"] = agreement["hash"].clone();
        if sort == "drafted amendment" {
            return amendment;
        }
        let step = json!({ "id": amendment["id"], "expectedVersion": amendment["version"] });
        let submitted = self.colleague.does("amendmentSubmit", step, AMENDMENT).await.result().clone();
        let decide = json!({ "id": submitted["id"], "expectedHash": submitted["contentHash"] });
        if sort == "submitted amendment" {
            return submitted;
        }
        for party in self.sides.all().into_iter().chain([&extra]) {
            party.does("amendmentApprove", decide.clone(), "id").await.result();
        }
        if sort == "approved amendment" {
            return submitted;
        }
        let signer = self.sides.yingshan.admin().await;
        let scan = document(&self.app, &signer, &submitted["id"], true).await;
        let input = json!({ "id": submitted["id"], "expectedHash": submitted["contentHash"], "evidence": "SEAL_SCAN",
            "documentId": scan });
        let signed = signer.does("amendmentSign", input, "decisions { id kind }").await.result().clone();
        let decisions = signed["decisions"].as_array().unwrap().clone();
        let mut scanned = submitted;
        scanned["signature"] = decisions.iter().find(|one| one["kind"] == "SIGNATURE").unwrap()["id"].clone();
        scanned
    }
}

/// The document and the variables of a query about parts.
pub(super) async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    let sort = match field {
        "agreementProposal" => "proposal",
        // Also the agreement of an item: something rests on it.
        "cooperationItem" | "terminationImpact" => "item",
        "amendment" => "submitted amendment",
        "cooperationItems" => {
            return Some(("{ cooperationItems { totalCount nodes { id } } }".to_owned(), json!({})));
        }
        _ => return super::resumes::query(ground, field).await,
    };
    let record = ground.have(sort).await;
    let (selection, id) = if field == "terminationImpact" { ("name", "agreement") } else { ("id", "id") };
    Some((format!("query($id: ID!) {{ {field}(id: $id) {{ {selection} }} }}"), json!({ "id": record[id] })))
}

/// The input of a mutation of parts.
pub(super) async fn input(ground: &mut Ground, field: &str, column: &str) -> Option<Value> {
    let step = |record: &Value| json!({ "id": record["id"], "expectedVersion": record["version"] });
    let reasoned =
        |record: &Value| json!({ "id": record["id"], "expectedVersion": record["version"], "reason": "理由。" });
    let decide = |record: &Value| json!({ "id": record["id"], "expectedHash": record["contentHash"] });
    Some(match field {
        "agreementPropose" => {
            let mut input = reasoned(&ground.have("active").await);
            input["step"] = json!("SUSPEND");
            input
        }
        "agreementProposalVote" => json!({ "proposalId": ground.have("proposal").await["id"], "agree": false }),
        "agreementProposalWithdraw" => json!({ "proposalId": ground.have("own proposal").await["id"] }),
        "agreementTerminate" => terminate(ground, column).await,
        "cooperationItemCreate" => {
            let agreement = ground.have("active").await;
            ground.promise(&agreement)
        }
        "cooperationItemStart" => step(&ground.have("item").await),
        "cooperationItemSubmit" => step(&ground.have("begun item").await),
        "cooperationItemAccept" => step(&ground.have("submitted item").await),
        "cooperationItemReturn" => reasoned(&ground.have("submitted item").await),
        "cooperationItemDrop" => reasoned(&ground.have("item").await),
        "cooperationItemDefer" => {
            let mut input = reasoned(&ground.have("item").await);
            input["dueOn"] = json!("2026-07-31");
            input
        }
        "amendmentDraft" => Ground::change(&ground.have("active").await),
        "amendmentEdit" => {
            let amendment = ground.have("drafted amendment").await;
            let mut input = step(&amendment);
            input["expectedHash"] = amendment["base"].clone();
            input["text"] = Ground::amended();
            input
        }
        "amendmentSubmit" => step(&ground.have("drafted amendment").await),
        "amendmentApprove" => decide(&ground.have("submitted amendment").await),
        "amendmentReject" | "amendmentWithdraw" => reasoned(&ground.have("submitted amendment").await),
        "amendmentSign" => {
            let mut input = decide(&ground.have("approved amendment").await);
            input["evidence"] = json!("PLATFORM");
            input
        }
        "amendmentSignatureConfirm" => {
            let amendment = ground.have("scanned amendment").await;
            let mut input = decide(&amendment);
            input["signatureId"] = amendment["signature"].clone();
            input
        }
        _ => return super::resumes::input(ground, field).await,
    })
}

/// Needs a document of one's own; whoever may not is asked with anything.
async fn terminate(ground: &mut Ground, column: &str) -> Value {
    let agreement = ground.have("active").await;
    let by = match column {
        "ua" | "ca" | "ea" => ground.person(column).unwrap(),
        _ => &ground.sides.university,
    };
    let shown = document(&ground.app, by, &agreement["id"], true).await;
    json!({ "id": agreement["id"], "expectedVersion": agreement["version"], "ground": "BREACH", "documentId": shown,
        "reason": "对方违约。" })
}
