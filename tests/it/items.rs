//! What exactly has been promised: done by one party, accepted by another, counted by the day.

use std::sync::Arc;

use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::agreements::jobs;
use serde_json::{Value, json};

use crate::support::{Answer, Persona, TestApp, make, on_both};

/// A university, a county and an enterprise, each with its admin.
async fn three(app: &TestApp) -> (Persona, Persona, Persona) {
    let yingshan = app.county("511322").await;
    let alpha = app.enterprise(&yingshan, "Alpha").await.admin().await;
    (app.university("North").await.admin().await, yingshan.admin().await, alpha)
}

/// What the enterprise promises: thirty trainees by September.
fn promise(agreement: &make::Agreement<'_>, by: &Persona) -> Value {
    json!({
        "agreementId": agreement.id, "title": "接收实习生", "responsibleId": by.organization.id(),
        "dueOn": "2026-09-01", "measure": "trainees", "target": "30",
    })
}

async fn added(by: &Persona, input: Value) -> String {
    by.does("cooperationItemCreate", input, "id").await.result()["id"].as_str().unwrap().to_owned()
}

/// Takes a step at the version that the item has now.
async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    let mut input = more;
    let query = "query($id: ID!) { cooperationItem(id: $id) { version } }";
    let seen = by.gql(query, json!({ "id": id })).await;
    input["expectedVersion"] = seen.body["data"]["cooperationItem"]["version"].as_i64().unwrap_or(1).into();
    input["id"] = json!(id);
    by.does(&format!("cooperationItem{step}"), input, "status").await
}

async fn status(by: &Persona, id: &str) -> String {
    by.gql("query($id: ID!) { cooperationItem(id: $id) { status } }", json!({ "id": id }))
        .await
        .text("/cooperationItem/status")
}

async fn rate(agreement: &make::Agreement<'_>) -> Value {
    agreement.read("executionRate { accepted due rate }").await["executionRate"].clone()
}

on_both! {
    /// Planned, begun, submitted, returned, submitted again, accepted by another party.
    async fn kept_and_accepted(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let recruiter = alpha.organization.recruiter().await;
        let id = added(&yingshan, promise(&agreement, &alpha)).await;
        let query = "query($id: ID!) { cooperationItem(id: $id) {
            title dueOn firstDueOn measure target actual status openSteps version responsible { name } } }";
        recruiter.gql(query, json!({ "id": id })).await.is(json!({ "cooperationItem": {
            "title": "接收实习生", "dueOn": "2026-09-01", "firstDueOn": "2026-09-01", "measure": "trainees",
            "target": "30", "actual": null, "status": "PLANNED", "openSteps": ["START", "DEFER"], "version": 1,
            "responsible": { "name": "Alpha" },
        } }));
        step(&north, "Start", &id, json!({})).await.refused(&["FORBIDDEN"]);
        step(&recruiter, "Start", &id, json!({})).await.results_in(json!({ "status": "IN_PROGRESS" }));
        step(&recruiter, "Submit", &id, json!({})).await.complains(&["INVALID_INPUT input.actual"]);
        step(&recruiter, "Submit", &id, json!({ "actual": "28" })).await.results_in(json!({ "status": "SUBMITTED" }));
        step(&alpha, "Accept", &id, json!({})).await.refused(&["FORBIDDEN"]);
        let returned = step(&north, "Return", &id, json!({ "reason": "名单缺两人" })).await;
        returned.results_in(json!({ "status": "RETURNED" }));
        step(&north, "Accept", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&alpha, "Start", &id, json!({})).await.results_in(json!({ "status": "IN_PROGRESS" }));
        step(&alpha, "Submit", &id, json!({ "actual": "30" })).await.results_in(json!({ "status": "SUBMITTED" }));
        let officer = yingshan.organization.officer().await;
        step(&officer, "Accept", &id, json!({})).await.results_in(json!({ "status": "ACCEPTED" }));
        let query = "query($id: ID!) { cooperationItem(id: $id) { actual acceptedBy { name } acceptor { displayName }
            statusReason openSteps history { nodes { kind } } } }";
        let kinds = ["Created", "Started", "Submitted", "Returned", "Started", "Submitted", "Accepted"];
        north.gql(query, json!({ "id": id })).await.is(json!({ "cooperationItem": {
            "actual": "30", "acceptedBy": { "name": "County 511322" },
            "acceptor": { "displayName": "CountyOfficer of County 511322" }, "statusReason": null, "openSteps": [],
            "history": { "nodes": kinds.map(|kind| json!({ "kind": format!("CooperationItem{kind}") })) },
        } }));
        assert_eq!(rate(&agreement).await, json!({ "accepted": 1, "due": 1, "rate": 1.0 }));
    }

    /// Every field that is wrong is told at once; a responsible party signs, a responsible person is its member.
    async fn what_an_item_must_look_like(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan], json!({})).await;
        let input = json!({
            "agreementId": agreement.id, "title": " ", "responsibleId": alpha.organization.id(),
            "responsibleUserId": hezuo::platform::id::show("user", north.user), "dueOn": "2029-01-01", "target": "0",
        });
        north.does("cooperationItemCreate", input.clone(), "id").await.complains(&[
            "INVALID_INPUT input.responsibleId", "INVALID_INPUT input.dueOn", "INVALID_INPUT input.measure",
            "INVALID_INPUT input.target", "INVALID_INPUT input.title", "INVALID_INPUT input.responsibleUserId",
        ]);
        alpha.does("cooperationItemCreate", input, "id").await.refused(&["NOT_FOUND"]);
        north.organization.staff().await
            .does("cooperationItemCreate", promise(&agreement, &yingshan), "id").await.refused(&["FORBIDDEN"]);
        let reviewed = make::submitted(&[&north, &yingshan], json!({ "kind": "TALENT" })).await;
        north.does("cooperationItemCreate", promise(&reviewed, &yingshan), "id").await.complains(&["RULE_VIOLATED"]);
    }

    /// A draft's items are the drafting side's; from review on they are seen with the agreement. The responsible
    /// person may act in any role.
    async fn who_sees_and_does(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let draft = make::draft(&[&north, &yingshan], json!({})).await;
        let professor = yingshan.organization.person(Role::Auditor).await;
        let mut input = promise(&draft, &yingshan);
        input["responsibleUserId"] = json!(hezuo::platform::id::show("user", professor.user));
        let id = added(&north, input).await;
        let query = "query($id: ID!) { cooperationItem(id: $id) { status openSteps } }";
        for nobody in [&yingshan, &professor, &alpha] {
            nobody.gql(query, json!({ "id": id })).await.is(json!({ "cooperationItem": null }));
        }
        north.does("agreementSubmit", json!({ "id": draft.id, "expectedVersion": 1 }), "id").await.result();
        for party in [&yingshan, &professor] {
            assert_eq!(status(party, &id).await, "PLANNED");
        }
        alpha.gql(query, json!({ "id": id })).await.is(json!({ "cooperationItem": null }));
        step(&professor, "Start", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        let mine = "query($me: ID!) { cooperationItems(filter: { responsibleUserId: { in: [$me] } }) { totalCount } }";
        let me = json!({ "me": hezuo::platform::id::show("user", professor.user) });
        professor.gql(mine, me).await.is(json!({ "cooperationItems": { "totalCount": 1 } }));
    }

    /// Nobody accepts the own work, under whichever membership (I12).
    async fn not_by_the_same_person(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let id = added(&north, promise(&agreement, &alpha)).await;
        step(&alpha, "Start", &id, json!({})).await.result();
        step(&alpha, "Submit", &id, json!({ "actual": "30" })).await.result();
        let both = alpha.also(&yingshan.organization, Role::CountyAdmin).await;
        step(&both, "Accept", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        let open = both.gql("query($id: ID!) { cooperationItem(id: $id) { openSteps } }", json!({ "id": id })).await;
        assert_eq!(open.at("/cooperationItem/openSteps"), &json!(["RETURN"]));
        let accepted = join_all((0..32).map(|_| {
            north.does("cooperationItemAccept", json!({ "id": id, "expectedVersion": 3 }), "status")
        })).await;
        assert_eq!(accepted.iter().filter(|answer| answer.user_errors().is_empty()).count(), 1);
        assert_eq!(status(&north, &id).await, "ACCEPTED");
    }

    /// The same request under the same key gives the same item, also thirty-two times at once.
    async fn repeated_by_a_machine(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let mut input = promise(&agreement, &alpha);
        input["idempotencyKey"] = json!("county-it-0001");
        north.token().await;
        let north = Arc::new(north);
        let answers = join_all((0..32).map(|_| {
            let (north, input) = (north.clone(), input.clone());
            tokio::spawn(async move { north.does("cooperationItemCreate", input, "id version").await })
        }));
        let answers: Vec<_> = answers.await.into_iter().map(Result::unwrap).collect();
        let first = answers[0].result().clone();
        assert!(answers.iter().all(|answer| *answer.result() == first), "{answers:?}");
        let query = "{ cooperationItems { totalCount } }";
        north.gql(query, json!({})).await.is(json!({ "cooperationItems": { "totalCount": 1 } }));
        input["title"] = json!("接收实习生若干");
        north.does("cooperationItemCreate", input.clone(), "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
        // Keys are each membership's own, and a request that failed keeps none.
        assert_ne!(added(&yingshan, input.clone()).await, first["id"].as_str().unwrap());
        input["idempotencyKey"] = json!("county-it-0002");
        input["target"] = json!("0");
        north.does("cooperationItemCreate", input.clone(), "id").await.complains(&["INVALID_INPUT input.target"]);
        input["target"] = json!("5");
        added(&north, input).await;
    }

    /// A later day, with the day first promised on record.
    async fn deferred(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let id = added(&north, promise(&agreement, &alpha)).await;
        for day in ["2026-09-01", "2029-01-01"] {
            let answer = step(&alpha, "Defer", &id, json!({ "dueOn": day, "reason": "学生军训" })).await;
            answer.complains(&["INVALID_INPUT input.dueOn"]);
        }
        let answer = step(&alpha, "Defer", &id, json!({ "dueOn": "2026-10-01", "reason": "学生军训" })).await;
        answer.results_in(json!({ "status": "DEFERRED" }));
        let query = "query($id: ID!) { cooperationItem(id: $id) { dueOn firstDueOn statusReason openSteps
            history { nodes { kind data } } } }";
        let seen = alpha.gql(query, json!({ "id": id })).await;
        assert_eq!(seen.at("/cooperationItem/dueOn"), "2026-10-01");
        assert_eq!(seen.at("/cooperationItem/firstDueOn"), "2026-09-01");
        assert_eq!(seen.at("/cooperationItem/statusReason"), "学生军训");
        assert_eq!(seen.at("/cooperationItem/openSteps"), &json!(["DEFER", "START", "DROP"]));
        let told: Value = serde_json::from_str(&seen.text("/cooperationItem/history/nodes/1/data")).unwrap();
        assert_eq!(told["dueOn"], "2026-10-01");
    }

    /// Dropped when all parties agree; any other step in between makes them ask again.
    async fn dropped_by_all(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let id = added(&north, promise(&agreement, &alpha)).await;
        let why = || json!({ "reason": "项目取消" });
        step(&alpha.organization.recruiter().await, "Drop", &id, why()).await.refused(&["FORBIDDEN"]);
        step(&north, "Drop", &id, why()).await.results_in(json!({ "status": "PLANNED" }));
        step(&north, "Drop", &id, why()).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&north.also(&yingshan.organization, Role::CountyAdmin).await, "Drop", &id, why()).await.complains(&["RULE_VIOLATED"]);
        step(&alpha, "Start", &id, json!({})).await.result();
        for party in [&yingshan, &alpha] {
            step(party, "Drop", &id, why()).await.results_in(json!({ "status": "IN_PROGRESS" }));
        }
        let query = "query($id: ID!) { cooperationItem(id: $id) { dropVotes { reason organization { name } } } }";
        north.gql(query, json!({ "id": id })).await.is(json!({ "cooperationItem": { "dropVotes": [
            { "reason": "项目取消", "organization": { "name": "County 511322" } },
            { "reason": "项目取消", "organization": { "name": "Alpha" } },
        ] } }));
        step(&north, "Drop", &id, why()).await.results_in(json!({ "status": "DROPPED" }));

        let draft = make::draft(&[&north, &yingshan], json!({ "kind": "TALENT" })).await;
        let id = added(&north, promise(&draft, &yingshan)).await;
        step(&north, "Drop", &id, why()).await.results_in(json!({ "status": "DROPPED" }));
    }

    /// Accepted ÷ due: the future does not count, dropping does not help.
    async fn the_execution_rate(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let parties = [&north, &yingshan, &alpha];
        let agreement = make::active(&parties, json!({})).await;
        assert_eq!(rate(&agreement).await, json!({ "accepted": 0, "due": 0, "rate": null }));
        let on = |day: &str| {
            let mut input = promise(&agreement, &alpha);
            input["dueOn"] = json!(day);
            input
        };
        let mut ids = Vec::new();
        for day in ["2026-03-10", "2026-03-10", "2026-03-20", "2026-12-31"] {
            ids.push(added(&north, on(day)).await);
        }
        for party in parties {
            step(party, "Drop", &ids[1], json!({ "reason": "不再需要" })).await.result();
        }
        for id in [&ids[0], &ids[3]] {
            step(&alpha, "Start", id, json!({})).await.result();
            step(&alpha, "Submit", id, json!({ "actual": "30" })).await.result();
            step(&north, "Accept", id, json!({})).await.result();
        }
        assert_eq!(rate(&agreement).await, json!({ "accepted": 2, "due": 2, "rate": 1.0 }));
        // The tenth of March ends at midnight in Shanghai (I16).
        app.it_is("2026-03-10T15:59:59Z");
        assert_eq!(rate(&agreement).await["due"], 2);
        app.it_is("2026-03-10T16:00:00Z");
        assert_eq!(rate(&agreement).await, json!({ "accepted": 2, "due": 3, "rate": 2.0 / 3.0 }));
        app.it_is("2026-03-21");
        assert_eq!(rate(&agreement).await, json!({ "accepted": 2, "due": 4, "rate": 0.5 }));
        make::active(&parties, json!({ "kind": "TALENT" })).await;
        let query = "{ agreements { nodes { executionRate { due } } } }";
        let (all, many) = app.counted(north.gql(query, json!({}))).await;
        assert_eq!(all.at("/agreements/nodes").as_array().unwrap().len(), 2);
        let query = "query($id: ID!) { agreement(id: $id) { executionRate { due } } }";
        let (_, one) = app.counted(north.gql(query, json!({ "id": agreement.id }))).await;
        assert_eq!(many, one);
    }

    /// Promising costs so many statements, whom to tell and the answer included.
    async fn promised_in_few_statements(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let agreement = make::active(&[&north, &yingshan, &alpha], json!({})).await;
        let input = promise(&agreement, &alpha);
        let (made, statements) = app.counted(north.does("cooperationItemCreate", input, "id status")).await;
        made.result();
        assert_eq!(statements, app.either(10, 7));
    }

    /// What is not done when the agreement ends lapses; what was submitted in time can still be accepted.
    async fn lapsed_with_the_agreement(app: TestApp) {
        let (north, yingshan, alpha) = three(&app).await;
        let text = json!({ "text": { "endsOn": "2026-12-31" } });
        let agreement = make::active(&[&north, &yingshan, &alpha], text).await;
        let (open, submitted) = (added(&north, promise(&agreement, &alpha)).await, added(&north, promise(&agreement, &alpha)).await);
        step(&alpha, "Start", &submitted, json!({})).await.result();
        step(&alpha, "Submit", &submitted, json!({ "actual": "30" })).await.result();
        app.it_is("2026-12-31T15:59:59Z");
        assert_eq!(jobs::turn_the_day(app.app()).await.unwrap(), 0);
        app.it_is("2026-12-31T16:00:00Z");
        assert_eq!(jobs::turn_the_day(app.app()).await.unwrap(), 1);
        assert_eq!(jobs::clear_what_ended(app.app()).await.unwrap(), 1);
        assert_eq!(jobs::clear_what_ended(app.app()).await.unwrap(), 0);
        assert_eq!(status(&north, &open).await, "LAPSED");
        step(&alpha, "Start", &open, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&north, "Accept", &submitted, json!({})).await.results_in(json!({ "status": "ACCEPTED" }));
        assert_eq!(rate(&agreement).await, json!({ "accepted": 1, "due": 2, "rate": 0.5 }));
    }
}
