//! Documents: scans and attachments of agreements, sent and fetched beside the API.

mod bucket;

use axum::{
    body::Body,
    http::{Request, header},
};
use futures_util::future::join_all;
use hezuo::platform::event::sha256;
use serde_json::{Value, json};

use crate::support::{Persona, TestApp, make, on_both};

const PDF: &[u8] = b"%PDF-1.7\nthe page with the seal, scanned\n%%EOF";

/// A university, a county and an agreement that awaits their signatures.
struct House {
    app: TestApp,
    north: Persona,
    yingshan: Persona,
    agreement: String,
}

async fn house(app: &TestApp) -> House {
    let north = app.university("North").await.admin().await;
    let yingshan = app.county("511322").await.admin().await;
    let agreement = make::approved(&[&north, &yingshan], json!({})).await.id;
    House { app: app.clone(), north, yingshan, agreement }
}

impl House {
    /// The address that somebody gets: its URL and the document's id.
    async fn announce(&self, persona: &Persona) -> (String, String) {
        let input = json!({ "recordId": self.agreement, "name": "盖章页.pdf", "mediaType": "application/pdf" });
        let answer = persona.does("documentUploadCreate", input, "url expiresAt document { id status }").await;
        let result = answer.result();
        assert_eq!(result["document"]["status"], "AWAITING_BYTES");
        (text(&result["url"]), text(&result["document"]["id"]))
    }

    async fn put(&self, url: &str, bytes: &'static [u8]) -> (u16, Value) {
        let (status, body) = self.app.http(Request::put(path(url)).body(Body::from(bytes)).unwrap()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// A confirmed document of this side.
    async fn attach(&self, persona: &Persona) -> String {
        let (url, id) = self.announce(persona).await;
        assert_eq!(self.put(&url, PDF).await.0, 200);
        let input = json!({ "id": id, "expectedSha256": sha256(PDF) });
        persona.does("documentConfirm", input, "status").await.results_in(json!({ "status": "CONFIRMED" }));
        id
    }
}

/// Sends a file to a record and confirms it; its id.
async fn attach_to(app: &TestApp, persona: &Persona, record: &Value) -> Value {
    let input = json!({ "recordId": record, "name": "盖章页.pdf", "mediaType": "application/pdf" });
    let upload = persona.does("documentUploadCreate", input, "url document { id }").await.result().clone();
    let put = Request::put(path(upload["url"].as_str().unwrap())).body(Body::from(PDF)).unwrap();
    assert_eq!(app.http(put).await.0, 200);
    let id = upload["document"]["id"].clone();
    persona.does("documentConfirm", json!({ "id": id }), "status").await.results_in(json!({ "status": "CONFIRMED" }));
    id
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn path(url: &str) -> &str {
    url.strip_prefix("http://hezuo.test").unwrap()
}

async fn seen(persona: &Persona, id: &str) -> Value {
    let query = "query($id: ID!) { document(id: $id) { name mediaType bytes status openSteps } }";
    persona.gql(query, json!({ "id": id })).await.data()["document"].clone()
}

on_both! {
    /// A scan is sent, confirmed, named as evidence and fetched by the other side.
    async fn a_scan_is_evidence(app: TestApp) {
        let house = house(&app).await;
        let (url, id) = house.announce(&house.north).await;
        let waiting = json!({ "name": "盖章页.pdf", "mediaType": "application/pdf", "bytes": null,
            "status": "AWAITING_BYTES", "openSteps": [] });
        assert_eq!(seen(&house.north, &id).await, waiting);
        assert_eq!(seen(&house.yingshan, &id).await, Value::Null);
        let hash = house.north.gql("query($id: ID!) { agreement(id: $id) { contentHash } }", json!({ "id": house.agreement }));
        let hash = hash.await.text("/agreement/contentHash");
        let sign = json!({ "id": house.agreement, "expectedHash": hash, "evidence": "SEAL_SCAN", "documentId": id });
        house.north.does("agreementSign", sign.clone(), "id").await.complains(&["INVALID_INPUT input.documentId"]);

        let (status, arrived) = house.put(&url, PDF).await;
        assert_eq!((status, &arrived["sha256"], &arrived["mediaType"]), (200, &json!(sha256(PDF)), &json!("application/pdf")));
        let uploaded = json!({ "name": "盖章页.pdf", "mediaType": "application/pdf", "bytes": "46",
            "status": "UPLOADED", "openSteps": ["CONFIRM"] });
        assert_eq!(seen(&house.north, &id).await, uploaded);
        let other = json!({ "id": id, "expectedSha256": sha256(b"another") });
        house.north.does("documentConfirm", other, "id").await.complains(&["CONFLICT input.expectedSha256"]);
        house.north.does("documentConfirm", json!({ "id": id }), "status").await.results_in(json!({ "status": "CONFIRMED" }));
        house.north.does("documentConfirm", json!({ "id": id }), "id").await.complains(&["ILLEGAL_STEP input.id"]);
        house.north.does("agreementSign", sign, "id").await.result();

        let link = house.yingshan.does("documentDownloadCreate", json!({ "id": id }), "url document { status }").await;
        let link = text(&link.result()["url"]);
        let (status, bytes) = app.http(Request::get(path(&link)).body(Body::empty()).unwrap()).await;
        assert_eq!((status, &*bytes), (200, PDF));
        let history = "query($id: ID!) { document(id: $id) { history { nodes { kind action } } } }";
        house.north.gql(history, json!({ "id": id })).await.is(json!({ "document": { "history": { "nodes": [
            { "kind": "DocumentAnnounced", "action": "agreement.attach" },
            { "kind": "DocumentReceived", "action": "job.receiveUpload" },
            { "kind": "DocumentConfirmed", "action": "document.confirm" },
        ] } } }));
    }

    /// The address is good for one file, however many come at once.
    async fn of_many_who_send_at_once_one_succeeds(app: TestApp) {
        let house = house(&app).await;
        let (url, id) = house.announce(&house.north).await;
        let answers = join_all((0..32).map(|_| house.put(&url, PDF))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [vec![200], vec![404; 31]].concat());
        let lost = answers.iter().find(|(status, _)| *status == 404).unwrap();
        assert_eq!(lost.1["errors"][0]["extensions"]["code"], "NOT_FOUND");
        assert_eq!(seen(&house.north, &id).await["status"], "UPLOADED");
    }

    /// Whoever does not see an agreement's files sees no document, and cannot add one.
    async fn outsiders_and_witnesses(app: TestApp) {
        let house = house(&app).await;
        let id = house.attach(&house.north).await;
        assert_eq!(seen(&house.yingshan, &id).await["status"], "CONFIRMED");
        let outsider = app.university("South").await.admin().await;
        assert_eq!(seen(&outsider, &id).await, Value::Null);
        outsider.does("documentDownloadCreate", json!({ "id": id }), "url").await.refused(&["NOT_FOUND"]);
        outsider.does("documentConfirm", json!({ "id": id }), "id").await.refused(&["NOT_FOUND"]);
        let input = json!({ "recordId": house.agreement, "name": "a.pdf" });
        outsider.does("documentUploadCreate", input.clone(), "url").await.refused(&["NOT_FOUND"]);
        app.does("documentUploadCreate", input.clone(), "url").await.refused(&["UNAUTHENTICATED"]);
        let professor = house.north.organization.professor().await;
        professor.does("documentUploadCreate", input, "url").await.refused(&["FORBIDDEN"]);
        let input = json!({ "recordId": outsider.organization.id(), "name": "", "mediaType": "text/html" });
        let problems = ["INVALID_INPUT input.recordId"];
        house.north.does("documentUploadCreate", input, "url").await.complains(&problems);
        let witnessed = json!({ "text": { "parties": [
            { "organizationId": house.north.organization.id(), "capacity": "甲方", "role": "REQUIRED" },
            { "organizationId": house.yingshan.organization.id(), "capacity": "乙方", "role": "REQUIRED" },
            { "organizationId": outsider.organization.id(), "capacity": "见证方", "role": "WITNESS" },
        ] }, "kind": "TALENT" });
        let agreement = make::approved(&[&house.north, &house.yingshan], witnessed).await.id;
        let house = House { agreement, ..house };
        let scan = house.attach(&house.north).await;
        let read = outsider.gql("query($id: ID!) { agreement(id: $id) { id } }", json!({ "id": house.agreement }));
        assert_eq!(read.await.text("/agreement/id"), house.agreement);
        assert_eq!(seen(&outsider, &scan).await, Value::Null);
    }

    /// What is too large or of another kind is refused, and leaves the address as it was.
    async fn refused_files(app: TestApp) {
        let house = house(&app).await;
        let (url, id) = house.announce(&house.north).await;
        let large: &'static [u8] = vec![b'%'; 20 * 1024 * 1024 + 1].leak();
        assert_eq!(house.put(&url, large).await.0, 413);
        let (status, answer) = house.put(&url, b"<html><script>alert(1)</script></html>").await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (415, &json!("INVALID_INPUT")));
        assert_eq!(house.put(&format!("{url}x"), PDF).await.0, 404);
        assert_eq!(house.put(&url.replace("/document_", "/agreement_"), PDF).await.0, 404);
        app.passes(chrono::TimeDelta::seconds(15 * 60 - 1));
        assert_eq!(house.put(&url, PDF).await.0, 200);
        let link = house.north.does("documentDownloadCreate", json!({ "id": id }), "url").await;
        let request = Request::get(path(&text(&link.result()["url"]))).header(header::RANGE, "bytes=0-1");
        assert_eq!(app.http(request.body(Body::empty()).unwrap()).await, (200, PDF.to_vec()));
        let (late, _) = house.announce(&house.north).await;
        app.passes(chrono::TimeDelta::minutes(15));
        assert_eq!(house.put(&late, PDF).await.0, 404);
    }

    /// An amendment signed with a scan: the signature counts once a second person has compared it, and only the parties
    /// that sign see the scan.
    async fn an_amendment_is_signed_with_a_scan(app: TestApp) {
        let sides = app.sides().await;
        let witness = app.enterprise(&sides.yingshan, "Beta").await.admin().await;
        let [university, county, _] = sides.all();
        let party = |person: &Persona, role: &str| {
            json!({ "organizationId": person.organization.id(), "capacity": "方", "role": role })
        };
        let parties = json!([party(university, "REQUIRED"), party(county, "REQUIRED"), party(&witness, "WITNESS")]);
        let agreement = make::active(&[university, county], json!({ "text": { "parties": parties } })).await;
        let change = json!({ "title": "Framework agreement", "terms": "Every month.", "endsOn": "2028-12-31",
            "renewalPolicy": "NEGOTIATE", "reason": "建立例会制度" });
        let drafting = json!({ "agreementId": agreement.id, "expectedHash": agreement.hash().await, "text": change });
        let amendment = university.does("amendmentDraft", drafting, "id").await.result()["id"].clone();
        let submit = json!({ "id": amendment, "expectedVersion": 1 });
        let hash = university.does("amendmentSubmit", submit, "contentHash").await.result()["contentHash"].clone();
        let decide = json!({ "id": amendment, "expectedHash": hash });
        for party in [university, county] {
            party.does("amendmentApprove", decide.clone(), "id").await.result();
        }
        let mut sign = decide.clone();
        sign["evidence"] = json!("PLATFORM");
        university.does("amendmentSign", sign.clone(), "id").await.result();
        sign["evidence"] = json!("SEAL_SCAN");
        county.does("amendmentSign", sign.clone(), "id").await.complains(&["INVALID_INPUT input.documentId"]);
        sign["documentId"] = attach_to(&app, county, &amendment).await;
        let signed = county.does("amendmentSign", sign.clone(), "status decisions { id kind document { id } }").await;
        assert_eq!(signed.result()["status"], "AWAITING_SIGNATURE");
        let decisions = signed.result()["decisions"].as_array().unwrap().clone();
        let scan = decisions.iter().find(|one| !one["document"].is_null()).unwrap();
        assert_eq!(scan["document"]["id"], sign["documentId"]);
        let mut confirm = decide;
        confirm["signatureId"] = scan["id"].clone();
        county.does("amendmentSignatureConfirm", confirm.clone(), "id").await.complains(&["RULE_VIOLATED"]);
        university.does("amendmentSignatureConfirm", confirm, "status").await.results_in(json!({ "status": "EFFECTIVE" }));
        let query = "query($id: ID!) { amendment(id: $id) { documents { totalCount } } }";
        let counts = |count: u32| json!({ "amendment": { "documents": { "totalCount": count } } });
        university.gql(query, json!({ "id": amendment })).await.is(counts(1));
        witness.gql(query, json!({ "id": amendment })).await.is(counts(0));
        witness.does("documentUploadCreate", json!({ "recordId": amendment, "name": "x.pdf" }), "url").await
            .refused(&["FORBIDDEN"]);
        let signatures = "query($id: ID!) { agreement(id: $id) { signatures(last: 2) { nodes { document { id } } } } }";
        let under = university.gql(signatures, json!({ "id": agreement.id })).await;
        let shown: Vec<&Value> = under.at("/agreement/signatures/nodes").as_array().unwrap().iter().collect();
        assert!(shown.contains(&&json!({ "document": { "id": sign["documentId"] } })), "{under}");
    }

    /// Whoever does an item shows that it is done; whoever sees the item sees what was shown, nobody else.
    async fn an_item_is_shown_to_be_done(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({})).await;
        let input = json!({ "agreementId": agreement.id, "title": "接收实习生", "responsibleId": sides.alpha.id(),
            "dueOn": "2026-06-30" });
        let item = sides.county.does("cooperationItemCreate", input, "id").await.result()["id"].clone();
        let upload = json!({ "recordId": item, "name": "名单.pdf" });
        sides.county.does("documentUploadCreate", upload.clone(), "url").await.refused(&["FORBIDDEN"]);
        let document = attach_to(&app, &sides.alpha.recruiter().await, &item).await;
        let query = "query($id: ID!) { cooperationItem(id: $id) { documents { nodes { id } } } }";
        let shown = json!({ "cooperationItem": { "documents": { "nodes": [{ "id": document }] } } });
        sides.county.gql(query, json!({ "id": item })).await.is(shown);
        let stranger = app.enterprise(&sides.yingshan, "Beta").await.admin().await;
        stranger.does("documentUploadCreate", upload, "url").await.refused(&["NOT_FOUND"]);
        stranger.gql("query($id: ID!) { document(id: $id) { id } }", json!({ "id": document })).await
            .is(json!({ "document": null }));
    }
}
