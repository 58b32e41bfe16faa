//! The talent funnel: each student once, then and now, and nobody's small figures.

use async_graphql::Request;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, stream::BoxStream};
use hezuo::{graphql::Caller, talent::events};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use super::market;
use crate::support::{Organization, Persona, TestApp, fair, on_both};

/// Six students of North and one of South at an event of Yingshan; two enterprises there, each with a position.
struct Fair {
    north: Organization,
    officer: Persona,
    event: String,
    students: Vec<Persona>,
    recruiters: [Persona; 2],
    positions: [String; 2],
}

impl Fair {
    /// All of them registered and have consented; it is the morning, and nobody is there yet.
    async fn new(app: &TestApp) -> Self {
        let (north, south) = (app.university("North").await, app.university("South").await);
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let event = fair::published(&officer, &reviewer, json!({})).await;
        let alpha = app.enterprise(&yingshan, "Alpha").await.recruiter().await;
        let beta = app.enterprise(&yingshan, "Beta").await.recruiter().await;
        let positions = [market::published(&alpha, &officer).await, market::published(&beta, &officer).await];
        let mut students = Vec::new();
        for number in 0..7 {
            let student = if number < 6 { north.student().await } else { south.student().await };
            super::save(&student).await;
            for enterprise in [&alpha, &beta] {
                super::give(&student, &enterprise.organization, &["PROFILE"]).await;
            }
            students.push(student);
        }
        let fair = Self { north, officer, event, students, recruiters: [alpha, beta], positions };
        for student in &fair.students {
            fair::registered(student, &fair.event).await;
        }
        app.it_is("2026-03-10T00:30:00Z");
        events::jobs::keep_time(app.app()).await.unwrap();
        fair
    }

    /// At the desk.
    async fn comes(&self, app: &TestApp, student: usize) {
        let student = &self.students[student];
        let query = "{ registrations { nodes { id } } }";
        let id = student.gql(query, json!({})).await.text("/registrations/nodes/0/id");
        let scan = json!({ "clientId": id, "code": fair::code(student, &id).await, "scannedAt": app.now() });
        let input = json!({ "eventId": self.event, "scans": [scan] });
        let answer = self.officer.does("registrationCheckIn", input, "scans { outcome }").await;
        answer.results_in(json!({ "scans": [{ "outcome": "CHECKED_IN" }] }));
    }

    /// Interviewed at the first or the second enterprise: the application.
    async fn interviewed(&self, student: usize, enterprise: usize) -> String {
        let input = json!({ "positionId": self.positions[enterprise], "eventId": self.event });
        let made = self.students[student].does("applicationSubmit", input, "id").await;
        let id = made.result()["id"].as_str().unwrap().to_owned();
        for step in ["Shortlist", "Invite", "RecordInterview"] {
            market::step(&self.recruiters[enterprise], step, &id, json!({})).await.result();
        }
        id
    }

    /// Wanted by both.
    async fn intends(&self, (student, enterprise): (usize, usize), id: &str, engagement: &str) {
        let input = json!({ "engagement": engagement });
        market::step(&self.recruiters[enterprise], "DeclareIntention", id, input).await.result();
        market::step(&self.students[student], "ConfirmIntention", id, json!({})).await.result();
    }

    async fn offered(&self, (student, enterprise): (usize, usize), id: &str, engagement: &str) {
        let mut offer = market::offer();
        offer["engagement"] = json!(engagement);
        offer["answerBy"] = json!("2026-03-20");
        market::step(&self.recruiters[enterprise], "Offer", id, offer).await.result();
        market::step(&self.students[student], "Accept", id, json!({})).await.result();
    }
}

/// The figures, from the first stage that is counted on.
fn figures(stages: &Value) -> Vec<Option<i64>> {
    stages.as_array().unwrap().iter().map(|stage| stage["students"].as_i64()).collect()
}

async fn asked(by: &Persona, arguments: &str) -> Vec<Option<i64>> {
    let query = format!("{{ talentFunnel{arguments} {{ stages {{ students }} }} }}");
    figures(by.gql(&query, json!({})).await.at("/talentFunnel/stages"))
}

/// Each group by name or key.
async fn groups(by: &Persona, arguments: &str) -> Vec<(Value, Vec<Option<i64>>)> {
    let query = format!("{{ talentFunnel({arguments}) {{ groups {{ key name stages {{ students }} }} }} }}");
    let answer = by.gql(&query, json!({})).await;
    let groups = answer.at("/talentFunnel/groups").as_array().unwrap();
    let called = |group: &Value| if group["name"].is_null() { group["key"].clone() } else { group["name"].clone() };
    groups.iter().map(|group| (called(group), figures(&group["stages"]))).collect()
}

fn told(figures: &[i64]) -> Vec<Option<i64>> {
    figures.iter().copied().map(Some).collect()
}

on_both! {
    /// A student at two booths with two interviews is one; each rate has its denominator; each side counts its own.
    async fn each_student_once(app: TestApp) {
        let fair = Fair::new(&app).await;
        for student in 0..7 {
            fair.comes(&app, student).await;
        }
        for student in [0, 1, 2, 3, 6] {
            fair.interviewed(student, 0).await;
        }
        let twice = fair.interviewed(0, 1).await;
        fair.intends((0, 1), &twice, "EMPLOYMENT").await;
        let staff = fair.north.staff().await;
        // It costs what it may answer: everybody, and each group.
        for (query, cost) in [("{ talentFunnel { asOf } }", 1), ("{ talentFunnel(groupBy: MAJOR) { asOf } }", 501)] {
            assert_eq!(staff.gql(query, json!({})).await.body["extensions"]["cost"]["requested"], cost, "{query}");
        }
        let query = "query($event: ID!) { talentFunnel(filter: { eventId: $event }) { asOf leastShown groups { key } stages {
            stage students ofPrevious { students of ratio } ofFirst { students of ratio } } } }";
        let stage = |stage: &str, students: i32, (previous, first): (Value, Value)| json!({
            "stage": stage, "students": students, "ofPrevious": previous, "ofFirst": first });
        let of = |students: i32, of: i32, ratio: f64| json!({ "students": students, "of": of, "ratio": ratio });
        staff.gql(query, json!({ "event": fair.event })).await.is(json!({ "talentFunnel": {
            "asOf": "2026-03-10T00:30:00.000000Z", "leastShown": null, "groups": [], "stages": [
                stage("ATTENDED", 6, (Value::Null, Value::Null)),
                stage("INTERVIEWED", 4, (of(4, 6, 4.0 / 6.0), of(4, 6, 4.0 / 6.0))),
                stage("INTENTION", 1, (of(1, 4, 0.25), of(1, 6, 1.0 / 6.0))),
                stage("OFFERED", 0, (of(0, 1, 0.0), of(0, 6, 0.0))),
                stage("ACCEPTED", 0, (Value::Null, of(0, 6, 0.0))),
                stage("SIGNED", 0, (Value::Null, of(0, 6, 0.0))),
                stage("ONBOARDED", 0, (Value::Null, of(0, 6, 0.0))),
                stage("RETAINED", 0, (Value::Null, of(0, 6, 0.0))),
            ] } }));
        // Alpha has no booth, and interviewed five; Beta one of them.
        assert_eq!(asked(&fair.recruiters[0], "").await, told(&[0, 5, 0, 0, 0, 0, 0, 0]));
        assert_eq!(asked(&fair.recruiters[1], "").await, told(&[0, 1, 1, 0, 0, 0, 0, 0]));
        let named = |name: &str, counts: &[i64]| (json!(name), told(counts));
        assert_eq!(groups(&staff, "groupBy: ENTERPRISE").await, [
            named("Alpha", &[4, 0, 0, 0, 0, 0, 0]), named("Beta", &[1, 1, 0, 0, 0, 0, 0])]);
        assert_eq!(groups(&staff, "groupBy: EVENT").await, [named("园区群面", &[6, 4, 1, 0, 0, 0, 0, 0])]);
        assert_eq!(groups(&staff, "groupBy: MAJOR").await, [named("120703T", &[6, 4, 1, 0, 0, 0, 0, 0])]);
        assert_eq!(groups(&staff, "groupBy: FAMILY").await, [named("QUALITY", &[4, 1, 0, 0, 0, 0, 0])]);
        assert_eq!(groups(&staff, "groupBy: MONTH").await, [named("2026-03", &[6, 4, 1, 0, 0, 0, 0, 0])]);
        // Enterprise and family have no attendance of their own, an engagement no interview.
        let at_beta = format!("(filter: {{ organizationId: \"{}\", family: QUALITY }})", fair.recruiters[1].organization.id());
        assert_eq!(asked(&staff, &at_beta).await, told(&[1, 1, 0, 0, 0, 0, 0]));
        assert_eq!(asked(&staff, "(filter: { engagement: INTERNSHIP })").await, told(&[0, 0, 0, 0, 0, 0]));
        assert_eq!(asked(&staff, "(filter: { major: \"120703t\" })").await, told(&[6, 4, 1, 0, 0, 0, 0, 0]));
        assert_eq!(asked(&staff, "(filter: { major: \"080901\" })").await, told(&[0; 8]));
    }

    /// The county counts everybody who came to it, and reads no figure below five; nor does an enterprise by majors, nor
    /// an auditor. Another county counts nobody.
    async fn small_figures_are_not_told(app: TestApp) {
        let fair = Fair::new(&app).await;
        for student in 0..7 {
            fair.comes(&app, student).await;
        }
        for student in [0, 1, 2, 3, 6] {
            fair.interviewed(student, 0).await;
        }
        let one = fair.interviewed(0, 1).await;
        fair.intends((0, 1), &one, "EMPLOYMENT").await;
        let none: Vec<Option<i64>> = vec![None; 8];
        let small = [vec![Some(7), Some(5)], vec![None; 6]].concat();
        assert_eq!(asked(&fair.officer, "").await, small);
        assert_eq!(asked(&app.platform().await.admin().await, "").await, small);
        // Beta's one would be all but Alpha's five of five; it is not told, and Alpha's five would not tell it.
        assert_eq!(groups(&fair.officer, "groupBy: ENTERPRISE").await, [
            (json!("Alpha"), vec![None; 7]), (json!("Beta"), vec![None; 7])]);
        let query = "{ talentFunnel { leastShown stages { students ofPrevious { of } ofFirst { of } } } }";
        let answer = fair.officer.gql(query, json!({})).await;
        assert_eq!(answer.at("/talentFunnel/leastShown"), &json!(5));
        assert_eq!(answer.at("/talentFunnel/stages/1"), &json!({ "students": 5, "ofPrevious": { "of": 7 }, "ofFirst": { "of": 7 } }));
        assert_eq!(answer.at("/talentFunnel/stages/2"), &json!({ "students": null, "ofPrevious": null, "ofFirst": null }));
        let auditor = fair.north.auditor().await;
        assert_eq!(asked(&auditor, "").await, [vec![Some(6)], vec![None; 7]].concat());
        assert_eq!(groups(&fair.recruiters[1], "groupBy: MAJOR").await, [(json!("120703T"), none.clone())]);
        assert_eq!(asked(&fair.recruiters[1], "(filter: { major: \"120703T\" })").await, none);
        let yilong = app.county("511324").await;
        assert_eq!(asked(&yilong.officer().await, "").await, none);
        let event = format!("(filter: {{ eventId: \"{}\" }})", fair.event);
        assert_eq!(asked(&yilong.officer().await, &event).await, none);
        // Whoever sees the students counts them, and nobody else's.
        let south = fair.students[6].organization.staff().await;
        assert_eq!(asked(&south, "").await, told(&[1, 1, 0, 0, 0, 0, 0, 0]));
        let north = format!("(filter: {{ universityId: \"{}\" }})", fair.north.id());
        assert_eq!(asked(&south, &north).await, told(&[0; 8]));
    }

    /// As of any moment the figures are what the event log tells of it.
    async fn as_the_log_tells(app: TestApp) {
        let fair = Fair::new(&app).await;
        let staff = fair.north.staff().await;
        let mut moments = vec![app.now()];
        let mut first = String::new();
        for student in 0..3 {
            app.passes(TimeDelta::minutes(10));
            fair.comes(&app, student).await;
            moments.push(app.now());
            app.passes(TimeDelta::minutes(10));
            let id = fair.interviewed(student, 0).await;
            moments.push(app.now());
            if student == 0 {
                first = id;
            }
        }
        app.passes(TimeDelta::minutes(10));
        fair.intends((0, 0), &first, "EMPLOYMENT").await;
        moments.push(app.now());
        app.passes(TimeDelta::minutes(10));
        fair.offered((0, 0), &first, "EMPLOYMENT").await;
        moments.push(app.now());
        app.passes(TimeDelta::days(1));
        let document = staff.attaches(&first, "就业协议书.pdf").await;
        let signing = json!({ "evidence": "EMPLOYMENT_AGREEMENT", "documentId": document, "signedOn": "2026-03-11" });
        market::step(&staff, "RecordSigning", &first, signing).await.result();
        moments.push(app.now());
        app.passes(TimeDelta::days(1));
        market::step(&staff, "RecordOnboarding", &first, json!({ "onboardedOn": "2026-03-12" })).await.result();
        moments.push(app.now());
        app.it_is("2026-06-12T01:00:00Z");
        let checks = fair.students[0].gql("{ retentionChecks { nodes { id } } }", json!({})).await;
        let check = checks.text("/retentionChecks/nodes/0/id");
        for (by, version) in [(&fair.students[0], 1), (&fair.recruiters[0], 2)] {
            let input = json!({ "id": check, "expectedVersion": version });
            by.does("retentionCheckConfirmRetained", input, "status").await.result();
            app.passes(TimeDelta::hours(1));
            moments.push(app.now());
        }
        for at in &moments {
            let figures = asked(&staff, &format!("(asOf: \"{}\")", at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))).await;
            assert_eq!(figures, logged(&app, *at).await, "{at}");
        }
        assert_eq!(asked(&staff, "").await, told(&[3, 3, 1, 1, 1, 1, 1, 1]));
        assert_eq!(asked(&staff, "(asOf: \"2026-03-10T00:50:00Z\")").await, told(&[1, 1, 0, 0, 0, 0, 0, 0]));
        // What was reached stays reached: nobody who withdraws makes an interview undone.
        let second = fair.students[1].gql("{ applications { nodes { id } } }", json!({})).await;
        let second = second.text("/applications/nodes/0/id");
        market::step(&fair.students[1], "Withdraw", &second, json!({ "reason": "PERSONAL" })).await.result();
        assert_eq!(asked(&staff, "").await, told(&[3, 3, 1, 1, 1, 1, 1, 1]));
    }

    /// An intention, an internship and employment are never counted as one another (I10).
    async fn an_internship_is_no_employment(app: TestApp) {
        let fair = Fair::new(&app).await;
        let staff = fair.north.staff().await;
        for (student, engagement) in [(0, "EMPLOYMENT"), (1, "INTERNSHIP"), (2, "INTERNSHIP")] {
            let id = fair.interviewed(student, student % 2).await;
            fair.intends((student, student % 2), &id, engagement).await;
            if student < 2 {
                fair.offered((student, student % 2), &id, engagement).await;
            }
        }
        assert_eq!(groups(&staff, "groupBy: ENGAGEMENT").await, [
            (json!("EMPLOYMENT"), told(&[1, 1, 1, 0, 0, 0])), (json!("INTERNSHIP"), told(&[2, 1, 1, 0, 0, 0]))]);
        assert_eq!(asked(&staff, "(filter: { engagement: EMPLOYMENT })").await, told(&[1, 1, 1, 0, 0, 0]));
        // Offered for something else than was intended: each stage is counted as what it was.
        let answer = fair.recruiters[0].gql("{ applications { nodes { id status } } }", json!({})).await;
        let nodes = answer.at("/applications/nodes").as_array().unwrap().clone();
        let third = nodes.iter().find(|node| node["status"] == "INTENTION").unwrap()["id"].as_str().unwrap();
        fair.offered((2, 0), third, "EMPLOYMENT").await;
        assert_eq!(groups(&staff, "groupBy: ENGAGEMENT").await, [
            (json!("EMPLOYMENT"), told(&[1, 2, 2, 0, 0, 0])), (json!("INTERNSHIP"), told(&[2, 1, 1, 0, 0, 0]))]);
    }

    /// A screen is told at once, and again when the figures change; not when something else happens.
    async fn on_a_screen(app: TestApp) {
        let fair = Fair::new(&app).await;
        let staff = fair.north.staff().await;
        let mut screen = watched(&app, &staff).await;
        assert_eq!(screen.next().await, Some(told(&[0; 8])));
        fair.comes(&app, 0).await;
        assert_eq!(screen.next().await, Some(told(&[1, 0, 0, 0, 0, 0, 0, 0])));
        fair.comes(&app, 6).await;
        fair.comes(&app, 1).await;
        assert_eq!(screen.next().await, Some(told(&[2, 0, 0, 0, 0, 0, 0, 0])));
    }

    /// Who counts nobody is refused; what is wrong is named.
    async fn refused(app: TestApp) {
        let fair = Fair::new(&app).await;
        let query = "{ talentFunnel { asOf } }";
        for person in [&fair.students[0], &fair.north.professor().await] {
            person.gql(query, json!({})).await.refused(&["FORBIDDEN"]);
            let token = person.token().await;
            let screen = app.listen(Some(&token), "subscription { talentFunnelChanged { asOf } }").await;
            assert_eq!(screen.codes(), ["FORBIDDEN"]);
        }
        app.gql(query, json!({})).await.refused(&["UNAUTHENTICATED"]);
        let staff = fair.north.staff().await;
        staff.gql("{ talentFunnel(asOf: \"2026-03-10T00:30:01Z\") { asOf } }", json!({})).await.refused(&["INVALID_INPUT"]);
        staff.gql("{ talentFunnel(filter: { major: \"quality\" }) { asOf } }", json!({})).await.refused(&["INVALID_INPUT"]);
        // However much is counted, it is one statement, and one more for groups and their names.
        let (_, alone) = app.counted(asked(&staff, "")).await;
        let (_, grouped) = app.counted(groups(&staff, "groupBy: ENTERPRISE")).await;
        assert_eq!(grouped - alone, 2);
    }
}

/// What a screen is told.
async fn watched(app: &TestApp, by: &Persona) -> BoxStream<'static, Vec<Option<i64>>> {
    let query = "subscription { talentFunnelChanged { stages { students } } }";
    let answers = app
        .api()
        .execute_stream(Request::new(query).data(Caller { actor: Some(by.actor().await), ..Caller::default() }));
    answers
        .map(|answer| figures(&serde_json::to_value(answer).unwrap()["data"]["talentFunnelChanged"]["stages"]))
        .boxed()
}

/// How many students of the log's records reached each stage until then: read from the events alone.
async fn logged(app: &TestApp, at: DateTime<Utc>) -> Vec<Option<i64>> {
    let mut reached = Vec::new();
    for (kind, student) in [
        ("RegistrationCheckedIn", "SELECT student_id FROM event_registration WHERE id = record_id"),
        ("ApplicationInterviewed", "SELECT student_id FROM application WHERE id = record_id"),
        ("IntentionConfirmed", "SELECT student_id FROM application WHERE id = record_id"),
        ("OfferMade", "SELECT student_id FROM application WHERE id = record_id"),
        ("OfferAccepted", "SELECT student_id FROM application WHERE id = record_id"),
        ("ApplicationSigned", "SELECT student_id FROM application WHERE id = record_id"),
        ("ApplicationOnboarded", "SELECT student_id FROM application WHERE id = record_id"),
        // The second of the two who know.
        (
            "RetentionConfirmed",
            "SELECT r.student_id FROM employment_record r JOIN retention_check c ON c.record_id = r.id \
             WHERE c.id = event.record_id AND event.link > 2",
        ),
    ] {
        let sql =
            format!("SELECT COUNT(DISTINCT ({student})) AS students FROM event WHERE kind = '{kind}' AND at <= $1");
        let db = app.db().reader();
        let statement = Statement::from_sql_and_values(app.db().backend(), sql, [at.into()]);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        reached.push(Some(row.try_get::<i64>("", "students").unwrap()));
    }
    reached
}
