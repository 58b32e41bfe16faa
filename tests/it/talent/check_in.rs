//! Checking students in by their signed codes: offline, in batches, late and twice.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use futures_util::future::join_all;
use hezuo::talent::{events, registrations::jobs};
use serde_json::{Value, json};

use crate::support::{
    Answer, Persona, TestApp, fair,
    fair::{code, published, registered},
    on_both,
};

/// An event of Yingshan whose check-in is open, its officer, and students who hold a place, each with the code.
struct Door {
    officer: Persona,
    event: String,
    students: Vec<(Persona, String, String)>,
}

impl Door {
    async fn open(app: &TestApp, students: usize) -> Self {
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let event = published(&officer, &reviewer, json!({})).await;
        let north = app.university("North").await;
        let mut door = Self { officer, event, students: Vec::new() };
        for _ in 0..students {
            let student = north.student().await;
            let id = registered(&student, &door.event).await;
            let code = code(&student, &id).await;
            door.students.push((student, id, code));
        }
        app.it_is("2026-03-10T00:30:00Z");
        events::jobs::keep_time(app.app()).await.unwrap();
        door
    }

    /// A scan of somebody's code at a time of that day.
    fn scan(&self, student: usize, at: &str) -> Value {
        scan(&format!("s{student}"), &self.students[student].2, at)
    }

    async fn send(&self, scans: Vec<Value>) -> Answer {
        let input = json!({ "eventId": self.event, "scans": scans });
        self.officer.does("registrationCheckIn", input, "scans { clientId outcome }").await
    }

    /// What came of each scan.
    async fn outcomes(&self, scans: Vec<Value>) -> Vec<String> {
        let answer = self.send(scans).await;
        let scans = answer.result()["scans"].as_array().unwrap().clone();
        scans.iter().map(|scan| scan["outcome"].as_str().unwrap().to_owned()).collect()
    }

    async fn read(&self, student: usize, selection: &str) -> Value {
        let (student, id, _) = &self.students[student];
        let query = format!("query($id: ID!) {{ registration(id: $id) {{ {selection} }} }}");
        student.gql(&query, json!({ "id": id })).await.data()["registration"].clone()
    }
}

/// Another event, on the twelfth.
fn two_days_later() -> Value {
    json!({ "text": { "startsAt": "2026-03-12T01:00:00Z", "endsAt": "2026-03-12T09:00:00Z",
        "registrationClosesAt": "2026-03-11T12:00:00Z" } })
}

/// On the day of the event, unless the time has another day.
fn scan(client_id: &str, code: &str, at: &str) -> Value {
    let moment = if at.contains('T') { at.to_owned() } else { format!("2026-03-10T{at}Z") };
    json!({ "clientId": client_id, "code": code, "scannedAt": moment })
}

/// A part of a code, read by whoever holds it.
fn part(code: &str, at: usize) -> Value {
    let part = code.split('.').nth(at).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

on_both! {
    /// The code is a signed text of a type of its own that names no person; the pictures show it.
    async fn a_code(app: TestApp) {
        let door = Door::open(&app, 2).await;
        let (student, id, code) = &door.students[0];
        let query = "query($id: ID!) { registrationCode(id: $id) { code codeSvg codePng expiresAt } }";
        let seen = student.gql(query, json!({ "id": id })).await;
        assert_eq!(seen.text("/registrationCode/code"), *code);
        assert_eq!(seen.at("/registrationCode/expiresAt"), "2026-03-10T10:00:00.000000Z");
        assert!(seen.text("/registrationCode/codeSvg").starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox="));
        let picture = STANDARD.decode(seen.text("/registrationCode/codePng")).unwrap();
        assert_eq!(&picture[1..4], b"PNG");
        let header = part(code, 0);
        assert_eq!((&header["typ"], &header["alg"]), (&json!("check-in+jwt"), &json!("EdDSA")));
        assert_eq!(part(code, 1), json!({
            "iss": "http://hezuo.test", "aud": "http://hezuo.test/check-in", "sub": id, "evt": door.event,
            "nbf": 1_772_413_200, "exp": 1_773_136_800,
        }));
        // A scanner needs nothing but the published keys.
        let keys = app.http(Request::get("/.well-known/jwks.json").body(Body::empty()).unwrap()).await;
        let keys: Value = serde_json::from_slice(&keys.1).unwrap();
        let kids: Vec<&Value> = keys["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
        assert!(kids.contains(&&header["kid"]), "{keys}");
        // Nobody else is given it, and it signs nobody in.
        for nobody in [&door.students[1].0, &door.officer, &student.organization.staff().await] {
            nobody.gql(query, json!({ "id": id })).await.is(json!({ "registrationCode": null }));
        }
        app.gql_as(code, "{ viewer { user { login } } }", json!({})).await.refused(&["UNAUTHENTICATED"]);
        let access = student.token().await;
        assert_eq!(door.outcomes(vec![scan("1", &access, "01:00:00")]).await, ["UNKNOWN_CODE"]);
        let step = json!({ "id": id, "expectedVersion": 1 });
        student.does("registrationCancel", step, "id").await.result();
        student.gql(query, json!({ "id": id })).await.is(json!({ "registrationCode": null }));
    }

    /// Each scan is answered in the order sent; what is good is kept though others are not.
    async fn what_comes_of_each_scan(app: TestApp) {
        let door = Door::open(&app, 6).await;
        let reviewer = door.officer.organization.officer().await;
        let elsewhere = published(&door.officer, &reviewer, two_days_later()).await;
        let other = registered(&door.students[0].0, &elsewhere).await;
        let other = code(&door.students[0].0, &other).await;
        let step = json!({ "id": door.students[1].1, "expectedVersion": 1 });
        door.students[1].0.does("registrationCancel", step, "id").await.result();
        app.it_is("2026-03-10T02:00:00Z");
        let mut forged: Vec<&str> = door.students[2].2.split('.').collect();
        let claims = URL_SAFE_NO_PAD.encode(part(&door.students[2].2, 1).to_string().replace("iss", "ISS"));
        forged[1] = &claims;
        let scans = vec![
            door.scan(0, "01:00:00"), door.scan(0, "01:00:05"), door.scan(1, "01:00:00"), door.scan(2, "01:00:00"),
            scan("x1", &other, "01:00:00"), scan("x2", "https://example.org", "01:00:00"), scan("x3", &forged.join("."), "01:00:00"),
            // An hour before, a quarter of an hour of tolerance; and the clock stands at two.
            door.scan(3, "2026-03-09T23:44:59Z"), door.scan(3, "2026-03-09T23:45:00Z"), door.scan(4, "02:15:01"), door.scan(4, "02:15:00"),
            scan("x4", "", "01:00:00"), scan("x5", &"a".repeat(5_000), "01:00:00"),
        ];
        let answer = door.send(scans).await;
        let told: Vec<[&str; 2]> = answer.result()["scans"].as_array().unwrap().iter()
            .map(|scan| ["clientId", "outcome"].map(|name| scan[name].as_str().unwrap())).collect();
        assert_eq!(told, [
            ["s0", "CHECKED_IN"], ["s0", "ALREADY"], ["s1", "CANCELLED"], ["s2", "CHECKED_IN"], ["x1", "OTHER_EVENT"],
            ["x2", "UNKNOWN_CODE"], ["x3", "UNKNOWN_CODE"], ["s3", "TOO_EARLY"], ["s3", "CHECKED_IN"], ["s4", "TOO_LATE"],
            ["s4", "CHECKED_IN"], ["x4", "UNKNOWN_CODE"], ["x5", "UNKNOWN_CODE"],
        ]);
        let counts = "query($id: ID!) { recruitmentEvent(id: $id) { registeredCount checkedInCount } }";
        door.officer.gql(counts, json!({ "id": door.event })).await.is(json!({ "recruitmentEvent": {
            "registeredCount": 5, "checkedInCount": 4 } }));
        assert_eq!(door.read(0, "status checkedInAt version openSteps").await, json!({ "status": "CHECKED_IN",
            "checkedInAt": "2026-03-10T01:00:00.000000Z", "version": 2, "openSteps": [] }));
        assert_eq!(door.read(5, "status").await, json!({ "status": "REGISTERED" }));
    }

    /// The same batch again changes nothing; an earlier scan of another scanner counts.
    async fn sent_twice_and_by_two_scanners(app: TestApp) {
        let door = Door::open(&app, 2).await;
        app.it_is("2026-03-10T02:00:00Z");
        let batch = || vec![door.scan(0, "01:10:00"), door.scan(1, "01:11:00")];
        assert_eq!(door.outcomes(batch()).await, ["CHECKED_IN", "CHECKED_IN"]);
        let before = door.read(0, "version history { totalCount }").await;
        assert_eq!(door.outcomes(batch()).await, ["ALREADY", "ALREADY"]);
        assert_eq!(door.read(0, "version history { totalCount }").await, before);
        let other = vec![scan("gate-2", &door.students[0].2, "01:09:59"), scan("gate-2", &door.students[1].2, "01:12:00")];
        assert_eq!(door.outcomes(other).await, ["ALREADY", "ALREADY"]);
        assert_eq!(door.read(0, "checkedInAt version").await, json!({ "checkedInAt": "2026-03-10T01:09:59.000000Z", "version": 3 }));
        assert_eq!(door.read(1, "checkedInAt version").await, json!({ "checkedInAt": "2026-03-10T01:11:00.000000Z", "version": 2 }));
        // Within a batch too the earliest counts, whatever the order; one that is out of time does not.
        let odd = vec![scan("a", &door.students[0].2, "01:09:58"), scan("a", &door.students[0].2, "01:09:50"), scan("a", &door.students[0].2, "2026-03-09T23:44:59Z")];
        assert_eq!(door.outcomes(odd).await, ["ALREADY", "ALREADY", "ALREADY"]);
        assert_eq!(door.read(0, "checkedInAt").await, json!({ "checkedInAt": "2026-03-10T01:09:50.000000Z" }));
    }

    /// Four scanners that saw the same sixteen students send at once: each student is checked in once, at the earliest.
    async fn scanners_at_once(app: TestApp) {
        let door = Arc::new(Door::open(&app, 16).await);
        app.it_is("2026-03-10T02:00:00Z");
        door.officer.token().await;
        let sent = join_all((0..4).map(|scanner| {
            let door = door.clone();
            tokio::spawn(async move {
                let scans = (0..16).map(|student| door.scan(student, &format!("01:0{}:00", (student + scanner) % 4)));
                door.outcomes(scans.collect()).await
            })
        })).await;
        let outcomes: Vec<String> = sent.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(outcomes.iter().filter(|outcome| *outcome == "CHECKED_IN").count(), 16);
        assert_eq!(outcomes.iter().filter(|outcome| *outcome == "ALREADY").count(), 48);
        for student in 0..16 {
            assert_eq!(door.read(student, "checkedInAt").await, json!({ "checkedInAt": "2026-03-10T01:00:00.000000Z" }));
            let kinds = door.read(student, "history { nodes { kind } }").await["history"]["nodes"].to_string();
            assert_eq!(kinds.matches("RegistrationCheckedIn\"").count(), 1, "{kinds}");
        }
    }

    /// A scanner that was offline until the next evening: whoever was noted as absent was there after all, until the
    /// figures are final.
    async fn a_late_batch(app: TestApp) {
        let door = Door::open(&app, 3).await;
        let staff = door.students[0].0.organization.staff().await;
        app.it_is(fair::ENDS);
        events::jobs::keep_time(app.app()).await.unwrap();
        app.it_is("2026-03-11T12:00:00Z");
        assert_eq!(jobs::note_absences(app.app()).await.unwrap(), 3);
        let excuse = json!({ "id": door.students[1].1, "expectedVersion": 2, "reason": "病假。" });
        staff.does("registrationExcuse", excuse, "status").await.results_in(json!({ "status": "EXCUSED" }));
        let batch = vec![door.scan(0, "01:00:00"), door.scan(1, "01:01:00"), door.scan(2, "09:15:01")];
        assert_eq!(door.outcomes(batch).await, ["CHECKED_IN", "CHECKED_IN", "TOO_LATE"]);
        for student in [0, 1] {
            assert_eq!(door.read(student, "status missedAt statusReason").await,
                json!({ "status": "CHECKED_IN", "missedAt": null, "statusReason": null }));
        }
        fair::step(&door.officer, "Report", &door.event, json!({})).await.result();
        door.send(vec![door.scan(2, "01:00:00")]).await.complains(&["RULE_VIOLATED"]);
    }

    /// Only the organizer's people, only while check-in is open, at most five hundred; a bad batch changes nothing.
    async fn who_may_send_what(app: TestApp) {
        let door = Door::open(&app, 1).await;
        let input = |scans: Vec<Value>| json!({ "eventId": door.event, "scans": scans });
        let reviewer = app.county("511322").await.officer().await;
        let alpha = app.enterprise(&door.officer.organization, "Alpha").await.recruiter().await;
        for nobody in [&reviewer, &alpha, &door.students[0].0, &door.officer.organization.auditor().await] {
            let answer = nobody.does("registrationCheckIn", input(vec![door.scan(0, "00:30:00")]), "__typename").await;
            answer.refused(&["FORBIDDEN"]);
        }
        door.send(Vec::new()).await.complains(&["INVALID_INPUT input.scans"]);
        door.send(vec![door.scan(0, "00:30:00"); 501]).await.complains(&["INVALID_INPUT input.scans"]);
        let nameless = vec![door.scan(0, "00:30:00"), scan(" ", "x", "00:30:00"), scan(&"x".repeat(101), "x", "00:30:00")];
        door.send(nameless).await.complains(&["INVALID_INPUT input.scans.1.clientId", "INVALID_INPUT input.scans.2.clientId"]);
        assert_eq!(door.read(0, "status").await, json!({ "status": "REGISTERED" }));
        let many = door.outcomes(vec![door.scan(0, "00:30:00"); 500]).await;
        assert_eq!(many.iter().filter(|outcome| *outcome == "ALREADY").count(), 499);
        let closed = published(&door.officer, &reviewer, two_days_later()).await;
        let early = json!({ "eventId": closed, "scans": [door.scan(0, "00:30:00")] });
        door.officer.does("registrationCheckIn", early, "__typename").await.complains(&["RULE_VIOLATED"]);
    }

    /// An IT system at the door sends what it scanned, within its scopes, and announces nothing.
    async fn a_machine_at_the_door(app: TestApp) {
        let door = Door::open(&app, 1).await;
        let admin = door.officer.organization.admin().await;
        let account = json!({ "name": "闸机", "scopes": ["EVENTS_WRITE"] });
        let made = admin.does("serviceAccountCreate", account, "secret serviceAccount { id }").await.result().clone();
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={}",
            made["serviceAccount"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let asked = Request::post("/oauth/token").header("content-type", "application/x-www-form-urlencoded");
        let token: Value = serde_json::from_slice(&app.http(asked.body(Body::from(form)).unwrap()).await.1).unwrap();
        let token = token["access_token"].as_str().unwrap();
        let input = json!({ "eventId": door.event, "scans": [door.scan(0, "00:30:00")] });
        let (query, variables) = TestApp::mutation("registrationCheckIn", &input, "event { title } scans { outcome }");
        app.gql_as(token, &query, variables).await
            .results_in(json!({ "event": null, "scans": [{ "outcome": "CHECKED_IN" }] }));
        app.gql_as(token, "{ registrations { totalCount } }", json!({})).await.refused(&["FORBIDDEN"]);
        let step = json!({ "id": door.event, "expectedVersion": 4 });
        let (query, variables) = TestApp::mutation("recruitmentEventStart", &step, "id");
        app.gql_as(token, &query, variables).await.refused(&["FORBIDDEN"]);
        let history = door.read(0, "history(last: 1) { nodes { kind role } }").await;
        assert_eq!(history, json!({ "history": { "nodes": [{ "kind": "RegistrationCheckedIn", "role": "SERVICE_ACCOUNT" }] } }));
    }

    /// Keys that were rotated once still verify; rotated twice the student loads a new code.
    async fn keys_that_moved_on(app: TestApp) {
        let door = Door::open(&app, 2).await;
        hezuo::identity::keys::rotate(app.app()).await.unwrap();
        assert_eq!(door.outcomes(vec![door.scan(0, "00:30:00")]).await, ["CHECKED_IN"]);
        hezuo::identity::keys::rotate(app.app()).await.unwrap();
        assert_eq!(door.outcomes(vec![door.scan(1, "00:30:00")]).await, ["UNKNOWN_CODE"]);
        let (student, id, _) = &door.students[1];
        let fresh = code(student, id).await;
        assert_eq!(door.outcomes(vec![scan("1", &fresh, "00:30:00")]).await, ["CHECKED_IN"]);
    }
}
