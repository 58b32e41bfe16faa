//! Files of résumés: closed with the consent, at their address too; what is erased, and what no machine reads.

use axum::{
    body::Body,
    http::{Request, header},
};
use hezuo::platform::id;
use serde_json::{Value, json};

use super::{consent, content, give, log, read, save, withdraw};
use crate::support::{Persona, TestApp, on_both};

const VERSION: &str = "query($id: ID!) { resume(id: $id) { id current { number content { headline } } } }";

/// A file of the résumé, sent and confirmed by the student, and named in another version.
async fn attach(app: &TestApp, student: &Persona, resume: &str) -> Value {
    let document = send(app, student, resume).await;
    name(student, Some(&document)).await;
    document
}

/// Another version with this file, or without one.
async fn name(student: &Persona, document: Option<&Value>) {
    let version =
        student.gql("{ resumes { nodes { version } } }", json!({})).await.at("/resumes/nodes/0/version").clone();
    let input = json!({ "expectedVersion": version, "content": content(), "documentId": document });
    student.does("resumeSave", input, "id").await.result();
}

async fn send(app: &TestApp, student: &Persona, resume: &str) -> Value {
    let input = json!({ "recordId": resume, "name": "resume.pdf" });
    let upload = student.does("documentUploadCreate", input, "url document { id }").await;
    let url = upload.result()["url"].as_str().unwrap().to_owned();
    let put = Request::put(path(&url)).body(Body::from("%PDF-1.7\n%%EOF\n")).unwrap();
    assert_eq!(app.http(put).await.0, 200);
    let document = upload.result()["document"]["id"].clone();
    student.does("documentConfirm", json!({ "id": document }), "id").await.result();
    document
}

fn path(url: &str) -> &str {
    url.split_once("hezuo.test").unwrap().1
}

async fn fetch(app: &TestApp, url: &str) -> u16 {
    app.http(Request::get(path(url)).body(Body::empty()).unwrap()).await.0
}

/// The address of a file, or the code with which it is refused.
async fn address(person: &Persona, document: &Value) -> Result<String, String> {
    let answer = person.does("documentDownloadCreate", json!({ "id": document }), "url").await;
    match answer.codes().first() {
        Some(code) => Err((*code).to_owned()),
        None => Ok(answer.result()["url"].as_str().unwrap().to_owned()),
    }
}

on_both! {
    /// A file: the address is given out under a consent, and what it leads to is asked for again when it is fetched.
    async fn a_file_is_closed_with_the_consent(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let document = attach(&app, &student, &resume).await;
        give(&student, &sides.alpha, &["PROFILE"]).await;
        let recruiter = sides.alpha.recruiter().await;
        assert_eq!(address(&recruiter, &document).await, Err("NOT_FOUND".to_owned()));
        let given = give(&student, &sides.alpha, &["FILE"]).await;
        let url = address(&recruiter, &document).await.unwrap();
        assert_eq!(fetch(&app, &url).await, 200);
        let reads = [read("Alpha", "FILE", "API"), read("Alpha", "FILE", "FILE_URL")];
        assert_eq!(log(&student).await, reads);
        // The student's own is nobody's business; an address without its ticket is none.
        let own = address(&student, &document).await.unwrap();
        assert_eq!(fetch(&app, &own).await, 200);
        let (start, rest) = url.split_once("&under=").unwrap();
        let (_, signature) = rest.split_once('&').unwrap();
        assert_eq!(fetch(&app, &format!("{start}&{signature}")).await, 404);
        withdraw(&student, &given).await;
        assert_eq!(fetch(&app, &url).await, 404);
        assert_eq!(address(&recruiter, &document).await, Err("NOT_FOUND".to_owned()));
        assert_eq!(log(&student).await, reads);
        assert_eq!(fetch(&app, &own).await, 200);
        // What the newest version does not name is not the enterprise's any more, nor ever was what no version named.
        let unnamed = send(&app, &student, &resume).await;
        let again = give(&student, &sides.alpha, &["FILE"]).await;
        assert_eq!(address(&recruiter, &unnamed).await, Err("NOT_FOUND".to_owned()));
        let query = "query($id: ID!) { resume(id: $id) { documents { totalCount nodes { id } } } }";
        let one = json!({ "resume": { "documents": { "totalCount": 1, "nodes": [{ "id": document }] } } });
        recruiter.gql(query, json!({ "id": resume })).await.is(one);
        name(&student, None).await;
        assert_eq!(address(&recruiter, &document).await, Err("NOT_FOUND".to_owned()));
        assert!(address(&student, &document).await.is_ok());
        name(&student, Some(&document)).await;
        withdraw(&student, &again).await;
        let stranger = json!({ "expectedVersion": 4, "content": content(), "documentId": id::show("document", student.user) });
        student.does("resumeSave", stranger, "id").await.complains(&["INVALID_INPUT input.documentId"]);
        // Past its last day as well.
        let mut short = consent(&sides.alpha, &["FILE"]);
        short["expiresOn"] = json!("2026-03-02");
        student.does("shareConsentGive", short, "id").await.result();
        app.it_is("2026-03-02T15:59:00Z");
        let url = address(&recruiter, &document).await.unwrap();
        app.it_is("2026-03-02T16:00:00Z");
        assert_eq!(fetch(&app, &url).await, 404);
        for person in [&sides.university, &sides.county, &sides.north.student().await] {
            person.does("documentUploadCreate", json!({ "recordId": resume, "name": "a.pdf" }), "url").await.codes();
            assert_eq!(address(person, &document).await, Err("NOT_FOUND".to_owned()));
        }
    }

    /// Erasing leaves that there was a résumé, how often it was saved and who read it; nothing of what it said.
    async fn erasing_leaves_counts(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let document = attach(&app, &student, &resume).await;
        give(&student, &sides.alpha, &["PROFILE", "FILE"]).await;
        sides.enterprise.gql(VERSION, json!({ "id": resume })).await.data();
        let url = address(&sides.enterprise, &document).await.unwrap();
        sides.north.student().await.does("resumeErase", json!({ "id": resume }), "id").await.refused(&["NOT_FOUND"]);
        sides.university.does("resumeErase", json!({ "id": resume }), "id").await.refused(&["FORBIDDEN"]);
        for _ in 0..2 {
            let erased = student.does("resumeErase", json!({ "id": resume }), "saved erasedAt current { number } contact { phone } \
                versions { totalCount } documents { totalCount } accesses { totalCount }").await;
            erased.results_in(json!({
                "saved": 2, "erasedAt": "2026-03-02T01:00:00.000000Z", "current": null, "contact": null,
                "versions": { "totalCount": 0 }, "documents": { "totalCount": 0 }, "accesses": { "totalCount": 2 },
            }));
        }
        assert_eq!(fetch(&app, &url).await, 404);
        sides.enterprise.gql(VERSION, json!({ "id": resume })).await.is(json!({ "resume": null }));
        let consents = student.gql("{ shareConsents { nodes { status } } }", json!({})).await;
        consents.is(json!({ "shareConsents": { "nodes": [{ "status": "WITHDRAWN" }] } }));
        let again = json!({ "expectedVersion": 3, "content": content() });
        student.does("resumeSave", again, "erasedAt saved current { number }").await
            .results_in(json!({ "erasedAt": null, "saved": 3, "current": { "number": 3 } }));
    }

    /// A machine of the enterprise reads nothing, whatever its scopes open: a consent is to people's reading.
    async fn no_machine_reads(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let document = attach(&app, &student, &resume).await;
        give(&student, &sides.alpha, &["PROFILE", "CONTACT", "FILE"]).await;
        let scopes = json!({ "name": "系统", "scopes": ["DOCUMENTS_READ", "ORGANIZATIONS_READ", "AGREEMENTS_READ", "TRAIL_READ"] });
        let made = sides.enterprise.does("serviceAccountCreate", scopes, "secret serviceAccount { id }").await.result().clone();
        let (id, secret) = (made["serviceAccount"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let request = Request::post("/oauth/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (_, body) = app.http(request.body(Body::from(form)).unwrap()).await;
        let token = serde_json::from_slice::<Value>(&body).unwrap()["access_token"].as_str().unwrap().to_owned();
        let node = app.gql_as(&token, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": document })).await;
        node.is(json!({ "node": null }));
        let (query, variables) = TestApp::mutation("documentDownloadCreate", &json!({ "id": document }), "url");
        app.gql_as(&token, &query, variables).await.refused(&["NOT_FOUND"]);
        assert_eq!(log(&student).await, Vec::<Value>::new());
        address(&sides.enterprise, &document).await.unwrap();
    }
}
