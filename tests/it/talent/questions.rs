//! What an enterprise is asked: open between two, answered for everybody, the asker named to the own people only.

use std::sync::Arc;

use entity::membership::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{machine, told};
use crate::{
    support::{Answer, Organization, Persona, TestApp, on_both},
    visibility::{logins, seen_by},
};

const NAMES: (&str, &str) = ("organizationQuestion", "organizationQuestions");

fn question(of: &Organization) -> Value {
    json!({ "organizationId": of.id(), "topic": "TALENT_CULTIVATION", "question": "新员工如何培养？" })
}

async fn asked(by: &Persona, of: &Organization) -> String {
    by.does("organizationQuestionAsk", question(of), "id").await.result()["id"].as_str().unwrap().to_owned()
}

async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    let mut input = more;
    input["id"] = json!(id);
    input["expectedVersion"] = json!(1);
    by.does(&format!("organizationQuestion{step}"), input, "status").await
}

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ organizationQuestion(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["organizationQuestion"].clone()
}

on_both! {
    /// Asked, answered, and then on the profile for everybody.
    async fn answered_for_everybody(app: TestApp) {
        let sides = app.sides().await;
        let (student, recruiter) = (sides.north.student().await, sides.alpha.recruiter().await);
        let id = asked(&student, &sides.alpha).await;
        let all = "organization { name } topic question askerRole askerOrganization { name } answer answeredAt status
            statusReason openSteps version";
        assert_eq!(read(&recruiter, &id, all).await, json!({
            "organization": { "name": "Alpha" }, "topic": "TALENT_CULTIVATION", "question": "新员工如何培养？",
            "askerRole": "STUDENT", "askerOrganization": { "name": "North" }, "answer": null, "answeredAt": null,
            "status": "OPEN", "statusReason": null, "openSteps": ["ANSWER", "DECLINE"], "version": 1,
        }));
        assert_eq!(read(&student, &id, "openSteps").await, json!({ "openSteps": ["WITHDRAW"] }));
        assert_eq!((told(&recruiter).await, told(&sides.enterprise).await), (vec!["QUESTION_ASKED".to_owned()], vec!["QUESTION_ASKED".to_owned()]));
        step(&recruiter, "Answer", &id, json!({ "answer": " " })).await.complains(&["INVALID_INPUT input.answer"]);
        let answer = json!({ "answer": "师带徒一年，年度考核。" });
        step(&recruiter, "Answer", &id, answer.clone()).await.results_in(json!({ "status": "ANSWERED" }));
        step(&sides.enterprise, "Answer", &id, answer).await.complains(&["CONFLICT input.expectedVersion"]);
        assert_eq!((told(&student).await, told(&sides.university).await), (vec!["QUESTION_ANSWERED".to_owned()], vec![]));
        let profile = "query($id: ID!) { organization(id: $id) { questions(filter: { topic: { in: [TALENT_CULTIVATION] } }) {
            totalCount nodes { question answer answeredAt askerRole openSteps } } } }";
        let stranger = app.enterprise(&app.county("511324").await, "Gamma").await.admin().await;
        stranger.gql(profile, json!({ "id": sides.alpha.id() })).await.is(json!({ "organization": { "questions": {
            "totalCount": 1, "nodes": [{ "question": "新员工如何培养？", "answer": "师带徒一年，年度考核。",
                "answeredAt": "2026-03-02T01:00:00.000000Z", "askerRole": "STUDENT", "openSteps": [] }],
        }}}));
    }

    /// Open, declined and withdrawn ones are the asker's and the enterprise's; answered ones everybody's.
    async fn who_sees_it_when(app: TestApp) {
        let sides = app.sides().await;
        let asker = sides.north.student().await;
        let inside = [&asker, &sides.enterprise, &sides.alpha.recruiter().await];
        let outside = [
            &sides.university, &sides.north.student().await, &sides.county, &sides.yingshan.officer().await,
            &app.enterprise(&sides.yingshan, "Beta").await.admin().await, &app.platform().await.admin().await,
        ];
        let everybody: Vec<&Persona> = inside.into_iter().chain(outside).collect();
        let (all, some) = (logins(&everybody), logins(&inside));
        for (by, name, more, seen_then) in [
            (&sides.enterprise, "Decline", json!({ "reason": "涉及商业秘密。" }), &some),
            (&asker, "Withdraw", json!({}), &some),
            (&sides.enterprise, "Answer", json!({ "answer": "师带徒。" }), &all),
        ] {
            let id = asked(&asker, &sides.alpha).await;
            assert_eq!(seen_by(&everybody, NAMES, &id, "新员工").await, some);
            step(by, name, &id, more).await.result();
            assert_eq!(&seen_by(&everybody, NAMES, &id, "新员工").await, seen_then, "after {name}");
        }
        let reason = "query { organizationQuestions(filter: { status: { in: [DECLINED] } }) { nodes { statusReason } } }";
        asker.gql(reason, json!({})).await.is(json!({ "organizationQuestions": { "nodes": [{ "statusReason": "涉及商业秘密。" }] } }));
    }

    /// By name to oneself and the own organization; by role and organization to all others, in the trail too.
    async fn who_reads_the_names(app: TestApp) {
        let sides = app.sides().await;
        let (asker, recruiter) = (sides.north.student().await, sides.alpha.recruiter().await);
        let id = asked(&asker, &sides.alpha).await;
        step(&recruiter, "Answer", &id, json!({ "answer": "师带徒。" })).await.result();
        let names = "asker { displayName } answeredBy { displayName } history { nodes { user { displayName } } }";
        let (student, answerer) = (json!({ "displayName": "Student of North" }), json!({ "displayName": "EnterpriseRecruiter of Alpha" }));
        let named = |asker: &Value, answerer: &Value| json!({
            "asker": asker, "answeredBy": answerer, "history": { "nodes": [{ "user": asker }, { "user": answerer }] },
        });
        for (person, expected) in [
            (&asker, named(&student, &Value::Null)),
            (&sides.university, named(&student, &Value::Null)),
            (&recruiter, named(&Value::Null, &answerer)),
            (&sides.enterprise, named(&Value::Null, &answerer)),
            (&sides.county, named(&Value::Null, &Value::Null)),
            (&app.platform().await.admin().await, named(&Value::Null, &Value::Null)),
        ] {
            assert_eq!(read(person, &id, names).await, expected, "{}", person.login);
        }
    }

    /// Universities and counties ask; verified enterprises are asked; nobody answers the own question (I12).
    async fn who_asks_whom(app: TestApp) {
        let sides = app.sides().await;
        for person in [&sides.university, &sides.north.staff().await, &sides.north.professor().await, &sides.county, &sides.yingshan.officer().await] {
            asked(person, &sides.alpha).await;
        }
        for person in [&sides.enterprise, &sides.north.auditor().await, &sides.yingshan.auditor().await, &app.platform().await.admin().await] {
            person.does("organizationQuestionAsk", question(&sides.alpha), "id").await.refused(&["FORBIDDEN"]);
        }
        sides.university.does("organizationQuestionAsk", question(&sides.yingshan), "id").await
            .complains(&["RULE_VIOLATED input.organizationId"]);
        let bad = json!({ "organizationId": sides.alpha.id(), "topic": "OTHER", "question": "我的号码 11010519491231002X 收到了吗？" });
        sides.university.does("organizationQuestionAsk", bad, "id").await.complains(&["INVALID_INPUT input.question"]);
        // Who acts for both sides does not answer what they asked.
        let professor = sides.north.professor().await;
        let id = asked(&professor, &sides.alpha).await;
        let both = professor.also(&sides.alpha, Role::EnterpriseRecruiter).await;
        assert_eq!(read(&both, &id, "openSteps").await, json!({ "openSteps": ["WITHDRAW"] }));
        step(&both, "Answer", &id, json!({ "answer": "好。" })).await.complains(&["RULE_VIOLATED"]);
        step(&both, "Decline", &id, json!({ "reason": "不便。" })).await.complains(&["RULE_VIOLATED"]);
        step(&sides.enterprise, "Withdraw", &id, json!({})).await.refused(&["FORBIDDEN"]);
        // Suspended, it is asked nothing more.
        let suspend = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "reason": "年检。" });
        sides.yingshan.officer().await.does("organizationSuspend", suspend, "id").await.result();
        sides.university.does("organizationQuestionAsk", question(&sides.alpha), "id").await.refused(&["NOT_FOUND"]);
        sides.county.does("organizationQuestionAsk", question(&sides.alpha), "id").await.complains(&["RULE_VIOLATED input.organizationId"]);
        // A machine reads what is public and asks nothing.
        let reader = machine(&app, &sides.university, &["POSITIONS_READ"]).await;
        let (ask, variables) = TestApp::mutation("organizationQuestionAsk", &question(&sides.alpha), "id");
        app.gql_as(&reader, &ask, variables).await.refused(&["FORBIDDEN"]);
    }

    /// As many as the setting says wait at a time, also when they are asked at once; an answer makes room.
    async fn not_more_than_the_setting(app: TestApp) {
        let sides = app.sides().await;
        let app = app.replica(&[("open_questions_per_person", "3")]).await;
        let student = Arc::new(sides.north.student().await);
        let token = student.token().await;
        // Of as many enterprises, so that nothing but the asker is common to them.
        let enterprises = join_all((0..16).map(|turn| {
            let (app, county) = (app.clone(), sides.yingshan.clone());
            async move { app.enterprise(&county, &format!("Enterprise {turn}")).await }
        })).await;
        let asks = join_all(enterprises.iter().map(|enterprise| {
            let (app, token) = (app.clone(), token.clone());
            let input = question(enterprise);
            let (ask, variables) = TestApp::mutation("organizationQuestionAsk", &input, "id");
            tokio::spawn(async move { app.gql_as(&token, &ask, variables).await })
        }));
        let answers: Vec<Answer> = asks.await.into_iter().map(Result::unwrap).collect();
        let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.problems().is_empty());
        assert_eq!(done.len(), 3, "{answers:?}");
        assert!(refused.iter().all(|answer| answer.problems() == ["RULE_VIOLATED"]), "{refused:?}");
        let count = "{ organizationQuestions { totalCount } }";
        student.gql(count, json!({})).await.is(json!({ "organizationQuestions": { "totalCount": 3 } }));
        let id = done[0].result()["id"].as_str().unwrap();
        step(&student, "Withdraw", id, json!({})).await.results_in(json!({ "status": "WITHDRAWN" }));
        let (ask, variables) = TestApp::mutation("organizationQuestionAsk", &question(&sides.alpha), "status");
        app.gql_as(&token, &ask, variables.clone()).await.results_in(json!({ "status": "OPEN" }));
        app.gql_as(&token, &ask, variables).await.complains(&["RULE_VIOLATED"]);
    }

    /// The same request under the same key gives the same question.
    async fn repeated_on_a_flaky_line(app: TestApp) {
        let sides = app.sides().await;
        let mut input = question(&sides.alpha);
        input["idempotencyKey"] = json!("phone-1");
        let first = sides.university.does("organizationQuestionAsk", input.clone(), "id").await.result().clone();
        sides.university.does("organizationQuestionAsk", input.clone(), "id").await.results_in(first);
        input["topic"] = json!("OTHER");
        sides.university.does("organizationQuestionAsk", input, "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
    }

    /// What an organization says of itself, field by field; everyone signed in reads it.
    async fn the_profile(app: TestApp) {
        let sides = app.sides().await;
        let profile = json!({ "production": "功能性面料。", "talentCultivation": "师带徒。", "researchPlatforms": "市级技术中心。" });
        let update = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "profile": profile });
        sides.enterprise.does("organizationUpdate", update, "id").await.result();
        let query = "query($id: ID!) { organization(id: $id) { production talentCultivation researchPlatforms } }";
        sides.north.student().await.gql(query, json!({ "id": sides.alpha.id() })).await.is(json!({ "organization": profile }));
        let update = json!({ "id": sides.alpha.id(), "expectedVersion": 2, "profile": { "production": "" } });
        sides.enterprise.does("organizationUpdate", update, "production talentCultivation").await
            .results_in(json!({ "production": null, "talentCultivation": "师带徒。" }));
        let update = json!({ "id": sides.alpha.id(), "expectedVersion": 3, "profile": { "researchPlatforms": "隐藏\u{200b}字符" } });
        sides.enterprise.does("organizationUpdate", update, "id").await
            .complains(&["INVALID_INPUT input.profile.researchPlatforms"]);
    }
}
