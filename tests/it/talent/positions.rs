//! What an enterprise offers: written, reviewed by its county, published, found by students, closed in time.

mod found;
mod seen;
mod words;

use std::sync::Arc;

use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::talent::positions::jobs;
use serde_json::{Value, json};

use super::{machine, told};
use crate::support::{Answer, Persona, TestApp, offer, on_both};

/// Takes a step at the version that the position has now.
pub(super) async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    let mut input = more;
    let query = "query($id: ID!) { position(id: $id) { version } }";
    let seen = by.gql(query, json!({ "id": id })).await;
    input["expectedVersion"] = seen.body["data"]["position"]["version"].as_i64().unwrap_or(1).into();
    input["id"] = json!(id);
    by.does(&format!("position{step}"), input, "status").await
}

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ position(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["position"].clone()
}

on_both! {
    /// Written, returned, rewritten, published, extended, filled.
    async fn from_draft_to_filled(app: TestApp) {
        let sides = app.sides().await;
        let (recruiter, officer) = (sides.alpha.recruiter().await, sides.yingshan.officer().await);
        let id = offer::written(&recruiter, json!({ "majors": ["120203k", "081601"] })).await;
        let all = "organization { name } event { id } title family kind description requirements headcount payMin payMax
            regionCode address education applyBy majors { code } skills { name kind level required } status
            statusReason submittedAt publishedAt closedAt openSteps version createdAt";
        assert_eq!(read(&recruiter, &id, all).await, json!({
            "organization": { "name": "Alpha" }, "event": null, "title": "研发工程师",
            "family": "RESEARCH_AND_DEVELOPMENT", "kind": "EMPLOYMENT", "description": "负责功能性面料的工艺研发。",
            "requirements": "熟悉纺织工艺，男女不限。", "headcount": 3, "payMin": "600000", "payMax": "900000",
            "regionCode": "511322", "address": "营山经济开发区一号路 1 号", "education": "BACHELOR",
            "applyBy": "2026-04-30", "majors": [{ "code": "120203K" }, { "code": "081601" }],
            "skills": [{ "name": "SolidWorks", "kind": "SOFTWARE", "level": "PROFICIENT", "required": true }],
            "status": "DRAFT", "statusReason": null, "submittedAt": null, "publishedAt": null, "closedAt": null,
            "openSteps": ["SUBMIT", "WITHDRAW"], "version": 1, "createdAt": "2026-03-02T01:00:00.000000Z",
        }));
        step(&officer, "Publish", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&recruiter, "Submit", &id, json!({})).await.results_in(json!({ "status": "UNDER_REVIEW" }));
        let edit = json!({ "content": offer::content(json!({})) });
        step(&recruiter, "Edit", &id, edit.clone()).await.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(read(&officer, &id, "openSteps").await["openSteps"], json!(["PUBLISH", "RETURN", "BLOCK"]));
        step(&officer, "Return", &id, json!({ "reason": "请写明技能要求。" })).await.results_in(json!({ "status": "DRAFT" }));
        assert_eq!(read(&recruiter, &id, "statusReason").await["statusReason"], "请写明技能要求。");
        let skills = json!({ "skills": [
            { "name": "用友 U8", "kind": "SOFTWARE", "level": "WORKING", "required": false },
            { "name": "英语四级", "kind": "CERTIFICATE", "level": "BASIC", "required": true },
        ], "majors": [], "title": "工艺研发工程师" });
        let edit = json!({ "content": offer::content(skills) });
        step(&sides.enterprise, "Edit", &id, edit).await.results_in(json!({ "status": "DRAFT" }));
        assert_eq!(read(&recruiter, &id, "title majors { code } skills { name required }").await, json!({
            "title": "工艺研发工程师", "majors": [],
            "skills": [{ "name": "用友 U8", "required": false }, { "name": "英语四级", "required": true }],
        }));
        app.it_is("2026-03-05");
        step(&recruiter, "Submit", &id, json!({})).await.result();
        step(&sides.county, "Publish", &id, json!({})).await.results_in(json!({ "status": "PUBLISHED" }));
        assert_eq!(read(&recruiter, &id, "publishedAt statusReason openSteps").await, json!({
            "publishedAt": "2026-03-05T01:00:00.000000Z", "statusReason": null, "openSteps": ["EXTEND", "FILL", "WITHDRAW"],
        }));
        for (more, problems) in [
            (json!({}), &["INVALID_INPUT input"] as &[&str]),
            (json!({ "headcount": 3 }), &["INVALID_INPUT input"]),
            (json!({ "headcount": 2, "applyBy": "2026-04-29" }), &["INVALID_INPUT input.headcount", "INVALID_INPUT input.applyBy"]),
        ] {
            step(&recruiter, "Extend", &id, more).await.complains(problems);
        }
        step(&recruiter, "Extend", &id, json!({ "headcount": 5 })).await.results_in(json!({ "status": "PUBLISHED" }));
        step(&recruiter, "Extend", &id, json!({ "applyBy": "2026-05-31" })).await.result();
        assert_eq!(read(&recruiter, &id, "headcount applyBy").await, json!({ "headcount": 5, "applyBy": "2026-05-31" }));
        step(&recruiter, "Fill", &id, json!({})).await.results_in(json!({ "status": "FILLED" }));
        for closed in ["Withdraw", "Block"] {
            let by = if closed == "Block" { &officer } else { &recruiter };
            step(by, closed, &id, json!({ "reason": "。" })).await.complains(&["ILLEGAL_STEP input.id"]);
        }
        let history = read(&recruiter, &id, "history { nodes { kind } } openSteps closedAt").await;
        let kinds = ["Created", "Submitted", "Returned", "Edited", "Submitted", "Published", "Extended", "Extended", "Filled"];
        assert_eq!(history, json!({
            "history": { "nodes": kinds.map(|kind| json!({ "kind": format!("Position{kind}") })) },
            "openSteps": [], "closedAt": "2026-03-05T01:00:00.000000Z",
        }));
    }

    /// Every field that is wrong is told at once.
    async fn what_a_position_must_look_like(app: TestApp) {
        let sides = app.sides().await;
        let skill = |name: &str| json!({ "name": name, "kind": "SOFTWARE", "level": "BASIC", "required": true });
        let content = offer::content(json!({
            "title": " ", "description": "甲".repeat(5_001), "requirements": "联系人身份证11010519491231002X。",
            "headcount": 0, "payMin": "0", "payMax": "-1", "regionCode": "511399", "address": "\u{202e}一号路",
            "applyBy": "2026-03-01", "majors": ["120203K", "12020", "120203k"], "skills": [skill("CAD"), skill("")],
        }));
        let refused = sides.enterprise.does("positionCreate", json!({ "content": content }), "id").await;
        refused.complains(&[
            "INVALID_INPUT input.content.title", "INVALID_INPUT input.content.description",
            "INVALID_INPUT input.content.requirements", "INVALID_INPUT input.content.headcount",
            "INVALID_INPUT input.content.regionCode", "INVALID_INPUT input.content.address",
            "INVALID_INPUT input.content.payMin", "INVALID_INPUT input.content.payMax",
            "INVALID_INPUT input.content.applyBy", "INVALID_INPUT input.content.majors.1",
            "INVALID_INPUT input.content.majors.2", "INVALID_INPUT input.content.skills.1.name",
        ]);
        let many = json!({ "majors": (0..21).map(|n| format!("0801{n:02}")).collect::<Vec<_>>(), "skills": vec![skill("CAD"); 21] });
        let refused = sides.enterprise.does("positionCreate", json!({ "content": offer::content(many) }), "id").await;
        refused.complains(&["INVALID_INPUT input.content.majors", "INVALID_INPUT input.content.skills"]);
        // The code of a county that is one no more, and a place that is none.
        for region in ["510122", "51132"] {
            let content = offer::content(json!({ "regionCode": region }));
            let refused = sides.enterprise.does("positionCreate", json!({ "content": content }), "id").await;
            refused.complains(&["INVALID_INPUT input.content.regionCode"]);
        }
        let event = json!({ "content": offer::content(json!({ "eventId": sides.alpha.id() })) });
        sides.enterprise.does("positionCreate", event, "id").await.refused(&["INVALID_INPUT"]);
        sides.enterprise.gql("{ positions { totalCount } }", json!({})).await.is(json!({ "positions": { "totalCount": 0 } }));
        // Today is early enough, and as many as the limits allow.
        let most = json!({
            "majors": (0..20).map(|n| format!("0801{n:02}")).collect::<Vec<_>>(), "skills": vec![skill("CAD"); 20],
            "applyBy": "2026-03-02", "payMin": "1", "payMax": "1", "headcount": 1, "description": "甲".repeat(5_000),
        });
        let id = offer::written(&sides.enterprise, most).await;
        let parts = read(&sides.enterprise, &id, "majors { code } skills { name }").await;
        assert_eq!((parts["majors"].as_array().unwrap().len(), parts["skills"].as_array().unwrap().len()), (20, 20));
    }

    /// Only verified enterprises post; the reviewing officer is no member of the enterprise (I12).
    async fn who_may_offer_and_who_may_review(app: TestApp) {
        let sides = app.sides().await;
        let id = offer::submitted(&sides.enterprise, json!({})).await;
        // A member of the enterprise who is an officer too.
        let both = sides.enterprise.also(&sides.yingshan, Role::CountyOfficer).await;
        assert_eq!(read(&both, &id, "openSteps").await, json!({ "openSteps": [] }));
        for (step_, more) in [("Publish", json!({})), ("Return", json!({ "reason": "。" })), ("Block", json!({ "reason": "。" }))] {
            step(&both, step_, &id, more).await.refused(&["FORBIDDEN"]);
        }
        let elsewhere = app.county("511324").await;
        step(&elsewhere.admin().await, "Publish", &id, json!({})).await.refused(&["NOT_FOUND"]);
        // Suspended, it neither writes nor sends, and nothing of it is published.
        let draft = offer::written(&sides.enterprise, json!({})).await;
        let suspend = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "reason": "年检。" });
        let officer = sides.yingshan.officer().await;
        officer.does("organizationSuspend", suspend, "id").await.result();
        let create = json!({ "content": offer::content(json!({})) });
        sides.enterprise.does("positionCreate", create, "id").await.complains(&["RULE_VIOLATED"]);
        step(&sides.enterprise, "Submit", &draft, json!({})).await.complains(&["RULE_VIOLATED"]);
        step(&officer, "Publish", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        step(&officer, "Return", &id, json!({ "reason": "待恢复。" })).await.result();
    }

    /// A position is open until midnight in Shanghai (I16); then the system closes it, once.
    async fn expired_after_its_last_day(app: TestApp) {
        let sides = app.sides().await;
        let id = offer::published(&sides.enterprise, &sides.county, json!({ "applyBy": "2026-03-10" })).await;
        let late = offer::submitted(&sides.enterprise, json!({ "applyBy": "2026-03-10" })).await;
        let longer = offer::published(&sides.enterprise, &sides.county, json!({ "applyBy": "2026-03-11" })).await;
        app.it_is("2026-03-10T15:59:59Z");
        assert_eq!(jobs::expire(app.app()).await.unwrap(), 0);
        app.it_is("2026-03-10T16:00:00Z");
        let server = app.replica(&[]).await;
        let (one, other) = tokio::join!(jobs::expire(app.app()), jobs::expire(server.app()));
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        assert_eq!(read(&sides.university, &id, "status closedAt").await, json!({
            "status": "EXPIRED", "closedAt": "2026-03-10T16:00:00.000000Z",
        }));
        assert_eq!(read(&sides.university, &longer, "status").await, json!({ "status": "PUBLISHED" }));
        step(&sides.county, "Publish", &late, json!({})).await.complains(&["RULE_VIOLATED input.id"]);
        step(&sides.enterprise, "Extend", &id, json!({ "headcount": 9 })).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&sides.enterprise, "Extend", &longer, json!({ "applyBy": "2026-03-12" })).await.result();
        app.it_is("2026-03-12T16:00:00Z");
        assert_eq!(jobs::expire(app.app()).await.unwrap(), 1);
        assert_eq!(jobs::expire(app.app()).await.unwrap(), 0);
    }

    /// What was blocked is seen by nobody else any more, is revised, and passes review again.
    async fn blocked_and_revised(app: TestApp) {
        let sides = app.sides().await;
        let id = offer::published(&sides.enterprise, &sides.county, json!({})).await;
        step(&sides.county, "Block", &id, json!({ "reason": "薪资不实。" })).await.results_in(json!({ "status": "BLOCKED" }));
        assert_eq!(read(&sides.university, &id, "id").await, json!(null));
        assert_eq!(read(&sides.enterprise, &id, "statusReason publishedAt openSteps").await, json!({
            "statusReason": "薪资不实。", "publishedAt": null, "openSteps": ["REVISE"],
        }));
        step(&sides.enterprise, "Submit", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&sides.enterprise, "Revise", &id, json!({})).await.results_in(json!({ "status": "DRAFT" }));
        step(&sides.enterprise, "Edit", &id, json!({ "content": offer::content(json!({ "payMin": "500000" })) })).await.result();
        step(&sides.enterprise, "Submit", &id, json!({})).await.result();
        assert_eq!(read(&sides.university, &id, "id").await, json!(null));
        step(&sides.county, "Publish", &id, json!({})).await.result();
        assert_eq!(read(&sides.university, &id, "payMin").await, json!({ "payMin": "500000" }));
    }

    /// Thirty-two people decide at once: one of them does. A decision about a text that changed meanwhile is a CONFLICT.
    async fn decided_once(app: TestApp) {
        let sides = app.sides().await;
        let id = offer::submitted(&sides.enterprise, json!({})).await;
        sides.county.token().await;
        let county = Arc::new(sides.yingshan.officer().await);
        county.token().await;
        let decisions = join_all((0..32).map(|turn| {
            let (county, id) = (county.clone(), id.clone());
            tokio::spawn(async move {
                let mut input = json!({ "id": id, "expectedVersion": 2 });
                if turn % 2 == 1 {
                    input["reason"] = json!("请补充。");
                }
                let mutation = if turn % 2 == 1 { "positionReturn" } else { "positionPublish" };
                county.does(mutation, input, "status").await
            })
        }));
        let answers: Vec<Answer> = decisions.await.into_iter().map(Result::unwrap).collect();
        let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.problems().is_empty());
        assert_eq!(done.len(), 1);
        assert!(refused.iter().all(|answer| answer.problems() == ["CONFLICT input.expectedVersion"]), "{refused:?}");
        let status = read(&sides.enterprise, &id, "status version").await;
        assert_eq!(status["version"], 3);
        assert_eq!(&status["status"], &done[0].result()["status"]);
    }

    /// The same request under the same key gives the same position, also thirty-two times at once.
    async fn repeated_by_a_machine(app: TestApp) {
        let sides = app.sides().await;
        let input = json!({ "idempotencyKey": "hr-2026-0001", "content": offer::content(json!({})) });
        let enterprise = Arc::new(sides.enterprise);
        let answers = join_all((0..32).map(|_| {
            let (enterprise, input) = (enterprise.clone(), input.clone());
            tokio::spawn(async move { enterprise.does("positionCreate", input, "id version").await })
        }));
        let answers: Vec<Answer> = answers.await.into_iter().map(Result::unwrap).collect();
        let first = answers[0].result().clone();
        assert!(answers.iter().all(|answer| *answer.result() == first), "{answers:?}");
        let query = "{ positions { totalCount nodes { skills { name } majors { code } } } }";
        enterprise.gql(query, json!({})).await.is(json!({ "positions": { "totalCount": 1, "nodes": [
            { "skills": [{ "name": "SolidWorks" }], "majors": [{ "code": "081601" }] },
        ] } }));
        let other = json!({ "idempotencyKey": "hr-2026-0001", "content": offer::content(json!({ "headcount": 4 })) });
        enterprise.does("positionCreate", other, "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
    }

    /// The county's officers learn what waits for them, the enterprise what they decided; nobody of what they did.
    async fn who_is_told(app: TestApp) {
        let sides = app.sides().await;
        let (recruiter, officer) = (sides.alpha.recruiter().await, sides.yingshan.officer().await);
        let elsewhere = app.county("511324").await.officer().await;
        let id = offer::submitted(&recruiter, json!({})).await;
        for county in [&sides.county, &officer] {
            assert_eq!(told(county).await, ["POSITION_TO_REVIEW"]);
        }
        assert_eq!([told(&recruiter).await, told(&sides.enterprise).await, told(&elsewhere).await], [[""; 0]; 3]);
        step(&officer, "Return", &id, json!({ "reason": "请补充。" })).await.result();
        step(&recruiter, "Submit", &id, json!({})).await.result();
        step(&officer, "Publish", &id, json!({})).await.result();
        for enterprise in [&recruiter, &sides.enterprise] {
            assert_eq!(told(enterprise).await, ["POSITION_DECIDED", "POSITION_DECIDED"]);
        }
        step(&recruiter, "Extend", &id, json!({ "headcount": 4 })).await.result();
        app.it_is("2026-05-01");
        jobs::expire(app.app()).await.unwrap();
        assert_eq!(told(&recruiter).await, ["POSITION_EXPIRED"]);
        assert_eq!((told(&officer).await, told(&sides.university).await), (vec!["POSITION_TO_REVIEW".to_owned()], vec![]));
        let inbox = "{ viewer { inbox(first: 1) { nodes { recordId position { title } } } } }";
        recruiter.gql(inbox, json!({})).await.is(json!({ "viewer": { "inbox": { "nodes": [
            { "recordId": id, "position": { "title": "研发工程师" } },
        ] } } }));
    }

    /// An enterprise's IT system writes and sends positions, and takes them back, but never decides for the county.
    async fn by_a_machine(app: TestApp) {
        let sides = app.sides().await;
        let writer = machine(&app, &sides.enterprise, &["POSITIONS_READ", "POSITIONS_WRITE"]).await;
        let content = json!({ "content": offer::content(json!({})) });
        let (create, variables) = TestApp::mutation("positionCreate", &content, "id status skills { name }");
        let made = app.gql_as(&writer, &create, variables).await.result().clone();
        assert_eq!((&made["status"], &made["skills"][0]["name"]), (&json!("DRAFT"), &json!("SolidWorks")));
        let submit = json!({ "id": made["id"], "expectedVersion": 1 });
        let (submit, variables) = TestApp::mutation("positionSubmit", &submit, "status");
        app.gql_as(&writer, &submit, variables).await.results_in(json!({ "status": "UNDER_REVIEW" }));
        let reviewer = machine(&app, &sides.county, &["POSITIONS_READ", "POSITIONS_WRITE"]).await;
        let publish = json!({ "id": made["id"], "expectedVersion": 2 });
        let (publish, variables) = TestApp::mutation("positionPublish", &publish, "status");
        app.gql_as(&reviewer, &publish, variables).await.refused(&["FORBIDDEN"]);
        let reader = machine(&app, &sides.enterprise, &["ORGANIZATIONS_READ"]).await;
        let hidden = "{ organizations { nodes { positions { totalCount } } } }";
        app.gql_as(&reader, "{ positions { totalCount } }", json!({})).await.refused(&["FORBIDDEN"]);
        let answer = app.gql_as(&reader, hidden, json!({})).await;
        let counts = answer.at("/organizations/nodes").as_array().unwrap().iter().map(|node| node["positions"]["totalCount"].as_u64());
        assert_eq!(counts.sum::<Option<u64>>(), Some(0), "{answer}");
    }
}
