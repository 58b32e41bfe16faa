//! Who registers for an event, who comes and who does not.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::talent::{events, registrations::jobs};
use serde_json::{Value, json};

use crate::support::{
    Answer, Persona, TestApp, fair,
    fair::{published, registered, taken},
    on_both,
};

async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    taken(by, ("registration", &format!("registration{step}")), id, more).await
}

async fn register(student: &Persona, event: &str) -> Answer {
    student.does("registrationCreate", json!({ "eventId": event }), "id").await
}

/// Registers on another server.
async fn register_on(server: &TestApp, student: &Persona, event: &str) -> Answer {
    let (query, variables) = TestApp::mutation("registrationCreate", &json!({ "eventId": event }), "id");
    server.gql_as(&student.token().await, &query, variables).await
}

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ registration(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["registration"].clone()
}

/// An event of Yingshan that was announced, and its officer.
async fn event(app: &TestApp, changes: Value) -> (Persona, String) {
    let yingshan = app.county("511322").await;
    let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
    let event = published(&officer, &reviewer, changes).await;
    (officer, event)
}

/// The event is over, and a day later whoever did not come is noted.
async fn is_over(app: &TestApp) -> usize {
    app.it_is(fair::ENDS);
    events::jobs::keep_time(app.app()).await.unwrap();
    app.passes(TimeDelta::hours(24));
    jobs::note_absences(app.app()).await.unwrap()
}

on_both! {
    /// Registered, given up, taken again; twice is a duplicate; only students, only in time.
    async fn a_place(app: TestApp) {
        let (officer, event) = event(&app, json!({})).await;
        let north = app.university("North").await;
        let student = north.student().await;
        for nobody in [&officer, &north.staff().await, &north.professor().await] {
            register(nobody, &event).await.refused(&["FORBIDDEN"]);
        }
        let id = registered(&student, &event).await;
        register(&student, &event).await.complains(&["DUPLICATE input.eventId"]);
        assert_eq!(
            read(&student, &id, "status openSteps version student { displayName } university { name } event { title }").await,
            json!({ "status": "REGISTERED", "openSteps": ["CANCEL"], "version": 1,
                "student": { "displayName": "Student of North" }, "university": { "name": "North" }, "event": { "title": "园区群面" } })
        );
        step(&officer, "Cancel", &id, json!({})).await.refused(&["FORBIDDEN"]);
        step(&north.student().await, "Cancel", &id, json!({})).await.refused(&["NOT_FOUND"]);
        step(&student, "Cancel", &id, json!({})).await.results_in(json!({ "status": "CANCELLED" }));
        step(&student, "Cancel", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        assert_eq!(read(&student, &id, "openSteps").await, json!({ "openSteps": ["REGISTER"] }));
        assert_eq!(registered(&student, &event).await, id);
        let kinds = ["Created", "Cancelled", "Renewed"].map(|kind| json!({ "kind": format!("Registration{kind}") }));
        assert_eq!(read(&student, &id, "history { nodes { kind } }").await, json!({ "history": { "nodes": kinds } }));

        let late = north.student().await;
        app.it_is("2026-03-09T11:59:59Z");
        registered(&north.student().await, &event).await;
        app.it_is(fair::CLOSES);
        let closed = register(&late, &event).await;
        closed.complains(&["RULE_VIOLATED"]);
        let words = "Registration is open from 2026-03-02T00:00:00Z until 2026-03-09T12:00:00Z.";
        assert_eq!(closed.user_errors()[0]["message"], words);
        app.it_is(fair::STARTS);
        step(&student, "Cancel", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(read(&student, &id, "openSteps").await, json!({ "openSteps": [] }));
    }

    /// An event that is not announced is not there for students; one that was called off takes nobody.
    async fn no_place_at_a_draft(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let north = app.university("North").await;
        let student = north.student().await;
        let draft = fair::submitted(&officer, json!({})).await;
        register(&student, &draft).await.refused(&["NOT_FOUND"]);
        let event = published(&officer, &reviewer, json!({})).await;
        fair::step(&officer, "Cancel", &event, json!({ "reason": "暴雨。" })).await.result();
        register(&student, &event).await.complains(&["RULE_VIOLATED"]);
        let event = published(&officer, &reviewer, json!({})).await;
        let suspend = json!({ "id": north.id(), "expectedVersion": 1, "reason": "核查。" });
        app.platform().await.admin().await.does("organizationSuspend", suspend, "status").await.result();
        register(&student, &event).await.complains(&["RULE_VIOLATED"]);
    }

    /// Twenty-four students at once, ten places: ten get one, fourteen are told why; a place given up is free again.
    async fn never_more_than_there_are_places(app: TestApp) {
        let (officer, event) = event(&app, json!({ "text": { "capacity": 10 } })).await;
        let north = app.university("North").await;
        let mut students = Vec::new();
        for _ in 0..24 {
            let student = north.student().await;
            student.token().await;
            students.push(Arc::new(student));
        }
        let answers = join_all(students.iter().map(|student| {
            let (student, event) = (student.clone(), event.clone());
            tokio::spawn(async move { register(&student, &event).await })
        })).await;
        let answers: Vec<Answer> = answers.into_iter().map(Result::unwrap).collect();
        let (some, none): (Vec<_>, Vec<_>) = answers.iter().zip(&students).partition(|(answer, _)| answer.user_errors().is_empty());
        assert_eq!((some.len(), none.len()), (10, 14));
        for (answer, _) in &none {
            answer.complains(&["CAPACITY_FULL input.eventId"]);
        }
        let counts = "query($id: ID!) { recruitmentEvent(id: $id) { registeredCount registrations { totalCount } } }";
        officer.gql(counts, json!({ "id": event })).await.is(json!({ "recruitmentEvent": {
            "registeredCount": 10, "registrations": { "totalCount": 10 } } }));
        let id = some[0].0.result()["id"].as_str().unwrap().to_owned();
        step(some[0].1, "Cancel", &id, json!({})).await.result();
        registered(none[0].1, &event).await;
        register(some[0].1, &event).await.complains(&["CAPACITY_FULL input.eventId"]);
    }

    /// The same request under the same key gives the same place, also when it is taken again.
    async fn repeated_by_a_machine(app: TestApp) {
        let (_, event) = event(&app, json!({})).await;
        let student = app.university("North").await.student().await;
        student.token().await;
        let input = |key: &str| json!({ "eventId": event, "idempotencyKey": key });
        let answers = join_all((0..16).map(|_| student.does("registrationCreate", input("app-1"), "id"))).await;
        let first = answers[0].result().clone();
        assert!(answers.iter().all(|answer| *answer.result() == first), "{answers:?}");
        step(&student, "Cancel", first["id"].as_str().unwrap(), json!({})).await.result();
        for _ in 0..2 {
            student.does("registrationCreate", input("app-2"), "id").await.results_in(first.clone());
        }
        student.does("registrationCreate", input("app-3"), "id").await.complains(&["DUPLICATE input.eventId"]);
    }

    /// Whoever did not come is noted a day after, once; the university excuses; who stays away too often waits.
    async fn whoever_stays_away(app: TestApp) {
        let (officer, first) = event(&app, json!({})).await;
        let reviewer = officer.organization.officer().await;
        let second = published(&officer, &reviewer, json!({})).await;
        let north = app.university("North").await;
        let (student, staff) = (north.student().await, north.staff().await);
        let missed = [registered(&student, &first).await, registered(&student, &second).await];
        app.it_is(fair::ENDS);
        events::jobs::keep_time(app.app()).await.unwrap();
        app.passes(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(jobs::note_absences(app.app()).await.unwrap(), 0);
        app.passes(TimeDelta::seconds(1));
        let noted = join_all([0, 1, 2].map(|_| jobs::note_absences(app.app()))).await;
        assert_eq!(noted.into_iter().map(Result::unwrap).sum::<usize>(), 2);
        assert_eq!(read(&student, &missed[0], "status missedAt openSteps").await,
            json!({ "status": "NO_SHOW", "missedAt": "2026-03-10T09:00:00.000000Z", "openSteps": [] }));

        let later = json!({ "text": { "startsAt": "2026-09-20T01:00:00Z", "endsAt": "2026-09-20T09:00:00Z",
            "registrationClosesAt": "2026-09-19T01:00:00Z" } });
        let third = published(&officer, &reviewer, later).await;
        let strict = app.replica(&[("no_show_limit", "2"), ("no_show_window_days", "30")]).await;
        let refused = register_on(&strict, &student, &third).await;
        refused.complains(&["RULE_VIOLATED"]);
        let words = "You stayed away from 2 events without being excused; you can register again from 2026-04-09 on.";
        assert_eq!(refused.user_errors()[0]["message"], words);
        let why = || json!({ "reason": "毕业答辩。" });
        step(&officer, "Excuse", &missed[0], why()).await.refused(&["FORBIDDEN"]);
        step(&student, "Excuse", &missed[0], why()).await.refused(&["FORBIDDEN"]);
        step(&app.university("South").await.staff().await, "Excuse", &missed[0], why()).await.refused(&["NOT_FOUND"]);
        step(&staff, "Excuse", &missed[0], json!({ "reason": "" })).await.complains(&["INVALID_INPUT input.reason"]);
        step(&staff, "Excuse", &missed[0], why()).await.results_in(json!({ "status": "EXCUSED" }));
        let seen = "statusReason status";
        assert_eq!(read(&student, &missed[0], seen).await, json!({ "statusReason": "毕业答辩。", "status": "EXCUSED" }));
        assert_eq!(read(&officer, &missed[0], seen).await, json!({ "statusReason": null, "status": "EXCUSED" }));
        let inbox = student.gql("{ viewer { inbox(first: 9) { nodes { kind } } } }", json!({})).await;
        let kinds = ["ABSENCE_EXCUSED", "ABSENCE_NOTED", "ABSENCE_NOTED"].map(|kind| json!({ "kind": kind }));
        assert_eq!(inbox.at("/viewer/inbox/nodes"), &json!(kinds));
        // One is left, which is fewer than two; and by the default it would have been three.
        let id = register_on(&strict, &student, &third).await;
        step(&student, "Cancel", id.result()["id"].as_str().unwrap(), json!({})).await.result();
        let very_strict = app.replica(&[("no_show_limit", "1"), ("no_show_window_days", "30")]).await;
        register_on(&very_strict, &student, &third).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-04-09T08:59:59Z");
        register_on(&very_strict, &student, &third).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-04-09T09:00:00Z");
        register_on(&very_strict, &student, &third).await.result();
    }

    /// Nobody is noted as absent from an event that was called off, nor who gave the place up in time.
    async fn whoever_is_not_missed(app: TestApp) {
        let (officer, first) = event(&app, json!({})).await;
        let second = published(&officer, &officer.organization.officer().await, json!({})).await;
        let north = app.university("North").await;
        let (one, two) = (north.student().await, north.student().await);
        let kept = registered(&one, &second).await;
        let given_up = registered(&two, &first).await;
        step(&two, "Cancel", &given_up, json!({})).await.result();
        fair::step(&officer, "Cancel", &second, json!({ "reason": "暴雨。" })).await.result();
        assert_eq!(is_over(&app).await, 0);
        assert_eq!(read(&one, &kept, "status").await, json!({ "status": "REGISTERED" }));
    }

    /// The student, the university's staff, the organizer; of who came, the exhibitors; nobody else, not even a number.
    async fn who_sees_a_registration(app: TestApp) {
        let yingshan = app.county("511322").await;
        let zone = app.county("511322").await;
        let (officer, reviewer) = (zone.officer().await, yingshan.officer().await);
        let event = published(&officer, &reviewer, json!({})).await;
        let (north, south) = (app.university("North").await, app.university("South").await);
        let [alpha, beta] = ["Alpha", "Beta"].map(|name| app.enterprise(&yingshan, name));
        let (alpha, beta) = (alpha.await.recruiter().await, beta.await.recruiter().await);
        fair::booth(&alpha, &officer, &event).await;
        let asked = beta.does("eventExhibitorRequest", json!({ "eventId": event }), "id").await;
        asked.result();
        let (student, other) = (north.student().await, north.student().await);
        let id = registered(&student, &event).await;
        registered(&other, &event).await;
        let everybody = [
            north.staff().await, north.admin().await, north.auditor().await, zone.auditor().await, zone.admin().await,
            north.professor().await, south.staff().await, reviewer, yingshan.admin().await, yingshan.auditor().await, beta,
            app.platform().await.admin().await, app.county("511324").await.officer().await,
        ];
        let query = "query($id: ID!, $event: ID!) { registration(id: $id) { student { displayName } } node(id: $id) { id }
            registrations { totalCount nodes { id } } recruitmentEvent(id: $event) { registrations { totalCount } } }";
        let seen = async |by: &Persona| {
            let answer = by.gql(query, json!({ "id": id, "event": event })).await;
            let data = answer.data().clone();
            assert_eq!(data["registration"].is_null(), data["node"].is_null(), "{answer}");
            let count = data["registrations"]["totalCount"].as_u64().unwrap();
            assert_eq!(data["recruitmentEvent"]["registrations"]["totalCount"], json!(count), "{answer}");
            assert_eq!(data["registrations"]["nodes"].as_array().unwrap().len() as u64, count);
            (count, data["registration"]["student"]["displayName"].as_str().map(str::to_owned))
        };
        let name = Some("Student of North".to_owned());
        assert_eq!(seen(&student).await, (1, name.clone()));
        assert_eq!(seen(&other).await, (1, None));
        assert_eq!(seen(&officer).await, (2, name.clone()));
        for (person, expected) in everybody.iter().zip([
            (2, name.clone()), (2, name.clone()), (2, None), (2, None), (2, name.clone()),
            (0, None), (0, None), (0, None), (0, None), (0, None), (0, None), (0, None), (0, None),
        ]) {
            assert_eq!(seen(person).await, expected, "{}", person.login);
        }
        // Who registered is named in the trail to whoever reads the name, and not to an auditor.
        let trail = "query($id: ID!) { registration(id: $id) { history { nodes { role user { displayName } } } } }";
        for (person, named) in [(&everybody[0], json!({ "displayName": "Student of North" })), (&everybody[2], json!(null))] {
            let told = person.gql(trail, json!({ "id": id })).await;
            let event = json!({ "role": "STUDENT", "user": named });
            assert_eq!(told.at("/registration/history/nodes"), &json!([event]), "{}", person.login);
        }
        // An exhibitor sees who came, once they came.
        assert_eq!(seen(&alpha).await, (0, None));
        let code = fair::code(&student, &id).await;
        app.it_is(fair::STARTS);
        events::jobs::keep_time(app.app()).await.unwrap();
        let scan = json!({ "eventId": event, "scans": [{ "clientId": "1", "code": code, "scannedAt": fair::STARTS }] });
        officer.does("registrationCheckIn", scan, "scans { outcome }").await
            .results_in(json!({ "scans": [{ "outcome": "CHECKED_IN" }] }));
        assert_eq!(seen(&alpha).await, (1, name));
        assert_eq!(seen(&everybody[10]).await, (0, None));
        let auditor = alpha.organization.person(Role::EnterpriseAdmin).await;
        assert_eq!(seen(&auditor).await.0, 1);
    }
}
