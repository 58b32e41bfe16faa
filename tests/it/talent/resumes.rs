//! Résumés: written by the student alone, read by an enterprise under a consent, each read written down before it is
//! answered, whatever led to it.

use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::{
    error::Code,
    http::{self, Question},
    identity,
    platform::id,
};
use serde_json::{Value, json};

use super::{content, give, log, read, run, save, withdraw};
use crate::support::{Persona, TestApp, on_both};

const VERSION: &str = "query($id: ID!) { resume(id: $id) { id current { number content { headline } } } }";

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

    /// A résumé is known at the university where its student studies now.
    async fn at_another_university(app: TestApp) {
        let (north, south) = (app.university("North").await, app.university("South").await);
        let student = north.student().await;
        let id = save(&student).await;
        let there = student.also(&south, Role::Student).await;
        let input = json!({ "expectedVersion": 1, "content": super::content() });
        there.does("resumeSave", input, "saved").await.results_in(json!({ "saved": 2 }));
        let query = "query($id: ID!) { resume(id: $id) { saved } }";
        south.staff().await.gql(query, json!({ "id": id })).await.is(json!({ "resume": { "saved": 2 } }));
        north.staff().await.gql(query, json!({ "id": id })).await.is(json!({ "resume": null }));
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

    /// `hezuo explain` reads without a session, so that nothing could be written down: it is refused.
    async fn explaining_reads_nothing(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        give(&student, &sides.alpha, &["PROFILE"]).await;
        let membership = id::show("membership", sides.enterprise.membership);
        let actor = &identity::reading_as(app.app(), &sides.enterprise.login, Some(&membership)).await.unwrap();
        let variables = json!({ "id": resume }).to_string();
        let explain = async |text: &'static str| {
            let question = Question { file: "a.graphql", text, operation: None, variables: Some(&variables), actor };
            http::explain(app.app(), question).await
        };
        assert!(explain(VERSION).await.unwrap_err().concat().contains("Sign in first"));
        assert!(explain("query($id: ID!) { resume(id: $id) { id } }").await.is_ok());
        assert_eq!(log(&student).await, Vec::<Value>::new());
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
}
