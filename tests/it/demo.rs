//! The demo's story can be told, and every example that GraphiQL opens with does what it says.

use hezuo::{demo, http::Tab, settings::Settings, start};
use serde_json::{Value, json};

use crate::support::{TestApp, on_both, scratch};

on_both! {
    /// From draft to signature and amendment, tab by tab, each as the persona it names.
    async fn every_example_does_what_it_says(app: TestApp) {
        app.it_is("2026-11-25");
        demo::tell(app.app()).await.unwrap();
        let config = demo::graphiql(app.app()).await.unwrap();
        let mut amendment = Value::Null;
        for tab in &config.tabs {
            let login = tab.persona.as_deref().unwrap_or("county.admin");
            let mut variables = variables(tab);
            if tab.query.contains("mutation SubmitAmendment") {
                variables["input"]["id"] = amendment.clone();
            }
            let data = run(&app, login, (&tab.query, variables.clone())).await;
            if tab.query.contains("mutation ApproveAgreement") {
                run(&app, "enterprise.admin", (&tab.query, variables)).await;
            } else if tab.query.contains("mutation DraftAmendment") {
                amendment = data["amendmentDraft"]["result"]["id"].clone();
            }
        }
        assert_eq!(config.tabs.len(), 30);
    }

    /// Another county, and an enterprise that is no party, see none of it.
    async fn strangers_to_the_story_see_only_their_own(app: TestApp) {
        app.it_is("2026-11-25");
        demo::tell(app.app()).await.unwrap();
        let query = "{ agreements(orderBy: { field: NUMBER }) { totalCount nodes { number } } }";
        for (login, numbers) in [
            ("neighbour.admin", vec!["XY-511324-2025-0001"]),
            ("enterprise.admin.2", vec![]),
            ("admin", vec![]),
            ("enterprise.admin", vec!["XY-511322-2025-0001", "XY-511322-2026-0001"]),
        ] {
            let nodes: Vec<_> = numbers.iter().map(|number| json!({ "number": number })).collect();
            let expected = json!({ "agreements": { "totalCount": numbers.len(), "nodes": nodes } });
            assert_eq!(run(&app, login, (query, json!({}))).await, expected, "{login}");
        }
    }
}

on_both! {
    /// The rolls are the staff's; the table that is tried out would change two, add one and invite that one.
    async fn rolls_of_the_story(app: TestApp) {
        app.it_is("2026-11-25");
        demo::tell(app.app()).await.unwrap();
        let config = demo::graphiql(app.app()).await.unwrap();
        let tab = |name: &str| config.tabs.iter().find(|tab| tab.query.contains(name)).unwrap();
        let rolls = run(&app, "university.staff", (&tab("query TheRolls").query, json!({}))).await;
        assert_eq!(rolls["studentRecords"]["totalCount"], 6);
        let others = run(&app, "county.officer", (&tab("query TheRolls").query, json!({}))).await;
        assert_eq!(others["studentRecords"]["totalCount"], 0);
        let import = tab("mutation ImportStudents");
        let told = run(&app, "university.staff", (&import.query, variables(import))).await;
        let result = &told["studentRecordImport"]["result"];
        assert_eq!(["created", "updated", "unchanged", "invited"].map(|name| result[name].clone()), [1, 2, 0, 1]);
    }

    /// A student finds what suits, with what the enterprise was asked; what waits for the county is the county's.
    async fn positions_of_the_story(app: TestApp) {
        app.it_is("2026-11-25");
        demo::tell(app.app()).await.unwrap();
        let config = demo::graphiql(app.app()).await.unwrap();
        let tab = config.tabs.iter().find(|tab| tab.query.contains("query PositionsForMe")).unwrap();
        let found = run(&app, "student", (&tab.query, variables(tab))).await;
        let titles: Vec<_> = found["positions"]["nodes"].as_array().unwrap().iter().map(|node| node["title"].clone()).collect();
        assert_eq!(titles, ["功能性面料研发工程师", "质量管理专员"]);
        let questions = &found["positions"]["nodes"][0]["organization"]["questions"]["nodes"];
        assert_eq!(questions.as_array().unwrap().len(), 1);
        let query = "{ positionCounts { family status count } organizationQuestions { totalCount } }";
        let count = |family: &str, status: &str, count: i32| json!({ "family": family, "status": status, "count": count });
        let published = [
            count("ACCOUNTING", "EXPIRED", 1), count("ACCOUNTING", "PUBLISHED", 1),
            count("QUALITY", "EXPIRED", 1), count("QUALITY", "PUBLISHED", 2),
            count("RESEARCH_AND_DEVELOPMENT", "EXPIRED", 1), count("RESEARCH_AND_DEVELOPMENT", "PUBLISHED", 1),
        ];
        for (login, counts, questions) in [
            ("student", published.to_vec(), 1),
            ("county.officer", [&published[..], &[count("RESEARCH_AND_DEVELOPMENT", "UNDER_REVIEW", 1)]].concat(), 1),
            ("enterprise.recruiter", published.to_vec(), 2),
            ("neighbour.officer", published.to_vec(), 1),
        ] {
            let expected = json!({ "positionCounts": counts, "organizationQuestions": { "totalCount": questions } });
            assert_eq!(run(&app, login, (query, json!({}))).await, expected, "{login}");
        }
    }
}

on_both! {
    /// What suits the student: not what was applied for; the internship first, with every kind of reason that it has.
    async fn suggestions_of_the_story(app: TestApp) {
        app.it_is("2026-11-25");
        demo::tell(app.app()).await.unwrap();
        let config = demo::graphiql(app.app()).await.unwrap();
        let tab = config.tabs.iter().find(|tab| tab.query.contains("query SuggestedPositions")).unwrap();
        let found = run(&app, "student", (&tab.query, variables(tab))).await;
        let found = found["positionSuggestions"].as_array().unwrap();
        let scores: Vec<_> = found.iter().map(|found| (found["title"].as_str().unwrap(), found["score"].as_i64().unwrap())).collect();
        assert_eq!(scores, [("质量检验实习生", 85), ("成本会计", 30), ("功能性面料研发工程师", 25)]);
        let kinds: Vec<_> = found[0]["reasons"].as_array().unwrap().iter().map(|reason| reason["kind"].clone()).collect();
        assert_eq!(kinds, ["MAJOR", "FAMILY", "PLACE", "SKILL", "EVENT"]);
        assert_eq!(found[0]["missing"][0]["skill"], "游标卡尺与千分尺");
        assert_eq!(found[2]["reasons"][1]["text"], "You have been there: 质检实习生.");
    }
}

on_both! {
    /// The day, and what came of it: 72 students, 64 interviewed, 31 intentions that evening, 9 negotiations.
    async fn the_funnel_of_that_day(app: TestApp) {
        app.it_is("2026-11-25");
        demo::tell(app.app()).await.unwrap();
        let query = "query($asOf: DateTime, $groupBy: TalentFunnelGroupBy) {
            talentFunnel(asOf: $asOf, groupBy: $groupBy) { stages { students } groups { key stages { students } } } }";
        let students = |stages: &Value| -> Vec<i64> {
            stages.as_array().unwrap().iter().map(|stage| stage["students"].as_i64().unwrap()).collect()
        };
        for (moment, expected) in [
            ("2025-05-06T05:50:00Z", [72, 0, 0, 0, 0, 0, 0, 0]),
            ("2025-05-06T10:00:00Z", [72, 64, 31, 0, 0, 0, 0, 0]),
            ("2025-06-01T00:00:00Z", [72, 64, 31, 24, 20, 0, 0, 0]),
            ("2025-12-31T00:00:00Z", [72, 64, 31, 24, 20, 12, 11, 10]),
        ] {
            let told = run(&app, "university.staff", (query, json!({ "asOf": moment }))).await;
            assert_eq!(students(&told["talentFunnel"]["stages"]), expected, "{moment}");
        }
        let by_aim = run(&app, "university.staff", (query, json!({ "groupBy": "ENGAGEMENT" }))).await;
        let groups = by_aim["talentFunnel"]["groups"].as_array().unwrap();
        assert_eq!(students(&groups[0]["stages"]), [22, 16, 13, 12, 11, 10]);
        assert_eq!(students(&groups[1]["stages"]), [9, 8, 7, 0, 0, 0]);
        let query = "{ negotiations { totalCount } employmentRecords { totalCount }
            recruitmentEvents(filter: { kind: { in: [PARK_GROUP_INTERVIEW] } }) { nodes { status article } } }";
        let told = run(&app, "university.staff", (query, json!({}))).await;
        assert_eq!(told["negotiations"]["totalCount"], 9);
        assert_eq!(told["employmentRecords"]["totalCount"], 12);
        assert!(told["recruitmentEvents"]["nodes"][0]["article"].as_str().unwrap().contains("七十二名学生签到"));
    }
}

/// The demo sweeps what nothing refers to: it must not do so among the files of the real database beside it.
#[tokio::test(flavor = "multi_thread")]
async fn its_files_are_its_own() {
    let folder = scratch::fresh("demo");
    let data = [("HEZUO_DATA_DIR".to_owned(), folder.display().to_string())];
    let demo = start::open_demo(Settings::load(data.clone().into_iter(), None).unwrap()).await.unwrap();
    let real = start::open(Settings::load(data.into_iter(), None).unwrap()).await.unwrap();
    assert_eq!(demo.settings().data_dir, folder.join("demo"));
    assert_eq!(real.settings().data_dir, folder);
    assert_eq!(demo.settings().secret, real.settings().secret);
    assert!(folder.join("demo.sqlite").exists() && folder.join("hezuo.sqlite").exists());
}

fn variables(tab: &Tab) -> Value {
    tab.variables.as_deref().map_or_else(|| json!({}), |text| serde_json::from_str(text).unwrap())
}

/// What a persona is answered, which must be free of errors of any kind.
async fn run(app: &TestApp, login: &str, (query, variables): (&str, Value)) -> Value {
    let input = json!({ "login": login, "password": demo::PASSWORD });
    let signed_in = app.does("sessionCreate", input, "accessToken").await;
    let token = signed_in.result()["accessToken"].as_str().unwrap().to_owned();
    let answer = app.gql_as(&token, query, variables).await;
    assert!(answer.codes().is_empty() && answer.user_errors().is_empty(), "{login}\n{query}\n{answer}");
    answer.body["data"].clone()
}
