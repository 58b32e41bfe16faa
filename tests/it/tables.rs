//! Lists as tables: every row and nothing else, in CSV and in a workbook, as whoever asks may read them.

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Value, json};

use crate::support::{Persona, TestApp, make, offer, on_both};

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ROLLS: &str =
    "{ studentRecords(orderBy: { field: NUMBER }) { nodes { number name major className graduationYear email } } }";

/// What comes of a query, as this form, in this language: status, headers, body.
async fn ask(
    app: &TestApp,
    by: &Persona,
    (form, language): (&str, &str),
    query: &str,
) -> (u16, axum::http::HeaderMap, Vec<u8>) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, form)
        .header(header::ACCEPT_LANGUAGE, language)
        .header(header::AUTHORIZATION, format!("Bearer {}", by.token().await));
    app.respond(request.body(Body::from(json!({ "query": query }).to_string())).unwrap()).await
}

/// The lines of a table in CSV, without the mark before them.
pub(crate) async fn csv(app: &TestApp, by: &Persona, language: &str, query: &str) -> Vec<String> {
    let (status, _, body) = ask(app, by, (CSV, language), query).await;
    let text = String::from_utf8(body).unwrap();
    assert_eq!(status, 200, "{text}");
    let text = text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    text.strip_suffix("\r\n").unwrap().split("\r\n").map(str::to_owned).collect()
}

/// Code and message of what is refused, and the status.
async fn refused(app: &TestApp, by: &Persona, query: &str) -> (u16, String, String) {
    let (status, headers, body) = ask(app, by, (CSV, "en"), query).await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
    let answer: Value = serde_json::from_slice(&body).unwrap();
    let error = &answer["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (status, text(&error["extensions"]["code"]), text(&error["message"]))
}

async fn import(staff: &Persona, file: &[u8]) -> [i64; 3] {
    let input = json!({ "file": STANDARD.encode(file), "dryRun": false });
    let answer = staff.does("studentRecordImport", input, "created updated unchanged").await;
    ["created", "updated", "unchanged"].map(|name| answer.result()[name].as_i64().unwrap())
}

async fn enrol(staff: &Persona, count: usize) {
    let rows = (0..count).map(|place| format!("{place:04},学生{place},120703T,质量2301,2027,{place}@north.example\n"));
    let file = format!("number,name,major,className,graduationYear,email\n{}", rows.collect::<String>());
    assert_eq!(import(staff, file.as_bytes()).await, [i64::try_from(count).unwrap(), 0, 0]);
}

on_both! {
    /// The whole list, page after page, in the order of the query; what was exported is imported without a change.
    async fn a_list_is_exported_whole(app: TestApp) {
        let sides = app.sides().await;
        let staff = sides.north.staff().await;
        enrol(&staff, 250).await;
        let lines = csv(&app, &staff, "en", ROLLS).await;
        assert_eq!(lines.len(), 251);
        assert_eq!(lines[0], "number,name,major,className,graduationYear,email");
        assert_eq!(lines[1], "0000,学生0,120703T,质量2301,2027,0@north.example");
        assert_eq!(lines[250], "0249,学生249,120703T,质量2301,2027,249@north.example");
        assert_eq!(import(&staff, lines.join("\r\n").as_bytes()).await, [0, 0, 250]);
        let chinese = csv(&app, &staff, "zh-CN", ROLLS).await;
        assert_eq!(chinese[0], "学号,姓名,专业代码,班级,毕业年份,邮箱");
        assert_eq!(import(&staff, chinese.join("\r\n").as_bytes()).await, [0, 0, 250]);
        let filtered = "query Some { all: studentRecords(filter: { search: \"024\" }) { rows: nodes { ...what student { displayName } } } }
            fragment what on StudentRecord { no: number }";
        let lines = csv(&app, &staff, "zh", filtered).await;
        assert_eq!((lines.len(), lines[0].as_str(), lines[1].as_str()), (12, "no,学生.姓名", "0024,"));
    }

    /// Whoever may not see a row does not find it in a table either.
    async fn nobody_exports_what_is_not_seen(app: TestApp) {
        let sides = app.sides().await;
        enrol(&sides.north.staff().await, 2).await;
        for person in [&sides.enterprise, &sides.county] {
            assert_eq!(csv(&app, person, "en", ROLLS).await, ["number,name,major,className,graduationYear,email"]);
        }
    }

    /// A workbook has the same cells: numbers are numbers, and what looks like a formula is text. In CSV it is marked.
    async fn a_workbook_runs_nothing(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let names = ["=1+1", "+86", "-1", "@SUM(A1)", "\"a;b\"\"c\"\"\"", "'quoted"];
        let rows: String = names.iter().zip(1..).map(|(name, number)| format!("{number},{name},2027\n")).collect();
        assert_eq!(import(&staff, format!("number,name,graduationYear\n{rows}").as_bytes()).await, [6, 0, 0]);
        let query = "{ studentRecords(orderBy: { field: NUMBER }) { nodes { name graduationYear major } } }";
        let lines = csv(&app, &staff, "en", query).await;
        assert_eq!(lines[1..], ["'=1+1,2027,", "'+86,2027,", "'-1,2027,", "'@SUM(A1),2027,", "\"a;b\"\"c\"\"\",2027,", "'quoted,2027,"]);
        let (status, headers, body) = ask(&app, &staff, (XLSX, "zh"), query).await;
        assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (200, XLSX));
        assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"studentRecords.xlsx\"");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(body)).unwrap();
        assert_eq!(book.sheet_names(), ["数据"]);
        let sheet = book.worksheet_range("数据").unwrap();
        let rows: Vec<&[Data]> = sheet.rows().collect();
        assert_eq!(rows[0], [Data::String("姓名".into()), Data::String("毕业年份".into()), Data::String("专业代码".into())]);
        assert_eq!(rows[1], [Data::String("=1+1".into()), Data::Float(2027.0), Data::Empty]);
        assert_eq!(rows.len(), 7);
        assert_eq!(book.worksheet_formula("数据").unwrap().used_cells().count(), 0);
    }

    /// What lies below lists of a row is in one cell; enums and flags are called in Chinese; counts are tables too.
    async fn what_cells_say(app: TestApp) {
        let sides = app.sides().await;
        make::active(&sides.all(), json!({ "text": { "title": "战略合作" } })).await;
        let query = "{ agreements { nodes { title status parties { organization { name } } __typename } } }";
        let lines = csv(&app, &sides.university, "zh", query).await;
        assert_eq!(lines, ["标题,状态,协议各方.单位.名称,__typename", "战略合作,履行中,North; County 511322; Alpha,Agreement"]);
        let counts = "{ agreementCounts { status count } }";
        assert_eq!(csv(&app, &sides.university, "zh", counts).await, ["状态,数量", "履行中,1"]);
        assert_eq!(csv(&app, &sides.university, "en", counts).await, ["status,count", "ACTIVE,1"]);
    }

    /// Money is in yuan, moments are China's; an alias is the whole name of a column.
    async fn money_and_moments(app: TestApp) {
        let sides = app.sides().await;
        offer::published(&sides.enterprise, &sides.county, json!({ "payMin": "500050" })).await;
        let query = "{ positions { nodes { payMin publishedAt payMaxYuan: payMax } } }";
        let lines = csv(&app, &sides.university, "en", query).await;
        assert_eq!(lines, ["payMin (yuan),publishedAt (UTC+8),payMaxYuan", "5000.50,2026-03-02 09:00:00,9000.00"]);
        let lines = csv(&app, &sides.university, "zh", query).await;
        assert_eq!(lines[0], "月薪下限（元）,发布时间（北京时间）,payMaxYuan");
    }

    /// An enterprise's table of résumés: each read is written down, and what is not shared says so.
    async fn reads_are_written_down(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let content = json!({ "headline": "应届生", "education": [], "skills": [], "experiences": [], "certificates": [], "languages": [] });
        let save = json!({ "content": content, "contact": { "phone": "138 0013 8000" } });
        student.does("resumeSave", save, "id").await.result();
        let give = json!({ "organizationId": sides.alpha.id(), "purpose": "RECRUITMENT", "categories": ["CONTACT"],
            "expiresOn": "2026-12-31", "noticeVersion": 1 });
        student.does("shareConsentGive", give, "id").await.result();
        let query = "{ resumes { nodes { contact { phone } current { content { headline } } } } }";
        let lines = csv(&app, &sides.enterprise, "en", query).await;
        assert_eq!(lines, ["contact.phone,current.content.headline", "138 0013 8000,CONSENT_REQUIRED"]);
        let log = student.gql("{ resumeAccesses { nodes { category channel } } }", json!({})).await;
        let read = json!({ "resumeAccesses": { "nodes": [{ "category": "CONTACT", "channel": "API" }] } });
        log.is(read.clone());
        student.does("shareConsentWithdrawAll", json!({}), "withdrawn").await.results_in(json!({ "withdrawn": 1 }));
        assert_eq!(csv(&app, &sides.enterprise, "en", query).await, ["contact.phone,current.content.headline"]);
        student.gql("{ resumeAccesses { nodes { category channel } } }", json!({})).await.is(read);
    }

    /// What is no list, asks for a page, or is too long is refused in words, and is no file.
    async fn no_table(app: TestApp) {
        let sides = app.sides().await;
        let staff = sides.north.staff().await;
        enrol(&staff, 11).await;
        let no_list = "A table is of a query of exactly one list, such as { agreements { nodes { title } } }.";
        for query in ["{ a: studentRecords { nodes { id } } b: studentRecords { nodes { id } } }", "{ viewer { user { login } } }",
            "{ studentRecords { totalCount } }", "{ ...all } fragment all on Query { studentRecords { nodes { id } } }",
            "mutation { studentDataExport { result { json } } }"] {
            assert_eq!(refused(&app, &staff, query).await, (400, "INVALID_INPUT".to_owned(), no_list.to_owned()), "{query}");
        }
        let whole = "A table is the whole list; leave first, after, last and before out.";
        let paged = "{ studentRecords(first: 5) { nodes { id } } }";
        assert_eq!(refused(&app, &staff, paged).await, (400, "INVALID_INPUT".to_owned(), whole.to_owned()));
        let (status, code, message) = refused(&app, &staff, "{ studentRecords { nodes { nothing } } }").await;
        assert_eq!((status, code.as_str(), message.as_str()), (400, "INVALID_INPUT", "Unknown field \"nothing\" on type \"StudentRecord\"."));
        let stranger = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, CSV);
        let (status, _) = app.http(stranger.body(Body::from(json!({ "query": ROLLS }).to_string())).unwrap()).await;
        assert_eq!(status, 401);
        let small = app.replica(&[("export_rows", "10")]).await;
        let too_long = "The list has more than 10 rows; narrow it with its filter.";
        assert_eq!(refused(&small, &staff, ROLLS).await, (400, "LIMIT_EXCEEDED".to_owned(), too_long.to_owned()));
        let some = "{ studentRecords(filter: { search: \"000\" }) { nodes { number } } }";
        assert_eq!(csv(&small, &staff, "en", some).await.len(), 11);
    }

    /// Each page is two statements, whatever it has: rows, and whose session it is.
    async fn a_page_is_read_as_any_other(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        enrol(&staff, 250).await;
        csv(&app, &staff, "en", ROLLS).await;
        let (lines, three) = app.counted(csv(&app, &staff, "en", ROLLS)).await;
        let some = ROLLS.replace("(orderBy", "(filter: { search: \"000\" }, orderBy");
        csv(&app, &staff, "en", &some).await;
        let (few, one) = app.counted(csv(&app, &staff, "en", &some)).await;
        assert_eq!((lines.len(), few.len()), (251, 11));
        assert_eq!((three, one), (3, 1));
    }
}
