//! Positions suggested to a student: exactly which, in which order, and why.

mod plans;

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::{event, job_position::PositionStatus};
use hezuo::auth::{Job, Permit, RecordRef};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::{Value, json};

use super::{content, give};
use crate::{
    statements::statements,
    support::{Organization, Persona, TestApp, fair, make::put_over, offer, on_both, rows},
};

const QUERY: &str = "query($first: Int! = 10, $event: ID) { positionSuggestions(first: $first, event: $event) {
    positionId title organizationName kind payMin payMax applyBy score
    reasons { kind points text skill levelAsked levelHad } missing { kind text skill levelAsked levelHad } } }";

/// A county with two enterprises, and a student with a résumé.
struct Ground {
    county: Organization,
    officer: Persona,
    alpha: Persona,
    beta: Persona,
    north: Organization,
    student: Persona,
}

impl Ground {
    async fn new(app: &TestApp) -> Self {
        let (county, north) = (app.county("511322").await, app.university("North").await);
        let alpha = app.enterprise(&county, "Alpha").await.recruiter().await;
        let beta = app.enterprise(&county, "Beta").await.recruiter().await;
        let (officer, student) = (county.officer().await, north.student().await);
        writes(&student, json!({})).await;
        Self { county, officer, alpha, beta, north, student }
    }

    async fn offers(&self, by: &Persona, changes: Value) -> String {
        offer::published(by, &self.officer, changes).await
    }
}

/// Saves a résumé: quality management, wished for in Yingshan at 6,000 yuan; with what is put over it.
async fn writes(student: &Persona, changes: Value) {
    let mut content = content();
    put_over(&mut content, json!({ "wishes": { "pay": "6000-8000 元" } }));
    put_over(&mut content, changes);
    let seen = student.gql("{ resumes { nodes { version } } }", json!({})).await;
    let version = seen.at("/resumes/nodes").get(0).map(|resume| resume["version"].clone());
    student.does("resumeSave", json!({ "content": content, "expectedVersion": version }), "id").await.result();
}

/// What somebody is suggested.
async fn suggested(by: &Persona, variables: Value) -> Vec<Value> {
    by.gql(QUERY, variables).await.at("/positionSuggestions").as_array().unwrap().clone()
}

/// Titles and scores, the best first.
async fn scores(by: &Persona, variables: Value) -> Vec<(String, i64)> {
    let one = |found: &Value| (found["title"].as_str().unwrap().to_owned(), found["score"].as_i64().unwrap());
    suggested(by, variables).await.iter().map(one).collect()
}

/// Kinds and points.
fn reasons(found: &Value) -> Vec<(&str, i64)> {
    let reasons = found["reasons"].as_array().unwrap().iter();
    reasons.map(|reason| (reason["kind"].as_str().unwrap(), reason["points"].as_i64().unwrap())).collect()
}

/// In English.
fn texts(entries: &Value) -> Vec<&str> {
    entries.as_array().unwrap().iter().map(|entry| entry["text"].as_str().unwrap()).collect()
}

fn skill(name: &str, kind: &str, level: &str, required: bool) -> Value {
    json!({ "name": name, "kind": kind, "level": level, "required": required })
}

/// Three that fit more and less, and one that does not; all at once.
async fn cast(ground: &Ground) {
    let wanted = [
        skill("Solid Works", "SOFTWARE", "WORKING", true),
        skill("英语", "LANGUAGE", "WORKING", false),
        skill("内审员", "CERTIFICATE", "BASIC", false),
        skill("Minitab", "SOFTWARE", "PROFICIENT", false),
    ];
    let content =
        json!({ "title": "质量管理专员", "family": "QUALITY", "majors": ["081601", "120703T"], "skills": wanted });
    ground.offers(&ground.alpha, content).await;
    let content = json!({ "title": "结构工程师", "family": "ENGINEERING", "majors": ["120701"], "regionCode": "500113",
        "payMin": "500000", "payMax": "700000", "education": "MASTER", "skills": [skill("SolidWorks", "SOFTWARE", "EXPERT", true)] });
    ground.offers(&ground.beta, content).await;
    let content = json!({ "title": "会计", "family": "ACCOUNTING", "majors": ["120203K"], "regionCode": "511324",
        "payMin": "400000", "payMax": "500000", "skills": [] });
    ground.offers(&ground.beta, content).await;
    let content = json!({ "title": "染整技师", "family": "PRODUCTION", "regionCode": "511324", "payMin": "400000",
        "payMax": "500050", "skills": [] });
    ground.offers(&ground.beta, content).await;
}

on_both! {
    /// Every reason with its points and words; every gap; the best first, and nothing without a reason.
    async fn each_with_its_reasons(app: TestApp) {
        let ground = Ground::new(&app).await;
        cast(&ground).await;
        writes(&ground.student, json!({ "experiences": [
            { "organization": "ALPHA", "role": "质检实习生", "from": "2025-07", "to": "2025-08" }] })).await;
        let found = suggested(&ground.student, json!({})).await;
        assert_eq!(found.len(), 3);
        let first = &found[0];
        assert_eq!((&first["title"], &first["organizationName"], &first["kind"], &first["payMin"], &first["payMax"], &first["applyBy"]), (
            &json!("质量管理专员"), &json!("Alpha"), &json!("EMPLOYMENT"), &json!("600000"), &json!("900000"), &json!("2026-04-30")));
        assert_eq!(first["score"], 109);
        assert_eq!(reasons(first), [("MAJOR", 30), ("FAMILY", 20), ("PLACE", 15), ("SKILL", 10), ("SKILL", 4), ("SKILL", 10), ("PAY", 10), ("EXPERIENCE", 10)]);
        assert_eq!(texts(&first["reasons"]), [
            "It welcomes your major, 120703T.",
            "It is what you wish for: 质量管理.",
            "It is where you wish to work: 营山.",
            "It asks for Solid Works (working); you have it (proficient, with evidence).",
            "It asks for 英语 (working); you have it (CET-6).",
            "It asks for 内审员; you have it.",
            "It pays 6000 to 9000 yuan a month; you wish for 6000.",
            "You have been there: 质检实习生.",
        ]);
        assert_eq!(first["reasons"][3], json!({ "kind": "SKILL", "points": 10, "skill": "Solid Works", "levelAsked": "WORKING",
            "levelHad": "PROFICIENT", "text": "It asks for Solid Works (working); you have it (proficient, with evidence)." }));
        assert_eq!(first["missing"], json!([{ "kind": "SKILL", "skill": "Minitab", "levelAsked": "PROFICIENT", "levelHad": null,
            "text": "It would like Minitab (proficient), which your résumé does not name." }]));
        let second = &found[1];
        assert_eq!((second["title"].as_str(), second["score"].as_i64()), (Some("结构工程师"), Some(26)));
        assert_eq!(reasons(second), [("MAJOR", 15), ("SKILL", 6), ("PAY", 5)]);
        assert_eq!(texts(&second["missing"]), [
            "It is in 重庆市市辖区巴南区, elsewhere than you wish.",
            "It asks for SolidWorks at a higher level: expert.",
            "It asks for a master's degree, which your résumé does not name.",
        ]);
        let third = &found[2];
        assert_eq!((third["title"].as_str(), third["score"].as_i64()), (Some("会计"), Some(5)));
        assert_eq!(texts(&third["reasons"]), ["It welcomes 120203K, a major of the same discipline as yours, 120703T."]);
        assert_eq!(texts(&third["missing"]), [
            "It is in 四川省南充市仪陇县, elsewhere than you wish.",
            "It pays up to 5000 yuan a month; you wish for 6000.",
        ]);
        assert_eq!(scores(&ground.student, json!({ "first": 1 })).await, [("质量管理专员".to_owned(), 109)]);
    }

    /// A reason rests on one thing that the student says, and goes with it.
    async fn each_goes_with_what_it_rests_on(app: TestApp) {
        let ground = Ground::new(&app).await;
        cast(&ground).await;
        let all = [("MAJOR", 30), ("FAMILY", 20), ("PLACE", 15), ("SKILL", 10), ("SKILL", 4), ("SKILL", 10), ("PAY", 10)];
        let without = |out: &str| all.into_iter().filter(|(kind, _)| *kind != out).collect::<Vec<_>>();
        for (changes, expected) in [
            (json!({}), all.to_vec()),
            (json!({ "education": [] }), without("MAJOR")),
            (json!({ "wishes": { "families": ["其他"] } }), without("FAMILY")),
            (json!({ "wishes": { "places": ["仪陇"] } }), without("PLACE")),
            (json!({ "skills": [], "languages": [], "certificates": [] }), without("SKILL")),
            (json!({ "wishes": { "pay": "9001" } }), without("PAY")),
            (json!({ "wishes": { "pay": "面议" } }), without("PAY")),
            (json!({ "wishes": { "families": [], "places": [], "pay": null } }), [("MAJOR", 30), ("SKILL", 10), ("SKILL", 4), ("SKILL", 10)].to_vec()),
        ] {
            writes(&ground.student, changes.clone()).await;
            let found = suggested(&ground.student, json!({})).await;
            let quality = found.iter().find(|found| found["title"] == "质量管理专员").unwrap();
            assert_eq!(reasons(quality), expected, "{changes}");
        }
        // Without evidence, and one level below what is asked for.
        let bare = json!([{ "name": "SolidWorks", "kind": "SOFTWARE", "level": "BASIC" }]);
        writes(&ground.student, json!({ "skills": bare })).await;
        let found = suggested(&ground.student, json!({})).await;
        assert_eq!(found[0]["reasons"][3]["points"], 4);
        assert_eq!(texts(&found[0]["missing"]), ["It asks for Solid Works at a higher level: working.",
            "It would like Minitab (proficient), which your résumé does not name."]);
        // Nothing fits anywhere: nothing is suggested.
        let other = json!({ "education": [{ "school": "南方大学", "major": "050201", "level": "BACHELOR", "from": "2022-09" }], "skills": [],
            "languages": [], "certificates": [], "wishes": { "families": [], "places": [], "pay": null } });
        writes(&ground.student, other).await;
        assert_eq!(suggested(&ground.student, json!({})).await, [Value::Null; 0]);
    }

    /// The enterprise is at an event for which the student is registered: so long as the place is held and the event to
    /// come; and of an event only the enterprises that are there.
    async fn at_an_event(app: TestApp) {
        let ground = Ground::new(&app).await;
        cast(&ground).await;
        let reviewer = ground.county.admin().await;
        let event = fair::published(&ground.officer, &reviewer, json!({})).await;
        let other = fair::published(&ground.officer, &reviewer, json!({})).await;
        fair::booth(&ground.beta, &ground.officer, &event).await;
        let titles = async |variables: Value| scores(&ground.student, variables).await;
        let plain = [("质量管理专员".to_owned(), 99), ("结构工程师".to_owned(), 26), ("会计".to_owned(), 5)];
        assert_eq!(titles(json!({})).await, plain);
        assert_eq!(titles(json!({ "event": event })).await, plain[1..]);
        assert_eq!(titles(json!({ "event": other })).await, []);
        let place = fair::registered(&ground.student, &event).await;
        let expected = [("质量管理专员".to_owned(), 99), ("结构工程师".to_owned(), 36), ("会计".to_owned(), 15), ("染整技师".to_owned(), 10)];
        assert_eq!(titles(json!({})).await, expected);
        let found = suggested(&ground.student, json!({ "event": event })).await;
        assert_eq!(found[2]["reasons"], json!([{ "kind": "EVENT", "points": 10, "skill": null, "levelAsked": null, "levelHad": null,
            "text": "Its enterprise is at “园区群面” on 2026-03-10, for which you are registered." }]));
        assert_eq!(texts(&found[2]["missing"]), ["It welcomes other majors: 081601.", "It is in 四川省南充市仪陇县, elsewhere than you wish.",
            "It pays up to 5000.50 yuan a month; you wish for 6000."]);
        let registration = ("registration", "registrationCancel");
        fair::taken(&ground.student, registration, &place, json!({})).await.results_in(json!({ "status": "CANCELLED" }));
        assert_eq!(titles(json!({})).await, plain);
        // A booth at an event that nobody else knows of yet says nothing.
        let draft = fair::draft(&ground.officer, json!({})).await;
        let invite = json!({ "eventId": draft, "organizationId": ground.beta.organization.id() });
        let booth = ground.officer.does("eventExhibitorInvite", invite, "id").await;
        let booth = booth.result()["id"].as_str().unwrap().to_owned();
        fair::taken(&ground.beta, ("eventExhibitor", "eventExhibitorAccept"), &booth, json!({})).await.result();
        assert_eq!(titles(json!({ "event": draft })).await, []);
    }

    /// Only what one sees and can apply for now.
    async fn what_is_left_out(app: TestApp) {
        let ground = Ground::new(&app).await;
        let title = |title: &str| json!({ "title": title, "family": "QUALITY" });
        offer::written(&ground.alpha, title("draft")).await;
        offer::submitted(&ground.alpha, title("under review")).await;
        for (by, step, more) in [
            (&ground.officer, "Block", json!({ "reason": "虚假。" })),
            (&ground.alpha, "Withdraw", json!({ "reason": "停招。" })),
            (&ground.alpha, "Fill", json!({})),
        ] {
            let id = ground.offers(&ground.alpha, title(step)).await;
            fair::taken(by, ("position", &format!("position{step}")), &id, more).await.result();
        }
        let mut early = title("until today");
        early["applyBy"] = json!("2026-03-02");
        ground.offers(&ground.alpha, early).await;
        let open = ground.offers(&ground.alpha, title("open")).await;
        ground.offers(&ground.beta, title("of Beta")).await;
        let titles = async || scores(&ground.student, json!({})).await.into_iter().map(|(title, _)| title).collect::<Vec<_>>();
        assert_eq!(titles().await, ["until today", "open", "of Beta"]);
        // Its last day is over at midnight in Shanghai, whether or not the job has run (I16).
        app.it_is("2026-03-02T15:59:59Z");
        assert_eq!(titles().await, ["until today", "open", "of Beta"]);
        app.it_is("2026-03-02T16:00:00Z");
        assert_eq!(titles().await, ["open", "of Beta"]);
        // Applied for; taken back, it can be applied for again.
        give(&ground.student, &ground.alpha.organization, &["PROFILE"]).await;
        let applied = ground.student.does("applicationSubmit", json!({ "positionId": open }), "id").await;
        let applied = applied.result()["id"].as_str().unwrap().to_owned();
        assert_eq!(titles().await, ["of Beta"]);
        let withdraw = ("application", "applicationWithdraw");
        fair::taken(&ground.student, withdraw, &applied, json!({ "reason": "PERSONAL" })).await.results_in(json!({ "status": "WITHDRAWN" }));
        assert_eq!(titles().await, ["open", "of Beta"]);
        let suspend = json!({ "id": ground.beta.organization.id(), "expectedVersion": 1, "reason": "年检。" });
        ground.officer.does("organizationSuspend", suspend, "id").await.result();
        assert_eq!(titles().await, ["open"]);
    }

    /// It is the student's question about the own résumé; nobody else has one, and nobody is told that it was asked.
    async fn to_the_student_alone(app: TestApp) {
        let ground = Ground::new(&app).await;
        cast(&ground).await;
        let before = event::Entity::find().count(app.db().reader()).await.unwrap();
        assert_eq!(suggested(&ground.student, json!({})).await.len(), 3);
        assert_eq!(event::Entity::find().count(app.db().reader()).await.unwrap(), before);
        assert_eq!(super::log(&ground.student).await, [Value::Null; 0]);
        for person in [&ground.alpha, &ground.officer, &ground.north.staff().await, &ground.north.professor().await] {
            person.gql(QUERY, json!({})).await.refused(&["FORBIDDEN"]);
        }
        app.gql(QUERY, json!({})).await.refused(&["UNAUTHENTICATED"]);
        for first in [0, 51, -1] {
            let answer = ground.student.gql(QUERY, json!({ "first": first })).await;
            answer.refused(&["INVALID_INPUT"]);
            assert!(answer.to_string().contains("first: expected a number from 1 to 50"), "{answer}");
        }
        // Without a résumé there is nothing to compare; another university's student is compared with the own one.
        let south = app.university("South").await.student().await;
        assert_eq!(suggested(&south, json!({})).await, [Value::Null; 0]);
        writes(&south, json!({ "education": [{ "school": "南方大学", "major": "120203K", "level": "MASTER", "from": "2022-09" }] })).await;
        assert_eq!(scores(&south, json!({})).await, [
            ("质量管理专员".to_owned(), 74), ("会计".to_owned(), 30), ("结构工程师".to_owned(), 16)]);
        // In the reader's language.
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT_LANGUAGE, "zh-CN")
            .header(header::AUTHORIZATION, format!("Bearer {}", south.token().await));
        let (_, answer) = app.http(request.body(Body::from(json!({ "query": QUERY }).to_string())).unwrap()).await;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let found = &answer["data"]["positionSuggestions"];
        assert_eq!(texts(&found[0]["reasons"]), [
            "招收 120703T，与您的专业（120203K）同属一个学科门类。",
            "符合您期望的岗位类别：质量管理。",
            "位于您期望的地点：营山。",
            "要求Solid Works（熟悉），您已具备（熟练，并有佐证）。",
            "要求英语（熟悉），您已具备（CET-6）。",
            "要求内审员，您已取得。",
            "月薪 6000 至 9000 元，您期望 6000 元。",
        ]);
        assert_eq!(texts(&found[0]["missing"]), ["希望具备Minitab（熟练），您的简历中未提及。"]);
        // Erased, it says nothing any more.
        let resume = south.gql("{ resumes { nodes { id } } }", json!({})).await.at("/resumes/nodes/0/id").clone();
        south.does("resumeErase", json!({ "id": resume }), "id").await.result();
        assert_eq!(suggested(&south, json!({})).await, [Value::Null; 0]);
    }

    /// Turned off, nothing is compared: neither the résumé nor any position is read. Nobody else sees the choice: no
    /// enterprise in what it sees of the résumé, no admin in the student's history.
    async fn who_does_not_want_it(app: TestApp) {
        let ground = Ground::new(&app).await;
        cast(&ground).await;
        give(&ground.student, &ground.alpha.organization, &["PROFILE"]).await;
        let resume = "{ resumes { nodes { version updatedAt history(first: 10) { totalCount } } } }";
        let before = ground.alpha.gql(resume, json!({})).await.at("/resumes/nodes/0").clone();
        let history = "{ viewer { user { history(first: 10) { totalCount } } } }";
        let history_before = ground.student.gql(history, json!({})).await.data().clone();
        let setting = async || ground.student.gql("{ positionSuggestionSetting { wanted } }", json!({})).await.data().clone();
        let wants = async |wanted: bool| {
            let answer = ground.student.does("positionSuggestionSettingUpdate", json!({ "wanted": wanted }), "wanted").await;
            answer.results_in(json!({ "wanted": wanted }));
        };
        assert_eq!(setting().await, json!({ "positionSuggestionSetting": { "wanted": true } }));
        let token = ground.student.token().await;
        let query = "{ positionSuggestions { title } }";
        assert_eq!(statements(&app, &token, query).await, 7);
        // At the same time, and again: one choice, and one event for each change.
        tokio::join!(wants(false), wants(false));
        wants(false).await;
        assert_eq!(setting().await, json!({ "positionSuggestionSetting": { "wanted": false } }));
        assert_eq!(suggested(&ground.student, json!({})).await, [Value::Null; 0]);
        assert_eq!(statements(&app, &token, query).await, 1);
        let export = ground.student.gql("mutation { studentDataExport { result { json } } }", json!({})).await;
        let export: Value = serde_json::from_str(&export.text("/studentDataExport/result/json")).unwrap();
        assert_eq!(export["suggestionsWanted"], json!(false));
        wants(true).await;
        assert_eq!(suggested(&ground.student, json!({})).await.len(), 3);
        let chosen = event::Entity::find().filter(event::Column::Kind.eq("SuggestionsChosen"));
        let chosen: Vec<_> = chosen.order_by_asc(event::Column::Link).all(app.db().reader()).await.unwrap();
        let told: Vec<_> = chosen.iter().map(|event| (event.record_kind.as_str(), event.link, event.data.as_str())).collect();
        assert_eq!(told, [("suggestion_choice", 1, "{\"wanted\":\"false\"}"), ("suggestion_choice", 2, "{\"wanted\":\"true\"}")]);
        assert_eq!(ground.alpha.gql(resume, json!({})).await.at("/resumes/nodes/0"), &before);
        let exported = ground.student.gql(history, json!({})).await;
        let count = |data: &Value| data["viewer"]["user"]["history"]["totalCount"].as_i64().unwrap();
        // The export, and nothing else.
        assert_eq!(count(exported.data()), count(&history_before) + 1);
        let node = "query($id: ID!) { node(id: $id) { id } }";
        let id = hezuo::platform::id::show("suggestion_choice", chosen[0].record_id);
        ground.alpha.gql(node, json!({ "id": id })).await.refused(&["INVALID_INPUT"]);
        let set = json!({ "wanted": false });
        for person in [&ground.alpha, &ground.officer, &ground.north.staff().await] {
            person.gql("{ positionSuggestionSetting { wanted } }", json!({})).await.refused(&["FORBIDDEN"]);
            person.does("positionSuggestionSettingUpdate", set.clone(), "wanted").await.refused(&["FORBIDDEN"]);
        }
    }

    /// As many statements for two hundred positions as for twenty, at a price that is told.
    async fn what_it_costs(app: TestApp) {
        let ground = Ground::new(&app).await;
        let (author, token) = (ground.alpha.actor().await, ground.student.token().await);
        let author = &author;
        let mut taken = Vec::new();
        for more in [20, 180] {
            let insert = app.db().write(move |tx| async move {
                let rows = (0..more).map(|_| rows::position(author, PositionStatus::Published).into_active_model());
                let record = RecordRef { kind: "position", id: tx.id() };
                tx.under(Permit::system(Job::Bootstrap, record)).insert_all(rows.collect()).await
            });
            insert.await.unwrap();
            let query = "{ positionSuggestions(first: 50) { title score reasons { text } missing { text } } }";
            taken.push(statements(&app, &token, query).await);
        }
        // The choice, the résumé, the events, the positions; and their skills, majors and places.
        assert_eq!(taken, [7, 7]);
        let answer = ground.student.gql(QUERY, json!({ "first": 50 })).await;
        assert_eq!(answer.at("/positionSuggestions").as_array().unwrap().len(), 50);
        assert_eq!(answer.body["extensions"]["cost"]["requested"], 500);
        let strict = app.replica(&[("cost_per_minute", "600")]).await;
        assert_eq!(strict.gql_as(&token, QUERY, json!({})).await.codes(), [""; 0]);
        strict.gql_as(&token, QUERY, json!({})).await.refused(&["RATE_LIMITED"]);
        let small = app.replica(&[("max_cost", "499")]).await;
        small.gql_as(&token, QUERY, json!({})).await.refused(&["LIMIT_EXCEEDED"]);
    }
}
