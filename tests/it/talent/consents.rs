//! Separate consents: given to one enterprise, for a time; taken back in one call; each read written down or not answered.

use std::time::Duration;

use chrono::TimeDelta;
use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::talent::consents;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{consent, give, log, run, save, withdraw};
use crate::support::{Answer, Persona, TestApp, on_both};

const CURRENT: &str = "query($id: ID!) { resume(id: $id) { current { content { headline } } } }";

/// What other slices are told: whether there is a consent, for each category.
async fn holds(app: &TestApp, student: &Persona, enterprise: Uuid) -> [bool; 3] {
    let asked = app.db().write(move |tx| async move {
        let mut held = [false; 3];
        for (held, category) in held.iter_mut().zip(consents::rules::ALL) {
            *held = consents::holds(&tx, (student.user, enterprise), category).await?;
        }
        Ok(held)
    });
    asked.await.unwrap()
}

on_both! {
    /// What is consented to, by whom it is seen, and how it ends.
    async fn a_consent_names_enterprise_purpose_and_categories(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let given = student.does("shareConsentGive", consent(&sides.alpha, &["FILE", "PROFILE"]), "id student { displayName } \
            organization { name } purpose categories noticeVersion status expiresAt withdrawnAt openSteps version \
            history { nodes { kind action data } }").await;
        let id = given.result()["id"].clone();
        let expected = json!({
            "id": id, "student": { "displayName": "Student of North" }, "organization": { "name": "Alpha" },
            "purpose": "RECRUITMENT", "categories": ["PROFILE", "FILE"], "noticeVersion": 1, "status": "GIVEN",
            "expiresAt": "2026-12-31T16:00:00.000000Z", "withdrawnAt": null, "openSteps": ["WITHDRAW"], "version": 1,
            "history": { "nodes": [{ "kind": "ShareConsentGiven", "action": "shareConsent.give",
                "data": json!({ "organization": sides.alpha.key }).to_string() }] },
        });
        given.results_in(expected);
        let beta = app.enterprise(&sides.yingshan, "Beta").await.admin().await;
        let query = "query($id: ID!) { shareConsent(id: $id) { id } node(id: $id) { id } shareConsents { totalCount } }";
        let seen = json!({ "shareConsent": { "id": id }, "node": { "id": id }, "shareConsents": { "totalCount": 1 } });
        let unseen = json!({ "shareConsent": null, "node": null, "shareConsents": { "totalCount": 0 } });
        let recruiter = sides.alpha.recruiter().await;
        for person in [&student, &recruiter, &sides.enterprise] {
            person.gql(query, json!({ "id": id })).await.is(seen.clone());
        }
        let (other, staff, platform) = (sides.north.student().await, sides.north.staff().await, app.platform().await.admin().await);
        for person in [&other, &staff, &sides.county, &beta, &platform] {
            person.gql(query, json!({ "id": id })).await.is(unseen.clone());
            person.does("shareConsentWithdraw", json!({ "id": id }), "id").await.refused(&["NOT_FOUND"]);
        }
        recruiter.does("shareConsentWithdraw", json!({ "id": id }), "id").await.refused(&["FORBIDDEN"]);
        app.it_is("2026-03-05T01:00:00Z");
        let withdrawn = json!({ "status": "WITHDRAWN", "withdrawnAt": "2026-03-05T01:00:00.000000Z", "openSteps": [], "version": 2 });
        for _ in 0..2 {
            // Twice is once.
            let answer = student.does("shareConsentWithdraw", json!({ "id": id }), "status withdrawnAt openSteps version").await;
            answer.results_in(withdrawn.clone());
        }
        recruiter.gql(query, json!({ "id": id })).await.is(unseen);
        student.gql(query, json!({ "id": id })).await.is(seen);
    }

    /// After the studies, acting for somebody else, what was consented to is taken back, and what was written erased.
    async fn after_the_studies(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let [alpha_reads, beta_reads] = [give(&student, &sides.alpha, &["PROFILE"]).await, give(&student, &beta, &["PROFILE"]).await];
        sides.enterprise.gql(CURRENT, json!({ "id": resume })).await.data();
        let graduate = student.also(&beta, Role::EnterpriseRecruiter).await;
        let query = "{ shareConsents { nodes { id openSteps } } resumes { nodes { id } } resumeAccesses { totalCount } }";
        let consent = |id: &str| json!({ "id": id, "openSteps": ["WITHDRAW"] });
        graduate.gql(query, json!({})).await.is(json!({
            "shareConsents": { "nodes": [consent(&alpha_reads), consent(&beta_reads)] },
            "resumes": { "nodes": [{ "id": resume }] }, "resumeAccesses": { "totalCount": 1 } }));
        graduate.does("shareConsentGive", super::consent(&sides.alpha, &["FILE"]), "id").await.refused(&["FORBIDDEN"]);
        withdraw(&graduate, &alpha_reads).await;
        assert_eq!(holds(&app, &student, sides.alpha.key).await, [false; 3]);
        graduate.does("shareConsentWithdrawAll", json!({}), "withdrawn").await.results_in(json!({ "withdrawn": 1 }));
        assert_eq!(holds(&app, &student, beta.key).await, [false; 3]);
        graduate.does("resumeErase", json!({ "id": resume }), "erasedAt").await
            .results_in(json!({ "erasedAt": "2026-03-02T01:00:00.000000Z" }));
        let export = graduate.gql("mutation { studentDataExport { result { json } } }", json!({})).await;
        let export: Value = serde_json::from_str(export.result()["json"].as_str().unwrap()).unwrap();
        assert_eq!(export["consents"].as_array().unwrap().len(), 2);
    }

    /// Everything that is wrong at once; nobody but a student consents.
    async fn what_a_consent_must_look_like(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let mut wrong = consent(&sides.yingshan, &[]);
        (wrong["expiresOn"], wrong["noticeVersion"]) = (json!("2026-03-01"), json!(2));
        student.does("shareConsentGive", wrong, "id").await.complains(&["INVALID_INPUT input.organizationId",
            "CONFLICT input.noticeVersion", "INVALID_INPUT input.categories", "INVALID_INPUT input.expiresOn"]);
        let mut long = consent(&sides.alpha, &["PROFILE"]);
        long["expiresOn"] = json!("2027-03-03");
        student.does("shareConsentGive", long.clone(), "id").await.complains(&["INVALID_INPUT input.expiresOn"]);
        long["expiresOn"] = json!("2027-03-02");
        student.does("shareConsentGive", long, "status").await.results_in(json!({ "status": "GIVEN" }));
        for person in [&sides.university, &sides.county, &sides.enterprise] {
            person.does("shareConsentGive", consent(&sides.alpha, &["PROFILE"]), "id").await.refused(&["FORBIDDEN"]);
        }
        let suspend = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "reason": "年检。" });
        sides.yingshan.officer().await.does("organizationSuspend", suspend, "id").await.result();
        student.does("shareConsentGive", consent(&sides.alpha, &["PROFILE"]), "id").await.refused(&["NOT_FOUND"]);
        let notice = student.gql("{ shareConsentNotice { version } }", json!({})).await;
        notice.is(json!({ "shareConsentNotice": { "version": 1 } }));
    }

    /// Another one takes the place of the first; the same again is the same; another purpose is another consent.
    async fn giving_again(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let first = give(&student, &sides.alpha, &["PROFILE"]).await;
        assert_eq!(give(&student, &sides.alpha, &["PROFILE"]).await, first);
        let second = give(&student, &sides.alpha, &["PROFILE", "CONTACT"]).await;
        let mut other = consent(&sides.alpha, &["PROFILE"]);
        other["purpose"] = json!("INTERNSHIP");
        student.does("shareConsentGive", other, "id").await.result();
        let query = "{ shareConsents { nodes { purpose status } } }";
        let one = |purpose: &str, status: &str| json!({ "purpose": purpose, "status": status });
        let all = json!([one("RECRUITMENT", "SUPERSEDED"), one("RECRUITMENT", "GIVEN"), one("INTERNSHIP", "GIVEN")]);
        student.gql(query, json!({})).await.is(json!({ "shareConsents": { "nodes": all } }));
        withdraw(&student, &second).await;
        student.does("shareConsentWithdraw", json!({ "id": first }), "status").await.results_in(json!({ "status": "SUPERSEDED" }));
        let all = student.does("shareConsentWithdrawAll", json!({}), "withdrawn").await;
        all.results_in(json!({ "withdrawn": 1 }));
        let again = student.does("shareConsentWithdrawAll", json!({ "organizationId": sides.alpha.id() }), "withdrawn").await;
        again.results_in(json!({ "withdrawn": 0 }));
    }

    /// Twenty at once, each for something else: one holds, and the database knows of no second.
    async fn at_most_one_holds(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let token = student.token().await;
        let sent = (0..20).map(|day| {
            let mut input = consent(&sides.alpha, &["PROFILE"]);
            input["expiresOn"] = json!(format!("2026-04-{:02}", day + 1));
            let (app, token, (query, variables)) = (app.clone(), token.clone(), TestApp::mutation("shareConsentGive", &input, "id"));
            tokio::spawn(async move { app.gql_as(&token, &query, variables).await })
        });
        let answers: Vec<Answer> = join_all(sent).await.into_iter().map(Result::unwrap).collect();
        let ids: std::collections::BTreeSet<String> = answers.iter().map(|answer| answer.result()["id"].to_string()).collect();
        assert_eq!(ids.len(), 20);
        for (status, count) in [("GIVEN", 1), ("SUPERSEDED", 19)] {
            let query = format!("{{ shareConsents(filter: {{ status: {{ in: [{status}] }} }}) {{ totalCount }} }}");
            student.gql(&query, json!({})).await.is(json!({ "shareConsents": { "totalCount": count } }));
        }
    }

    /// The last day is a day in Shanghai; from its end on nothing is read, whether the job has run or not.
    async fn a_consent_ends_at_midnight(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let mut input = consent(&sides.alpha, &["PROFILE"]);
        input["expiresOn"] = json!("2026-03-09");
        let given = student.does("shareConsentGive", input, "id").await.result()["id"].clone();
        let headline = json!({ "resume": { "current": { "content": { "headline": "质量管理工程应届生" } } } });
        app.it_is("2026-03-09T15:59:59Z");
        sides.enterprise.gql(CURRENT, json!({ "id": resume })).await.is(headline);
        assert_eq!(holds(&app, &student, sides.alpha.key).await, [true, false, false]);
        app.it_is("2026-03-09T16:00:00Z");
        assert_eq!(holds(&app, &student, sides.alpha.key).await, [false; 3]);
        let closed = sides.enterprise.gql(CURRENT, json!({ "id": resume })).await;
        assert_eq!(closed.body["data"], json!({ "resume": { "current": null } }));
        assert_eq!(closed.codes(), ["CONSENT_REQUIRED"]);
        assert_eq!(consents::end_outlived(app.app()).await.unwrap(), 1);
        assert_eq!(consents::end_outlived(app.app()).await.unwrap(), 0);
        sides.enterprise.gql(CURRENT, json!({ "id": resume })).await.is(json!({ "resume": null }));
        let query = "query($id: ID!) { shareConsent(id: $id) { status history { nodes { kind action } } } }";
        student.gql(query, json!({ "id": given })).await.is(json!({ "shareConsent": { "status": "EXPIRED", "history": { "nodes": [
            { "kind": "ShareConsentGiven", "action": "shareConsent.give" },
            { "kind": "ShareConsentExpired", "action": "job.endConsents" },
        ] } } }));
        assert_eq!(log(&student).await.len(), 1);
    }

    /// A consent to an earlier notice holds no more, at once.
    async fn a_changed_notice_supersedes(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        give(&student, &sides.alpha, &["PROFILE"]).await;
        run(&app, "UPDATE share_consent SET notice_version = 0").await;
        sides.enterprise.gql(CURRENT, json!({ "id": resume })).await.is(json!({ "resume": null }));
        assert_eq!(consents::end_outlived(app.app()).await.unwrap(), 1);
        let query = "{ shareConsents { nodes { status } } }";
        student.gql(query, json!({})).await.is(json!({ "shareConsents": { "nodes": [{ "status": "SUPERSEDED" }] } }));
        assert_eq!(log(&student).await, Vec::<Value>::new());
    }

    /// Those who read for the enterprise are told of a consent, and of its end.
    async fn the_enterprise_is_told(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let recruiter = sides.alpha.recruiter().await;
        let given = give(&student, &sides.alpha, &["PROFILE"]).await;
        withdraw(&student, &given).await;
        let inbox = "{ viewer { inbox { nodes { kind recordId } } } }";
        let told = |kind: &str| json!({ "kind": kind, "recordId": given });
        let both = json!({ "viewer": { "inbox": { "nodes": [told("CONSENT_WITHDRAWN"), told("CONSENT_GIVEN")] } } });
        for person in [&recruiter, &sides.enterprise] {
            person.gql(inbox, json!({})).await.is(both.clone());
        }
        student.gql(inbox, json!({})).await.is(json!({ "viewer": { "inbox": { "nodes": [] } } }));
    }

    /// I9: twenty readers against a withdrawal. What was answered is written down, no later than it was withdrawn; what
    /// comes after is answered nothing.
    async fn reading_and_withdrawing_happen_one_after_the_other(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let given = give(&student, &sides.alpha, &["PROFILE"]).await;
        let recruiter = sides.alpha.recruiter().await;
        let (reader, owner) = (recruiter.token().await, student.token().await);
        // Past the executor from the second time on.
        let before = sides.enterprise.gql(CURRENT, json!({ "id": resume })).await;
        assert!(before.body["data"]["resume"]["current"].is_object(), "{before}");
        // Time goes on meanwhile: whoever comes later in the queue may have an earlier time.
        let reads = (0..20).map(|_| {
            let (app, reader, id) = (app.clone(), reader.clone(), resume.clone());
            tokio::spawn(async move {
                app.passes(TimeDelta::milliseconds(1));
                app.gql_as(&reader, CURRENT, json!({ "id": id })).await
            })
        });
        let (query, variables) = TestApp::mutation("shareConsentWithdraw", &json!({ "id": given }), "withdrawnAt");
        let withdrawing = {
            let app = app.clone();
            tokio::spawn(async move { app.gql_as(&owner, &query, variables).await })
        };
        let answers: Vec<Answer> = join_all(reads).await.into_iter().map(Result::unwrap).collect();
        let withdrawn = withdrawing.await.unwrap().result()["withdrawnAt"].clone();
        let shown = answers.iter().filter(|answer| !answer.body["data"]["resume"]["current"].is_null()).count();
        let after = recruiter.gql(CURRENT, json!({ "id": resume })).await;
        after.is(json!({ "resume": null }));
        let log = student.gql("{ resumeAccesses(first: 100) { nodes { at } } }", json!({})).await;
        let times: Vec<&str> = log.at("/resumeAccesses/nodes").as_array().unwrap().iter().map(|one| one["at"].as_str().unwrap()).collect();
        assert_eq!(times.len(), shown + 1, "{answers:?}");
        assert!(times.iter().all(|at| *at <= withdrawn.as_str().unwrap()), "{times:?} {withdrawn}");
    }

    /// Who reads while a withdrawal is under way waits for it, and is answered nothing.
    async fn a_reader_waits_for_a_withdrawal(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        give(&student, &sides.alpha, &["PROFILE"]).await;
        let (owner, token) = (student.actor().await, sides.enterprise.token().await);
        let (owner, token, resume, reader) = (&owner, &token, &resume, &app);
        let reading = app.db().write(move |tx| async move {
            consents::withdraw_each(&tx, owner, None).await?;
            let (app, token, id) = (reader.clone(), token.clone(), resume.clone());
            let reading = tokio::spawn(async move { app.gql_as(&token, CURRENT, json!({ "id": id })).await });
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(!reading.is_finished(), "it did not wait");
            Ok(reading)
        });
        let answer = reading.await.unwrap().await.unwrap();
        assert_eq!((&answer.body["data"]["resume"]["current"], answer.codes()), (&Value::Null, vec!["CONSENT_REQUIRED"]));
        assert_eq!(log(&student).await, Vec::<Value>::new());
    }

    /// Whoever reads looks at the clock before waiting for the consent: a withdrawal is no earlier than the last read.
    async fn a_withdrawal_is_no_earlier_than_the_last_read(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let given = give(&student, &sides.alpha, &["PROFILE"]).await;
        app.it_is("2026-03-05T01:00:00.000002Z");
        sides.enterprise.gql(CURRENT, json!({ "id": resume })).await.data();
        app.it_is("2026-03-05T01:00:00.000001Z");
        let withdrawn = student.does("shareConsentWithdraw", json!({ "id": given }), "withdrawnAt").await;
        withdrawn.results_in(json!({ "withdrawnAt": "2026-03-05T01:00:00.000002Z" }));
    }

    /// An enterprise that is suspended reads nothing until it is reinstated.
    async fn a_suspended_enterprise_reads_nothing(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        give(&student, &sides.alpha, &["PROFILE"]).await;
        let officer = sides.yingshan.officer().await;
        let suspend = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "reason": "年检。" });
        officer.does("organizationSuspend", suspend, "id").await.result();
        let closed = sides.enterprise.gql(CURRENT, json!({ "id": resume })).await;
        assert_eq!((&closed.body["data"]["resume"]["current"], closed.codes()), (&Value::Null, vec!["CONSENT_REQUIRED"]));
        assert_eq!(log(&student).await, Vec::<Value>::new());
        let reinstate = json!({ "id": sides.alpha.id(), "expectedVersion": 2 });
        officer.does("organizationReinstate", reinstate, "id").await.result();
        sides.enterprise.gql(CURRENT, json!({ "id": resume })).await.data();
        assert_eq!(log(&student).await.len(), 1);
    }

    /// A consent names one enterprise: merged into another it ends, and the other reads nothing.
    async fn a_consent_does_not_pass_to_another_enterprise(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let reader: Persona = beta.admin().await;
        give(&student, &sides.alpha, &["PROFILE"]).await;
        let platform = app.platform().await.admin().await;
        let preview = "query($id: ID!, $into: ID!) { organizationMergePreview(id: $id, intoId: $into) { changes { kind effect count } } }";
        let changes = platform.gql(preview, json!({ "id": sides.alpha.id(), "into": beta.id() })).await;
        let ends = json!({ "kind": "share_consent", "effect": "ENDS", "count": 1 });
        let told = changes.at("/organizationMergePreview/changes").as_array().unwrap().clone();
        assert!(told.contains(&ends), "{changes}");
        let merge = json!({ "id": sides.alpha.id(), "intoId": beta.id(), "expectedVersion": 1, "intoExpectedVersion": 1, "reason": "重复。" });
        platform.does("organizationMerge", merge, "id").await.result();
        let query = "{ shareConsents { nodes { status history { nodes { kind } } } } }";
        student.gql(query, json!({})).await.is(json!({ "shareConsents": { "nodes": [{ "status": "ENDED", "history": {
            "nodes": [{ "kind": "ShareConsentGiven" }, { "kind": "ShareConsentEnded" }] } }] } }));
        reader.gql(CURRENT, json!({ "id": resume })).await.is(json!({ "resume": null }));
    }
}
