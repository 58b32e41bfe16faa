//! Recruitment events: drafted, reviewed by somebody else, held on their day, told of afterwards.

use axum::{body::Body, http::Request};
use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::talent::events::jobs;
use serde_json::{Value, json};

use crate::support::{
    Persona, TestApp, fair,
    fair::{published, registered, step, submitted},
    on_both,
};

/// Two officers of Yingshan: who holds events, and who reviews them.
async fn officers(app: &TestApp) -> (Persona, Persona) {
    let yingshan = app.county("511322").await;
    (yingshan.officer().await, yingshan.officer().await)
}

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ recruitmentEvent(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["recruitmentEvent"].clone()
}

/// The kinds of what somebody was told, the oldest first.
async fn told(person: &Persona) -> Vec<String> {
    let query = "{ viewer { inbox(first: 100) { nodes { kind } } } }";
    let answer = person.gql(query, json!({})).await;
    let nodes = answer.at("/viewer/inbox/nodes").as_array().unwrap().clone();
    nodes.iter().rev().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    /// Drafted, sent back, sent again, announced, held, closed, reported.
    async fn the_whole_way(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        let id = fair::draft(&officer, json!({})).await;
        assert_eq!(
            read(&officer, &id, "status regionCode openSteps organizer { name } registeredCount version").await,
            json!({ "status": "DRAFT", "regionCode": "511322", "openSteps": ["SUBMIT", "CANCEL"],
                "organizer": { "name": "County 511322" }, "registeredCount": 0, "version": 1 })
        );
        step(&officer, "Submit", &id, json!({})).await.results_in(json!({ "status": "SUBMITTED" }));
        step(&reviewer, "Return", &id, json!({ "reason": "请补充议程。" })).await.results_in(json!({ "status": "DRAFT" }));
        let text = fair::input(json!({ "text": { "programme": "14:00 面试" } }))["text"].take();
        let edit = json!({ "id": id, "expectedVersion": 3, "text": text });
        officer.does("recruitmentEventEdit", edit, "programme statusReason").await
            .results_in(json!({ "programme": "14:00 面试", "statusReason": "请补充议程。" }));
        step(&officer, "Submit", &id, json!({})).await.result();
        step(&reviewer, "Publish", &id, json!({})).await.results_in(json!({ "status": "PUBLISHED" }));
        let edit = json!({ "id": id, "expectedVersion": 6, "text": text });
        officer.does("recruitmentEventEdit", edit, "id").await.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(read(&officer, &id, "openSteps").await, json!({ "openSteps": ["CANCEL"] }));
        step(&officer, "OpenCheckIn", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        // The tenth of March begins at midnight in Shanghai (I16).
        app.it_is("2026-03-09T15:59:59Z");
        step(&officer, "OpenCheckIn", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-03-09T16:00:00Z");
        step(&officer, "OpenCheckIn", &id, json!({})).await.results_in(json!({ "status": "CHECK_IN_OPEN" }));
        step(&officer, "Start", &id, json!({})).await.results_in(json!({ "status": "RUNNING" }));
        step(&officer, "Close", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        app.it_is(fair::STARTS);
        step(&officer, "Close", &id, json!({})).await.results_in(json!({ "status": "CLOSED" }));
        step(&officer, "Cancel", &id, json!({ "reason": "天气" })).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&officer, "Report", &id, json!({})).await.results_in(json!({ "status": "REPORTED" }));
        let kinds = ["Created", "Submitted", "Returned", "Edited", "Submitted", "Published", "CheckInOpened", "Started",
            "Closed", "Reported"];
        let nodes = kinds.map(|kind| json!({ "kind": format!("RecruitmentEvent{kind}") }));
        let seen = read(&officer, &id, "openSteps version statusReason history { nodes { kind } } submittedBy { displayName }").await;
        assert_eq!(seen, json!({ "openSteps": [], "version": 10, "statusReason": null, "history": { "nodes": nodes },
            "submittedBy": { "displayName": "CountyOfficer of County 511322" } }));
    }

    /// Every field that is wrong is told at once.
    async fn what_an_event_must_look_like(app: TestApp) {
        let (officer, _) = officers(&app).await;
        let north = app.university("North").await;
        let text = json!({
            "title": " ", "description": "", "place": "a\u{200b}b", "startsAt": "2026-03-01T00:00:00Z",
            "endsAt": "2026-02-28T00:00:00Z", "registrationOpensAt": "2026-03-02T00:00:00Z",
            "registrationClosesAt": "2026-03-02T00:00:00Z", "capacity": 0, "booths": -1, "programme": "身份证11010519491231002X",
        });
        let wrong = fair::input(json!({ "regionCode": "511324", "text": text }));
        let fields = ["startsAt", "endsAt", "registrationClosesAt", "registrationClosesAt", "capacity", "booths", "title",
            "description", "place", "programme"];
        let of_text = fields.map(|field| format!("INVALID_INPUT input.text.{field}"));
        let mut expected = vec!["INVALID_INPUT input.regionCode"];
        expected.extend(of_text.iter().map(String::as_str));
        officer.does("recruitmentEventCreate", wrong.clone(), "id").await.complains(&expected);
        // A university names a county that is here; no county is fine too.
        let staff = north.staff().await;
        staff.does("recruitmentEventCreate", wrong, "id").await.complains(&expected);
        fair::draft(&staff, json!({ "regionCode": "511322" })).await;
        fair::draft(&staff, json!({})).await;
        for nobody in [&north.student().await, &north.professor().await, &app.platform().await.admin().await] {
            nobody.does("recruitmentEventCreate", fair::input(json!({})), "id").await.refused(&["FORBIDDEN"]);
        }
        let query = "{ recruitmentEvents { totalCount } }";
        staff.gql(query, json!({})).await.is(json!({ "recruitmentEvents": { "totalCount": 2 } }));
    }

    /// Nobody publishes what he or she submitted, under whichever membership (I12).
    async fn reviewed_by_somebody_else(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        let id = submitted(&officer, json!({})).await;
        step(&officer, "Publish", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(read(&officer, &id, "openSteps").await, json!({ "openSteps": ["RETURN", "CANCEL"] }));
        assert_eq!(read(&reviewer, &id, "openSteps").await, json!({ "openSteps": ["RETURN", "PUBLISH", "CANCEL"] }));
        // Another county does not even see it; the enterprise neither.
        let yilong = app.county("511324").await.officer().await;
        step(&yilong, "Publish", &id, json!({})).await.refused(&["NOT_FOUND"]);

        let staff = app.university("North").await.staff().await;
        let id = submitted(&staff, json!({ "regionCode": "511322" })).await;
        let both = officer.organization.also(&staff, Role::CountyOfficer).await;
        step(&both, "Publish", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        step(&staff.organization.admin().await, "Publish", &id, json!({})).await.refused(&["FORBIDDEN"]);
        let published = join_all((0..16).map(|_| {
            reviewer.does("recruitmentEventPublish", json!({ "id": id, "expectedVersion": 2 }), "status")
        })).await;
        assert_eq!(published.iter().filter(|answer| answer.user_errors().is_empty()).count(), 1);
    }

    /// A university's own event, for which no county is named, is reviewed by its own admin.
    async fn a_universitys_own_event(app: TestApp) {
        let north = app.university("North").await;
        let (staff, admin) = (north.staff().await, north.admin().await);
        let id = submitted(&admin, json!({ "kind": "ONLINE" })).await;
        step(&admin, "Publish", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        step(&staff, "Publish", &id, json!({})).await.refused(&["FORBIDDEN"]);
        step(&app.county("511322").await.officer().await, "Publish", &id, json!({})).await.refused(&["NOT_FOUND"]);
        step(&north.admin().await, "Publish", &id, json!({})).await.results_in(json!({ "status": "PUBLISHED" }));
        assert_eq!(told(&staff).await, ["EVENT_PUBLISHED"]);
    }

    /// By words in title, place and description, together or apart, as `search` finds them.
    async fn found_by_words(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        for (title, place, description) in
            [("园区群面", "园区人才中心", "研发、质量与财务岗位。"), ("校园引才活动", "两江校区体育馆", "Total Quality 与营山企业见面。")]
        {
            let text = json!({ "text": { "title": title, "place": place, "description": description } });
            fair::published(&officer, &reviewer, text).await;
        }
        let query = "query($search: String!) { recruitmentEvents(filter: { search: $search }) { totalCount nodes { title } } }";
        for (search, expected) in [
            ("园区", &["园区群面"] as &[&str]),
            ("园区 质量", &["园区群面"]),
            ("校园 营山", &["校园引才活动"]),
            ("ｑUALITY 体育", &["校园引才活动"]),
            ("quality 园区", &[]),
            ("活动与企业", &[]),
            ("。", &["园区群面", "校园引才活动"]),
        ] {
            let nodes: Vec<_> = expected.iter().map(|title| json!({ "title": title })).collect();
            let found = json!({ "recruitmentEvents": { "totalCount": nodes.len(), "nodes": nodes } });
            officer.gql(query, json!({ "search": search })).await.is(found);
        }
        officer.gql(query, json!({ "search": "质".repeat(101) })).await.refused(&["INVALID_INPUT"]);
    }

    /// What has begun is not announced, and what a suspended organizer drafted neither.
    async fn too_late_to_be_announced(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        let id = submitted(&officer, json!({})).await;
        let draft = fair::draft(&officer, json!({})).await;
        app.it_is(fair::STARTS);
        step(&reviewer, "Publish", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        step(&officer, "Submit", &draft, json!({})).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(read(&reviewer, &id, "openSteps").await, json!({ "openSteps": ["RETURN", "CANCEL"] }));
        step(&officer, "Submit", &draft, json!({ "expectedVersion": 9 })).await.complains(&["RULE_VIOLATED"]);
        let stale = json!({ "id": draft, "expectedVersion": 9 });
        officer.does("recruitmentEventSubmit", stale, "id").await.complains(&["CONFLICT input.expectedVersion"]);

        let platform = app.platform().await.admin().await;
        let north = app.university("North").await;
        let staff = north.staff().await;
        let later = json!({ "text": { "startsAt": "2026-03-20T01:00:00Z", "endsAt": "2026-03-20T09:00:00Z",
            "registrationClosesAt": "2026-03-19T01:00:00Z" } });
        let id = fair::draft(&staff, later).await;
        let suspend = json!({ "id": north.id(), "expectedVersion": 1, "reason": "核查。" });
        platform.does("organizationSuspend", suspend, "status").await.result();
        step(&staff, "Submit", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        staff.does("recruitmentEventCreate", fair::input(json!({})), "id").await.refused(&["FORBIDDEN"]);
    }

    /// Check-in opens an hour before, the event begins and ends at its times, each once, on any number of servers.
    async fn time_does_it(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        let id = published(&officer, &reviewer, json!({})).await;
        let other = app.replica(&[("check_in_opens_minutes", "0")]).await;
        for (moment, steps, status) in [
            ("2026-03-09T23:59:59Z", 0, "PUBLISHED"),
            ("2026-03-10T00:00:00Z", 1, "CHECK_IN_OPEN"),
            ("2026-03-10T00:59:59Z", 0, "CHECK_IN_OPEN"),
            ("2026-03-10T01:00:00Z", 1, "RUNNING"),
            ("2026-03-10T08:59:59Z", 0, "RUNNING"),
            ("2026-03-10T09:00:00Z", 1, "CLOSED"),
        ] {
            app.it_is(moment);
            let done = join_all([&app, &other, &app].map(|server| jobs::keep_time(server.app()))).await;
            let done: usize = done.into_iter().map(|done| done.unwrap()).sum();
            assert_eq!((done, read(&officer, &id, "status").await), (steps, json!({ "status": status })), "{moment}");
        }
        // Whoever was switched off for a day catches up.
        let late = json!({ "text": { "startsAt": "2026-03-11T01:00:00Z", "endsAt": "2026-03-11T09:00:00Z" } });
        let id = published(&officer, &reviewer, late).await;
        app.it_is("2026-03-12T01:00:00Z");
        assert_eq!(jobs::keep_time(app.app()).await.unwrap(), 3);
        assert_eq!(read(&officer, &id, "status closedAt").await, json!({ "status": "CLOSED", "closedAt": "2026-03-12T01:00:00.000000Z" }));
    }

    /// Moved and called off: whoever comes is told, with the reason.
    async fn moved_and_called_off(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        let alpha = app.enterprise(&officer.organization, "Alpha").await.recruiter().await;
        let student = app.university("North").await.student().await;
        let id = published(&officer, &reviewer, json!({})).await;
        fair::booth(&alpha, &officer, &id).await;
        registered(&student, &id).await;
        let mut place = json!({ "place": "体育馆", "startsAt": "2026-03-12T01:00:00Z", "endsAt": "2026-03-12T09:00:00Z",
            "registrationClosesAt": "2026-03-13T01:00:00Z", "reason": "场地检修。" });
        step(&officer, "Move", &id, place.clone()).await.complains(&["INVALID_INPUT input.registrationClosesAt"]);
        place["registrationClosesAt"] = json!("2026-03-11T01:00:00Z");
        step(&reviewer.organization.auditor().await, "Move", &id, place.clone()).await.refused(&["FORBIDDEN"]);
        step(&officer, "Move", &id, place.clone()).await.results_in(json!({ "status": "PUBLISHED" }));
        assert_eq!(read(&student, &id, "place startsAt statusReason").await, json!({
            "place": "体育馆", "startsAt": "2026-03-12T01:00:00.000000Z", "statusReason": "场地检修。" }));
        step(&officer, "Cancel", &id, json!({ "reason": "暴雨预警。" })).await.results_in(json!({ "status": "CANCELLED" }));
        step(&officer, "Move", &id, place).await.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(told(&student).await, ["EVENT_MOVED", "EVENT_CANCELLED"]);
        assert_eq!(told(&alpha).await, ["BOOTH_DECIDED", "EVENT_MOVED", "EVENT_CANCELLED"]);
        assert_eq!(told(&reviewer).await, ["EVENT_TO_REVIEW", "BOOTH_REQUESTED"]);
        assert_eq!(told(&officer).await, ["EVENT_PUBLISHED", "BOOTH_REQUESTED"]);
        assert_eq!(read(&student, &id, "status statusReason").await, json!({ "status": "CANCELLED", "statusReason": "暴雨预警。" }));
    }

    /// The article and the photos are the organizer's and the county's until they are published.
    async fn an_article_with_photos(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        let student = app.university("North").await.student().await;
        let id = published(&officer, &reviewer, json!({})).await;
        let write = json!({ "article": "当日七十余名学生到场。" });
        let written = async |by: &Persona| fair::taken(by, ("recruitmentEvent", "recruitmentEventArticleWrite"), &id, write.clone()).await;
        written(&officer).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-03-10T09:00:00Z");
        jobs::keep_time(app.app()).await.unwrap();
        let publish = async || fair::taken(&officer, ("recruitmentEvent", "recruitmentEventArticlePublish"), &id, json!({})).await;
        publish().await.complains(&["INVALID_INPUT input.id"]);
        written(&student).await.refused(&["FORBIDDEN"]);
        written(&officer).await.result();
        let photo = officer.does("documentUploadCreate", json!({ "recordId": id, "name": "p.pdf" }), "url document { id }").await;
        let url = photo.result()["url"].as_str().unwrap().to_owned();
        let put = Request::put(url.split_once("hezuo.test").unwrap().1).body(Body::from("%PDF-1.7\n%%EOF\n")).unwrap();
        assert_eq!(app.http(put).await.0, 200);
        officer.does("documentConfirm", json!({ "id": photo.result()["document"]["id"] }), "id").await.result();
        let upload = json!({ "recordId": id, "name": "q.pdf" });
        student.does("documentUploadCreate", upload, "url").await.refused(&["FORBIDDEN"]);
        let shown = "article documents { totalCount nodes { name } }";
        let nothing = json!({ "article": null, "documents": { "totalCount": 0, "nodes": [] } });
        let all = json!({ "article": "当日七十余名学生到场。", "documents": { "totalCount": 1, "nodes": [{ "name": "p.pdf" }] } });
        assert_eq!(read(&student, &id, shown).await, nothing);
        assert_eq!(read(&reviewer, &id, shown).await, all);
        publish().await.result();
        assert_eq!(read(&student, &id, shown).await, all);
    }

    /// How many come is the organizer's and the county's to know.
    async fn who_sees_the_numbers(app: TestApp) {
        let (officer, reviewer) = officers(&app).await;
        let north = app.university("North").await;
        let alpha = app.enterprise(&officer.organization, "Alpha").await.recruiter().await;
        let staff = north.staff().await;
        let id = published(&staff, &officer, json!({ "regionCode": "511322" })).await;
        fair::booth(&alpha, &staff, &id).await;
        let students = [north.student().await, north.student().await, app.university("South").await.student().await];
        for student in &students {
            registered(student, &id).await;
        }
        let yilong = app.county("511324").await.admin().await;
        let numbers = async |by: &Persona| {
            let seen = read(by, &id, "registeredCount checkedInCount").await;
            (seen["registeredCount"].as_i64(), seen["checkedInCount"].as_i64())
        };
        for inside in [&staff, &north.admin().await, &reviewer, &north.auditor().await] {
            assert_eq!(numbers(inside).await, (Some(3), Some(0)), "{}", inside.login);
        }
        for outside in [&alpha, &students[0], &yilong, &north.professor().await, &app.platform().await.admin().await] {
            assert_eq!(numbers(outside).await, (None, None), "{}", outside.login);
        }
    }

    /// A machine that repeats its request makes one event.
    async fn drafted_once(app: TestApp) {
        let (officer, _) = officers(&app).await;
        let mut input = fair::input(json!({ "idempotencyKey": "county-it-0001" }));
        officer.token().await;
        let answers = join_all((0..16).map(|_| officer.does("recruitmentEventCreate", input.clone(), "id"))).await;
        let first = answers[0].result().clone();
        assert!(answers.iter().all(|answer| *answer.result() == first), "{answers:?}");
        input["text"]["title"] = json!("另一活动");
        officer.does("recruitmentEventCreate", input, "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
        let query = "{ recruitmentEvents { totalCount } }";
        officer.gql(query, json!({})).await.is(json!({ "recruitmentEvents": { "totalCount": 1 } }));
    }
}
