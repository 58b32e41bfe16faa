//! Positions from a table: each row named when it is wrong, what people edited kept, the same again changes nothing.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use encoding_rs::GB18030;
use serde_json::{Value, json};

use crate::support::{Answer, Organization, Persona, TestApp, on_both};

const HEADER: &str = "岗位编号,岗位名称,岗位类别,用工性质,岗位职责,任职要求,招聘人数,最低月薪（元）,最高月薪（元）,行政区划代码,工作地址,学历要求,截止日期,专业代码,专业软件";

/// A row that is right.
fn row(reference: &str, title: &str, pay: &str) -> String {
    format!(
        "{reference},{title},质量管理,就业,负责来料检验。,熟悉统计过程控制。,2,{pay},8000,511322,营山经济开发区,本科及以上,2026-06-30,120703T；080201,SolidWorks;Minitab"
    )
}

fn table(rows: &[String]) -> Vec<u8> {
    format!("{HEADER}\r\n{}\r\n", rows.join("\r\n")).into_bytes()
}

const SELECTION: &str = "dryRun created updated unchanged kept rows { row reference outcome positionId keptColumns }";

async fn import(by: &Persona, file: &[u8], dry_run: bool) -> Answer {
    by.does("positionImport", json!({ "file": STANDARD.encode(file), "dryRun": dry_run }), SELECTION).await
}

/// Created, updated, unchanged, kept.
fn counts(answer: &Answer) -> [i64; 4] {
    let result = answer.result();
    ["created", "updated", "unchanged", "kept"].map(|name| result[name].as_i64().unwrap())
}

async fn positions(by: &Persona) -> Value {
    let query = "{ positions(orderBy: { field: CREATED_AT }) { totalCount nodes { id version title status payMin payMax family headcount applyBy
        majors { code } skills { name kind level required } } } }";
    by.gql(query, json!({})).await.at("/positions").clone()
}

async fn enterprise(app: &TestApp) -> (Organization, Persona) {
    let county = app.county("511322").await;
    let enterprise = app.enterprise(&county, "Alpha").await;
    let recruiter = enterprise.recruiter().await;
    (county, recruiter)
}

on_both! {
    /// The rehearsal says what the run does and does nothing; the run adds drafts; the same again changes nothing.
    async fn a_table_becomes_drafts(app: TestApp) {
        let (_, recruiter) = enterprise(&app).await;
        let file = table(&[row("A-1", "质量工程师", "5000"), row("A-2", "质检员", "\"4,500.50\"")]);
        let rehearsed = import(&recruiter, &file, true).await;
        assert_eq!(counts(&rehearsed), [2, 0, 0, 0]);
        assert_eq!(rehearsed.result()["rows"][1], json!({ "row": 3, "reference": "A-2", "outcome": "CREATED", "positionId": null, "keptColumns": [] }));
        assert_eq!(positions(&recruiter).await["totalCount"], 0);
        let imported = import(&recruiter, &file, false).await;
        assert_eq!(counts(&imported), [2, 0, 0, 0]);
        let found = positions(&recruiter).await;
        assert_eq!(found["totalCount"], 2);
        let skill = |name: &str| json!({ "name": name, "kind": "SOFTWARE", "level": "WORKING", "required": false });
        assert_eq!(found["nodes"][1], json!({
            "id": imported.result()["rows"][1]["positionId"], "version": 1, "title": "质检员", "status": "DRAFT", "payMin": "450050", "payMax": "800000",
            "family": "QUALITY", "headcount": 2, "applyBy": "2026-06-30", "majors": [{ "code": "120703T" }, { "code": "080201" }],
            "skills": [skill("SolidWorks"), skill("Minitab")],
        }));
        for again in [file.clone(), GB18030.encode(std::str::from_utf8(&file).unwrap()).0.into_owned()] {
            assert_eq!(counts(&import(&recruiter, &again, false).await), [0, 0, 2, 0]);
        }
        assert_eq!(positions(&recruiter).await, found);
    }

    /// What the table says anew is changed; what people edited since is theirs; what is with the county is not touched.
    async fn what_people_edited_is_kept(app: TestApp) {
        let (_, recruiter) = enterprise(&app).await;
        let rows = [row("A-1", "质量工程师", "5000"), row("A-2", "质检员", "4500"), row("A-3", "检验员", "4000")];
        let imported = import(&recruiter, &table(&rows), false).await;
        let id = |place: usize| imported.result()["rows"][place]["positionId"].clone();
        let content = json!({
            "title": "高级质量工程师", "family": "QUALITY", "kind": "EMPLOYMENT", "description": "负责来料检验。",
            "requirements": "熟悉统计过程控制。", "headcount": 2, "payMin": "500000", "payMax": "800000", "regionCode": "511322",
            "address": "营山经济开发区", "education": "BACHELOR", "applyBy": "2026-06-30", "majors": ["120703T", "080201"],
            "skills": [{ "name": "SolidWorks", "kind": "SOFTWARE", "level": "WORKING", "required": false },
                { "name": "Minitab", "kind": "SOFTWARE", "level": "WORKING", "required": false }],
        });
        recruiter.does("positionEdit", json!({ "id": id(0), "expectedVersion": 1, "content": content }), "id").await.result();
        recruiter.does("positionSubmit", json!({ "id": id(2), "expectedVersion": 1 }), "id").await.result();
        let rows = [row("A-1", "质量主任", "5500"), row("A-2", "质检员", "4600"), row("A-3", "质检主任", "4000")];
        let answer = import(&recruiter, &table(&rows), false).await;
        assert_eq!(counts(&answer), [0, 2, 0, 1]);
        let kept: Vec<&Value> = answer.result()["rows"].as_array().unwrap().iter().map(|row| &row["keptColumns"]).collect();
        assert_eq!(kept, [&json!(["title"]), &json!([]), &json!([])]);
        let found = positions(&recruiter).await;
        let said = |place: usize| (found["nodes"][place]["title"].clone(), found["nodes"][place]["payMin"].clone());
        assert_eq!(said(0), (json!("高级质量工程师"), json!("550000")));
        assert_eq!(said(1), (json!("质检员"), json!("460000")));
        assert_eq!(said(2), (json!("检验员"), json!("400000")));
        assert_eq!(counts(&import(&recruiter, &table(&rows), false).await), [0, 0, 2, 1]);
        let history = "query($id: ID!) { position(id: $id) { history { nodes { kind } } } }";
        let told = recruiter.gql(history, json!({ "id": id(0) })).await;
        let kinds = told.at("/position/history/nodes").as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap());
        assert_eq!(kinds.collect::<Vec<_>>(), ["PositionCreated", "PositionEdited", "PositionImported"]);
    }

    /// A hundred rows that are wrong: each is named with its column and reason, and nothing is changed.
    async fn a_hundred_bad_rows(app: TestApp) {
        let (_, recruiter) = enterprise(&app).await;
        let mut rows = vec![row("A-1", "质量工程师", "5000")];
        for number in 0..100 {
            rows.push(match number % 5 {
                0 => row(&format!("B-{number}"), "质检员", "五千"),
                1 => row(&format!("B-{number}"), "质检员，限女性", "4000"),
                2 => row(&format!("B-{number}"), "质检员", "9000"),
                3 => row("A-1", "质检员", "4000"),
                _ => row(&format!("B-{number}"), "质检员", "4000").replace("511322", "999999").replace("质量管理", "质检"),
            });
        }
        for dry_run in [true, false] {
            let answer = import(&recruiter, &table(&rows), dry_run).await;
            let problems = answer.problems();
            assert_eq!(problems.len(), 120 - 20, "{answer}");
            assert_eq!(problems[..5], [
                "INVALID_INPUT input.rows.3.payMinYuan", "RULE_VIOLATED input.rows.4.title", "INVALID_INPUT input.rows.5.payMaxYuan",
                "DUPLICATE input.rows.6.reference", "INVALID_INPUT input.rows.7.family",
            ]);
            let message = answer.user_errors()[2]["message"].as_str().unwrap().to_owned();
            assert_eq!(message, "Row 5: payMax (800000) is below payMin (900000).");
        }
        assert_eq!(positions(&recruiter).await["totalCount"], 0);
    }

    /// What is no such table is refused with what is wrong with it; nobody else imports.
    async fn no_such_table(app: TestApp) {
        let (county, recruiter) = enterprise(&app).await;
        let says = async |file: &[u8]| {
            let answer = import(&recruiter, file, true).await;
            answer.user_errors().iter().map(|error| error["message"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(says(b"").await, ["The file has no rows; the first one names the columns."]);
        assert_eq!(says(b"PK\x03\x04 and nothing").await, ["The file is damaged, or no XLSX workbook."]);
        let other = format!("{HEADER},薪资,title").replace("岗位职责,", "");
        assert_eq!(says(other.as_bytes()).await, [
            "There is no column “薪资”.", "Column title is there twice.", "Column description 岗位职责 is missing."]);
        let answer = recruiter.does("positionImport", json!({ "file": "质量", "dryRun": true }), "created").await;
        answer.complains(&["INVALID_INPUT input.file"]);
        let file = table(&[row("A-1", "质量工程师", "5000")]);
        import(&county.officer().await, &file, false).await.refused(&["FORBIDDEN"]);
        // Two enterprises use the same number, each for its own.
        let beta = app.enterprise(&county, "Beta").await.recruiter().await;
        for person in [&recruiter, &beta] {
            assert_eq!(counts(&import(person, &file, false).await), [1, 0, 0, 0]);
        }
        let columns = recruiter.gql("{ positionImportColumns { name required } }", json!({})).await;
        assert_eq!(columns.at("/positionImportColumns").as_array().unwrap().len(), 15);
    }

    /// The same file from eight at once: each position once.
    async fn at_the_same_time(app: TestApp) {
        let (_, recruiter) = enterprise(&app).await;
        let file = table(&(0..5).map(|number| row(&format!("A-{number}"), "质检员", "4000")).collect::<Vec<_>>());
        let answers = futures_util::future::join_all((0..8).map(|_| import(&recruiter, &file, false))).await;
        let mut outcomes: Vec<[i64; 4]> = answers.iter().map(counts).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [vec![[0, 0, 5, 0]; 7], vec![[5, 0, 0, 0]]].concat());
        assert_eq!(positions(&recruiter).await["totalCount"], 5);
    }
}
