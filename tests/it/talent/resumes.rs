//! Résumés: written by the student alone, read by an enterprise under a consent, each read written down before it is
//! answered, whatever led to it.

use axum::{
    body::Body,
    http::{Request, header},
};
use futures_util::future::join_all;
use hezuo::{error::Code, platform::id};
use serde_json::{Value, json};

use super::{consent, content, give, log, read, run, save, withdraw};
use crate::support::{Persona, TestApp, on_both};

const VERSION: &str = "query($id: ID!) { resume(id: $id) { id current { number content { headline } } } }";

/// A file of the résumé, sent and confirmed by the student.
async fn attach(app: &TestApp, student: &Persona, resume: &str) -> Value {
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
    /// Every save is a version that stays; the newest is current, and the hash is over what it says.
    async fn every_save_is_a_version(app: TestApp) {
        let student = app.university("North").await.student().await;
        let id = save(&student).await;
        let mut next = content();
        next["headline"] = json!("  质量工程师  ");
        let input = json!({ "expectedVersion": 1, "content": next, "contact": { "phone": "１３９ 0013 9000" } });
        student.does("resumeSave", input, "id version saved").await.results_in(json!({ "id": id, "version": 2, "saved": 2 }));
        let query = "query($id: ID!) { resume(id: $id) { student { displayName } university { name } erasedAt \
            contact { phone email } current { number resume { id } content { headline summary education { school major level from to } \
            skills { name kind level evidence } experiences { organization role from to text } certificates { name issued } \
            languages { name level } wishes { families places pay } } } \
            versions { totalCount nodes { number content { headline } contentHash } } history { nodes { kind } } } }";
        let answer = student.gql(query, json!({ "id": id })).await;
        let seen = answer.at("/resume");
        let mut expected = next.clone();
        expected["headline"] = json!("质量工程师");
        assert_eq!(seen["current"], json!({ "number": 2, "resume": { "id": id }, "content": expected }));
        assert_eq!(seen["contact"], json!({ "phone": "139 0013 9000", "email": null }));
        assert_eq!(seen["student"], json!({ "displayName": "Student of North" }));
        assert_eq!(seen["university"], json!({ "name": "North" }));
        assert_eq!(seen["versions"]["totalCount"], json!(2));
        assert_eq!(seen["versions"]["nodes"][1]["content"], json!({ "headline": "质量管理工程应届生" }));
        assert_eq!(seen["history"], json!({ "nodes": [{ "kind": "ResumeSaved" }, { "kind": "ResumeSaved" }] }));
        let rows = app.db();
        let (_, key) = id::read(&id).unwrap();
        for row in hezuo::talent::resumes::store::versions(rows.reader(), key).await.unwrap() {
            assert_eq!(row.content_hash, hezuo::platform::event::sha256(row.content.as_bytes()));
            assert!(!row.content.contains("138") && !row.content.contains('@'), "{}", row.content);
        }
        let stale = json!({ "expectedVersion": 1, "content": content() });
        student.does("resumeSave", stale, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        student.does("resumeSave", json!({ "content": content() }), "id").await.complains(&["CONFLICT input.expectedVersion"]);
    }

    /// A student has one: of twenty that are saved first at once, one is.
    async fn there_is_one_for_each_student(app: TestApp) {
        let student = app.university("North").await.student().await;
        let token = student.token().await;
        let sent = (0..20).map(|_| {
            let (app, token, (query, variables)) = (app.clone(), token.clone(), TestApp::mutation("resumeSave", &json!({ "content": content() }), "id"));
            tokio::spawn(async move { app.gql_as(&token, &query, variables).await })
        });
        let answers: Vec<_> = join_all(sent).await.into_iter().map(Result::unwrap).collect();
        let saved = answers.iter().filter(|answer| answer.user_errors().is_empty()).count();
        let refused = answers.iter().filter(|answer| answer.problems() == ["CONFLICT input.expectedVersion"]).count();
        assert_eq!((saved, refused), (1, 19), "{answers:?}");
        student.gql("{ resumes { nodes { saved } } }", json!({})).await.is(json!({ "resumes": { "nodes": [{ "saved": 1 }] } }));
    }

    /// Everything that is wrong at once; a resident ID number is never stored.
    async fn what_a_resume_must_look_like(app: TestApp) {
        let north = app.university("North").await;
        let student = north.student().await;
        let mut wrong = content();
        wrong["headline"] = json!(" ");
        wrong["summary"] = json!("身份证11010519491231002X。");
        wrong["education"] = json!([{ "school": "N", "major": "12070", "level": "BACHELOR", "from": "2022-13", "to": "2021-01" }]);
        wrong["skills"] = json!([{ "name": "1１0105194912310O2X 11010519491231002X", "kind": "SOFTWARE", "level": "BASIC" }]);
        wrong["languages"] = json!(vec![json!({ "name": "英语", "level": "好" }); 21]);
        wrong["wishes"]["places"] = json!(["营山", ""]);
        let input = json!({ "content": wrong, "contact": { "phone": "call me", "email": "nobody" } });
        student.does("resumeSave", input, "id").await.complains(&[
            "INVALID_INPUT input.content.education.0.from", "INVALID_INPUT input.content.education.0.to",
            "INVALID_INPUT input.content.education.0.major", "INVALID_INPUT input.content.headline",
            "INVALID_INPUT input.content.languages", "INVALID_INPUT input.content.skills.0.name",
            "INVALID_INPUT input.content.summary", "INVALID_INPUT input.content.wishes.places.1",
            "INVALID_INPUT input.contact.phone", "INVALID_INPUT input.contact.email",
        ]);
        for person in [north.admin().await, north.staff().await, north.professor().await] {
            person.does("resumeSave", json!({ "content": content() }), "id").await.refused(&["FORBIDDEN"]);
        }
        student.gql("{ resumes { totalCount } }", json!({})).await.is(json!({ "resumes": { "totalCount": 0 } }));
    }

    /// The student everything; the university's staff that there is one; an enterprise what is shared; nobody else anything.
    async fn who_sees_what(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let reader = beta.recruiter().await;
        give(&student, &beta, &["CONTACT"]).await;
        let query = "query($id: ID!) { resume(id: $id) { id saved current { number } contact { phone } versions { totalCount } } \
            node(id: $id) { id } nodes(ids: [$id]) { id } resumes { totalCount nodes { id } } }";
        let seen = async |person: &Persona| {
            let answer = person.gql(query, json!({ "id": resume })).await;
            (answer.body["data"].clone(), answer.codes().iter().map(|&code| code.to_owned()).collect::<Vec<_>>())
        };
        let shown = |current: Value, contact: Value, versions: i32| json!({
            "resume": { "id": resume, "saved": 1, "current": current, "contact": contact, "versions": { "totalCount": versions } },
            "node": { "id": resume }, "nodes": [{ "id": resume }], "resumes": { "totalCount": 1, "nodes": [{ "id": resume }] },
        });
        let phone = json!({ "phone": "138 0013 8000" });
        let refused = [Code::ConsentRequired.as_str().to_owned()];
        assert_eq!(seen(&student).await, (shown(json!({ "number": 1 }), phone.clone(), 1), vec![]));
        for person in [&sides.university, &sides.north.staff().await] {
            assert_eq!(seen(person).await, (shown(Value::Null, Value::Null, 0), refused.to_vec()));
        }
        assert_eq!(seen(&reader).await, (shown(Value::Null, phone, 0), refused.to_vec()));
        let nothing = json!({ "resume": null, "node": null, "nodes": [null], "resumes": { "totalCount": 0, "nodes": [] } });
        let elsewhere = app.university("South").await;
        for person in [
            &sides.north.student().await, &sides.north.professor().await, &sides.north.auditor().await, &sides.county,
            &sides.yingshan.officer().await, &sides.yingshan.auditor().await, &sides.enterprise, &sides.alpha.recruiter().await,
            &elsewhere.admin().await, &app.platform().await.admin().await,
        ] {
            assert_eq!(seen(person).await, (nothing.clone(), vec![]), "{}", person.login);
        }
        assert_eq!(log(&student).await, [read("Beta", "CONTACT", "API")]);
    }

    /// An enterprise reads the newest version; what the student has put right since is not shown.
    async fn an_enterprise_reads_the_newest_version(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let first = student.gql("query($id: ID!) { resume(id: $id) { current { id } } }", json!({ "id": resume })).await;
        let first = first.at("/resume/current/id").clone();
        student.does("resumeSave", json!({ "expectedVersion": 1, "content": content() }), "id").await.result();
        give(&student, &sides.alpha, &["PROFILE"]).await;
        let query = "query($id: ID!, $first: ID!) { resume(id: $id) { versions { totalCount nodes { number } } } node(id: $first) { id } }";
        let seen = sides.enterprise.gql(query, json!({ "id": resume, "first": first })).await;
        seen.is(json!({ "resume": { "versions": { "totalCount": 1, "nodes": [{ "number": 2 }] } }, "node": null }));
        assert_eq!(log(&student).await, [read("Alpha", "PROFILE", "API")]);
    }

    /// By its id, as a node, in lists, below another record, in what a mutation answers: each way is written down, and
    /// closed once the consent is withdrawn.
    async fn every_way_is_written_down(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let given = give(&student, &sides.alpha, &["PROFILE", "CONTACT"]).await;
        let recruiter = sides.alpha.recruiter().await;
        let known = student.gql("query($id: ID!) { resume(id: $id) { current { id } } }", json!({ "id": resume })).await;
        let version = known.at("/resume/current/id").clone();
        let profile = || vec![read("Alpha", "PROFILE", "API")];
        let contact = || vec![read("Alpha", "CONTACT", "API")];
        let id = json!({ "id": resume });
        let ways = [
            ("query($id: ID!) { resume(id: $id) { current { number } } }", id.clone(), profile()),
            // The second time it goes past the executor.
            ("query($id: ID!) { resume(id: $id) { current { number } } }", id.clone(), profile()),
            ("query($id: ID!) { resume(id: $id) { versions { nodes { number } } } }", id.clone(), profile()),
            ("query($id: ID!) { resume(id: $id) { versions { edges { node { __typename } } } } }", id.clone(), profile()),
            ("query($id: ID!) { resume(id: $id) { contact { phone } } }", id.clone(), contact()),
            ("{ resumes { nodes { current { content { headline } } } } }", json!({}), profile()),
            ("query($id: ID!) { node(id: $id) { ... on Resume { current { contentHash } } } }", id.clone(), profile()),
            ("query($id: ID!) { node(id: $id) { id ... on ResumeVersion { number } } }", json!({ "id": version }), profile()),
            ("query($id: ID!) { nodes(ids: [$id]) { id } }", json!({ "id": version }), profile()),
            ("{ shareConsents { nodes { accesses(first: 1) { nodes { resume { current { number } } } } } } }", json!({}), profile()),
            ("query($id: ID!) { resume(id: $id) { current { resume { contact { email } } } } }", id.clone(), [profile(), contact()].concat()),
            ("query($id: ID!) { version __typename resume(id: $id) { current { number } } }", id.clone(), profile()),
        ];
        let mut expected = Vec::new();
        for (query, variables, reads) in &ways {
            recruiter.gql(query, variables.clone()).await.data();
            expected.extend(reads.clone());
            assert_eq!(log(&student).await, expected, "{query}");
        }
        // Nothing of it is read by whoever asks for less.
        for query in [
            "query($id: ID!) { resume(id: $id) { id student { displayName } versions { totalCount } accesses { totalCount } } }",
            "query($id: ID!) { node(id: $id) { id } }",
        ] {
            recruiter.gql(query, id.clone()).await.data();
        }
        assert_eq!(log(&student).await, expected);
        withdraw(&student, &given).await;
        for (query, variables, _) in &ways {
            let answer = recruiter.gql(query, variables.clone()).await;
            let text = answer.body["data"].to_string();
            assert!(!text.contains("headline") && !text.contains("number") && !text.contains("phone"), "{query}: {answer}");
        }
        assert_eq!(log(&student).await, expected);
        // Who read what: the student knows, and the enterprise no longer.
        let query = "query($id: ID!) { resume(id: $id) { accesses(first: 1) { totalCount nodes { reader { displayName } consent { id } } } } }";
        let told = json!({ "totalCount": expected.len(), "nodes": [{ "reader": { "displayName": "EnterpriseRecruiter of Alpha" }, "consent": { "id": given } }] });
        student.gql(query, id.clone()).await.is(json!({ "resume": { "accesses": told } }));
        recruiter.gql("{ resumeAccesses { totalCount } }", json!({})).await.is(json!({ "resumeAccesses": { "totalCount": 0 } }));
    }

    /// What cannot be written down is not answered.
    async fn nothing_is_shown_that_cannot_be_written_down(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        give(&student, &sides.alpha, &["PROFILE"]).await;
        run(&app, "ALTER TABLE resume_access RENAME TO resume_access_gone").await;
        for _ in 0..2 {
            let answer = sides.enterprise.gql(VERSION, json!({ "id": resume })).await;
            assert_eq!((&answer.body["data"]["resume"], answer.codes()), (&Value::Null, vec!["INTERNAL"]));
        }
        run(&app, "ALTER TABLE resume_access_gone RENAME TO resume_access").await;
        sides.enterprise.gql(VERSION, json!({ "id": resume })).await.data();
    }

    /// The consent is withdrawn, the enterprise's person asks again: nothing is there, and nothing is logged as read.
    async fn withdrawn_and_opened_again(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let given = give(&student, &sides.alpha, &["PROFILE"]).await;
        withdraw(&student, &given).await;
        sides.enterprise.gql(VERSION, json!({ "id": resume })).await.is(json!({ "resume": null }));
        sides.enterprise.does("resumeErase", json!({ "id": resume }), "id").await.refused(&["NOT_FOUND"]);
        assert_eq!(log(&student).await, Vec::<Value>::new());
        give(&student, &sides.alpha, &["CONTACT"]).await;
        let answer = sides.enterprise.gql(VERSION, json!({ "id": resume })).await;
        assert_eq!(answer.body["data"], json!({ "resume": { "id": resume, "current": null } }));
        assert_eq!((answer.codes(), &answer.body["errors"][0]["path"]), (vec!["CONSENT_REQUIRED"], &json!(["resume", "current"])));
        assert_eq!(log(&student).await, Vec::<Value>::new());
    }

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
                "saved": 1, "erasedAt": "2026-03-02T01:00:00.000000Z", "current": null, "contact": null,
                "versions": { "totalCount": 0 }, "documents": { "totalCount": 0 }, "accesses": { "totalCount": 2 },
            }));
        }
        assert_eq!(fetch(&app, &url).await, 404);
        sides.enterprise.gql(VERSION, json!({ "id": resume })).await.is(json!({ "resume": null }));
        let consents = student.gql("{ shareConsents { nodes { status } } }", json!({})).await;
        consents.is(json!({ "shareConsents": { "nodes": [{ "status": "WITHDRAWN" }] } }));
        let again = json!({ "expectedVersion": 2, "content": content() });
        student.does("resumeSave", again, "erasedAt saved current { number }").await
            .results_in(json!({ "erasedAt": null, "saved": 2, "current": { "number": 2 } }));
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
