//! A server that is killed in the middle of writes: whatever it answered is there, and nothing is half done.

use std::{sync::Arc, time::Duration};

use entity::{agreement, agreement_review, document, event};
use futures_util::future::join_all;
use hezuo::platform::{event::sha256, id};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::support::{
    Persona, TestApp, on_both,
    server::{Server, program},
};

const WRITERS: usize = 6;
const ROUNDS: u32 = 3;
/// How long they write before the server is killed.
const SPAN: Duration = Duration::from_millis(1_200);
const PDF: &[u8] = b"%PDF-1.7\nthe page with the seal, scanned\n%%EOF";

/// What the server said is done, by the record: its version, for an agreement; its bytes, for a file.
#[derive(Default)]
struct Ledger {
    agreements: Mutex<Vec<(String, i64)>>,
    files: Mutex<Vec<String>>,
}

/// Somebody at work over HTTP.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    site: String,
    token: Option<String>,
}

impl Client {
    /// What the mutation resulted in; `None` once the server is gone.
    async fn does(&self, mutation: &str, input: Value, selection: &str) -> Option<Value> {
        let (query, variables) = TestApp::mutation(mutation, &input, selection);
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = self.http.post(format!("{}/graphql", self.site)).header("content-type", "application/json");
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let text = request.body(body).send().await.ok()?.text().await.ok()?;
        let answer: Value = serde_json::from_str(&text).unwrap();
        let result = answer["data"][mutation]["result"].clone();
        assert!(result.is_object(), "{mutation}: {text}");
        Some(result)
    }

    async fn of(server: &Server, persona: &Persona) -> Self {
        let token = Some(server.sign_in(persona).await);
        Self { http: reqwest::Client::new(), site: server.site.clone(), token }
    }

    /// Drafts, submits, approves, sends a file and gives it up again; what was answered is in the ledger.
    async fn one_agreement(&self, county: &Self, draft: &Value, ledger: &Ledger) -> Option<()> {
        let selection = "id version contentHash";
        let drafted = self.does("agreementDraft", draft.clone(), selection).await?;
        let id = text(&drafted["id"]);
        let note = async |result: &Value| {
            ledger.agreements.lock().await.push((id.clone(), result["version"].as_i64().unwrap()));
        };
        note(&drafted).await;
        let input = json!({ "id": id, "expectedVersion": 1 });
        let submitted = self.does("agreementSubmit", input, selection).await?;
        note(&submitted).await;
        let input = json!({ "id": id, "expectedHash": submitted["contentHash"] });
        note(&self.does("agreementApprove", input.clone(), selection).await?).await;
        let approved = county.does("agreementApprove", input, selection).await?;
        note(&approved).await;
        let input = json!({ "recordId": id, "name": "盖章页.pdf", "mediaType": "application/pdf" });
        let upload = self.does("documentUploadCreate", input, "url document { id }").await?;
        let url = text(&upload["url"]).replace("http://hezuo.test", &self.site);
        let sent = self.http.put(url).body(PDF).send().await.ok()?;
        assert_eq!(sent.status().as_u16(), 200);
        ledger.files.lock().await.push(text(&upload["document"]["id"]));
        let input = json!({ "id": id, "expectedVersion": approved["version"], "reason": "下次再谈。" });
        note(&self.does("agreementCancel", input, selection).await?).await;
        Some(())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn key(id: &str) -> uuid::Uuid {
    id::read(id).unwrap().1
}

/// An agreement of a university with the county: between these two, one may be on its way at a time.
fn draft(university: &Persona, county: &Persona) -> Value {
    let party = |persona: &Persona, capacity: &str| json!({ "organizationId": persona.organization.id(), "capacity": capacity, "role": "REQUIRED" });
    json!({ "kind": "FRAMEWORK", "countyId": county.organization.id(), "text": {
        "title": "Framework agreement", "terms": "The parties help each other.",
        "endsOn": "2099-12-31", "renewalPolicy": "NEGOTIATE",
        "parties": [party(university, "甲方"), party(county, "乙方")],
    } })
}

/// Writers at work, each for a university of its own, until the server is killed under them.
async fn a_round(app: &TestApp, county: &Persona, ledger: &Arc<Ledger>) {
    let mut universities = Vec::new();
    for _ in 0..WRITERS {
        universities.push(app.university(&format!("North {}", app.number())).await.admin().await);
    }
    let mut server = Server::start(app, &[]).await;
    let reviewer = Client::of(&server, county).await;
    let mut writers = Vec::new();
    for university in &universities {
        let (reviewer, ledger, draft) = (reviewer.clone(), ledger.clone(), draft(university, county));
        let drafter = Client::of(&server, university).await;
        writers.push(tokio::spawn(async move {
            while drafter.one_agreement(&reviewer, &draft, &ledger).await.is_some() {}
        }));
    }
    tokio::time::sleep(SPAN).await;
    server.kill();
    for writer in join_all(writers).await {
        writer.unwrap();
    }
}

/// What was answered is there, and each row has exactly what the trail says of it.
async fn nothing_is_half_done(app: &TestApp, ledger: &Ledger) {
    let db = app.db().reader();
    let rows = agreement::Entity::find().all(db).await.unwrap();
    for (id, version) in ledger.agreements.lock().await.iter() {
        let row = rows.iter().find(|row| row.id == key(id)).expect("what was answered is there");
        assert!(i64::from(row.version) >= *version, "{id}: answered {version}, kept {}", row.version);
    }
    for row in &rows {
        let events = event::Entity::find().filter(event::Column::RecordId.eq(row.id)).all(db).await.unwrap();
        let of = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
        let changes = events.len() - of("DocumentAttached");
        let kinds: Vec<_> = events.iter().map(|event| &event.kind).collect();
        assert_eq!(usize::try_from(row.version).unwrap(), changes, "{kinds:?}");
        let reviews = agreement_review::Entity::find().filter(agreement_review::Column::AgreementId.eq(row.id));
        assert_eq!(usize::try_from(reviews.count(db).await.unwrap()).unwrap(), of("AgreementApproved"), "{kinds:?}");
    }
    let documents = document::Entity::find().all(db).await.unwrap();
    for id in ledger.files.lock().await.iter() {
        let row = documents.iter().find(|row| row.id == key(id)).expect("what was sent is there");
        assert_eq!(row.sha256.as_deref(), Some(&*sha256(PDF)));
    }
    for row in documents.iter().filter(|row| !row.storage_key.is_empty()) {
        let events = event::Entity::find().filter(event::Column::RecordId.eq(row.id));
        assert_eq!(events.count(db).await.unwrap(), 2, "announced and received: {row:?}");
    }
    let status = program(app, "127.0.0.1:0", &["trail", "verify"]).status().unwrap();
    assert!(status.success(), "the trail is not whole");
}

on_both! {
    /// Killed three times while six write: after each, all is whole; and the next write works.
    async fn a_killed_server_leaves_nothing_half_done(app: TestApp) {
        let county = app.county("511322").await.admin().await;
        let ledger = Arc::<Ledger>::default();
        for _ in 0..ROUNDS {
            let before = ledger.files.lock().await.len();
            a_round(&app, &county, &ledger).await;
            assert!(ledger.files.lock().await.len() > before, "nobody got anything done");
            nothing_is_half_done(&app, &ledger).await;
        }
        let university = app.university("South").await.admin().await;
        let server = Server::start(&app, &[]).await;
        let drafter = Client::of(&server, &university).await;
        let next = drafter.does("agreementDraft", draft(&university, &county), "version").await.unwrap();
        assert_eq!(next, json!({ "version": 1 }));
    }
}
